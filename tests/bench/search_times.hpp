// SPDX-License-Identifier: GPL-3.0-or-later
// search_times.hpp — measured times of search_bench, and their line in its table.
//
// Runs in:   search_bench.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <time.h>

namespace chatd::bench {

inline double seconds_of(clockid_t clock) {
  timespec time{};
  (void)::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

struct Times {
  std::vector<double> wall, cpu;
  std::size_t pages{0}, hits{0};
  void print(const std::string& what) {
    std::ranges::sort(wall);
    std::ranges::sort(cpu);
    const auto at = [](const std::vector<double>& of, double part) {
      return of.empty()
                 ? 0
                 : 1e3 * of[std::min(of.size() - 1, static_cast<std::size_t>(
                                                        part * static_cast<double>(of.size())))];
    };
    fmt::print(
        "{:<46} {:>4} {:>8.2f} {:>8.2f} {:>8.2f} {:>8.2f} {:>6.1f} {:>6.1f}\n", what, wall.size(),
        at(wall, 0.5), at(wall, 0.99), at(cpu, 0.99), at(wall, 1),
        static_cast<double>(pages) / static_cast<double>(std::max<std::size_t>(wall.size(), 1)),
        static_cast<double>(hits) / static_cast<double>(std::max<std::size_t>(wall.size(), 1)));
  }
};
inline void measure(Times& times, const std::function<std::size_t()>& work) {
  const double cpu = seconds_of(CLOCK_THREAD_CPUTIME_ID);
  const double wall = seconds_of(CLOCK_MONOTONIC);
  times.hits += work();
  times.wall.push_back(seconds_of(CLOCK_MONOTONIC) - wall);
  times.cpu.push_back(seconds_of(CLOCK_THREAD_CPUTIME_ID) - cpu);
}

}  // namespace chatd::bench
