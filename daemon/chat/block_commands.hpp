// SPDX-License-Identifier: GPL-3.0-or-later
// block_commands.hpp — the command `block` of a member: whom it blocks, and from whom it takes
// direct messages.
//
// Runs in:   gateway.
// Borrows:   the Sessions, the Names, the Blocks and the DirectRights.
// Pure:      no descriptor, no clock, no log.
// Invariant: each request has the same result when it is sent again.
#pragma once

#include <expected>
#include <span>
#include <string_view>

#include "common/wire/native/native_block.hpp"
#include "common/wire/reasons.hpp"
#include "daemon/chat/blocks.hpp"
#include "daemon/chat/direct_rights.hpp"
#include "daemon/chat/names.hpp"
#include "daemon/chat/sessions.hpp"

namespace chatd::chat {

class BlockCommands {
 public:
  BlockCommands(const Sessions& sessions, const Names& names, Blocks& blocks,
                const DirectRights& rights)
      : sessions_{sessions}, names_{names}, blocks_{blocks}, rights_{rights} {}

  // A request of the session about the user that `name` says, a wire::NamedPerson. Of an add that
  // user is in, or owns the name, or the number of its person is known; a text member has none that
  // lasts. Writes the list that the answer has, from `request.place` on, into `out`.
  [[nodiscard]] std::expected<Blocks::Listed, wire::Reason> carry_out(
      Slot session, std::string_view name, const wire::BlockRequest& request, std::span<char> out,
      WallTime now);
  // From whom the member takes direct messages.
  [[nodiscard]] wire::DirectFrom from(Slot session) const {
    return rights_.from(sessions_.person(session));
  }

 private:
  std::optional<wire::Reason> add(const Blocks::By& by, std::string_view name);
  std::optional<wire::Reason> remove(state::PersonId person, std::string_view name);

  const Sessions& sessions_;
  const Names& names_;
  Blocks& blocks_;
  const DirectRights& rights_;
};

}  // namespace chatd::chat
