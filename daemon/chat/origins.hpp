// SPDX-License-Identifier: GPL-3.0-or-later
// origins.hpp — the person and the network that a record in another member's mailbox is from. The
// number that stands for both is in the record, as its sequence number, so that the shares of a
// mailbox are known when the sender has left, and after the death of a gateway.
//
// Runs in:   gateway.
// Borrows:   the StateView.
// Invariant: the number is masked, with another mask in each record: its receiver learns nothing
//            from it, and cannot see that two senders are in one network.
#pragma once

#include <cstdint>
#include <optional>

#include "common/crypto/siphash.hpp"
#include "daemon/chat/person.hpp"
#include "daemon/chat/types.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::chat {

// Hashes: two persons have the same one with a probability of 1 in 4 billion.
struct Origin {
  std::uint32_t person{0};   // 0: the administrator
  std::uint32_t network{0};  // 0: this machine, which is in no network
};

class Origins {
 public:
  Origins(const state::StateView& state, const Persons& persons)
      : state_{state}, key_{persons.origin_key()} {}

  // The origin of a session. No session (the administrator) and kNobody (the sender of a message
  // that has waited) have the empty origin.
  [[nodiscard]] Origin of(const std::optional<logs::Sender>& sender) const;
  // The number for a record that begins at `at` in the mailbox of the slot, and back.
  [[nodiscard]] logs::Sequence number(const Origin& origin, Slot mailbox, logs::Offset at);
  [[nodiscard]] Origin read(std::uint64_t number, Slot mailbox, logs::Offset at);

 private:
  const state::StateView& state_;
  crypto::SipKey key_;
  crypto::SipHash hash_;
};

}  // namespace chatd::chat
