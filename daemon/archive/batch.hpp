// SPDX-License-Identifier: GPL-3.0-or-later
// batch.hpp — lines that were read from the logs and are stored in one transaction.
//
// Runs in:   archive. Pure.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"
#include "common/wire/native/native_record.hpp"
#include "daemon/state/native_slot.hpp"
#include "daemon/state/room_slot.hpp"

namespace chatd::archive {

// The author of a message: the number of the person, which is the same under all names of a key,
// and the key. The number is 0 for a text member, for the administrator, and for a native member
// that had left before it was known.
struct Author {
  std::uint64_t person{0};
  std::string name;
  std::vector<std::byte> key;  // empty: not known, or none
};

// The kind of a line: a number of wire::RecordKind, or this one: messages of the room that are not
// stored, from `sequence` to `last`.
inline constexpr std::uint16_t kGap = 0;
// Or this one: lines before it were erased; the author is who has done it, without a name: the
// administrator; the text is a wire::ErasedLines. It is not stored.
inline constexpr auto kErased = static_cast<std::uint16_t>(wire::RecordKind::erased);

// The last number of a gap, from its text; 0: not known.
[[nodiscard]] inline std::uint64_t last_of_gap(std::string_view text) noexcept {
  std::uint64_t last = 0;
  (void)std::from_chars(text.data(), text.data() + text.size(), last);
  return last;
}

// Are records of this kind stored?
[[nodiscard]] constexpr bool is_stored(wire::RecordKind kind) noexcept {
  using enum wire::RecordKind;
  return kind == say || kind == action || kind == announce || kind == topic;
}

struct Line {
  std::uint64_t sequence;  // in the room's log
  std::int64_t at;         // microseconds since 1970
  std::uint16_t kind;
  Author author;
  std::string text;
  std::uint64_t last{0};  // of a gap; 0: not known
};

// Where the reading of a room's log goes on.
struct Place {
  std::uint64_t offset{0};
  std::uint64_t sequence{0};  // of the next record
  friend bool operator==(const Place&, const Place&) = default;
};

struct RoomPart {
  state::RoomId room;
  std::string name;
  Place place;  // behind the lines
  std::vector<Line> lines;
  std::uint64_t born{0};   // see state::RoomSlot; 0: in this history
  std::uint64_t begin{0};  // the number with which its log began in this history
  // See wire::RoomProperty::history; nullopt: as the database has it.
  std::optional<std::uint16_t> history{};
};

// The end of a room's history, and what is asked for.
struct RoomTail {
  std::uint64_t next{0};    // the number of the next line; no stored line has it or a later one
  std::vector<Line> lines;  // the last ones, the oldest one first; without gaps, and without keys
};
struct TailRequest {
  state::RoomId room;
  std::uint64_t born{0};  // see state::RoomSlot; 0: in this history
  std::size_t lines{0};   // at most
  std::size_t bytes{0};   // at most, of records with these lines
  WallTime since;         // not older ones
};

// How far the log of a room was read.
struct ReadTo {
  std::size_t row;
  std::uint64_t offset;
  std::uint64_t
      lost;  // of what ends at or below it nothing is known, see StoredPlace; 0: as before
};

struct Batch {
  std::vector<RoomPart> rooms;
  std::vector<ReadTo> read;  // of each room that was looked at, also if it has no line
  std::size_t lines{0};
  std::size_t bytes{0};  // of texts
  bool is_full{false};   // there is more to read
  bool has_lost{false};  // messages were found to be lost
};

}  // namespace chatd::archive
