// SPDX-License-Identifier: GPL-3.0-or-later
// ignored.hpp — the users whose messages are not shown, by their persons, as far as these are
// known.
//
// Runs in:   uchat's terminal process. Pure.
// Invariant: at most kMaxIgnored users are ignored and kMaxSeen persons known. A user that is
//            ignored stays so under another name, if its person was known before; another person
//            under its name is not ignored then.
// See:       persons.hpp, from which the numbers of persons are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "client/session/message.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

class Ignored {
 public:
  static constexpr std::size_t kMaxIgnored = 1000;
  static constexpr std::size_t kMaxSeen = 5000;

  // False: too many are ignored already.
  bool add(const wire::Name& name);
  // The user with this person, which may be 0, and name. False: as of add().
  bool add(std::string_view name, std::uint64_t person);
  // False: no user is ignored under this name.
  bool remove(std::string_view name);
  // True if a user that is ignored has caused the report: a message, a direct message or an
  // invitation. Notes the person of the report. Own messages, announcements, and records about
  // members and rooms are never ignored.
  bool hides(const Report& report);
  // True if a user that is ignored has written the line, which is an old one: it notes no person.
  [[nodiscard]] bool has(const Line& line) const;
  // As they were written, in the order of the names.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  struct User {
    std::string name;
    std::uint64_t person{0};  // 0: not known
  };
  void note(const std::string& folded, std::uint64_t person);
  [[nodiscard]] bool has(const std::string& folded, std::uint64_t person) const;

  std::map<std::string, User, std::less<>> users_;          // by folded name
  std::map<std::string, std::uint64_t, std::less<>> seen_;  // the last person of a folded name
};

}  // namespace chatd::client
