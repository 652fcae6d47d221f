// SPDX-License-Identifier: GPL-3.0-or-later
// heard.hpp — a record that a client received.
//
// Runs in:   test programs. Plain data; its functions are in history.cpp.
#pragma once

#include <compare>
#include <string>

#include "common/base/time.hpp"
#include "common/wire/native/native_record.hpp"

namespace chatd::test {

// A record of the room as a native member received it. The text of a `set` or a `moderated` is the
// bytes of the wire::RoomSetting or the wire::Moderation. Two records with equal fields are the
// same record: records that the gateway makes together have one time, but no two of them have the
// same sender and text.
struct Heard {
  wire::RecordKind kind{};
  std::string name{};
  std::string text{};
  WallTime time{};
  auto operator<=>(const Heard&) const = default;
};
[[nodiscard]] std::string to_text(const Heard& heard);
// When the first reader received a record.
struct FirstHeard {
  std::uint64_t event{};  // its number
  MonoTime time{};
};
// Whether a record of this kind is a message of a member to a room.
[[nodiscard]] constexpr bool is_said(wire::RecordKind kind) {
  return kind == wire::RecordKind::say || kind == wire::RecordKind::action;
}
// Whether a record of this kind is a change of the room's topic, properties, roles or rules.
[[nodiscard]] constexpr bool is_change(wire::RecordKind kind) {
  using wire::RecordKind;
  return kind == RecordKind::topic || kind == RecordKind::set || kind == RecordKind::moderated;
}
// The text of a record, in a form that can be read.
[[nodiscard]] std::string readable(wire::RecordKind kind, const std::string& text);

}  // namespace chatd::test
