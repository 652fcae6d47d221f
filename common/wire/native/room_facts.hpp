// SPDX-License-Identifier: GPL-3.0-or-later
// room_facts.hpp — the facts about a room that a server sends as an answer.
//
// Runs in:   uchat, web; tests. Pure.
// Errors:    a fact with an unknown key or an impossible value is left out.
// See:       chatd-protocol(7), record `about`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"
#include "common/wire/native/native_room.hpp"

namespace chatd::wire {

struct RoomFacts {
  // A ban, a mute or an invitation. Only owners and moderators receive them.
  struct Rule {
    ModerateAction action{};  // the action that makes such a rule
    std::uint32_t id{0};
    std::string name{};
    // nullopt: without end; a time that is not possible: the server has sent no possible end.
    std::optional<WallTime> until{};
    std::string by{};      // name of its maker; "": the administrator
    std::string reason{};  // may be empty
  };
  std::string topic{};                  // "": none
  std::string topic_by{};               // the member that set the topic; "": the administrator
  std::optional<WallTime> topic_set{};  // when; a possible time
  std::optional<WallTime> made{};       // a possible time
  std::uint64_t members{0};
  std::vector<std::string> owners{};
  std::vector<std::string> moderators{};
  bool is_invited{false};
  bool is_hidden{false};
  bool is_lecture{false};
  std::uint32_t slow_seconds{0};
  MayEnter enter{};
  std::uint16_t history{kHistoryOfServer};
  std::vector<Rule> rules{};
};

// Reads the list of a RoomAbout.
[[nodiscard]] RoomFacts read_facts(std::string_view list);

}  // namespace chatd::wire
