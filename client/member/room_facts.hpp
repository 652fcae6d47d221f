// SPDX-License-Identifier: GPL-3.0-or-later
// room_facts.hpp — the answer of a server to a question about a room.
//
// Runs in:   uchat; tests. Pure.
// Errors:    a fact that is not known, or has a value that is not possible, is left out.
// See:       chatd-protocol(7), record `about`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"
#include "common/wire/native/native_room.hpp"

namespace chatd::client {

struct RoomFacts {
  // A ban, a mute or an invitation. Only owners and moderators receive them.
  struct Rule {
    wire::ModerateAction action{};  // that makes it
    std::uint32_t id{0};
    std::string name{};
    std::optional<WallTime> until{};  // nullopt: without end
    std::string by{};                 // "": the administrator
    std::string reason{};             // may be empty
  };
  std::string topic{};     // "": none
  std::string topic_by{};  // "": the administrator
  std::optional<WallTime> made{};
  std::uint64_t members{0};
  std::vector<std::string> owners{};
  std::vector<std::string> moderators{};
  bool is_invited{false};
  bool is_hidden{false};
  bool is_lecture{false};
  std::uint32_t slow_seconds{0};
  std::vector<Rule> rules{};
};

// The facts of a RoomAbout's list.
[[nodiscard]] RoomFacts read_facts(std::string_view list);

}  // namespace chatd::client
