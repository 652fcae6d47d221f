// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/signing.hpp"

#include <memory>

#include <openssl/err.h>
#include <openssl/evp.h>

namespace chatd::crypto {

namespace {

struct FreeOfSigning {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using SigningKey = std::unique_ptr<EVP_PKEY, FreeOfSigning>;
using SigningContext = std::unique_ptr<EVP_MD_CTX, FreeOfSigning>;

const unsigned char* as_chars(const std::byte* bytes) noexcept {
  return reinterpret_cast<const unsigned char*>(bytes);
}

SigningKey signing_key(const SecretKey& secret) {
  const Key& bytes = secret.bytes();
  return SigningKey{EVP_PKEY_new_raw_private_key_ex(nullptr, "ED25519", nullptr,
                                                    as_chars(bytes.data()), bytes.size())};
}

template <class T>
Result<T> failed() {
  ERR_clear_error();
  return fail("use an Ed25519 key: libcrypto cannot");
}

}  // namespace

Result<PublicKey> signing_key_of(const SecretKey& secret) {
  const SigningKey key = signing_key(secret);
  PublicKey public_key{};
  std::size_t size = public_key.size();
  if (!key ||
      EVP_PKEY_get_raw_public_key(key.get(), reinterpret_cast<unsigned char*>(public_key.data()),
                                  &size) != 1 ||
      size != public_key.size()) {
    return failed<PublicKey>();
  }
  return public_key;
}

Result<Signature> sign(const SecretKey& secret, Bytes message) {
  const SigningKey key = signing_key(secret);
  const SigningContext context{EVP_MD_CTX_new()};
  Signature signature{};
  std::size_t size = signature.size();
  if (!key || !context ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     as_chars(message.data()), message.size()) != 1 ||
      size != signature.size()) {
    return failed<Signature>();
  }
  return signature;
}

bool is_signed(const PublicKey& key, Bytes message, const Signature& signature) {
  const SigningKey library{EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr,
                                                          as_chars(key.data()), key.size())};
  const SigningContext context{EVP_MD_CTX_new()};
  const bool is_valid =
      library && context &&
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, library.get()) == 1 &&
      EVP_DigestVerify(context.get(), as_chars(signature.data()), signature.size(),
                       as_chars(message.data()), message.size()) == 1;
  ERR_clear_error();
  return is_valid;
}

}  // namespace chatd::crypto
