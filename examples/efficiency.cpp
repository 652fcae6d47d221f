// SPDX-License-Identifier: GPL-3.0-or-later
//
// efficiency [-t TASKS] [-w WORKERS] [-p PRIMES_BELOW] [-k KIB]
//
// The homework of the course notes: the same CPU-bound and I/O-bound work, one task after
// another, with threads, with a process for each task and with a pool.
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <string_view>

#include <fmt/format.h>

#include "common/toolkit/pool.hpp"
#include "examples/workloads.hpp"

namespace {

using chatd::examples::Task;

struct Settings {
  unsigned tasks{16};
  unsigned workers{chatd::process::usable_cores()};
  unsigned primes_below{400'000};
  unsigned kib{4096};
};

int usage() {
  fmt::print(stderr, "usage: efficiency [-t TASKS] [-w WORKERS] [-p PRIMES_BELOW] [-k KIB]\n");
  return 2;
}

unsigned* setting_of(int option, Settings& settings) {
  switch (option) {
    case 't':
      return &settings.tasks;
    case 'w':
      return &settings.workers;
    case 'p':
      return &settings.primes_below;
    case 'k':
      return &settings.kib;
    default:
      return nullptr;
  }
}

bool read_settings(int argc, char** argv, Settings& settings) {
  int option = 0;
  while ((option = ::getopt(argc, argv, "t:w:p:k:")) != -1) {
    unsigned* const wanted = setting_of(option, settings);
    if (wanted == nullptr) return false;
    const std::string_view text{optarg};
    const auto parsed = std::from_chars(text.begin(), text.end(), *wanted);
    if (parsed.ec != std::errc{} || parsed.ptr != text.end() || *wanted == 0) return false;
  }
  return optind == argc && settings.workers <= chatd::process::kMaxWorkers;
}

bool measure(std::string_view work, Task task, unsigned long size, const Settings& settings) {
  double serial = 0;
  for (const auto manner : chatd::examples::kManners) {
    const auto measured =
        chatd::examples::run_workload(manner, task, size, settings.tasks, settings.workers);
    if (!measured) {
      fmt::print(stderr, "efficiency: {}: {}\n", work, measured.error().message());
      return false;
    }
    if (manner == chatd::examples::Manner::serial) serial = measured->wall.count();
    fmt::print("{:<10}  {:<20}  {:>8.3f}  {:>8.3f}  {:>7.2f}x\n", work, to_text(manner),
               measured->wall.count(), measured->cpu.count(), serial / measured->wall.count());
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  if (!read_settings(argc, argv, settings)) return usage();
  fmt::print("{} tasks, {} at a time\n", settings.tasks, settings.workers);
  fmt::print("{:<10}  {:<20}  {:>8}  {:>8}  {:>8}\n", "work", "how", "wall s", "CPU s", "faster");
  const bool done =
      measure("CPU-bound", &chatd::examples::count_primes, settings.primes_below, settings) &&
      measure("I/O-bound", &chatd::examples::write_and_read, settings.kib, settings);
  return done ? 0 : 1;
}
