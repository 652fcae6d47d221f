// SPDX-License-Identifier: GPL-3.0-or-later
// server_proof.hpp — certificates for tests, of an identity that is made from a number.
//
// Runs in:   test programs.
#pragma once

#include <cstdint>
#include <vector>

#include "client/member/member.hpp"
#include "common/crypto/certificate.hpp"
#include "tests/support/key.hpp"

namespace chatd::test {

// 2100-01-01.
inline constexpr std::uint64_t kFarEnd = 4'102'444'800;

// The identity of that number says that the key of that number is the server's.
[[nodiscard]] inline crypto::Certificate certificate(int identity, std::uint64_t serial = 1,
                                                     int server_key = 100,
                                                     std::uint64_t end = kFarEnd) {
  crypto::Certificate made{.key = key(server_key), .serial = serial, .end = end};
  (void)crypto::sign_certificate(made, crypto::SecretKey{key(identity)});
  return made;
}
// The public half of the identity of that number.
[[nodiscard]] inline crypto::PublicKey identity(int number) {
  return crypto::signing_key_of(crypto::SecretKey{key(number)}).value();
}

// The proof of a server, and the bytes that it borrows.
struct Shown {
  explicit Shown(const crypto::Certificate& certificate)
      : key{certificate.key}, bytes{crypto::encode(certificate)} {}
  [[nodiscard]] client::ServerProof proof() const { return {.key = key, .certificate = bytes}; }

  crypto::PublicKey key;
  std::vector<std::byte> bytes;
};

}  // namespace chatd::test
