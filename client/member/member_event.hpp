// SPDX-License-Identifier: GPL-3.0-or-later
// member_event.hpp — the events of a Member about another user.
//
// Runs in:   uchat; tests and the load generator. Pure.
// Shape:     as event.hpp.
#pragma once

#include <string>

namespace chatd::client {

// The answer to a question about a user; see MemberFacts.
struct MemberAbout {
  std::string name{};  // as in the question
  std::string list{};  // a fact a line: its key, a tab, its value; at most one record of text
  std::string code{};  // of a refusal; see wire::message_refusal_of()
  std::string text{};  // the reason of a refusal, as the server sent it
  static constexpr void fields(auto& v, auto& about) {
    v("name", about.name);
    v("list", about.list);
    v("code", about.code);
    v("text", about.text);
  }
};

}  // namespace chatd::client
