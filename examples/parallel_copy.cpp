// SPDX-License-Identifier: GPL-3.0-or-later
//
// parallel_copy [-p PROCESSES] SOURCE TARGET
//
// The homework of the course notes: one file is copied by two processes, or N; each copies a
// part.
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "examples/copy_file.hpp"

namespace {

constexpr unsigned kMaxProcesses = 256;

void show_bar(std::uint64_t done, std::uint64_t size) {
  constexpr std::uint64_t kWidth = 40;
  const std::uint64_t filled = size == 0 ? kWidth : kWidth * done / size;
  fmt::print(stderr, "\r[{:#<{}}{:.<{}}] {:3}%", "", filled, "", kWidth - filled,
             size == 0 ? 100 : 100 * done / size);
}

int usage() {
  fmt::print(stderr,
             "usage: parallel_copy [-p PROCESSES] SOURCE TARGET\n"
             "PROCESSES: 1 to {}, default 2\n",
             kMaxProcesses);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  chatd::examples::CopyOptions options;
  int option = 0;
  while ((option = ::getopt(argc, argv, "p:")) != -1) {
    if (option != 'p') return usage();
    const std::string_view text{optarg};
    const auto parsed = std::from_chars(text.begin(), text.end(), options.processes);
    if (parsed.ec != std::errc{} || parsed.ptr != text.end() || options.processes == 0 ||
        options.processes > kMaxProcesses) {
      return usage();
    }
  }
  if (argc - optind != 2) return usage();
  options.source = argv[optind];
  options.target = argv[optind + 1];
  const bool on_terminal = ::isatty(STDERR_FILENO) == 1;
  if (on_terminal) options.on_progress = &show_bar;
  const auto copied = chatd::examples::copy_file(options);
  if (on_terminal) fmt::print(stderr, "\n");
  if (!copied) {
    fmt::print(stderr, "parallel_copy: {}\n", copied.error().message());
    return 1;
  }
  fmt::print("{} bytes copied by {} processes\n", *copied, options.processes);
  return 0;
}
