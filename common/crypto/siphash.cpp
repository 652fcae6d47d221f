// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/siphash.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "common/crypto/must.hpp"

namespace chatd::crypto {

namespace {

EVP_MAC_CTX* make_context() {
  static EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "SIPHASH", nullptr);
  must(mac != nullptr);
  return EVP_MAC_CTX_new(mac);
}

}  // namespace

void SipHash::Free::operator()(evp_mac_ctx_st* context) const noexcept {
  EVP_MAC_CTX_free(context);
}

SipHash::SipHash() : context_{make_context()} {
  unsigned size = sizeof(std::uint64_t);  // the library's default is 16
  const std::array params{OSSL_PARAM_construct_uint(OSSL_MAC_PARAM_SIZE, &size),
                          OSSL_PARAM_construct_end()};
  must(context_ && EVP_MAC_CTX_set_params(context_.get(), params.data()) == 1);
}

std::uint64_t SipHash::of(const SipKey& key, std::uint64_t first, std::uint64_t second) {
  const std::array<std::uint64_t, 2> input{first, second};
  std::uint64_t hash = 0;
  std::size_t size = 0;
  must(EVP_MAC_init(context_.get(), reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                    nullptr) == 1);
  must(EVP_MAC_update(context_.get(), reinterpret_cast<const unsigned char*>(input.data()),
                      sizeof input) == 1);
  must(EVP_MAC_final(context_.get(), reinterpret_cast<unsigned char*>(&hash), &size, sizeof hash) ==
       1);
  must(size == sizeof hash);
  return hash;
}

}  // namespace chatd::crypto
