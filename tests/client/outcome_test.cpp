// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/outcome.hpp"

#include <string>

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

constexpr auto kEnglish = wire::Language::en;

TEST(Outcome, ExitStatusIsThatOfTheTable) {
  EXPECT_EQ(exit_status_of(Outcome::done), 0);
  EXPECT_EQ(exit_status_of(Outcome::usage), 2);
  EXPECT_EQ(exit_status_of(Outcome::not_welcome), 20);
}

TEST(Explain, GivesOneLineForEachOutcomeInBothLanguages) {
  for (const wire::ReasonRow& row : wire::reason_table()) {
    if (!row.status) continue;
    for (const auto language : {wire::Language::en, wire::Language::zh}) {
      const std::string line =
          explain(row.reason, {.host = "h:1", .name = "ada", .detail = "d"}, language);
      EXPECT_FALSE(line.empty()) << row.code;
      EXPECT_EQ(line.find_first_of("{}\n"), std::string::npos) << line;
    }
  }
}

TEST(Explain, NamesHostNameAndDetail) {
  EXPECT_EQ(
      explain(Outcome::no_such_host, {.host = "h:1", .name = "ada", .detail = "unknown"}, kEnglish),
      "there is no host h:1: unknown");
  EXPECT_EQ(explain(Outcome::name_taken, {.host = "h:1", .name = "ada"}, kEnglish),
            "the name ada is taken");
}

TEST(Explain, DoesNotCallAnUnwelcomeClientsRoomFull) {
  EXPECT_EQ(explain(Outcome::not_welcome,
                    {.host = "h:1", .name = "ada", .detail = "this network is blocked"}, kEnglish),
            "h:1 does not let you in: this network is blocked");
}

TEST(Explain, LeavesOutAnEmptyDetail) {
  EXPECT_EQ(explain(Outcome::kicked, {.host = "h", .name = "ada"}, kEnglish),
            "you were removed from the room");
  EXPECT_EQ(explain(Outcome::kicked, {.host = "h", .name = "ada"}, wire::Language::zh),
            "你被移出了聊天室");
}

TEST(Explain, EscapesTheTextOfTheServer) {
  EXPECT_EQ(
      explain(Outcome::kicked, {.host = "h", .name = "ada", .detail = "\x1b[2J{name}"}, kEnglish),
      "you were removed from the room: \\x1b[2J{name}");
}

}  // namespace
}  // namespace chatd::client
