// SPDX-License-Identifier: GPL-3.0-or-later
// person.hpp — the number of a person. It is that of the owned name to which the person's key
// belongs. For all other keys it is calculated from the key, so that no table of all persons is
// needed, and every start of the service gives the same number. The keys of masks are made in the
// same way.
//
// Runs in:   gateway. Pure.
// Borrows:   the Names, if there are any.
// Invariant: the number is the beginning of an HMAC with a secret of the server. So no client can
//            choose a key whose number is that of another person, or find the key of a number. The
//            probability that two of a million keys have the same number is 1 in 18 million. Its
//            highest bit says whether it is of a text session (named_person.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "common/crypto/hash.hpp"
#include "common/crypto/keys.hpp"
#include "common/crypto/siphash.hpp"
#include "common/wire/native/named_person.hpp"
#include "common/wire/native/native_packet.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/state/native_slot.hpp"

namespace chatd::chat {

// The sender of a command names a user, and has last seen another person under the name.
[[nodiscard]] constexpr bool is_another(const wire::NamedPerson& named,
                                        state::PersonId person) noexcept {
  return named.person != 0 && person != state::PersonId{} &&
         state::PersonId{named.person} != person;
}

class Names;

class Persons {
 public:
  // `secret`: of the server, the same for its whole life, also when its key is renewed.
  explicit Persons(const crypto::SecretKey& secret) : secret_{secret} {}
  // The same persons, for a server with owned names.
  Persons(const Persons& without_names, const Names& names) : Persons{without_names} {
    names_ = &names;
  }

  // Null: the server has no owned names.
  [[nodiscard]] const Names* names() const noexcept { return names_; }
  [[nodiscard]] state::PersonId of_native(const state::Identity& key) const {
    return of_fingerprint(crypto::sha256({key}));
  }
  // A browser has this in place of a public key: it cannot be calculated without the secret of the
  // server, and no native member can have it. A token that is sent in clear is another identity.
  [[nodiscard]] state::Identity of_token(std::span<const std::byte> token, bool is_plain) const;
  // The person that the key is without a name.
  [[nodiscard]] state::PersonId without_name(const crypto::Hash& key_hash) const;
  // `key_hash`: the SHA-256 of a key, which crypto::fingerprint() shows.
  [[nodiscard]] state::PersonId of_fingerprint(const crypto::Hash& key_hash) const;
  // A text member has no key: each session is another person.
  [[nodiscard]] state::PersonId of_text(std::uint64_t history_id,
                                        const state::Sender& session) const;
  // Masks the command offsets in the records of that session.
  [[nodiscard]] wire::CommandKey command_key(std::uint64_t history_id,
                                             const state::Sender& session) const;
  // Masks who caused the records in the mailboxes.
  [[nodiscard]] crypto::SipKey origin_key() const;

 private:
  [[nodiscard]] crypto::Hash of_session(std::string_view label, std::uint64_t history_id,
                                        const state::Sender& session) const;
  [[nodiscard]] state::PersonId of_key(std::string_view label, const crypto::Hash& key_hash) const;

  crypto::SecretKey secret_;
  const Names* names_{nullptr};
};

}  // namespace chatd::chat
