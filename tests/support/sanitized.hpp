// SPDX-License-Identifier: GPL-3.0-or-later
// sanitized.hpp — whether this program was built with AddressSanitizer, by whichever compiler.
//
// Runs in: tests that must do less, or something else, when every instruction costs more.
#pragma once

namespace chatd::test {

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

}  // namespace chatd::test
