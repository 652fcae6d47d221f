// SPDX-License-Identifier: GPL-3.0-or-later
// joined_rooms.hpp — the further rooms that a member is in, and those that it joins again in a new
// session.
//
// Runs in:   client (Member). Pure.
// Invariant: one entry for a name and for a stream; the entries are in the order of their streams.
// See:       downlink.hpp, which has the streams.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/member/room_event.hpp"
#include "common/wire/native/native_record.hpp"

namespace chatd::client {

// The last record of a room that was reported, in this history and in the one before. A server that
// begins again from its disk replays records of the history before. If it has lost its disk,
// numbers begin again, but with later times.
class Reported {
 public:
  void note(const wire::RecordHeader& header) noexcept {
    now_ = {.number = header.sequence, .time = header.wall_time};
  }
  void begin_history() noexcept {
    if (now_.time != 0) before_ = now_;
    now_ = {};
  }
  // A record of an earlier history was reported.
  [[nodiscard]] bool has_before() const noexcept { return before_.time != 0; }
  [[nodiscard]] bool was_before(const wire::RecordHeader& header) const noexcept {
    return before_.time != 0 && header.sequence <= before_.number &&
           header.wall_time <= before_.time;
  }

 private:
  struct Last {
    std::uint64_t number{0};
    std::int64_t time{0};  // microseconds since 1970; 0: there was none
  };
  Last now_;
  Last before_;
};

class JoinedRooms {
 public:
  struct Room {
    RoomRef ref;
    std::string former_name{};    // the name before the last rename; "": it was not renamed
    std::uint8_t stream{};        // in this session, or in the last one
    std::uint64_t rejoin{0};      // number of the join that is not answered yet; 0: it is in
    std::uint64_t live_offset{};  // records that end at or below it are a replay
    std::uint64_t read_to{};      // records that end at or below it are not reported
    std::uint64_t history_id{};   // of the log that `read_to` is about
    Reported reported{};
    // Another room of the same name, in the same history, than the one of the last session:
    // messages that were written for that one are not for this one.
    bool is_another{false};
    bool is_renaming{false};  // the member joins again under another name, without an interruption

    [[nodiscard]] bool is_in() const noexcept { return rejoin == 0; }
  };

  // The room of an open stream, or of any name that counts as the same.
  [[nodiscard]] Room* find(std::uint8_t stream);
  [[nodiscard]] Room* find(std::string_view name);
  // The room of an order, which may name a renamed room by its former name: the terminal process
  // has not read of the new one yet. A room that has the name now goes before.
  [[nodiscard]] Room* find_ordered(std::string_view name);
  // The room whose join has this number.
  [[nodiscard]] Room* find_rejoin(std::uint64_t number);

  // Enters a room that the member is in now. Another room that has its stream is removed.
  Room& put(Room room);
  // Returns the room.
  RoomRef remove(const Room& room);

  [[nodiscard]] Reported& in_default_room() noexcept { return default_room_; }
  [[nodiscard]] std::vector<Room>& all() noexcept { return rooms_; }
  [[nodiscard]] const std::vector<Room>& all() const noexcept { return rooms_; }

 private:
  Reported default_room_;
  std::vector<Room> rooms_;
};

}  // namespace chatd::client
