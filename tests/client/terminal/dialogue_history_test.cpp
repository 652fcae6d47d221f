// SPDX-License-Identifier: GPL-3.0-or-later
// /history: lines that the server has stored.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/terminal/dialogue_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using wire::HistoryWay;

constexpr std::uint64_t kNone = ShownHistory::kNone;

class DialogueHistory : public DialogueTest {
 protected:
  static HistoryLine line(std::uint64_t number, std::string text, std::string name = "bob") {
    return {.kind = 3,
            .number = number,
            .person = 7,
            .name = std::move(name),
            .text = std::move(text),
            .time = kFriday - std::chrono::days{10}};
  }
  HistoryRequest asked() { return one_order<HistoryRequest>(); }
  void answer(HistoryRequest request, std::vector<HistoryLine> lines, bool has_more = true) {
    HistoryPage page{.request = std::move(request), .lines = std::move(lines)};
    page.first = page.lines.empty() ? page.request.value : page.lines.front().number;
    page.last = page.lines.empty() ? page.request.value : page.lines.back().number;
    (page.request.way == HistoryWay::before ? page.has_older : page.has_newer) = has_more;
    report(page);
  }
  // A live line of the room.
  void say(std::uint64_t sequence, const std::string& room = {}) {
    report(Line{.record = wire::RecordKind::say,
                .name = "bob",
                .text = "now",
                .time = kFriday,
                .room = {.name = room},
                .sequence = sequence});
  }
};

TEST_F(DialogueHistory, AsksForTheLinesBeforeTheOldestOneAndGoesOn) {
  join_room();
  type("/history");
  auto request = asked();
  EXPECT_EQ(request.way, HistoryWay::before);
  EXPECT_EQ(request.value, kNone);
  EXPECT_EQ(request.lines, ShownHistory::kUsual);
  EXPECT_EQ(request.room, "");
  answer(request, {line(30, "first"), line(40, "second")});
  EXPECT_EQ(dialogue_.take_text(),
            "---- earlier ----\n---- 2026-11-10 ----\n23:15 bob: first\n23:15 bob: second\n");
  type("/history 5");
  request = asked();
  EXPECT_EQ(request.value, 30U);
  EXPECT_EQ(request.lines, 5);
  answer(request, {line(20, "third")}, false);
  EXPECT_EQ(dialogue_.take_text(), "23:15 bob: third\n-- no older lines are kept\n");
}

TEST_F(DialogueHistory, BeginsBeforeTheOldestLineThatIsShown) {
  join_room();
  say(50);
  say(51);
  type("/history");
  EXPECT_EQ(asked().value, 50U);
}

TEST_F(DialogueHistory, EachRoomHasItsOwnOldestLine) {
  join_room();
  say(50);
  enter_room("lab", 7);
  (void)dialogue_.take_orders();
  say(9, "lab");
  type("/history");
  auto request = asked();
  EXPECT_EQ(request.room, "lab");
  EXPECT_EQ(request.value, 9U);
  answer(request, {});
  type("/1");
  type("/history");
  request = asked();
  EXPECT_EQ(request.value, 50U);
  answer(request, {});
  // A room of the same name may be another one later.
  report(RoomLeft{.room = {.id = 7, .name = "lab"}});
  report(RoomJoined{.room = {.id = 8, .name = "lab"}});
  type("/2");
  (void)dialogue_.take_orders();
  type("/history");
  EXPECT_EQ(asked().value, kNone);
}

// The server answers only the last question.
TEST_F(DialogueHistory, AQuestionWaitsUntilTheOneBeforeIsAnswered) {
  join_room();
  enter_room("lab", 7);
  (void)dialogue_.take_orders();
  type("/history");
  auto request = asked();
  for (const char* next : {"/history", "/search", "/search tea", "/search", "/1", "/history"}) {
    type(next);
  }
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  answer(request, {line(30, "a")});
  request = asked();
  EXPECT_EQ(request.value, 30U) << "it goes on before the first answer";
  EXPECT_EQ(request.room, "lab");
  (void)dialogue_.take_text();
  answer(request, {line(20, "b")});
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("b\n! search for what? /search TEXT\n"));
  request = asked();
  EXPECT_EQ(request.text, "tea");
  report(HistoryPage{.request = request, .first = 9, .has_older = true});
  request = asked();
  EXPECT_EQ(request.text, "tea");
  EXPECT_EQ(request.value, 9U);
  report(HistoryPage{.request = request, .code = "history_down", .text = "No."});
  EXPECT_EQ(asked().room, "") << "that in which it was typed";
}

TEST_F(DialogueHistory, AQuestionThatWaitsFollowsARoomToItsNewName) {
  join_room();
  enter_room("lab", 7);
  (void)dialogue_.take_orders();
  type("/history");
  const auto request = asked();
  type("/history");
  report(RoomRenamed{.room = {.id = 7, .name = "den"}, .before = "lab"});
  report(HistoryPage{.request = request, .code = "history_down", .text = "No."});
  EXPECT_EQ(asked().room, "den");
}

