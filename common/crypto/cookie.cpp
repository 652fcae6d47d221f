// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/cookie.hpp"

#include <algorithm>

#include <openssl/crypto.h>

#include "common/crypto/hash.hpp"
#include "common/crypto/random.hpp"

namespace chatd::crypto {

namespace {

Cookie bake(const SecretKey& secret, std::span<const std::byte> address) {
  const Hash hash = hmac_sha256(secret.bytes(), {address});
  Cookie cookie{};
  std::copy_n(hash.begin(), cookie.size(), cookie.begin());
  return cookie;
}

bool same(const Cookie& one, const Cookie& other) noexcept {
  return CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace

CookieJar::CookieJar(MonoTime now) : since_{now} {
  fill_random(current_.bytes());
  fill_random(previous_.bytes());
}

void CookieJar::rotate(MonoTime now) {
  // Twice is enough after a long silence: then both are new.
  for (int turn = 0; turn < 2 && now - since_ >= kSecretAge; ++turn) {
    previous_ = current_;
    fill_random(current_.bytes());
    since_ += turn == 0 ? kSecretAge : (now - since_) / kSecretAge * kSecretAge;
  }
}

Cookie CookieJar::make(std::span<const std::byte> address, MonoTime now) {
  rotate(now);
  return bake(current_, address);
}

bool CookieJar::is_valid(const Cookie& cookie, std::span<const std::byte> address, MonoTime now) {
  rotate(now);
  return same(cookie, bake(current_, address)) || same(cookie, bake(previous_, address));
}

}  // namespace chatd::crypto
