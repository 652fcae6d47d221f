// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/answer_search.hpp"

#include <gmock/gmock.h>

#include "common/wire/control/history_reports.hpp"
#include "tests/daemon/archive/search_fixture.hpp"

namespace chatd::archive {
namespace {

class AnswerSearchTest : public test::SearchFixture {
 protected:
  AnswerSearchTest() {
    say({"hello 世界", "hello again"}, 0, "bob");
    say({"hello there"}, 1, "ada");
  }
  [[nodiscard]] wire::ControlReply ask(std::vector<std::string> args) {
    return answer_search(database_, {.verb = "search", .args = std::move(args)});
  }
  [[nodiscard]] wire::SearchReport report(std::vector<std::string> args) {
    const auto reply = ask(std::move(args));
    EXPECT_TRUE(reply) << reply.error().message;
    return wire::parse_report<wire::SearchReport>(*reply).value();
  }
};

TEST_F(AnswerSearchTest, ALineHasItsRoomItsNumberAndItsAuthor) {
  const auto found = report({"世界"});
  ASSERT_EQ(found.lines.size(), 1U);
  EXPECT_EQ(found.lines[0].room, "chat");
  EXPECT_EQ(found.lines[0].number, 0U);
  EXPECT_EQ(found.lines[0].name, "bob");
  EXPECT_EQ(found.lines[0].kind, "say");
  EXPECT_EQ(found.lines[0].text, "hello 世界");
  EXPECT_FALSE(found.more);
  EXPECT_TRUE(found.complete);
}

TEST_F(AnswerSearchTest, OptionsAndFiltersAreTheSame) {
  EXPECT_EQ(report({"hello"}).lines.size(), 3U);
  for (const auto& one : {report({"hello", "", "", "", "", "#room1"}), report({"hello in:#room1"}),
                          report({"hello", "", "", "ada"}), report({"hello from:ada"})}) {
    ASSERT_EQ(one.lines.size(), 1U);
    EXPECT_EQ(one.lines[0].text, "hello there");
  }
  EXPECT_TRUE(report({"hello", "", "", "", "2026-01-01"}).lines.empty());
}

TEST_F(AnswerSearchTest, NextGoesOn) {
  auto page = report({"hello", "2"});
  ASSERT_EQ(page.lines.size(), 2U);
  ASSERT_TRUE(page.more);
  page = report({"hello", "2", std::to_string(page.next)});
  ASSERT_EQ(page.lines.size(), 1U);
  EXPECT_EQ(page.lines[0].text, "hello 世界");
  EXPECT_FALSE(page.more);
}

TEST_F(AnswerSearchTest, ARequestThatIsWrongIsRefusedWithItsReason) {
  EXPECT_EQ(ask({""}).error().message, "there is nothing to search for");
  EXPECT_EQ(ask({"a", "0"}).error().code, "usage");
  EXPECT_EQ(ask({"a", "", "x"}).error().code, "usage");
  EXPECT_EQ(ask({"a", "", "", "", "soon"}).error().code, "usage");
  EXPECT_EQ(ask({"a since:soon"}).error().code, "usage");
  EXPECT_EQ(ask({"a in:#none"}).error().code, "not_found");
}

}  // namespace
}  // namespace chatd::archive
