// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/random.hpp"

#include <sys/random.h>

#include <cerrno>

#include "common/crypto/must.hpp"

namespace chatd::crypto {

void fill_random(std::span<std::byte> out) noexcept {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    must(got > 0);
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace chatd::crypto
