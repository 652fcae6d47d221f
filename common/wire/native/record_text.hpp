// SPDX-License-Identifier: GPL-3.0-or-later
// record_text.hpp — the texts of the records `joined`, `left`, `crowd` and `erased`.
//
// Runs in:   gateway (writes), worker and client (read). Pure.
// Shape:     the fields in their order; integers are little-endian.
// See:       chatd-protocol(7).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/wire/field_writer.hpp"

namespace chatd::wire {

// The text of a `joined`.
struct JoinedRoom {
  std::uint8_t stream{};        // that the room's log comes in
  std::uint32_t room{};         // its id
  std::uint64_t offset{};       // of the first byte that the server sends
  std::uint64_t live_offset{};  // records that end at or below it are a replay
  std::int64_t topic_set{};     // microseconds since 1970; 0: there is no topic
  std::string_view topic_by{};  // its author; empty: the administrator
  std::string_view topic{};     // may be empty

  static constexpr void fields(auto& v, auto& joined) {
    v("stream", joined.stream);
    v("room", joined.room);
    v("offset", joined.offset);
    v("live_offset", joined.live_offset);
    v("topic_set", joined.topic_set);
    v("topic_by", joined.topic_by);
    v("topic", Rest{joined.topic});
  }
};
// The text of a `left`.
struct LeftRoom {
  std::uint8_t stream{};  // that ends; its number may be used again. 0: it ended before
  std::uint32_t room{};
  std::string_view reason{};  // for a person; empty: the member has sent a leave

  static constexpr void fields(auto& v, auto& left) {
    v("stream", left.stream);
    v("room", left.room);
    v("reason", Rest{left.reason});
  }
};
// The text of a `crowd`: how many joins and leaves it tells.
struct Crowd {
  std::uint32_t joined{};
  std::uint32_t left{};
  friend bool operator==(const Crowd&, const Crowd&) = default;

  static constexpr void fields(auto& v, auto& crowd) {
    v("joined", crowd.joined);
    v("left", crowd.left);
  }
};
// The text of an `erased`: the numbers of the lines, see RecordHeader::sequence. Other records have
// numbers in between.
struct ErasedLines {
  std::uint64_t first{};
  std::uint64_t last{};
  std::string_view author{};  // only the lines under this name, in any case; empty: all of them

  static constexpr void fields(auto& v, auto& lines) {
    v("first", lines.first);
    v("last", lines.last);
    v("author", Rest{lines.author});
  }
};
// nullopt: the text is too short, or the stream of a `joined` is not one for rooms. Borrow the
// text.
[[nodiscard]] std::optional<JoinedRoom> read_joined(std::string_view text) noexcept;
[[nodiscard]] std::optional<LeftRoom> read_left(std::string_view text) noexcept;
[[nodiscard]] std::optional<Crowd> read_crowd(std::string_view text) noexcept;
[[nodiscard]] std::optional<ErasedLines> read_erased(std::string_view text) noexcept;

}  // namespace chatd::wire
