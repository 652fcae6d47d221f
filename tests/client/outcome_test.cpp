// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/outcome.hpp"

#include <set>

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

constexpr auto kEnglish = wire::Language::en;

TEST(OutcomeTable, GivesEachItsOwnStatusAndCode) {
  std::set<int> statuses;
  std::set<std::string_view> codes;
  for (const OutcomeRow& row : outcome_table()) {
    EXPECT_TRUE(statuses.insert(row.status).second) << row.code;
    EXPECT_TRUE(codes.insert(row.code).second) << row.code;
    EXPECT_EQ(&row_of(row.outcome), &row);
    // A shell has its own meanings for more than 125.
    EXPECT_LE(row.status, 125);
  }
  EXPECT_EQ(exit_status_of(Outcome::done), 0);
  EXPECT_EQ(exit_status_of(Outcome::usage), 2);
}

TEST(OutcomeTable, ExplainsEachOnOneLineInBothLanguages) {
  for (const OutcomeRow& row : outcome_table()) {
    for (const auto language : {wire::Language::en, wire::Language::zh}) {
      const std::string line =
          explain(row.outcome, {.host = "h:1", .name = "ada", .detail = "d"}, language);
      EXPECT_FALSE(line.empty()) << row.code;
      EXPECT_EQ(line.find_first_of("{}\n"), std::string::npos) << line;
    }
  }
}

TEST(Explain, NamesHostNameAndReason) {
  EXPECT_EQ(
      explain(Outcome::no_such_host, {.host = "h:1", .name = "ada", .detail = "unknown"}, kEnglish),
      "there is no host h:1: unknown");
  EXPECT_EQ(explain(Outcome::name_taken, {.host = "h:1", .name = "ada"}, kEnglish),
            "the name ada is taken");
}

TEST(Explain, LeavesOutAReasonThatThereIsNot) {
  EXPECT_EQ(explain(Outcome::kicked, {.host = "h", .name = "ada"}, kEnglish),
            "you were removed from the room");
  EXPECT_EQ(explain(Outcome::kicked, {.host = "h", .name = "ada"}, wire::Language::zh),
            "你被移出了聊天室");
}

TEST(Explain, TrustsNoServersWords) {
  EXPECT_EQ(
      explain(Outcome::kicked, {.host = "h", .name = "ada", .detail = "\x1b[2J{name}"}, kEnglish),
      "you were removed from the room: \\x1b[2J{name}");
}

TEST(OutcomeOf, TellsEveryEndApart) {
  const std::set<Outcome> outcomes{outcome_of(End::quit),
                                   outcome_of(End::no_answer),
                                   outcome_of(End::untrusted_server),
                                   outcome_of(End::wrong_password),
                                   outcome_of(End::password_wanted),
                                   outcome_of(End::name_taken),
                                   outcome_of(End::name_refused),
                                   outcome_of(End::room_full),
                                   outcome_of(End::kicked),
                                   outcome_of(End::replaced),
                                   outcome_of(End::stopped),
                                   outcome_of(End::no_password_here),
                                   outcome_of(End::failed),
                                   outcome_of(End::protocol)};
  EXPECT_EQ(outcomes.size(), 14U);
}

}  // namespace
}  // namespace chatd::client
