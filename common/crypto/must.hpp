// SPDX-License-Identifier: GPL-3.0-or-later
// must.hpp — an assertion for calls of libcrypto that fail only without memory or by our mistake.
//
// Runs in:   every process that uses the native protocol; only for common/crypto.
// Errors:    ends the process: to continue would mean to send unencrypted data, or to use a key
//            that is not random.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <source_location>

namespace chatd::crypto {

inline void must(bool held, std::source_location where = std::source_location::current()) noexcept {
  if (held) [[likely]] {
    return;
  }
  (void)std::fprintf(stderr, "%s:%u: a cryptographic function failed\n", where.file_name(),
                     static_cast<unsigned>(where.line()));
  std::abort();
}

}  // namespace chatd::crypto
