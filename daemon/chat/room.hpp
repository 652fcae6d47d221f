// SPDX-License-Identifier: GPL-3.0-or-later
// room.hpp — a room: one log, and where a member begins to read it.
//
// Runs in:   gateway, the only writer of the log. Knows no session and no protocol. Rooms has the
//            further ones.
// Owns:      the replay index; the Crowd and the JoinRates, which say how joins and leaves are
//            told.
// Borrows:   the StateView and the CommandMasks.
// Invariant: a record that can be replayed is in the replay index while the index is whole. The
//            index of a further room is made when a member enters the room: a room that no member
//            enters needs no memory for an index.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "daemon/chat/command_masks.hpp"
#include "daemon/chat/crowd.hpp"
#include "daemon/chat/join_rates.hpp"
#include "daemon/chat/replay_index.hpp"
#include "daemon/chat/types.hpp"
#include "daemon/config/config.hpp"
#include "daemon/state/room_log.hpp"

namespace chatd::chat {

// A record of what somebody has written in a room.
[[nodiscard]] constexpr bool is_line(state::RecordKind kind) noexcept {
  using state::RecordKind;
  return kind == RecordKind::say || kind == RecordKind::action || kind == RecordKind::announce;
}

class Room {
 public:
  // The default room. Its log is empty, or its records are noted next.
  Room(const state::StateView& state, const config::Config& config, CommandMasks& masks)
      : Room{state, state::RoomLog{state},          state.room_head(), state::kDefaultRoom,
             masks, ReplayIndex{config.room.replay}} {}
  // A further room.
  Room(const state::StateView& state, const state::RoomPlace& place, CommandMasks& masks)
      : Room{state,
             state::RoomLog{state, place.index},
             state.room_slot(place.index).head,
             place.id,
             masks,
             ReplayIndex::unread()} {}

  // Appends a record, and masks its command offset. Its text is clean, and not longer than a
  // message may be. Does not allocate.
  void post(const logs::Entry& entry);
  // A record of that kind is in the log at `offset`: by post(), or by a predecessor.
  void note(state::RecordKind kind, state::Offset offset) noexcept {
    if (is_line(kind)) replay_.note(offset);
  }

  // False: start_for() needs a new index, see begin_index().
  [[nodiscard]] bool is_indexed() const noexcept { return replay_.is_whole(); }
  // Begins a new index. The caller notes each record of the log and calls end_index().
  void begin_index(std::size_t lines) { replay_ = ReplayIndex{lines}; }
  void end_index() { replay_.shrink(); }

  [[nodiscard]] state::Offset tail() const noexcept { return log_.tail(); }

  [[nodiscard]] Crowd& crowd() noexcept { return crowd_; }
  // How the join of a member is told, with which the room has `members` members.
  [[nodiscard]] state::Telling join(std::uint32_t members, const JoinRates::Joiner& joiner,
                                    MonoTime now);
  // Appends the record about what the crowd has counted. Does not allocate.
  void tell_crowd(Now now);

  // How far a client has read.
  struct Position {
    std::uint64_t history_id{0};  // of the log that it knows; 0: none
    // The end of what it has of that log. nullopt: it has no log, and wants no replay.
    std::optional<std::uint64_t> offset{0};
  };
  // No client has read so far: the position is forged.
  [[nodiscard]] bool is_beyond(const Position& known) const noexcept {
    return known.history_id == history_id_ && known.offset && *known.offset > log_.tail();
  }
  // Where the log begins for a client that joins with that position.
  [[nodiscard]] state::Offset start_for(const Position& known) const noexcept;

 private:
  Room(const state::StateView& state, const state::RoomLog& log, state::RoomHead& head,
       state::RoomId id, CommandMasks& masks, ReplayIndex replay)
      : log_{log},
        crowd_{head},
        id_{id},
        masks_{masks},
        history_id_{state.header().epoch},
        replay_{std::move(replay)} {}

  state::RoomLog log_;
  Crowd crowd_;
  JoinRates join_rates_;
  state::RoomId id_;
  CommandMasks& masks_;
  std::uint64_t history_id_;
  ReplayIndex replay_;
};

}  // namespace chatd::chat
