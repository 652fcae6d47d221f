// SPDX-License-Identifier: GPL-3.0-or-later
// sanitized.hpp — whether AddressSanitizer is in what a test runs.
//
// Runs in:   tests that do less, or something else, when each instruction is slower.
#pragma once

#include <cstdlib>

namespace chatd::test {

// In the test's own code.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kSanitized = true;  // g++
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool kSanitized = true;  // clang
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif

// In the programs that the test starts: those of the sanitized build may be driven by the tests of
// another one (CHATD_DRIVERS, tests/CMakeLists.txt).
inline bool are_programs_sanitized() {
  return kSanitized || std::getenv("CHATD_SANITIZED_PROGRAMS") != nullptr;
}

}  // namespace chatd::test
