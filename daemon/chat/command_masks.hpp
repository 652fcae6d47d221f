// SPDX-License-Identifier: GPL-3.0-or-later
// command_masks.hpp — masks the command offsets in records of rooms, and in those that a session
// causes in the mailbox of another one.
//
// Runs in:   gateway.
// Owns:      the keys of the sessions, in private memory: they are calculated when they are needed,
//            so that every gateway gets the same ones. 24 bytes for each slot.
// Invariant: only the constructor allocates.
#pragma once

#include <cstdint>
#include <vector>

#include "common/transport/command_mask.hpp"
#include "daemon/chat/person.hpp"
#include "daemon/chat/types.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::chat {

class CommandMasks {
 public:
  CommandMasks(const state::StateView& state, const Persons& persons);

  // The key that the client of the session gets. The slot is one of the session table.
  [[nodiscard]] const wire::CommandKey& key_of(const logs::Sender& session);

  // Both mask an offset, or unmask a masked one.
  [[nodiscard]] std::uint64_t in_room(const logs::Sender& sender, state::RoomId room,
                                      logs::Sequence sequence, std::uint64_t offset) {
    return mask_.apply(key_of(sender), static_cast<std::uint32_t>(room), sequence, offset);
  }
  // `at`: where the record begins in the mailbox of the slot.
  [[nodiscard]] std::uint64_t in_mailbox(const logs::Sender& sender, Slot mailbox, logs::Offset at,
                                         std::uint64_t offset) {
    return mask_.apply(key_of(sender), kFirstMailbox + mailbox, at, offset);
  }

 private:
  static constexpr std::uint64_t kFirstMailbox = std::uint64_t{1} << 32U;  // above all room ids
  struct Known {
    logs::Generation generation{};
    wire::CommandKey key{};
  };

  Persons persons_;
  std::uint64_t history_id_;
  std::vector<Known> known_;  // for each slot
  transport::CommandMask mask_;
};

}  // namespace chatd::chat
