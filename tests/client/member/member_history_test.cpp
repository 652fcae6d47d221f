// SPDX-License-Identifier: GPL-3.0-or-later
// Questions about stored lines. The server of the test leaves the answers to the test.
#include <limits>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "client/member/history_question.hpp"
#include "common/wire/native/native_history.hpp"
#include "tests/client/member/member_in_rooms.hpp"

namespace chatd::client {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using wire::HistoryWay;
using wire::RecordKind;

template <class T>
std::string text_of(const T& value) {
  std::array<std::byte, 2000> buffer{};
  wire::ByteWriter out{buffer};
  encode(out, value);
  return {reinterpret_cast<const char*>(buffer.data()), out.written().size()};
}

class MemberHistory : public MemberInRooms {
 protected:
  void ask(const HistoryRequest& request = {}) {
    world_.member.ask_history(world_.now(), request);
    ASSERT_TRUE(all_is_confirmed());
  }
  std::uint32_t serial() { return world_.asked.back().serial; }
  void put_line(std::uint32_t serial, std::uint64_t number) {
    world_.put_in_mailbox(RecordKind::stored, "bob",
                          text_of(wire::StoredLine{.serial = serial,
                                                   .number = number,
                                                   .kind = 3,
                                                   .person = 7,
                                                   .text = fmt::format("line {}", number)}));
  }
  void put_page(std::uint32_t serial) {
    world_.put_in_mailbox(
        RecordKind::page, "",
        text_of(wire::StoredPage{.serial = serial, .first = 3, .last = 9, .has_older = true}));
  }
  std::vector<HistoryPage> pages() {
    world_.run_for(seconds{1});
    return test::events_of<HistoryPage>(world_.events);
  }
};

TEST_F(MemberHistory, AnAnswerIsOneEvent) {
  enter();
  ask({.way = HistoryWay::around, .value = 5, .lines = 7});
  ASSERT_THAT(world_.asked, SizeIs(1));
  EXPECT_EQ(world_.asked[0].way, HistoryWay::around);
  EXPECT_EQ(world_.asked[0].value, 5U);
  EXPECT_EQ(world_.asked[0].lines, 7);
  put_line(serial(), 3);
  put_line(serial(), 9);
  EXPECT_THAT(pages(), IsEmpty()) << "it is not complete";
  put_page(serial());
  const auto all = pages();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].request.way, HistoryWay::around);
  ASSERT_THAT(all[0].lines, SizeIs(2));
  EXPECT_EQ(all[0].lines[0].number, 3U);
  EXPECT_EQ(all[0].lines[0].name, "bob");
  EXPECT_EQ(all[0].lines[0].text, "line 3");
  EXPECT_EQ(all[0].lines[0].person, 7U);
  EXPECT_EQ(all[0].first, 3U);
  EXPECT_EQ(all[0].last, 9U);
  EXPECT_TRUE(all[0].has_older);
  EXPECT_FALSE(all[0].has_newer);
  EXPECT_FALSE(all[0].is_refused());
  EXPECT_FALSE(test::has<Confirmed>(world_.events)) << "the answer is the report";
}

TEST_F(MemberHistory, RecordsOfAnotherAnswerAreIgnored) {
  enter();
  put_line(0, 1);
  put_page(0);
  ask();
  for (const std::uint32_t other : {serial() - 1, serial() + 1, 0U}) {
    put_line(other, 1);
    put_page(other);
  }
  EXPECT_THAT(pages(), IsEmpty());
  put_line(serial(), 3);
  put_page(serial());
  put_line(serial(), 4);
  put_page(serial());  // the second answer
  const auto all = pages();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_THAT(all[0].lines, SizeIs(1));
}

TEST_F(MemberHistory, AHostileServerFillsNoMemory) {
  enter();
  ask();
  for (std::uint64_t number = 0; number < 500; ++number) put_line(serial(), number);
  world_.put_in_mailbox(RecordKind::stored, "bob", "?");
  world_.put_in_mailbox(RecordKind::page, "", "?");
  put_page(serial());
  world_.run_for(seconds{10});
  const auto all = pages();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_THAT(all[0].lines, SizeIs(wire::kMaxPageLines));
}

TEST_F(MemberHistory, ARefusalIsTheAnswer) {
  enter();
  world_.refuses_history = "nothing_stored";
  ask();
  const auto all = pages();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].code, "nothing_stored");
  EXPECT_FALSE(test::has<Refused>(world_.events));
}

// The command was confirmed before.
TEST_F(MemberHistory, ARefusalThatComesLateIsTheAnswer) {
  enter();
  ask();
  world_.refuse("no_such_room");
  const auto all = pages();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].code, "no_such_room");
  EXPECT_FALSE(test::has<Refused>(world_.events));
}

