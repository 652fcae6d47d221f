// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/keys.hpp"

#include <memory>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "common/base/fingerprint.hpp"
#include "common/crypto/base64.hpp"
#include "common/crypto/hash.hpp"
#include "common/crypto/random.hpp"
#include "common/crypto/wipe.hpp"

namespace chatd::crypto {

namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};

}  // namespace

SecretKey::~SecretKey() { wipe(key_); }

Result<KeyPair> generate_key_pair() {
  SecretKey secret;
  fill_random(secret.bytes());
  return key_pair_of(secret);
}

Result<KeyPair> key_pair_of(const SecretKey& secret) {
  const Key& bytes = secret.bytes();
  const std::unique_ptr<EVP_PKEY, FreeKey> key{EVP_PKEY_new_raw_private_key_ex(
      nullptr, "X25519", nullptr, reinterpret_cast<const unsigned char*>(bytes.data()),
      bytes.size())};
  KeyPair pair{.secret = secret};
  std::size_t size = pair.public_key.size();
  if (!key ||
      EVP_PKEY_get_raw_public_key(
          key.get(), reinterpret_cast<unsigned char*>(pair.public_key.data()), &size) != 1 ||
      size != pair.public_key.size()) {
    ERR_clear_error();
    return fail("make an X25519 key: libcrypto cannot");
  }
  return pair;
}

std::string fingerprint(const PublicKey& key) { return fingerprint_of_hash(sha256({key})); }

std::string fingerprint_of_hash(const Key& hash) {
  std::string text = to_base64(hash);
  text.erase(text.find('='));
  return std::string{kFingerprintPrefix} + text;
}

std::optional<Key> hash_of_fingerprint(std::string_view text) {
  if (!text.starts_with(kFingerprintPrefix)) return std::nullopt;
  text.remove_prefix(kFingerprintPrefix.size());
  const auto hash = key_from_base64(std::string{text} + "=");
  return hash ? std::optional{hash->bytes()} : std::nullopt;
}

}  // namespace chatd::crypto
