// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/crowd.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/chat/chat_fixture.hpp"
#include "tests/daemon/chat/crowd_fixture.hpp"
#include "tests/daemon/chat/native_fixture.hpp"

namespace chatd::chat {
namespace {

using state::LeaveKind;
using ::testing::ElementsAre;

class CrowdTest : public ::testing::Test {
 protected:
  bool is_counted(std::uint32_t members) { return crowd_.join(members, now_).is_counted; }
  state::RoomHead head_{};
  Crowd crowd_{head_};
  MonoTime now_{test::mono_at(std::chrono::seconds{100})};
};

TEST_F(CrowdTest, AJoinIsCountedInARoomWithMoreMembersThanTheLimit) {
  EXPECT_FALSE(is_counted(500));
  EXPECT_TRUE(is_counted(501));
}

TEST_F(CrowdTest, AJoinIsCountedAboveTheRate) {
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(is_counted(2)) << i;
  EXPECT_TRUE(is_counted(2));
  now_ += std::chrono::milliseconds{200};
  EXPECT_FALSE(is_counted(2));
  EXPECT_TRUE(is_counted(2));
}

TEST_F(CrowdTest, JoinsOfALargeRoomDoNotUseUpTheRate) {
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(is_counted(501));
  EXPECT_FALSE(is_counted(500));
}

TEST_F(CrowdTest, TellsAtMostOnceInItsPause) {
  EXPECT_FALSE(crowd_.is_due(now_));
  crowd_.count_join();
  EXPECT_TRUE(crowd_.is_due(now_));
  EXPECT_EQ(crowd_.begin_telling(now_), (wire::Crowd{.joined = 1}));
  head_.log.tail += 64;
  crowd_.end_telling();
  EXPECT_FALSE(crowd_.has_untold());
  crowd_.count_join();
  crowd_.count_leave();
  EXPECT_FALSE(crowd_.is_due(now_ + Crowd::kPause - Micros{1}));
  EXPECT_TRUE(crowd_.is_due(now_ + Crowd::kPause));
  EXPECT_TRUE(crowd_.is_due(now_ - std::chrono::seconds{1})) << "the time of another boot";
}

TEST_F(CrowdTest, SaysWhetherAPredecessorHasCounted) {
  const auto telling = crowd_.leave(true);
  EXPECT_FALSE(crowd_.has_counted(telling.counted_before));
  crowd_.count_leave();
  EXPECT_TRUE(crowd_.has_counted(telling.counted_before));
}

class CrowdInTheDefaultRoomTest : public NativeFixture {
 protected:
  void count_the_next() { use_up_rate(state_.room_head(), now().mono); }
  void remove(Slot slot, LeaveKind kind = LeaveKind::quit) {
    sessions().remove(slot, kind, "noise", now());
    sessions().settle();
  }
  wire::Crowd told() {
    chat_->tick(now());
    time_ += Crowd::kPause;
    return told_by_number(state_.room_log());
  }
};

TEST_F(CrowdInTheDefaultRoomTest, ACountedMemberHasNoRecords) {
  count_the_next();
  const Slot ada = enter("ada", 1).slot;
  EXPECT_TRUE(sessions().find_name("ada")) << "it is in the list of users";
  EXPECT_EQ(told(), (wire::Crowd{.joined = 1}));
  remove(ada);
  EXPECT_EQ(told(), (wire::Crowd{.joined = 1, .left = 1}));
  EXPECT_EQ(texts().size(), 2U);
  EXPECT_EQ(state_.counters().joins.load(), 1U);
  EXPECT_EQ(state_.counters().leaves.load(), 1U);
}

TEST_F(CrowdInTheDefaultRoomTest, AMemberWhoseJoinWasToldLeavesWithARecord) {
  const Slot ada = enter("ada", 1).slot;
  count_the_next();
  remove(ada);
  EXPECT_THAT(texts(), ElementsAre("join ada ", "leave ada noise"));
  EXPECT_EQ(told(), wire::Crowd{});
}

TEST_F(CrowdInTheDefaultRoomTest, AKickOfACountedMemberHasARecord) {
  count_the_next();
  remove(enter("ada", 1).slot, LeaveKind::kicked);
  EXPECT_THAT(texts(), ElementsAre("kick ada noise"));
  EXPECT_EQ(told(), (wire::Crowd{.joined = 1}));
}

// The programs of a member are one member, which leaves as it has joined.
TEST_F(CrowdInTheDefaultRoomTest, TheLastProgramOfACountedMemberIsCounted) {
  count_the_next();
  const Slot first = enter("ada", 1, "127.0.0.1:5", 1).slot;
  time_ += std::chrono::minutes{1};
  const Slot second = enter("ada", 1, "127.0.0.1:5", 2).slot;
  remove(first);
  EXPECT_EQ(told(), (wire::Crowd{.joined = 1}));
  remove(second);
  EXPECT_EQ(told(), (wire::Crowd{.joined = 1, .left = 1}));
}

TEST_F(CrowdInTheDefaultRoomTest, OneNetworkDoesNotHideTheJoinsOfOthers) {
  int told = 0;
  for (int i = 0; i < 600; ++i) {
    time_ += std::chrono::milliseconds{100};
    const auto before = texts().size();
    remove(enter("eve", 3 + (i % 200), "10.0.0.7:5").slot);
    if (texts().size() > before) ++told;
    if (i % 10 != 9) continue;
    const auto name = "bob" + std::to_string(i);
    remove(enter(name, 210 + (i / 10 % 40), "10.0.0.8:5").slot);
    const auto all = texts();
    EXPECT_EQ(all.back(), "leave " + name + " noise");
    EXPECT_EQ(all.at(all.size() - 2), "join " + name + " ");
  }
  EXPECT_LE(told, 15 + 60);
}

TEST_F(CrowdInTheDefaultRoomTest, OneKeyDoesNotHideTheJoinsOfOthers) {
  for (int i = 0; i < 100; ++i) remove(enter("eve", 3).slot);
  EXPECT_EQ(texts().size(), 20U);
  enter("bob", 4);
  EXPECT_EQ(texts().back(), "join bob ");
}

// The address of a text member of another machine may be that of any user.
TEST_F(CrowdInTheDefaultRoomTest, ForgedAddressesAreOneNetwork) {
  for (int i = 0; i < 30; ++i) {
    const auto from = test::endpoint("10.0.0." + std::to_string(i) + ":9");
    remove(sessions().admit({.name = "eve", .from = test::delivery_to(from)}, now()).slot);
  }
  EXPECT_EQ(texts().size(), 30U) << "15 joins and leaves";
  enter("bob", 4, "10.0.0.8:5");
  EXPECT_EQ(texts().back(), "join bob ");
}

TEST_F(CrowdInTheDefaultRoomTest, AJoinBehindACountedOneIsToldWhenTheRateAllowsIt) {
  count_the_next();
  enter("ada", 1);
  time_ += std::chrono::seconds{1};
  enter("bob", 2);
  EXPECT_THAT(texts(), ElementsAre("join bob "));
}

}  // namespace
}  // namespace chatd::chat
