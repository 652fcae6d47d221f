// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/signing.hpp"

#include <memory>

#include <openssl/err.h>
#include <openssl/evp.h>

namespace chatd::crypto {

namespace {

struct Free {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using LibraryKey = std::unique_ptr<EVP_PKEY, Free>;
using Context = std::unique_ptr<EVP_MD_CTX, Free>;

const unsigned char* bytes_of(const std::byte* bytes) {
  return reinterpret_cast<const unsigned char*>(bytes);
}

LibraryKey library_key(const SecretKey& secret) {
  const Key& bytes = secret.bytes();
  return LibraryKey{EVP_PKEY_new_raw_private_key_ex(nullptr, "ED25519", nullptr,
                                                    bytes_of(bytes.data()), bytes.size())};
}

template <class T>
Result<T> failed() {
  ERR_clear_error();
  return fail("use an Ed25519 key: libcrypto cannot");
}

}  // namespace

Result<PublicKey> signing_key_of(const SecretKey& secret) {
  const LibraryKey key = library_key(secret);
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
  const LibraryKey key = library_key(secret);
  const Context context{EVP_MD_CTX_new()};
  Signature signature{};
  std::size_t size = signature.size();
  if (!key || !context ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     bytes_of(message.data()), message.size()) != 1 ||
      size != signature.size()) {
    return failed<Signature>();
  }
  return signature;
}

bool is_signed(const PublicKey& key, Bytes message, const Signature& signature) {
  const LibraryKey library{EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr,
                                                          bytes_of(key.data()), key.size())};
  const Context context{EVP_MD_CTX_new()};
  const bool is_valid =
      library && context &&
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, library.get()) == 1 &&
      EVP_DigestVerify(context.get(), bytes_of(signature.data()), signature.size(),
                       bytes_of(message.data()), message.size()) == 1;
  ERR_clear_error();
  return is_valid;
}

}  // namespace chatd::crypto
