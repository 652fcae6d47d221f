// SPDX-License-Identifier: GPL-3.0-or-later
// member_facts.hpp — the facts about a user that a server sends as an answer.
//
// Runs in:   uchat; tests. Pure.
// Errors:    a fact with an unknown key or an impossible value is left out.
// See:       chatd-protocol(7), record `whois`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"

namespace chatd::client {

struct MemberFacts {
  std::string name{};
  std::string key{};                // the fingerprint of its key; "": it has none
  bool is_text{false};              // a text member: it has no key
  std::optional<WallTime> since{};  // a possible time
  bool is_owner{false};             // the name belongs to it: another key cannot have it
  bool is_away{false};
  std::string away{};                             // the text about that; may be empty
  std::optional<std::uint32_t> silent_seconds{};  // since the server has heard it last
  std::optional<std::uint32_t> programs{};        // if the user asks about itself
  std::vector<std::string> rooms{};               // without '#'
  std::uint32_t more_rooms{0};                    // that are not in `rooms`
};

// Reads the list of a MemberAbout.
[[nodiscard]] MemberFacts read_member_facts(std::string_view list);

}  // namespace chatd::client
