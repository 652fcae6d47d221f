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

#include "client/session/message.hpp"

namespace chatd::client {

struct MemberRow {
  std::string name;
  bool is_text_member{false};
  bool is_away{false};
  bool is_owner{false};  // the name belongs to it
  friend auto operator<=>(const MemberRow&, const MemberRow&) = default;
};

class MemberList {
 public:
  // The members of the room; "": of the server.
  explicit MemberList(std::string room) : room_{std::move(room)} {}

  // The first question. The program must be in the room.
  [[nodiscard]] static Order begin() { return AskPrograms{}; }
  // Takes an answer, and returns the next question.
  [[nodiscard]] std::optional<Order> take(const ProgramList& programs);
  // Takes an answer, and returns the list when it is whole.
  [[nodiscard]] std::optional<std::vector<MemberRow>> take(const Users& users,
                                                           std::string_view own_name);
  [[nodiscard]] const std::string& room() const noexcept { return room_; }

 private:
  std::string room_;
  std::string programs_;  // the parts of the list that have arrived
  std::string users_;     // the same
  bool is_only_program_{false};
};

// A line for each member: "ada", "bob (away)"; "~tex" for a text member.
[[nodiscard]] std::string as_text(const std::vector<MemberRow>& members, wire::Language language);

}  // namespace chatd::client
