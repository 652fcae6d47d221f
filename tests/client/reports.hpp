// SPDX-License-Identifier: GPL-3.0-or-later
// reports.hpp — makes reports of a session process for tests.
//
// Runs in:   test programs.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <variant>

#include "client/session/message.hpp"

namespace chatd::client {

// 2026-11-20 23:15:04 UTC
inline constexpr WallTime kFriday{Micros{1'795'216'504'000'000}};

inline Line line_of(wire::RecordKind record, std::string_view name, std::string_view text = {}) {
  return {.record = record, .name = std::string{name}, .text = std::string{text}, .time = kFriday};
}

inline Line said(std::string_view name, std::string_view text) {
  return line_of(wire::RecordKind::say, name, text);
}

inline Line said_by_person(std::uint64_t person, std::string_view name, std::string_view text) {
  Line line = said(name, text);
  line.person = person;
  return line;
}

inline Line said_by_me(std::string_view name, std::string_view text) {
  Line line = said(name, text);
  line.own = true;
  return line;
}

// Records of the kinds `set` and `moderated`.
inline Line set_by(std::string_view who, const wire::RoomSetting& setting) {
  std::array<char, wire::kMaxSettingBytes> text{};
  return line_of(wire::RecordKind::set, who, wire::write_setting(setting, text));
}

inline Line moderated_by(std::string_view who, const wire::Moderation& moderation) {
  std::array<char, wire::kMaxModerationBytes> text{};
  return line_of(wire::RecordKind::moderated, who, wire::write_moderation(moderation, text));
}

inline constexpr std::string_view kServerKey = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

inline Joined joined(std::string_view name, std::size_t max_text = 900) {
  return {.name = std::string{name},
          .server = "the lab",
          .max_text = max_text,
          .server_key = std::string{kServerKey}};
}

inline Users users(std::string_view list, bool more = false) {
  return {.list = std::string{list}, .more = more};
}

inline Refused refused(std::uint64_t number, std::string_view text) {
  return {.number = number, .text = std::string{text}};
}

inline Ended ended(Outcome outcome, std::string_view text = {}) {
  return {.reason = outcome, .text = std::string{text}};
}

// The text of a message; the name of a room or of a member, the number of a program, or a key, in
// an order about it.
inline std::string text_of(const Message& message) {
  const auto text = []<class T>(const T& one) {
    if constexpr (requires { one.text; }) {
      return one.text;
    } else if constexpr (requires { one.name; }) {
      return one.name;
    } else if constexpr (requires { one.number; }) {
      return std::to_string(one.number);
    } else if constexpr (requires { one.key; }) {
      return one.key;
    } else if constexpr (requires { one.from; }) {
      return std::string{name_of(one.from)};
    } else {
      return one.room;
    }
  };
  return std::visit(text, message);
}

}  // namespace chatd::client
