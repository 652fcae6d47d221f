// SPDX-License-Identifier: GPL-3.0-or-later
// person.hpp — the number of a person. It is calculated from what the person shows, so that no
// table of all persons is needed, and every host and every later start gives the same number.
//
// Runs in:   gateway. Pure.
// Invariant: no client can choose a key whose number is that of another person, or find the key
//            of a number: the number is the beginning of an HMAC with a secret of the server. Two
//            of a million persons have the same number with a probability of 1 to 37 million.
#pragma once

#include "common/crypto/hash.hpp"
#include "common/crypto/keys.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/state/native_slot.hpp"

namespace chatd::chat {

class Persons {
 public:
  // The secret is derived from the server's key.
  explicit Persons(const crypto::SecretKey& server);

  [[nodiscard]] state::PersonId of_native(const state::Identity& key) const {
    return of_fingerprint(crypto::sha256({key}));
  }
  // The SHA-256 of a key, which is what crypto::fingerprint() shows.
  [[nodiscard]] state::PersonId of_fingerprint(const crypto::Hash& key_hash) const;
  // A text member has no key: each of its sessions is another person.
  [[nodiscard]] state::PersonId of_text(std::uint64_t history_id,
                                        const state::Sender& session) const;

 private:
  crypto::SecretKey secret_;
};

}  // namespace chatd::chat
