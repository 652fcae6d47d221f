// SPDX-License-Identifier: GPL-3.0-or-later
// native_block.hpp — users that are blocked, and from whom a member takes direct messages: the text
// of a command `block` and of a record `blocks`.
//
// Runs in:   client (writes commands, reads records), gateway; the settings have the names, too.
// Borrows:   the text. Pure; nothing allocates.
// Shape:     the command has the fields of a BlockRequest in their order. The record has a user a
//            line: "name\t0123456789abcdef\tsince", the 16 digits of the person, and seconds since
//            1970.
//            The record `direct` of a message that has waited has no session: its sender_slot is
//            kNobody, its sender_generation the number of the author's person, and its
//            uplink_offset 1 if that one owned the name then, else 0.
// See:       chatd-protocol(7).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/wire/fields.hpp"

namespace chatd::wire {

// Whose direct messages a member takes.
enum class DirectFrom : std::uint8_t {
  unset = 0,  // as the setting direct.from
  anyone = 1,
  same_room = 2,  // members of a further room that the receiver is in now
  owned = 3,      // members that own a name
};
// "same-room"; unset: "default". "": no such value.
[[nodiscard]] std::string_view name_of(DirectFrom from) noexcept;
[[nodiscard]] std::optional<DirectFrom> direct_from_of(std::string_view name) noexcept;

enum class BlockAct : std::uint8_t {
  add = 1,     // the user that the command names
  remove = 2,  // the same
  list = 3,    // from the place on
  accept = 4,  // direct messages of `from` only
};

// The text of a command `block`.
struct BlockRequest {
  BlockAct act{};
  DirectFrom from{};      // of an accept; else unset
  std::uint32_t place{};  // of a list: where the part begins, 0 for the first one; else 0

  static constexpr void fields(auto& v, auto& request) {
    v("act", request.act);
    v("from", request.from);
    v("place", request.place);
  }
  friend bool operator==(const BlockRequest&, const BlockRequest&) = default;
};
// nullopt: the text has another size, or a value is not possible.
[[nodiscard]] std::optional<BlockRequest> read_block(std::string_view text) noexcept;

// A line of a record `blocks`.
struct BlockedUser {
  std::string_view name{};
  std::uint64_t person{0};
  std::int64_t since{0};  // seconds since 1970
  friend bool operator==(const BlockedUser&, const BlockedUser&) = default;
};
// Of a line without its newline. nullopt: it has another form.
[[nodiscard]] std::optional<BlockedUser> read_blocked(std::string_view line) noexcept;

}  // namespace chatd::wire