TEST_F(MemberHistory, AsksAgainAfterFiveSecondsWithAnotherSerialAndThenGivesUp) {
  enter();
  ask();
  const std::uint32_t first = serial();
  put_line(first, 1);
  world_.run_for(seconds{4});
  EXPECT_THAT(world_.asked, SizeIs(1));
  world_.run_for(seconds{3});
  ASSERT_THAT(world_.asked, SizeIs(2));
  EXPECT_NE(serial(), first);
  // The rest of the first answer.
  put_line(first, 2);
  put_page(first);
  put_line(serial(), 1);
  put_page(serial());
  const auto all = pages();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_THAT(all[0].lines, SizeIs(1));
  world_.run_for(seconds{30});
  EXPECT_THAT(world_.asked, SizeIs(2));

  ask();
  world_.run_for(seconds{60});
  EXPECT_THAT(world_.asked, SizeIs(2 + HistoryAsked::kMaxTries));
  ASSERT_THAT(pages(), SizeIs(2));
  EXPECT_EQ(pages().back().code, "history_unavailable");
}

TEST_F(MemberHistory, AsksAgainInANewSession) {
  enter_rooms({"lab"});
  ask({.room = "lab"});
  world_.forget_session();
  world_.run_for(seconds{10});
  EXPECT_GE(world_.asked.size(), 2U);
  put_page(serial());
  EXPECT_THAT(pages(), SizeIs(1));
}

TEST_F(MemberHistory, ARoomThatTheMemberIsNotInIsNotAskedAbout) {
  enter();
  ask({.room = "lab"});
  EXPECT_THAT(world_.asked, IsEmpty());
  const auto all = pages();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].code, "not_in_room");
  EXPECT_EQ(all[0].request.room, "lab");
}

TEST_F(MemberHistory, ARoomThatIsLeftMeanwhileIsNotAskedAboutAgain) {
  enter_rooms({"lab"});
  ask({.room = "lab"});
  world_.drop("lab");
  world_.run_for(seconds{20});
  EXPECT_THAT(world_.asked, SizeIs(1));
  const auto all = pages();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].code, "not_in_room");
}

TEST_F(MemberHistory, AFurtherQuestionTakesThePlaceOfTheFirst) {
  enter();
  ask({.lines = 1});
  const std::uint32_t first = serial();
  ask({.lines = 2});
  put_page(first);
  EXPECT_THAT(pages(), IsEmpty());
  put_page(serial());
  ASSERT_THAT(pages(), SizeIs(1));
  EXPECT_EQ(pages()[0].request.lines, 2);
}

TEST_F(MemberHistory, TheWelcomeSaysForHowLongLinesAreKept) {
  enter();
  const auto joined = test::first_of<Joined>(world_.events).value();
  EXPECT_EQ(joined.kept, (KeptHistory{.is = wire::HistoryKept::kept, .seconds = 60}));
}

TEST_F(MemberHistory, ThePageOfASearchInAllRoomsNamesTheRoomsOfItsLines) {
  enter_rooms({"lab"});
  ask({.room = "lab", .way = HistoryWay::search_all, .text = "tea", .at = 0});
  ASSERT_THAT(world_.asked, SizeIs(1));
  EXPECT_EQ(world_.asked[0].way, HistoryWay::search_all);
  for (const std::uint32_t room : {7U, 0U, 8U}) {
    world_.put_in_mailbox(
        RecordKind::stored, "bob",
        text_of(wire::StoredLine{
            .serial = serial(), .room = room, .number = room + 1, .kind = 3, .text = "tea"}));
  }
  world_.put_in_mailbox(RecordKind::page, "",
                        text_of(wire::StoredPage{.serial = serial(),
                                                 .room = 7,
                                                 .first = 8,
                                                 .last = 9,
                                                 .has_older = true,
                                                 .rooms = "7\tden\n"}));
  const auto all = pages();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].request.room, "");
  EXPECT_EQ(all[0].first_room, 7U);
  ASSERT_THAT(all[0].lines, SizeIs(2)) << "a line of a room without a name is none";
  EXPECT_EQ(all[0].lines[0].room, "den");
  EXPECT_EQ(all[0].lines[1].room, "");
}

TEST_F(MemberHistory, ASearchGoesOnInARoomThatOnlyAnotherProgramIsIn) {
  enter();
  ask({.way = HistoryWay::search_all, .value = 8, .text = "tea", .at = 77});
  ASSERT_THAT(world_.asked, SizeIs(1));
  EXPECT_EQ(world_.asked[0].value, 8U);
}

}  // namespace
}  // namespace chatd::client
