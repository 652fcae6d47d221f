// SPDX-License-Identifier: GPL-3.0-or-later
// programs_check_fixture.hpp — a history of a user with two programs, in which the tests plant
// violations.
//
// Runs in:   test programs.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fault/chaos/heard_at.hpp"
#include "tests/fault/chaos/history_check.hpp"

namespace chatd::test {

// ada is a member from the beginning. bob joins with one program, and logs in with a second one
// before he says "two".
class ProgramsCheck : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> violations() const {
    History history;
    const auto ada = history.begin_reader("ada", History::Dialect::native, true);
    const auto first = history.begin_reader("bob", History::Dialect::native);
    const auto second = history.begin_reader("bob", History::Dialect::native);
    const History::Fate confirmed = History::Fate::confirmed;
    history.set_time(kHeard);
    if (is_first_told_early_) history.came_in(first);
    history.sent(ada, 1, {.text = "one", .fate = confirmed});
    history.sent(ada, 2, {.text = "three", .fate = confirmed});
    history.sent(ada, 3,
                 {.text = "to both" + std::string(filling_, '.'),
                  .to = "bob",
                  .fate = to_both_,
                  .why = why_,
                  .receivers = {first, second},
                  .has_no_other = true,
                  .waits = waits_});
    history.sent(first, 1, {.text = "two", .fate = confirmed});
    history.sent(first, 2,
                 {.text = "to ada",
                  .to = "ada",
                  .fate = confirmed,
                  .receivers = {ada},
                  .informed = {second}});
    history.sent(second, 1, {.text = "four", .fate = confirmed});
    history.direct(ada, direct("bob", "to ada"));
    for (const Heard& heard : room_) history.heard(ada, heard);
    for (const Heard& heard : first_lines_ ? *first_lines_ : room_) history.heard(first, heard);
    for (const Heard& heard : second_lines_) history.heard(second, heard);
    for (const Heard& heard : first_direct_) history.direct(first, heard);
    if (is_first_over_early_) history.over(first, is_first_ended_by_server_);
    if (does_first_quit_early_) history.quits(first);
    for (const Heard& heard : second_direct_) history.direct(second, heard);
    for (const Heard& heard : first_copies_) history.copy(first, heard);
    for (const Heard& heard : copies_) history.copy(second, heard);
    if (!is_first_told_early_) history.came_in(first);
    if (are_earlier_late_) history.refused(ada, 3, why_);
    for (const auto& message : earlier_messages_) {
      const auto sender = history.begin_reader(earlier_sender_, History::Dialect::native);
      history.sent(sender, 1, message);
      if (message.fate == History::Fate::confirmed) history.confirmed(sender, 1, message.waits);
      history.over(sender);
    }
    if (!why_.empty() && !are_earlier_late_) history.refused(ada, 3, why_);
    if (is_first_over_) history.over(first, is_first_ended_by_server_);
    if (is_second_over_) history.over(second);
    if (ended_client_) history.client_ended("bob", *ended_client_);
    if (has_repeated_login_) history.login_repeated(first);
    if (has_late_login_)
      history.login_repeated(history.begin_reader("bob", History::Dialect::native));
    return find_violations(
        history,
        {.before = {"ada"}, .after = after_, .programs = {{"bob", programs_}}, .owned = owned_},
        scope_);
  }
  void expect_violation(std::string_view text) const {
    EXPECT_THAT(violations(), ::testing::Contains(::testing::HasSubstr(text)));
  }
  static Heard direct(std::string name, std::string text) {
    return at(9, wire::RecordKind::direct, std::move(name), std::move(text));
  }
  // A record that the programs of bob and ada receive, before the one of that place.
  void insert(std::ptrdiff_t place, const Heard& heard) {
    room_.insert(room_.begin() + place, heard);
    second_lines_.insert(second_lines_.begin() + (place - 2), heard);
  }

  static constexpr MonoTime kHeard{std::chrono::hours{1}};  // when the lines were received
  static constexpr std::string_view kGotByTwo =
      "waited, and two programs of bob that had not ended got it: ada's direct message \"to both\"";

  std::vector<Heard> room_{
      at(1, wire::RecordKind::join, "bob"), at(2, wire::RecordKind::say, "ada", "one"),
      at(3, wire::RecordKind::say, "bob", "two"), at(4, wire::RecordKind::say, "ada", "three"),
      at(5, wire::RecordKind::say, "bob", "four")};
  std::optional<std::vector<Heard>> first_lines_;
  std::vector<Heard> second_lines_{room_.begin() + 2, room_.end()};
  std::vector<Heard> first_direct_{direct("ada", "to both")};
  std::vector<Heard> second_direct_{direct("ada", "to both")};
  std::vector<Heard> first_copies_{};
  std::vector<Heard> copies_{direct("ada", "to ada")};
  std::vector<std::string> after_{"ada", "bob"};
  Programs programs_{.running = 2, .on_server = 2};
  History::Fate to_both_{History::Fate::confirmed};
  std::string why_;
  bool waits_{false};
  std::size_t filling_{0};
  Scope scope_{Scope::default_room};
  std::set<std::string> owned_;
  bool is_first_over_{false};
  bool is_first_over_early_{false};  // before the second one receives its direct messages
  bool does_first_quit_early_{false};
  bool is_first_ended_by_server_{false};
  bool is_second_over_{false};
  std::optional<EndedClients::Life> ended_client_;
  bool has_repeated_login_{false};
  bool is_first_told_early_{false};              // that it is in: before any message was sent
  bool has_late_login_{false};                   // a third program, of which everything is lost
  std::vector<History::Sent> earlier_messages_;  // of other programs, before a refusal
  std::string earlier_sender_{"ada"};
  bool are_earlier_late_{false};  // they were sent after it
};

}  // namespace chatd::test
