// SPDX-License-Identifier: GPL-3.0-or-later
// presence_words.hpp — the sentence about several joins and leaves of a room, and a user in a list,
// in both languages.
//
// Runs in:   uchat's terminal process. Pure.
// Invariant: the sentence contains the names unchanged: a caller that prints it uses safe_text().
//            It has at most kShownNames names of each list, and kShownNames changes of a name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "client/member/event.hpp"
#include "client/member/list_text.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

// Some members: those that are named, and the number of the others.
struct SomeMembers {
  std::vector<std::string> names{};
  std::uint64_t others{0};

  [[nodiscard]] bool is_empty() const noexcept { return names.empty() && others == 0; }
  void add_others(std::uint64_t number) noexcept;  // up to the largest number
};

// A member that goes on under another name.
struct Renamed {
  std::string before{};
  std::string name{};
};

// The joins and leaves of a room within a short time. A member is in one of the lists.
struct JoinsAndLeaves {
  std::vector<Renamed> renamed{};
  SomeMembers joined{};
  SomeMembers left{};
  SomeMembers joined_and_left{};
  SomeMembers came_back{};  // left, and joined again

  // Adds the numbers of a record of the kind crowd. Nothing, if it cannot be decoded.
  void add_crowd(const Line& crowd) noexcept;
};

inline constexpr std::size_t kShownNames = 3;

// "ada is now eve; bob, cy and 23 others joined; dan left". Without any name: "[12 joined, 3
// left]". "": nobody has joined or left.
[[nodiscard]] std::string presence_text(wire::Language language, const JoinsAndLeaves& changes);

// A user in a list: "ada (owned)", "bob (away)"; "~tex" for a text member.
[[nodiscard]] std::string user_text(wire::Language language, const UserRow& user);

}  // namespace chatd::client