TEST_F(DialogueHistory, AsksSinceATimeAndAroundAndBehindANumber) {
  join_room();
  type("/history since 2026-11-01");
  auto request = asked();
  EXPECT_EQ(request.way, HistoryWay::since);
  EXPECT_EQ(request.value, 1'793'491'200'000'000U);
  answer(request, {line(3, "a"), line(4, "b")});
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("-- more lines follow: /history after 4\n"));
  type("/history around 12");
  request = asked();
  EXPECT_EQ(request.way, HistoryWay::around);
  EXPECT_EQ(request.value, 12U);
  answer(request, {line(12, "c")}, false);
  (void)dialogue_.take_text();
  type("/history after 12");
  request = asked();
  EXPECT_EQ(request.way, HistoryWay::after);
  answer(request, {}, false);
  EXPECT_EQ(dialogue_.take_text(), "-- no such lines are kept\n");
  type("/history since 1h");
  EXPECT_EQ(asked().value, static_cast<std::uint64_t>(
                               (kFriday - std::chrono::hours{1}).time_since_epoch().count()));
}

TEST_F(DialogueHistory, AWrongArgumentShowsTheUsage) {
  join_room();
  for (const char* wrong :
       {"/history 0", "/history 51", "/history since", "/history since soon", "/history around",
        "/history around x", "/history after -1", "/history 5 6", "/history before 5"}) {
    type(wrong);
    EXPECT_THAT(dialogue_.take_text(), HasSubstr("usage: /history")) << wrong;
    EXPECT_TRUE(dialogue_.take_orders().empty()) << wrong;
  }
}

TEST_F(DialogueHistory, IsNoNews) {
  join_room();
  type("/quiet");
  (void)dialogue_.take_text();
  type("/history");
  answer(asked(), {line(1, "ada: look"), line(2, "ada!")});
  const std::string text = dialogue_.take_text();
  EXPECT_THAT(text, HasSubstr("bob: ada!"));
  EXPECT_THAT(text, Not(HasSubstr("\a")));
  EXPECT_EQ(prompt(), "ada> ");
  type("/last");
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("no lines yet"));
}

TEST_F(DialogueHistory, LinesOfIgnoredMembersAreNotShown) {
  join_room();
  type("/ignore bob");
  (void)dialogue_.take_text();
  type("/history");
  answer(asked(), {line(1, "spam"), line(2, "tea", "cyd")});
  const std::string text = dialogue_.take_text();
  EXPECT_THAT(text, Not(HasSubstr("spam")));
  EXPECT_THAT(text, HasSubstr("cyd: tea"));
}

TEST_F(DialogueHistory, AGapIsShownAndWhatIsNotKnownIsNot) {
  join_room();
  type("/history");
  auto gap = line(3, "");
  gap.kind = wire::kStoredGap;
  auto unknown = line(4, "of a newer server");
  unknown.kind = 999;
  auto topic = line(5, "tea");
  topic.kind = 7;
  answer(asked(), {gap, unknown, topic});
  const std::string text = dialogue_.take_text();
  EXPECT_THAT(
      text,
      HasSubstr(
          "-- [lines are missing here: the server has not stored them, or has deleted them]\n"));
  EXPECT_THAT(text, Not(HasSubstr("newer server")));
  EXPECT_THAT(text, HasSubstr("bob set the topic: tea"));
}

TEST_F(DialogueHistory, AnAnswerMayComeInPieces) {
  join_room();
  type("/history");
  HistoryPage piece{.request = asked(), .lines = {line(1, "one")}, .first = 1, .last = 2};
  piece.more = true;
  report(piece);
  EXPECT_EQ(dialogue_.take_text(), "");
  piece.lines = {line(2, "two")};
  piece.more = false;
  report(piece);
  const std::string text = dialogue_.take_text();
  EXPECT_LT(text.find("one"), text.find("two"));
}

TEST_F(DialogueHistory, ARefusalIsShownWithItsReason) {
  join_room();
  type("/history");
  report(HistoryPage{.request = asked(), .code = "nothing_stored", .text = "No."});
  EXPECT_EQ(dialogue_.take_text(), "! this server keeps no history\n");
}

TEST_F(DialogueHistory, ControlCharactersOfAStoredLineAreEscaped) {
  join_room();
  type("/history");
  answer(asked(), {line(1, "\x1b[2J"), line(2, "x", "\x1b]0;evil\a")});
  EXPECT_THAT(dialogue_.take_text(), Not(HasSubstr("\x1b")));
}

TEST_F(DialogueHistory, BeforeTheFirstConnectionNothingIsAsked) {
  dialogue_.start();
  (void)dialogue_.take_orders();
  type("/history");
  EXPECT_EQ(dialogue_.take_text(), "! not connected yet\n");
  EXPECT_TRUE(dialogue_.take_orders().empty());
}

