// SPDX-License-Identifier: GPL-3.0-or-later
// named_member.hpp — a name as a command has it whose sender has last seen that person under it,
// and as the list of members has it.
//
// Runs in:   test programs.
#pragma once

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

#include "common/wire/native/named_person.hpp"
#include "daemon/chat/sessions.hpp"

namespace chatd::test {

inline std::string named(std::string_view name, state::PersonId person) {
  std::array<char, wire::kMaxNamedBytes> out{};
  return std::string{
      wire::write_named({.name = name, .person = static_cast<std::uint64_t>(person)}, out)};
}
inline std::string named(const chat::Sessions& sessions, chat::Slot member) {
  return named(sessions.name(member), sessions.person(member));
}

// A line for each of them.
inline std::string named_list(const chat::Sessions& sessions,
                              std::initializer_list<chat::Slot> members) {
  std::string list;
  for (const chat::Slot member : members) {
    list.append(list.empty() ? "" : "\n").append(named(sessions, member));
  }
  return list;
}

}  // namespace chatd::test
