// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/dh.hpp"

#include <array>
#include <memory>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

namespace chatd::crypto {

namespace {

constexpr Key kZero{};

struct Free {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const noexcept { EVP_PKEY_CTX_free(context); }
};
using LibraryKey = std::unique_ptr<EVP_PKEY, Free>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Free>;

// A library key with both halves. Given only the secret half, the library would calculate the
// public half each time, which takes as long as the agreement itself.
LibraryKey library_key(const KeyPair& pair) {
  const Context context{EVP_PKEY_CTX_new_from_name(nullptr, "X25519", nullptr)};
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1) return nullptr;
  PublicKey public_key = pair.public_key;
  SecretKey secret = pair.secret;
  std::array parameters{OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
                                                          public_key.data(), public_key.size()),
                        OSSL_PARAM_construct_octet_string(
                            OSSL_PKEY_PARAM_PRIV_KEY, secret.bytes().data(), secret.bytes().size()),
                        OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.data()) != 1) {
    return nullptr;
  }
  return LibraryKey{key};
}

bool derive(EVP_PKEY* own, EVP_PKEY* peer, Key& out) {
  const Context context{EVP_PKEY_CTX_new_from_pkey(nullptr, own, nullptr)};
  std::size_t size = out.size();
  return context && EVP_PKEY_derive_init(context.get()) == 1 &&
         EVP_PKEY_derive_set_peer(context.get(), peer) == 1 &&
         EVP_PKEY_derive(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size) == 1 &&
         size == out.size();
}

}  // namespace

Result<SecretKey> shared_secret(const KeyPair& own, const PublicKey& peer) {
  const LibraryKey own_key = library_key(own);
  const LibraryKey peer_key{EVP_PKEY_new_raw_public_key_ex(
      nullptr, "X25519", nullptr, reinterpret_cast<const unsigned char*>(peer.data()),
      peer.size())};
  SecretKey shared;
  // The library refuses a zero result too, but it does not document that.
  if (!own_key || !peer_key || !derive(own_key.get(), peer_key.get(), shared.bytes()) ||
      CRYPTO_memcmp(shared.bytes().data(), kZero.data(), kZero.size()) == 0) {
    ERR_clear_error();
    return fail("the peer's public key is not a usable X25519 key");
  }
  return shared;
}

}  // namespace chatd::crypto