TEST_F(DialogueHistory, TheLineAboutTheConnectionSaysForHowLongMessagesAreKept) {
  struct Case {
    KeptHistory kept;
    std::string_view text;
  };
  for (const Case& one :
       {Case{{}, "-- connected to host:8888 as ada\n"},
        Case{{.is = wire::HistoryKept::none},
             "-- connected to host:8888 as ada (messages are not kept)\n"},
        Case{{.is = wire::HistoryKept::kept},
             "-- connected to host:8888 as ada (messages are kept without a time limit)\n"},
        Case{{.is = wire::HistoryKept::kept, .seconds = 30 * 86400},
             "-- connected to host:8888 as ada (messages are kept for at most 30 days)\n"}}) {
    Dialogue dialogue{{.name = "ada", .host = "host:8888"}};
    dialogue.start();
    dialogue.on_report(Joined{.name = "ada", .max_text = 900, .kept = one.kept}, now());
    EXPECT_THAT(dialogue.take_text(), HasSubstr(one.text));
  }
}

TEST_F(DialogueHistory, TheEndSaysForHowLongLinesAreKept) {
  dialogue_.start();
  report(Joined{
      .name = "ada", .max_text = 900, .kept = {.is = wire::HistoryKept::kept, .seconds = 86400}});
  (void)dialogue_.take_text();
  (void)dialogue_.take_orders();
  type("/history");
  answer(asked(), {}, false);
  EXPECT_EQ(dialogue_.take_text(),
            "-- no older lines are kept (messages are kept for at most 1 day)\n");
}

// The time is that of the default room; another room can have a shorter one.
TEST_F(DialogueHistory, TheEndInAnotherRoomSaysNoTime) {
  dialogue_.start();
  report(Joined{
      .name = "ada", .max_text = 900, .kept = {.is = wire::HistoryKept::kept, .seconds = 86400}});
  (void)dialogue_.take_orders();
  enter_room("lab", 7);
  (void)dialogue_.take_orders();
  (void)dialogue_.take_text();
  type("/history");
  answer(asked(), {}, false);
  EXPECT_EQ(dialogue_.take_text(), "-- no older lines are kept\n");
}

TEST_F(DialogueHistory, ASearchGoesOnWithoutItsTextUntilTheEnd) {
  join_room();
  type("/search");
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("search for what? /search TEXT"));
  type("/search two words");
  auto request = asked();
  EXPECT_EQ(request.way, HistoryWay::search);
  EXPECT_EQ(request.value, kNone);
  EXPECT_EQ(request.text, "two words");
  report(HistoryPage{
      .request = request, .lines = {line(30, "first")}, .first = 20, .has_older = true});
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("bob: first\n-- /search goes on to older lines\n"));
  type("/search");
  request = asked();
  EXPECT_EQ(request.value, 20U);
  EXPECT_EQ(request.text, "two words");
  report(HistoryPage{.request = request, .first = 20});
  EXPECT_EQ(dialogue_.take_text(), "-- no older lines are found\n");
  type("/search");
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("search for what?"));
  type("/history");
  EXPECT_EQ(asked().value, kNone) << "a search is no place to go on from";
}

TEST_F(DialogueHistory, ASearchMayBeInAnotherRoomOrInAll) {
  join_room();
  enter_room("lab", 7);
  type("/search tea in:all");
  auto request = asked();
  EXPECT_EQ(request.way, HistoryWay::search_all);
  EXPECT_EQ(request.text, "tea");
  EXPECT_EQ(request.value, kNone);
  auto in_den = line(3, "tea in the den");
  in_den.room_id = 9;
  in_den.room = "den";
  auto in_lab = line(8, "tea in the lab");
  in_lab.room_id = 7;
  in_lab.room = "lab";
  (void)dialogue_.take_text();
  report(HistoryPage{.request = request,
                     .lines = {in_den, in_lab},
                     .first = 3,
                     .first_room = 9,
                     .has_older = true});
  const std::string text = dialogue_.take_text();
  EXPECT_THAT(text, HasSubstr("#den bob: tea in the den\n"));
  EXPECT_THAT(text, HasSubstr("bob: tea in the lab\n"));
  type("/search");
  request = asked();
  EXPECT_EQ(request.way, HistoryWay::search_all);
  EXPECT_EQ(request.text, "tea");
  EXPECT_EQ(request.value, 3U);
  EXPECT_EQ(request.at, 9U);
  report(HistoryPage{.request = request});
  type("/search tea in:#LAB");
  request = asked();
  EXPECT_EQ(request.way, HistoryWay::search);
  EXPECT_EQ(request.room, "lab");
  EXPECT_EQ(request.text, "tea");
  report(HistoryPage{.request = request});
  type("/search in:lab");
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("search for what?"));
}

TEST_F(DialogueHistory, AfterARoomWasLeftASearchInAllRoomsDoesNotGoOn) {
  join_room();
  enter_room("lab", 7);
  type("/search tea in:all");
  report(HistoryPage{.request = asked(), .first = 3, .first_room = 7, .has_older = true});
  report(RoomLeft{.room = {.id = 7, .name = "lab"}});
  type("/1");
  (void)dialogue_.take_text();
  type("/search");
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("search for what?"));
}

}  // namespace
}  // namespace chatd::client
