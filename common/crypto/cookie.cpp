// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/cookie.hpp"

#include <algorithm>

#include <openssl/crypto.h>

#include "common/crypto/hash.hpp"
#include "common/crypto/random.hpp"

namespace chatd::crypto {

namespace {

// The bit of a cookie that names its secret, 0 or 1.
constexpr std::byte kSecretBit{1};

}  // namespace

CookieJar::CookieJar(MonoTime now) : since_{now} {
  for (auto& secret : secrets_) fill_random(secret.bytes());
}

void CookieJar::rotate(MonoTime now) {
  // Two rotations are enough after a long time without traffic: then both secrets are new.
  for (int turn = 0; turn < 2 && now - since_ >= kSecretAge; ++turn) {
    current_ = 1 - current_;
    fill_random(secrets_[current_].bytes());
    since_ += turn == 0 ? kSecretAge : (now - since_) / kSecretAge * kSecretAge;
  }
}

Cookie CookieJar::compute(unsigned secret, std::span<const std::byte> address) const {
  const Hash hash = hmac_sha256(secrets_[secret].bytes(), {address});
  Cookie cookie{};
  std::copy_n(hash.begin(), cookie.size(), cookie.begin());
  cookie[0] = (cookie[0] & ~kSecretBit) | static_cast<std::byte>(secret);
  return cookie;
}

Cookie CookieJar::make(std::span<const std::byte> address, MonoTime now) {
  rotate(now);
  return compute(current_, address);
}

bool CookieJar::is_valid(const Cookie& cookie, std::span<const std::byte> address, MonoTime now) {
  rotate(now);
  const Cookie ours = compute(std::to_integer<unsigned>(cookie[0] & kSecretBit), address);
  return CRYPTO_memcmp(cookie.data(), ours.data(), ours.size()) == 0;
}

}  // namespace chatd::crypto
