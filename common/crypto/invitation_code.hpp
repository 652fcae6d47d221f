// SPDX-License-Identifier: GPL-3.0-or-later
// invitation_code.hpp — the code with which a server admits a person: a secret, and a check by
// which a client recognises the server before it sends the secret.
//
// Runs in:   client, gateway.
// Shape:     28 characters of Crockford's base32 (no I, L, O and U), in groups of four with dashes:
//            80 random bits, then 60 bits of an HMAC of the server's key under these 80 bits.
// Invariant: the check of a key cannot be calculated without the secret, so that a server in the
//            middle has a chance of 1 in 2^60 with each client that it meets. With the secret,
//            which the holders of a code for several persons have, it takes 2^60 keys to find one
//            with the same check. A code that was mistyped is one of no server.
//            Copies of the secret are wiped.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/crypto/hash.hpp"

namespace chatd::crypto {

class InvitationCode {
 public:
  static constexpr std::size_t kSecretBytes = 10;
  static constexpr unsigned kCheckBits = 60;
  using Secret = std::array<std::byte, kSecretBytes>;
  // "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV"
  static constexpr std::size_t kTextBytes = 34;
  using Text = std::array<char, kTextBytes>;

  // A new code. `server`: the SHA-256 of the key that clients know the server by, which
  // crypto::fingerprint() shows.
  [[nodiscard]] static InvitationCode make(const Hash& server);
  // Reads a code as it was typed: in any case, with or without dashes and blanks; I and L are 1, O
  // is 0. nullopt: it is no code.
  [[nodiscard]] static std::optional<InvitationCode> read(std::string_view typed);

  InvitationCode(const InvitationCode&) = default;
  InvitationCode& operator=(const InvitationCode&) = default;
  InvitationCode(InvitationCode&&) = default;
  InvitationCode& operator=(InvitationCode&&) = default;
  ~InvitationCode();

  // True: the code was made by the server that has this key.
  [[nodiscard]] bool is_of(const Hash& server) const;
  [[nodiscard]] const Secret& secret() const noexcept { return secret_; }
  [[nodiscard]] Text text() const;
  friend bool operator==(const InvitationCode&, const InvitationCode&) = default;

 private:
  InvitationCode(const Secret& secret, std::uint64_t check) : secret_{secret}, check_{check} {}

  Secret secret_;
  std::uint64_t check_;  // kCheckBits
};

// The part of a code that a server keeps. `secret` may have any size.
[[nodiscard]] Hash hash_of_invitation(Bytes secret);

}  // namespace chatd::crypto
