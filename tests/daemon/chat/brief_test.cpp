// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/brief.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/chat/crowd_fixture.hpp"
#include "tests/daemon/chat/rooms_fixture.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class BriefTest : public RoomsFixture {
 protected:
  BriefTest() : RoomsFixture{{.sessions = 8, .ring_bytes = 16384, .rooms = 4}} {
    bob_ = enter("bob", 2, "10.0.0.2:5").slot;
    EXPECT_TRUE(make(bob_, "lab"));
    in_log_ = texts().size();
    in_lab_ = texts_in("lab").size();
  }
  // A session of ada, as of `uchat send`.
  Slot enter_briefly(std::uint64_t client = 1) {
    is_brief_ = true;
    const auto login = enter("ada", 1, "10.0.0.1:5", client);
    is_brief_ = false;
    return login.slot;
  }
  void wait(Micros time) { time_ += time; }
  void end_those_due() {
    for (const Slot slot : chat_->brief.due(now().mono)) chat_->brief.end(slot, now());
  }
  // The records of a room since the test began.
  std::vector<std::string> told() { return since(texts(), in_log_); }
  std::vector<std::string> told_in_lab() { return since(texts_in("lab"), in_lab_); }
  std::uint32_t window(Slot slot) const {
    return state::peer_of(state_.native_slots()[slot]).window[wire::kRoomStream];
  }
  std::uint32_t window_in(Slot slot, const Entered& entered) {
    return subscription(slot, entered->at).acks.window;
  }
  Slot bob_{};

 private:
  static std::vector<std::string> since(std::vector<std::string> all, std::size_t known) {
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(known));
    return all;
  }
  std::size_t in_log_{0};
  std::size_t in_lab_{0};
};

TEST_F(BriefTest, ASessionThatLeavesInTimeIsNotTold) {
  const Slot ada = enter_briefly();
  ASSERT_TRUE(join(ada, "lab"));
  wait(Brief::kTime - Micros{1});
  end_those_due();
  quit(ada);
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_THAT(told_in_lab(), IsEmpty());
  EXPECT_EQ(rooms().members(place_of("lab").index), 1U);
  EXPECT_FALSE(sessions().find_name("ada"));
}

TEST_F(BriefTest, ASessionThatStaysIsToldAndLeavesAsAnyOther) {
  const Slot ada = enter_briefly();
  ASSERT_TRUE(join(ada, "lab"));
  wait(Brief::kTime);
  end_those_due();
  end_those_due();
  EXPECT_THAT(told(), ElementsAre("join ada "));
  EXPECT_THAT(told_in_lab(), ElementsAre("join ada "));
  quit(ada);
  EXPECT_THAT(told(), ElementsAre("join ada ", "leave ada "));
  EXPECT_THAT(told_in_lab(), ElementsAre("join ada ", "leave ada "));
}

TEST_F(BriefTest, ASessionReadsNoRoomBeforeItIsTold) {
  const Slot ada = enter_briefly();
  const auto lab = join(ada, "lab");
  ASSERT_TRUE(lab);
  EXPECT_EQ(window(ada), 0U);
  EXPECT_EQ(window_in(ada, lab), 0U);
  chat_->brief.end(ada, now());
  EXPECT_EQ(window(ada), kFirstWindow);
  EXPECT_EQ(window_in(ada, lab), kFirstWindow);
  EXPECT_FALSE(is_brief(sessions().session(ada)));
  EXPECT_THAT(told(), ElementsAre("join ada "));
}

TEST_F(BriefTest, ItsClientThatLogsInAgainReadsNoRoomEither) {
  const Slot ada = enter_briefly();
  EXPECT_EQ(enter_briefly(), ada);
  EXPECT_EQ(window(ada), 0U);
  EXPECT_EQ(enter("ada", 1, "10.0.0.1:5", 1).slot, ada);
  EXPECT_EQ(window(ada), 0U) << "the gateway calls end() next";
}

TEST_F(BriefTest, ItsMessagesFollowThePersonUntilItIsTold) {
  const Slot ada = enter_briefly();
  (void)join(ada, "lab");
  say(order(ada, 10), "one");
  commands().say(order(ada, 20), state::RecordKind::say, id_text("lab"), "two");
  EXPECT_THAT(told(), ElementsAre("speaker ada ", "say ada one"));
  EXPECT_THAT(told_in_lab(), ElementsAre("speaker ada ", "say ada two"));
  EXPECT_EQ(test::records_of(log_of("lab")).at(1).uplink_offset,
            static_cast<std::uint64_t>(sessions().person(ada)));
  chat_->brief.end(ada, now());
  say(order(ada, 30), "three");
  EXPECT_THAT(told(), ElementsAre("speaker ada ", "say ada one", "join ada ", "say ada three"));
}

TEST_F(BriefTest, AProgramThatIsNotBriefIsTold) {
  const Slot first = enter_briefly(1);
  const Slot second = enter("ada", 1, "10.0.0.1:5", 2).slot;
  EXPECT_THAT(told(), ElementsAre("join ada "));
  EXPECT_TRUE(is_brief(sessions().session(first))) << "it reads no room";
  quit(second);
  quit(first);
  EXPECT_THAT(told(), ElementsAre("join ada ", "leave ada "));
}

TEST_F(BriefTest, BesideAProgramThatIsToldItIsQuiet) {
  const Slot first = enter("ada", 1, "10.0.0.1:5", 1).slot;
  ASSERT_TRUE(join(first, "lab"));
  const Slot second = enter_briefly(2);
  ASSERT_TRUE(join(second, "lab"));
  say(order(second, 10), "hello");
  quit(first);
  quit(second);
  EXPECT_THAT(told(), ElementsAre("join ada ", "say ada hello", "leave ada "));
  EXPECT_THAT(told_in_lab(), ElementsAre("join ada ", "leave ada "));
}

