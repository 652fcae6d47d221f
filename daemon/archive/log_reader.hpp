// SPDX-License-Identifier: GPL-3.0-or-later
// log_reader.hpp — reads the logs of all rooms for the archive: messages, actions, announcements
// and topics, and which of them were erased.
//
// Runs in:   archive, on a mapping where logs are read-only. Nothing waits for it.
// Borrows:   the StateView, of which it writes the StoredPlaces.
// Owns:      for each room, where reading goes on; begin() sets it to the places in the database.
// Invariant: a message is in exactly one batch, or a gap of its room has its number. A record that
//            is appended before read() looks at the news is found by it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/archive/authors.hpp"
#include "daemon/archive/batch.hpp"
#include "daemon/log/log_follower.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::archive {

class LogReader {
 public:
  // A batch is full when it has so many lines, or bytes of text.
  struct Limits {
    std::size_t lines{512};
    std::size_t bytes{std::size_t{512} << 10U};
  };
  // The room of the default one's name comes from the configuration.
  LogReader(const state::StateView& state, std::string default_name, Limits limits);
  LogReader(const state::StateView& state, std::string default_name)
      : LogReader{state, std::move(default_name), Limits{}} {}

  // A room of this history as it is in the database.
  struct Stored {
    state::RoomId room;
    Place place;
    std::uint16_t history{0};  // see wire::RoomProperty
  };
  // Goes on from there; a room that is not named is read from its beginning in this history.
  void begin(std::span<const Stored> stored);

  // Is there anything that read() has not looked at?
  [[nodiscard]] bool has_news() const noexcept;
  // Does a room with this number exist that was made in the history `born`?
  [[nodiscard]] bool exists(state::RoomId room, std::uint64_t born) const noexcept;
  // The next batch. Reading goes on behind it.
  [[nodiscard]] Batch read(WallTime now);

  // The StoredPlaces of the batch: before it is stored, which messages are lost; when it is on
  // disk, that it is. The second one returns true if a place has moved.
  void publish_lost(const Batch& batch) const noexcept;
  bool publish_stored(const Batch& batch) const noexcept;

 private:
  struct Cursor {
    state::RoomId room{};
    std::string name;
    Place at;
    std::uint64_t stored{0};  // the offset in the last part
    std::uint64_t born{0};
    std::uint64_t begin{0};                  // as in RoomPart
    std::optional<std::uint16_t> history{};  // in the last part; nullopt: not known
    bool is_over{true};  // the room is gone, and read to its end, or there is none yet
  };

  [[nodiscard]] std::size_t default_row() const noexcept { return cursors_.size() - 1; }
  [[nodiscard]] std::uint64_t news() const noexcept;
  void look() noexcept;
  [[nodiscard]] state::StoredPlace& place_of(std::size_t row) const noexcept;
  void publish_begin() const noexcept;
  void change_room(std::size_t row, state::RoomId room, bool is_gone, WallTime now, Batch& batch);
  [[nodiscard]] static RoomPart part_of(const Cursor& cursor);
  static void end_room(Cursor& cursor, Batch& batch);
  // Returns whether all of the room's log was read.
  bool read_default(WallTime now, Batch& batch);
  bool read_further(std::size_t row, WallTime now, Batch& batch);
  bool read_log(std::size_t row, const logs::LogMemory& log, const state::RoomHead& head,
                WallTime now, Batch& batch);
  // Which records of a room are to be stored, see state::RoomProperties.
  struct Kept {
    std::uint16_t history;
    std::uint64_t since;
    [[nodiscard]] bool has(std::uint64_t sequence) const noexcept {
      return history != wire::kHistoryOff && sequence >= since;
    }
  };
  [[nodiscard]] Kept kept_of(std::size_t row) const noexcept;
  void take(const wire::RecordView& record, const Kept& kept, RoomPart& part, Batch& batch);
  static void add_gap(RoomPart& part, std::uint64_t first, std::uint64_t end, WallTime now);
  // The numbers of records that are lost, to `end` - 1.
  struct Lost {
    std::uint64_t first;
    std::uint64_t end;
  };
  static void add_lost(Lost lost, const Kept& kept, WallTime now, RoomPart& part, Batch& batch);
  static void add_part(Cursor& cursor, const Kept& kept, RoomPart part, Batch& batch);

  const state::StateView& state_;
  std::string default_name_;
  Limits limits_;
  Authors authors_;
  logs::RecordBuffer buffer_{};
  std::vector<Cursor> cursors_;  // by row; the last one is the default room's
  std::vector<bool> due_;        // by row
  bool has_due_{true};
  std::map<state::RoomId, Stored> begun_;  // rooms that were not looked at since begin()
  std::uint64_t seen_{0};                  // news
};

}  // namespace chatd::archive
