// SPDX-License-Identifier: GPL-3.0-or-later
// direct_rights.hpp — the right to write a direct message to a member.
//
// Runs in:   gateway.
// Borrows:   the Sessions, the Rooms, the Names and the Blocks.
// Pure:      no descriptor, no clock, no log.
// Invariant: a message that is refused for a block and one that is refused for the receiver's
//            choice have one answer, whether the receiver is in or not.
#pragma once

#include <optional>

#include "common/wire/native/native_block.hpp"
#include "common/wire/reasons.hpp"
#include "daemon/chat/blocks.hpp"
#include "daemon/chat/names.hpp"
#include "daemon/chat/rooms.hpp"
#include "daemon/chat/sessions.hpp"

namespace chatd::chat {

class DirectRights {
 public:
  // `from`: the setting direct.from, for members that have not chosen.
  DirectRights(const Sessions& sessions, const Rooms& rooms, const Names& names,
               const Blocks& blocks, wire::DirectFrom from);

  // From whom the person takes direct messages.
  [[nodiscard]] wire::DirectFrom from(state::PersonId person) const {
    const wire::DirectFrom own = blocks_.from(person);
    return own == wire::DirectFrom::unset ? from_ : own;
  }
  // `member`: a session of the receiver; nullopt: it is not in.
  [[nodiscard]] std::optional<wire::Reason> reason_not_to_write(Slot author,
                                                                state::PersonId receiver,
                                                                std::optional<Slot> member) const;

 private:
  [[nodiscard]] bool is_in_a_room_with(Slot author, Slot member) const;

  const Sessions& sessions_;
  const Rooms& rooms_;
  const Names& names_;
  const Blocks& blocks_;
  wire::DirectFrom from_;  // never `unset`
};

}  // namespace chatd::chat
