// SPDX-License-Identifier: GPL-3.0-or-later
// persons.hpp — the person that the member last saw under each name. A command that names a user
// carries it, so that it does not reach another person who has taken the name.
//
// Runs in:   client (Member). Pure.
// Invariant: at most kMaxPersons names, whatever a server sends; beyond them another one is
//            forgotten.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace chatd::client {

class Persons {
 public:
  static constexpr std::size_t kMaxPersons = 20'000;

  // A user of that name is in. A person of 0 is not known, and changes nothing.
  void note(std::string_view name, std::uint64_t person);
  // Notes the persons of a part of a list of members, and returns the part without their numbers.
  [[nodiscard]] std::string take_from(std::string_view list);
  // 0: none.
  [[nodiscard]] std::uint64_t of(std::string_view name) const;

  // The command of that number carries the person of the name; commands below `first` are answered.
  void sent(std::uint64_t number, std::string_view name, std::uint64_t first);
  // The command was refused, as another person has the name now: the next command is for whoever
  // has it, or for the person that was seen since then.
  void refused(std::uint64_t number);

 private:
  std::map<std::string, std::uint64_t, std::less<>> by_folded_name_;
  struct Named {
    std::string name;
    std::uint64_t person;
  };
  std::map<std::uint64_t, Named> commands_;  // that are not answered
};

}  // namespace chatd::client
