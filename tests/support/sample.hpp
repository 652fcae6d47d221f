// SPDX-License-Identifier: GPL-3.0-or-later
// sample.hpp — how much of an exhaustive test is run.
//
// Runs in:   tests that try many cases: every instruction, many seeds, many kinds of packet.
// Invariant: with CHATD_TEST_ALL in the environment (packaging/test --all) every case is run;
//            otherwise a part of them, drawn by CHATD_TEST_SEED. The same seed draws the same part;
//            packaging/test takes it from the commit and prints it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace chatd::test {

inline bool is_whole_run() { return std::getenv("CHATD_TEST_ALL") != nullptr; }

// A generator of its own for each `use`, so that a test does not change what another one draws.
inline std::mt19937_64 sample_random(const std::string& use) {
  const char* const seed = std::getenv("CHATD_TEST_SEED");
  const std::string text = (seed != nullptr ? seed : "1") + use;
  std::seed_seq sequence(text.begin(), text.end());
  return std::mt19937_64{sequence};
}

// `count` of the cases in their order, or all of them.
template <class Case>
std::vector<Case> sample_of(const std::vector<Case>& cases, std::size_t count,
                            const std::string& use) {
  if (is_whole_run()) return cases;
  std::vector<Case> drawn;
  auto random = sample_random(use);
  std::ranges::sample(cases, std::back_inserter(drawn), static_cast<std::ptrdiff_t>(count), random);
  return drawn;
}

}  // namespace chatd::test
