// SPDX-License-Identifier: GPL-3.0-or-later
// cookie.hpp — proof that a peer receives at its source address, before memory is used for it.
//
// Runs in:   gateway. Pure except for the secrets, which are random.
// Owns:      two secrets, of the process that made them: another process asks for a new cookie.
// Invariant: a cookie is valid for its address only, and for 2 to 4 minutes. One bit of it names
//            the secret that made it, so that checking a forged cookie costs one HMAC.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <span>

#include "common/base/time.hpp"
#include "common/crypto/keys.hpp"

namespace chatd::crypto {

// An HMAC of the address, truncated; the client sends it back unchanged.
using Cookie = std::array<std::byte, 16>;

// Makes and checks cookies.
class CookieJar {
 public:
  static constexpr Micros kSecretAge = std::chrono::seconds{120};

  explicit CookieJar(MonoTime now);

  // `address` is the peer's address and port in any fixed form of bytes.
  [[nodiscard]] Cookie make(std::span<const std::byte> address, MonoTime now);
  // Constant time: the duration does not depend on the cookie's bytes.
  [[nodiscard]] bool is_valid(const Cookie& cookie, std::span<const std::byte> address,
                              MonoTime now);

 private:
  void rotate(MonoTime now);
  [[nodiscard]] Cookie compute(unsigned secret, std::span<const std::byte> address) const;

  MonoTime since_;  // when the current secret was made
  std::array<SecretKey, 2> secrets_;
  unsigned current_{0};  // index of the current secret; the other one is the previous secret
};

}  // namespace chatd::crypto
