// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/password.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

namespace chatd::crypto {

namespace {

// libcrypto refuses parameters that take more. Its own default is 32 MiB; kPasswordCost needs a
// table of 32 MiB and some more.
constexpr std::uint64_t kMaxMemory = std::uint64_t{64} << 20U;

}  // namespace

Result<> scrypt(std::string_view password, Bytes salt, const ScryptCost& cost,
                std::span<std::byte> out) {
  const int done = EVP_PBE_scrypt(password.data(), password.size(),
                                  reinterpret_cast<const unsigned char*>(salt.data()), salt.size(),
                                  cost.n, cost.r, cost.p, kMaxMemory,
                                  reinterpret_cast<unsigned char*>(out.data()), out.size());
  if (done == 1) return {};
  ERR_clear_error();
  return fail("calculate the key of a password: not enough memory (32 MiB)");
}

Result<SecretKey> password_key(std::string_view password, const PublicKey& server,
                               const ScryptCost& cost) {
  SecretKey key;
  if (auto done = scrypt(password, server, cost, key.bytes()); !done) return fail(done.error());
  return key;
}

}  // namespace chatd::crypto
