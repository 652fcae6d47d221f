// SPDX-License-Identifier: GPL-3.0-or-later
// member_list.hpp — the questions of `uchat users`, and the list of members that it prints.
//
// Runs in:   uchat's terminal process.
// Invariant: pure. The list has each member once, sorted by name. The user is in it only if another
//            program of the user is on the server: the one that asks does not count.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/member/list_text.hpp"
#include "client/session/message.hpp"

namespace chatd::client {

class MemberList {
 public:
  // The members of the room; "": of the server.
  explicit MemberList(std::string room) : room_{std::move(room)} {}

  // The first question. The program must be in the room.
  [[nodiscard]] static Order begin() { return AskPrograms{}; }
  // Takes an answer, and returns the next question.
  [[nodiscard]] std::optional<Order> take(const ProgramList& programs);
  // Takes an answer, and returns the list when it is whole.
  [[nodiscard]] std::optional<std::vector<UserRow>> take(const Users& users,
                                                         std::string_view own_name);
  [[nodiscard]] const std::string& room() const noexcept { return room_; }

 private:
  std::string room_;
  std::string programs_;  // the parts of the list that have arrived
  std::string users_;     // the same
  bool is_only_program_{false};
};

// A line for each member, see user_text().
[[nodiscard]] std::string as_text(const std::vector<UserRow>& members, wire::Language language);

}  // namespace chatd::client
