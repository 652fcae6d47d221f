// SPDX-License-Identifier: GPL-3.0-or-later
// workloads.hpp — the same work done one task after another, by threads, by processes, by a pool.
//
// Runs in:   the calling process and the threads and children that it makes and ends.
// Errors:    Result: a task or a process that failed, in words.
#pragma once

#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace chatd::examples {

// How the tasks of a workload run.
enum class Manner { serial, threads, processes, pool };
inline constexpr std::array kManners{Manner::serial, Manner::threads, Manner::processes,
                                     Manner::pool};
[[nodiscard]] std::string_view to_text(Manner manner) noexcept;

// One task of a workload; `size` is the amount of work. A plain function with a plain argument, so
// that a worker of a pool can call it.
using Task = Result<unsigned long> (*)(unsigned long size);

// CPU-bound: the number of primes below `size`.
[[nodiscard]] Result<unsigned long> count_primes(unsigned long size);
// I/O-bound: writes `size` KiB to a new file in $TMPDIR, to disk, reads them back and adds up the
// bytes.
[[nodiscard]] Result<unsigned long> write_and_read(unsigned long size);

// The result and the cost of a workload.
struct Measured {
  std::chrono::duration<double> wall;
  std::chrono::duration<double> cpu;  // of this process and its children, user and system
  unsigned long sum;                  // the sum of the tasks' results: the same in every manner
};
// Runs `tasks` tasks, with `workers` threads, processes or workers of the pool at a time.
[[nodiscard]] Result<Measured> run_workload(Manner manner, Task task, unsigned long size,
                                            unsigned tasks, unsigned workers);

}  // namespace chatd::examples
