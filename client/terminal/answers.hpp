// SPDX-License-Identifier: GPL-3.0-or-later
// answers.hpp — the parts of lists that the session process has reported, until a list is whole,
// and the choice of what is shown of it.
//
// Runs in:   uchat's terminal process.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "client/terminal/shown_history.hpp"

namespace chatd::client {

struct Answers {
  // The facts about a room that are shown.
  enum class Facts : std::uint8_t {
    topic_if_any,  // after the login: the user has not asked
    topic,         // or that there is none
    all,
  };
  std::string users{};  // names of members, as in Users
  // The number of lists of the default room that the user waits for. One more is shown at first.
  std::size_t users_wanted{1};
  std::string rooms{};           // as in RoomList
  std::string about{};           // facts, as in RoomAbout
  std::string programs{};        // as in ProgramList
  std::string blocks{};          // as in BlockList
  std::size_t blocks_wanted{0};  // the number of such lists that the user waits for
  // A question about a room that is not answered yet.
  struct Question {
    std::string room;  // as in AskAbout
    Facts shown;
  };
  std::vector<Question> questions{};
  ShownHistory history{};
  KeptHistory kept{};  // of the default room

  // Questions about the room `before` are about the room `name` from now on.
  void rename_room(std::string_view before, std::string_view name) {
    for (Question& question : questions) {
      if (question.room == before) question.room = name;
    }
    history.rename_room(before, name);
  }

  // Removes the question that an answer about this room is for. If none is about it, the oldest:
  // answers come in the order of the questions.
  [[nodiscard]] Facts take_question(std::string_view room) {
    if (questions.empty()) return Facts::topic_if_any;
    auto found = std::ranges::find(questions, room, &Question::room);
    if (found == questions.end()) found = questions.begin();
    const Facts shown = found->shown;
    questions.erase(found);
    return shown;
  }
};

}  // namespace chatd::client