TEST_F(BriefTest, ARoomIsToldOnlyIfTheSessionStays) {
  (void)enter("ada", 1, "10.0.0.1:5", 1);
  const Slot second = enter_briefly(2);
  ASSERT_TRUE(join(second, "lab"));
  EXPECT_THAT(told(), ElementsAre("join ada "));
  EXPECT_THAT(told_in_lab(), IsEmpty());
  wait(Brief::kTime);
  end_those_due();
  EXPECT_THAT(told(), ElementsAre("join ada "));
  EXPECT_THAT(told_in_lab(), ElementsAre("join ada "));
}

TEST_F(BriefTest, InARoomTheOtherProgramThatReadsIsTold) {
  const Slot reader = enter("ada", 1, "10.0.0.1:5", 1).slot;
  const Slot writer = enter_briefly(2);
  ASSERT_TRUE(join(writer, "lab"));
  ASSERT_TRUE(join(reader, "lab"));
  EXPECT_THAT(told_in_lab(), ElementsAre("join ada "));
  EXPECT_EQ(rooms().members(place_of("lab").index), 2U);
  quit(reader);
  quit(writer);
  EXPECT_THAT(told_in_lab(), ElementsAre("join ada ", "leave ada "));
}

TEST_F(BriefTest, SeveralProgramsAreToldOnceAndHaveTheTimeOfTheFirst) {
  const Slot first = enter_briefly(1);
  ASSERT_TRUE(join(first, "lab"));
  wait(Brief::kTime - Micros{1});
  const Slot second = enter_briefly(2);
  ASSERT_TRUE(join(second, "lab"));
  quit(first);
  EXPECT_THAT(told(), IsEmpty());
  wait(Micros{1});
  end_those_due();
  EXPECT_THAT(told(), ElementsAre("join ada "));
  EXPECT_THAT(told_in_lab(), ElementsAre("join ada "));
  quit(second);
  EXPECT_THAT(told(), ElementsAre("join ada ", "leave ada "));
}

TEST_F(BriefTest, AllProgramsOfAMemberAreToldTogether) {
  const Slot first = enter_briefly(1);
  const Slot second = enter_briefly(2);
  for (const Slot one : {first, second}) ASSERT_TRUE(join(one, "lab"));
  chat_->brief.end(second, now());
  quit(second);
  quit(first);
  EXPECT_THAT(told(), ElementsAre("join ada ", "leave ada "));
  EXPECT_THAT(told_in_lab(), ElementsAre("join ada ", "leave ada "));
}

TEST_F(BriefTest, AKickIsToldInAnyCase) {
  const Slot ada = enter_briefly();
  ASSERT_TRUE(join(ada, "lab"));
  EXPECT_TRUE(chat_->room_admin.kick(ada, id_of("lab"), "noise", now()));
  quit(ada, state::LeaveKind::kicked);
  EXPECT_THAT(told(), ElementsAre("kick ada "));
  EXPECT_THAT(told_in_lab(), ElementsAre("kick ada noise"));
}

TEST_F(BriefTest, ALateJoinAndItsLeaveCanBeCounted) {
  const Slot ada = enter_briefly();
  ASSERT_TRUE(join(ada, "lab"));
  use_up_rate(state_.room_head(), now().mono);
  use_up_rate(state_.room_slot(place_of("lab").index).head, now().mono);
  chat_->brief.end(ada, now());
  quit(ada);
  chat_->tick(now());
  rooms().tick(now());
  EXPECT_THAT(told_by_number(state_.room_log()), (wire::Crowd{.joined = 1, .left = 1}));
  EXPECT_THAT(told_by_number(log_of("lab")), (wire::Crowd{.joined = 1, .left = 1}));
  EXPECT_EQ(told().size(), 1U);
}

TEST_F(BriefTest, ListsShowTheSession) {
  const Slot ada = enter_briefly();
  ASSERT_TRUE(join(ada, "lab"));
  commands().list_members(order(bob_, 10), {}, Slot{});
  EXPECT_THAT(last_text(bob_), ::testing::HasSubstr("ada"));
  commands().list_members(order(bob_, 20), id_text("lab"), Slot{});
  EXPECT_THAT(last_text(bob_), ::testing::HasSubstr("ada"));
}

TEST_F(BriefTest, TheNextGatewayTellsTheSessionInTime) {
  const Slot ada = enter_briefly();
  ASSERT_TRUE(join(ada, "lab"));
  restart();
  EXPECT_THAT(chat_->brief.due(now().mono), IsEmpty());
  wait(Brief::kTime);
  end_those_due();
  EXPECT_THAT(told(), ElementsAre("join ada "));
  EXPECT_THAT(told_in_lab(), ElementsAre("join ada "));
}

TEST_F(BriefTest, ATimeOfAnotherBootIsOver) {
  const Slot ada = enter_briefly();
  time_ = Micros{1};
  EXPECT_THAT(chat_->brief.due(now().mono), ElementsAre(ada));
}

TEST(BriefCommands, AreMessagesTheirRoomAndWhoIsHere) {
  using wire::CommandKind;
  for (const auto kind : {CommandKind::say, CommandKind::action, CommandKind::join,
                          CommandKind::who, CommandKind::programs, CommandKind::quit}) {
    EXPECT_TRUE(Brief::is_command(kind));
  }
  for (const auto kind : {CommandKind::direct, CommandKind::whois, CommandKind::rooms,
                          CommandKind::about, CommandKind::make, CommandKind::away}) {
    EXPECT_FALSE(Brief::is_command(kind));
  }
}

}  // namespace
}  // namespace chatd::chat
