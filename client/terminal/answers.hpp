// SPDX-License-Identifier: GPL-3.0-or-later
// answers.hpp — the lists that the server sends as answers, as far as their parts have come, and
// what of them is shown.
//
// Runs in:   uchat's terminal process.
#pragma once

#include <cstdint>
#include <string>

namespace chatd::client {

struct Answers {
  // The facts about a room that are shown.
  enum class Facts : std::uint8_t {
    topic_if_any,  // after the login, for which the user has not asked
    topic,
    all,
  };
  std::string users{};
  bool shows_users{true};
  std::string rooms{};
  std::string about{};
  Facts shown_facts{Facts::topic_if_any};
};

}  // namespace chatd::client
