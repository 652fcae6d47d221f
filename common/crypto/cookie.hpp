// SPDX-License-Identifier: GPL-3.0-or-later
// cookie.hpp — proof that a peer receives at the address it sends from, before it costs memory.
//
// Runs in:   gateway. Pure but for the secrets, which are random.
// Owns:      two secrets, of the process that made them: another one asks for a new cookie.
// Invariant: a cookie is good for its address only, and for 2 to 4 minutes. One bit of it says
//            which secret it was made with, so that to look at a forged one costs one HMAC.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <span>

#include "common/base/time.hpp"
#include "common/crypto/keys.hpp"

namespace chatd::crypto {

using Cookie = std::array<std::byte, 16>;

class CookieJar {
 public:
  static constexpr Micros kSecretAge = std::chrono::seconds{120};

  explicit CookieJar(MonoTime now);

  // `address` is whatever bytes stand for the peer's address and port.
  [[nodiscard]] Cookie make(std::span<const std::byte> address, MonoTime now);
  // In a time that does not depend on the cookie's bytes.
  [[nodiscard]] bool is_valid(const Cookie& cookie, std::span<const std::byte> address,
                              MonoTime now);

 private:
  void rotate(MonoTime now);
  [[nodiscard]] Cookie bake(unsigned secret, std::span<const std::byte> address) const;

  MonoTime since_;  // of the current secret
  std::array<SecretKey, 2> secrets_;
  unsigned current_{0};  // the other one is the one before
};

}  // namespace chatd::crypto
