// SPDX-License-Identifier: GPL-3.0-or-later
#include "examples/workloads.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <thread>
#include <vector>

#include "common/base/unique_fd.hpp"
#include "common/process/process.hpp"
#include "common/toolkit/pool.hpp"
#include "common/toolkit/shared_value.hpp"

namespace chatd::examples {
namespace {

using Sum = Result<unsigned long>;

double seconds_in(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double cpu_seconds() {
  double total = 0;
  for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    ::getrusage(who, &usage);
    total += seconds_in(usage.ru_utime) + seconds_in(usage.ru_stime);
  }
  return total;
}

Sum run_serially(Task task, unsigned long size, unsigned tasks) {
  unsigned long sum = 0;
  for (unsigned i = 0; i < tasks; ++i) {
    const auto one = task(size);
    if (!one) return one;
    sum += *one;
  }
  return sum;
}

Sum run_in_threads(Task task, unsigned long size, unsigned tasks, unsigned workers) {
  std::atomic<unsigned> next{0};
  std::atomic<unsigned long> sum{0};
  std::mutex mutex;
  std::optional<Error> failed;
  const auto work = [&] {
    while (next++ < tasks) {
      const auto one = task(size);
      if (one) {
        sum += *one;
        continue;
      }
      const std::scoped_lock lock{mutex};
      failed = one.error();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < workers; ++i) threads.emplace_back(work);
  }
  if (failed) return fail(*failed);
  return sum.load();
}

using Batch = std::vector<std::unique_ptr<process::Process>>;

Result<> join_all(const Batch& batch) {
  for (const auto& child : batch) {
    if (auto joined = child->join(); !joined) return fail(std::move(joined).error());
    const auto status = child->exit_status().value_or(process::ExitStatus{});
    if (!status.succeeded()) return fail("a process " + process::to_text(status));
  }
  return {};
}

// Starts a process for each task, as in the notes; a pool saves this cost.
Sum run_in_processes(Task task, unsigned long size, unsigned tasks, unsigned workers) {
  auto sum = process::SharedValue<unsigned long>::create();
  if (!sum) return fail(std::move(sum).error());
  const auto work = [&] {
    const auto one = task(size);
    if (one) sum->update([&](unsigned long& total) { total += *one; });
    return one ? 0 : 1;
  };
  for (unsigned started = 0; started < tasks;) {
    Batch batch;
    for (; batch.size() < workers && started < tasks; ++started) {
      batch.push_back(std::make_unique<process::Process>(work));
      if (auto ok = batch.back()->start(); !ok) return fail(std::move(ok).error());
    }
    if (auto joined = join_all(batch); !joined) return fail(std::move(joined).error());
  }
  return sum->get();
}

Sum run_in_pool(Task task, unsigned long size, unsigned tasks, unsigned workers) {
  auto pool = process::Pool::create({.workers = workers});
  if (!pool) return fail(std::move(pool).error());
  const auto sums = pool->map(task, std::vector<unsigned long>(tasks, size), 1);
  if (!sums) return fail(sums.error());
  pool->close();
  if (auto joined = pool->join(); !joined) return fail(std::move(joined).error());
  return std::accumulate(sums->begin(), sums->end(), 0UL);
}

Sum run(Manner manner, Task task, unsigned long size, unsigned tasks, unsigned workers) {
  switch (manner) {
    case Manner::serial:
      return run_serially(task, size, tasks);
    case Manner::threads:
      return run_in_threads(task, size, tasks, workers);
    case Manner::processes:
      return run_in_processes(task, size, tasks, workers);
    case Manner::pool:
      return run_in_pool(task, size, tasks, workers);
  }
  return fail("no such manner");
}

// Opens a scratch file. It is unlinked at once, so that no file is left, however the task ends.
Result<UniqueFd> open_scratch() {
  const char* folder = std::getenv("TMPDIR");
  std::string path = std::string{folder != nullptr ? folder : "/tmp"} + "/efficiency-XXXXXX";
  UniqueFd fd{::mkostemp(path.data(), O_CLOEXEC)};
  if (!fd.is_open()) return fail(Error::from_errno("make " + path));
  ::unlink(path.c_str());
  return fd;
}

}  // namespace

std::string_view to_text(Manner manner) noexcept {
  switch (manner) {
    case Manner::serial:
      return "one after the other";
    case Manner::threads:
      return "threads";
    case Manner::processes:
      return "a process each";
    case Manner::pool:
      return "pool";
  }
  return "?";
}

Result<unsigned long> count_primes(unsigned long size) {
  unsigned long count = 0;
  for (unsigned long candidate = 2; candidate < size; ++candidate) {
    bool is_prime = true;
    for (unsigned long factor = 2; is_prime && factor * factor <= candidate; ++factor) {
      is_prime = candidate % factor != 0;
    }
    if (is_prime) ++count;
  }
  return count;
}

Result<unsigned long> write_and_read(unsigned long size) {
  auto file = open_scratch();
  if (!file) return fail(std::move(file).error());
  std::vector<unsigned char> block(1024);
  std::iota(block.begin(), block.end(), static_cast<unsigned char>(0));
  const auto whole = static_cast<ssize_t>(block.size());
  for (unsigned long i = 0; i < size; ++i) {
    if (::write(file->get(), block.data(), block.size()) != whole) {
      return fail(Error::from_errno("write"));
    }
  }
  if (::fsync(file->get()) < 0) return fail(Error::from_errno("fsync"));
  unsigned long sum = 0;
  for (unsigned long i = 0; i < size; ++i) {
    if (::pread(file->get(), block.data(), block.size(), static_cast<off_t>(i * block.size())) !=
        whole) {
      return fail(Error::from_errno("read"));
    }
    sum = std::accumulate(block.begin(), block.end(), sum);
  }
  return sum;
}

Result<Measured> run_workload(Manner manner, Task task, unsigned long size, unsigned tasks,
                              unsigned workers) {
  const double cpu_before = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  const auto sum = run(manner, task, size, tasks, workers);
  if (!sum) return fail(Error{sum.error()}.within(to_text(manner)));
  return Measured{.wall = std::chrono::steady_clock::now() - start,
                  .cpu = std::chrono::duration<double>{cpu_seconds() - cpu_before},
                  .sum = *sum};
}

}  // namespace chatd::examples
