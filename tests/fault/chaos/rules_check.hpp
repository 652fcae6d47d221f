// SPDX-License-Identifier: GPL-3.0-or-later
// rules_check.hpp — checks with the order of a further room that its rules, roles and properties
// were in force.
//
// Runs in:   test programs. Pure.
// Borrows:   the order: all records of the history of a room, in the order of its log.
// How:       the order is read once, and each record is judged by the rules before it.
// See:       history_check.hpp, which has the list of the guarantees.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fault/chaos/history.hpp"
#include "tests/fault/chaos/room_rules.hpp"

namespace chatd::test {

class RulesCheck {
 public:
  // `before`: the rules when the order began.
  RulesCheck(const std::vector<const Heard*>& order, RoomRules before);

  [[nodiscard]] const std::vector<std::string>& violations() const noexcept { return violations_; }
  // Whether a message or a change may be refused with the code that the sender got. A message: for
  // an error of the sender, because the sender was removed from the room before the message
  // arrived, or because of a rule of the room.
  [[nodiscard]] bool may_refuse(const History::Reader& sender, const History::Sent& sent) const;
  // Whether a rule or a property that was in force at some time is a reason to refuse a message of
  // this member with this code.
  [[nodiscard]] bool may_refuse(std::string_view name, std::string_view code) const;
  // Whether a client of the user that enters behind the first `records` records may read what was
  // said at `place`. If the user joins with this client, the join is one of these records.
  [[nodiscard]] bool may_read(std::string_view name, std::size_t place, std::size_t records) const;

 private:
  void violation(std::string_view what, const Heard& record);
  void note(std::size_t place, const Heard& record);
  void judge(const Heard& record);
  void judge_change(const Heard& record);
  void expect_kick(const Heard& record);
  void end_invitations(const Heard& record);

  RoomRules rules_;  // before the record that is judged
  std::vector<std::string> violations_;
  std::vector<bool> is_closed_;            // for each place
  std::optional<std::string> must_leave_;  // a member whose record `kick` is the next one
  RoomRules::Names muted_;                 // members that were muted at some time
  bool was_lecture_{false};
  // The place since which a user may read what is said for invited members: where it was in the
  // room first, unless its invitation has ended since then.
  using Places = std::map<std::string, std::size_t, std::less<>>;
  Places reads_since_;
  std::map<std::size_t, Places> changes_;  // reads_since_ behind the first n records
};

}  // namespace chatd::test
