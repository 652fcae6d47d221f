// SPDX-License-Identifier: GPL-3.0-or-later
// persons.hpp — the person that the member last saw under each name. A command that names a user
// carries it, so that it does not reach another person who has taken the name, and the user is
// warned of such a person.
//
// Runs in:   client (Member). Pure.
// Invariant: at most kMaxPersons names, whatever a server sends; beyond them another one is
//            forgotten. At most kMaxChanges changes wait to be taken, others are only counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/member/member_event.hpp"
#include "common/wire/native/native_command.hpp"

namespace chatd::client {

class Persons {
 public:
  static constexpr std::size_t kMaxPersons = 20'000;
  static constexpr std::size_t kMaxChanges = 10;

  // True for the number of a person with a key.
  [[nodiscard]] static bool has_key(std::uint64_t person) noexcept;
  // The user was seen in an earlier run, under a key. Comes before all others.
  void learn(const KnownUser& user);
  // A user of that name is in. A person of 0 is not known, and changes nothing. It is a change if
  // the name belonged to a key before, and now to another key or to a text session. A name that
  // belonged to text sessions only is nobody's: then it is none.
  void note(std::string_view name, std::uint64_t person);
  // Notes the persons of a part of a list of members, and returns the part without their numbers.
  // "\ttext" follows the name of a text member.
  [[nodiscard]] std::string take_from(std::string_view list);
  // A text member of that name writes; its number is not known.
  void note_text_member(std::string_view name);
  // True if the name belongs to a text member.
  [[nodiscard]] bool is_text_member(std::string_view name) const;
  // Takes the changes since the last call.
  [[nodiscard]] std::vector<OtherPerson> take_changes();
  // 0: none.
  [[nodiscard]] std::uint64_t of(std::string_view name) const;

  // The command of that number carries the person of the name; commands below `first` are answered.
  void sent(std::uint64_t number, std::string_view name, std::uint64_t first);
  // The command was refused, as another person has the name now: the next command is for whoever
  // has it, or for the person that was seen since then.
  void refused(std::uint64_t number);

 private:
  struct Known {
    std::uint64_t person{0};  // that was seen last; 0: not known
    std::uint64_t key{0};     // the number of the key that was seen last; 0: none
    bool is_text{false};      // a text member has the name now
    WallTime last_seen{};     // the key, if only in an earlier run
  };
  Known& known(std::string_view name);
  void add_change(OtherPerson change);

  std::map<std::string, Known, std::less<>> by_folded_name_;
  std::vector<OtherPerson> changes_;
  struct Named {
    std::string name;
    std::uint64_t person;
  };
  std::map<std::uint64_t, Named> commands_;  // that are not answered
};

// The text members in the rooms of a replay, as far as it has been read: the record of a leave does
// not say whose it is, and the name may belong to another person by now.
//
// Invariant: at most kMaxNames names; beyond them a further one is not known.
class ReplayedTextMembers {
 public:
  static constexpr std::size_t kMaxNames = 1'000;
  // A member joins the room or writes there.
  void note(wire::RoomId room, std::string_view name, bool is_text_member);
  // A member of that name leaves the room. True: it is a text member.
  [[nodiscard]] bool take(wire::RoomId room, std::string_view name);

 private:
  std::set<std::pair<wire::RoomId, std::string>> names_;  // folded
};

}  // namespace chatd::client
