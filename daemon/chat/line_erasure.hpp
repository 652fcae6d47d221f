// SPDX-License-Identifier: GPL-3.0-or-later
// line_erasure.hpp — takes back what was said in a room: lines of one's own for some minutes, any
// line of the room for its moderators, and what an administrator selects.
//
// Runs in:   gateway.
// Borrows:   the StateView, the Sessions, the RoomRights, the RoomChanges.
// Pure:      no descriptor, no clock, no log.
// Invariant: a record `erased` is in the room's log first, so that clients hide the lines and the
//            archive deletes them; then their text in memory becomes blanks. The successor of a
//            killed gateway finishes it, see RoomChanges.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "common/wire/reasons.hpp"
#include "daemon/chat/room_changes.hpp"
#include "daemon/chat/room_rights.hpp"
#include "daemon/chat/said_lines.hpp"
#include "daemon/chat/sessions.hpp"

namespace chatd::chat {

class LineErasure {
 public:
  using By = RoomChanges::By;
  using Where = RoomChanges::Where;
  LineErasure(const state::StateView& state, const Sessions& sessions, const RoomRights& rights,
              RoomChanges& changes)
      : state_{state}, sessions_{sessions}, rights_{rights}, changes_{changes} {}

  // A line that was taken back.
  struct Taken {
    std::uint64_t number{0};
    bool is_own{true};     // of the member that has taken it back
    std::string author{};  // empty: memory has the line no more
  };
  // A member takes back a line, its own last one if there is no number.
  std::expected<Taken, wire::Reason> take_back(const By& by, const Where& room,
                                               std::optional<std::uint64_t> number);

  // The lines that an administrator selects: those that fulfil all conditions.
  struct Selection {
    std::optional<std::uint64_t> number{};
    std::string author{};              // the name, in any case; empty: of all
    std::optional<WallTime> before{};  // said earlier
  };
  // The number of such lines that the room has in memory.
  [[nodiscard]] std::uint64_t count(const Where& room, const Selection& selection) const;
  // Erases them. Returns how many there were. A room without such a line gets no record.
  std::uint64_t erase(const Where& room, const Selection& selection, Now now);

 private:
  // Ranges of numbers between which the room has no other line of the author.
  struct Found {
    std::vector<wire::ErasedLines> ranges;  // without the author
    std::string author;                     // as it is written in a line; empty: of all
    std::uint64_t lines{0};
  };
  [[nodiscard]] Found find(const Where& room, const Selection& selection) const;
  [[nodiscard]] std::optional<wire::Reason> reason_not_to(const By& by, const Where& room,
                                                          const SaidLines& found,
                                                          std::uint64_t number) const;
  [[nodiscard]] bool is_own(Slot member, const SaidLines& found) const;
  void post(const By& by, const Where& room, const wire::ErasedLines& lines);
  [[nodiscard]] logs::LogMemory log_of(const Where& room) const {
    return room ? state_.room_log(room->index) : state_.room_log();
  }

  const state::StateView& state_;
  const Sessions& sessions_;
  const RoomRights& rights_;
  RoomChanges& changes_;
};

}  // namespace chatd::chat
