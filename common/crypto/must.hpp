// SPDX-License-Identifier: GPL-3.0-or-later
// must.hpp — what only fails if memory is out or we call the library wrongly.
//
// Runs in:   every process that speaks the native protocol; only for common/crypto.
// Errors:    ends the process: to go on would mean to send what is not sealed, or with a key
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
