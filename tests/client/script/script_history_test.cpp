// SPDX-License-Identifier: GPL-3.0-or-later
// `uchat history`
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/script/script_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ScriptHistory : public ScriptTest {
 protected:
  static Script script_for(std::vector<std::string> rooms, bool json = false,
                           const HistoryChoice& choice = {}) {
    return Script{{.mode = Mode::history,
                   .name = "ada",
                   .host = "host:1",
                   .rooms = std::move(rooms),
                   .json = json,
                   .history = choice}};
  }
  static HistoryLine line(std::uint64_t number, std::string text) {
    return {.kind = 3,
            .number = number,
            .person = 7,
            .name = "bob",
            .text = std::move(text),
            .time = kFriday};
  }
  // The question of a script that has joined.
  static HistoryRequest question(Script& script) {
    auto orders = script.take_orders();
    EXPECT_THAT(orders, SizeIs(1));
    const auto* const request = std::get_if<HistoryRequest>(&orders.at(0));
    EXPECT_NE(request, nullptr);
    return request == nullptr ? HistoryRequest{} : *request;
  }
  static void expect_leaves(Script& script) {
    auto orders = script.take_orders();
    ASSERT_THAT(orders, SizeIs(1));
    EXPECT_TRUE(std::holds_alternative<Quit>(orders[0]));
    script.on_report(ended(Outcome::done));
  }
};

TEST_F(ScriptHistory, PrintsTheLinesWithTheirDatesAndLeaves) {
  Script script = script_for({});
  join_room(script);
  const auto request = question(script);
  EXPECT_EQ(request.lines, 50);
  auto gap = line(4, "");
  gap.kind = wire::kStoredGap;
  script.on_report(HistoryPage{.request = request, .lines = {line(3, "hello"), gap}});
  EXPECT_EQ(script.take_text(),
            "2026-11-20 23:15:04 bob: hello\n"
            "2026-11-20 23:15:04 [lines are missing here: the server has not stored them, or has "
            "deleted them]\n");
  expect_leaves(script);
  EXPECT_EQ(script.outcome(), Outcome::done);
  EXPECT_EQ(script.closing_line(), "");
}

TEST_F(ScriptHistory, AsksForMorePagesBeforeItPrints) {
  Script script = script_for({}, false, {.lines = 51});
  join_room(script);
  auto request = question(script);
  HistoryPage page{.request = request, .first = 10, .last = 59, .has_older = true};
  for (std::uint64_t number = 10; number < 60; ++number) page.lines.push_back(line(number, "new"));
  script.on_report(page);
  EXPECT_EQ(script.take_text(), "");
  request = question(script);
  EXPECT_EQ(request.value, 10U);
  EXPECT_EQ(request.lines, 1);
  script.on_report(HistoryPage{.request = request, .lines = {line(9, "old")}, .first = 9});
  const std::string text = script.take_text();
  EXPECT_EQ(std::ranges::count(text, '\n'), 51);
  EXPECT_EQ(text.find("2026-11-20 23:15:04 bob: old\n"), 0U);
}

TEST_F(ScriptHistory, AsksAboutARoomWhenItIsInIt) {
  Script script = script_for({"Lab"});
  join_room(script);
  const auto orders = script.take_orders();
  ASSERT_THAT(orders, SizeIs(1));
  const auto& post = std::get<Post>(orders[0]);
  EXPECT_EQ(post.message, Message{JoinRoom{"Lab"}});
  script.on_report(RoomJoined{.room = {.id = 7, .name = "lab"}});
  script.on_report(Confirmed{post.number});
  const auto request = question(script);
  EXPECT_EQ(request.room, "lab");
  script.on_report(HistoryPage{.request = request, .lines = {line(3, "hello")}});
  EXPECT_EQ(script.take_text(), "2026-11-20 23:15:04 bob: hello\n");
}

TEST_F(ScriptHistory, ARoomThatCannotBeJoinedIsAnError) {
  Script script = script_for({"lab"});
  join_room(script);
  const auto post = std::get<Post>(script.take_orders().at(0));
  script.on_report(Refused{.number = post.number, .code = "no_such_room", .text = "No."});
  expect_leaves(script);
  EXPECT_EQ(script.outcome(), Outcome::message_refused);
}

TEST_F(ScriptHistory, ARefusalIsAnError) {
  Script script = script_for({});
  join_room(script);
  (void)question(script);
  script.on_report(HistoryPage{.code = "nothing_stored", .text = "No."});
  EXPECT_EQ(script.take_text(), "");
  expect_leaves(script);
  EXPECT_EQ(script.outcome(), Outcome::message_refused);
  EXPECT_THAT(script.closing_line(), HasSubstr("this server keeps no history"));
}

TEST_F(ScriptHistory, WithoutAnAnswerInTimeItEnds) {
  Script script = script_for({});
  join_room(script);
  (void)question(script);
  script.on_timeout();
  EXPECT_EQ(script.outcome(), Outcome::no_answer);
}

TEST_F(ScriptHistory, PrintsNoOtherLines) {
  Script script = script_for({});
  join_room(script);
  (void)script.take_orders();
  script.on_report(said("bob", "live"));
  EXPECT_EQ(script.take_text(), "");
}

TEST_F(ScriptHistory, InJsonEachLineIsAnObjectAndThePageIsTheLast) {
  Script script = script_for({}, true, {.lines = 4});
  script.set_time(kFriday);
  join_room(script);
  EXPECT_EQ(script.take_text(), "") << "no other events";
  const auto request = question(script);
  auto gap = line(4, "");
  gap.kind = wire::kStoredGap;
  gap.last = 6;
  auto unknown = line(7, "?");
  unknown.kind = 999;
  auto text_member = line(8, "hi");
  text_member.person = 0;
  script.on_report(HistoryPage{.request = request,
                               .lines = {line(3, "hello"), gap, unknown, text_member},
                               .first = 3,
                               .last = 8,
                               .has_older = true});
  EXPECT_EQ(script.take_text(),
            R"({"schema":1,"event":"say","room":"","time":"2026-11-20T23:15:04.000Z","sequence":3,)"
            R"("name":"bob","text":"hello","text_member":false,"person":"0000000000000007"})"
            "\n"
            R"({"schema":1,"event":"gap","room":"","time":"2026-11-20T23:15:04.000Z","sequence":4,)"
            R"("last":6})"
            "\n"
            R"({"schema":1,"event":"say","room":"","time":"2026-11-20T23:15:04.000Z","sequence":8,)"
            R"("name":"bob","text":"hi","text_member":true})"
            "\n"
            R"({"schema":1,"event":"page","room":"","first":3,"last":8,"older":true,"newer":false,)"
            R"("time":"2026-11-20T23:15:04.000Z"})"
            "\n");
}

}  // namespace
}  // namespace chatd::client
