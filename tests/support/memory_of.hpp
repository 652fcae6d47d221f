// SPDX-License-Identifier: GPL-3.0-or-later
// memory_of.hpp — how much of the memory a process has.
//
// Runs in: test programs.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <fstream>
#include <string>

namespace chatd::test {

// Its private pages and its share of the others (Pss, proc(5)), KiB; 0: there is no such process.
[[nodiscard]] inline std::size_t memory_of(pid_t pid) {
  std::ifstream file{"/proc/" + std::to_string(pid) + "/smaps_rollup"};
  for (std::string word; file >> word;) {
    std::size_t kib = 0;
    if (word == "Pss:" && file >> kib) return kib;
  }
  return 0;
}

}  // namespace chatd::test
