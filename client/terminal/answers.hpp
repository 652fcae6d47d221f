// SPDX-License-Identifier: GPL-3.0-or-later
// answers.hpp — the parts of lists that the session process has reported, until a list is whole,
// and the choice of what is shown of it.
//
// Runs in:   uchat's terminal process.
#pragma once

#include <cstdint>
#include <string>

namespace chatd::client {

struct Answers {
  // The facts about a room that are shown.
  enum class Facts : std::uint8_t {
    topic_if_any,  // after the login: the user has not asked
    topic,         // or that there is none
    all,
  };
  std::string users{};  // names of members, as in Users
  bool shows_users{true};
  std::string rooms{};  // as in RoomList
  std::string about{};  // facts, as in RoomAbout
  Facts shown_facts{Facts::topic_if_any};
};

}  // namespace chatd::client
