// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/native_room.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/chat/native_fixture.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;
using Status = Room::LoginStatus;
using std::chrono::milliseconds;
using std::chrono::seconds;

class NativeRoomTest : public NativeFixture {};

TEST_F(NativeRoomTest, TheSameKeyAndNameIsTheSameMember) {
  const auto first = enter("ada", 1);
  ASSERT_EQ(first.status, Status::admitted);
  const auto again = enter("Ada", 1, "127.0.0.2:7");
  EXPECT_EQ(again.status, Status::again);
  EXPECT_EQ(again.slot, first.slot);
  EXPECT_EQ(to_text(room_->where(first.slot)), "127.0.0.2:7");
  EXPECT_THAT(texts(), ElementsAre("join ada "));
}

TEST_F(NativeRoomTest, AnotherKeyIsAnotherMember) {
  ASSERT_EQ(enter("ada", 1).status, Status::admitted);
  const auto refused = enter("ada", 2);
  EXPECT_EQ(refused.status, Status::refused);
  EXPECT_EQ(refused.reason, wire::Reason::name_taken);
}

TEST_F(NativeRoomTest, TextAndNativeMembersShareTheNames) {
  ASSERT_EQ(room_->login(test::delivery_to(test::endpoint("127.0.0.1:9")), "bob", now()).status,
            Status::admitted);
  EXPECT_EQ(enter("bob", 1).status, Status::refused);
  ASSERT_EQ(enter("ada", 1).status, Status::admitted);
  EXPECT_EQ(room_->login(test::delivery_to(test::endpoint("127.0.0.1:8")), "ada", now()).status,
            Status::refused);
}

TEST_F(NativeRoomTest, ACommandMovesTheUplinkAfterItsRecord) {
  const Slot ada = enter("ada", 1).slot;
  natives_->say(order(ada, 40), "hello");
  EXPECT_EQ(state_.native_slots()[ada].uplink, 40U);
  natives_->act(order(ada, 60), "waves");
  EXPECT_THAT(texts(), ElementsAre("join ada ", "say ada hello", "action ada waves"));
}

TEST_F(NativeRoomTest, ARefusedCommandIsANoticeInItsOwnMailbox) {
  const Slot ada = enter("ada", 1).slot;
  natives_->say(order(ada, 10), "");
  natives_->say(order(ada, 20), "\xFF");
  natives_->say(order(ada, 30), std::string(901, 'x'));
  natives_->write_letter(order(ada, 40), "nobody", "hello");
  natives_->refuse_unknown(order(ada, 50));
  EXPECT_THAT(mailbox(ada), ElementsAre("notice empty", "notice not_utf8", "notice too_long",
                                        "notice no_such_member", "notice unknown_command"));
  EXPECT_EQ(state_.native_slots()[ada].uplink, 50U);
}

TEST_F(NativeRoomTest, TheRateHoldsForNativeMembersToo) {
  const Slot ada = enter("ada", 1).slot;
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(natives_->charge(ada, now().mono));
  EXPECT_EQ(natives_->charge(ada, now().mono), milliseconds{200});
  EXPECT_EQ(state_.counters().messages_refused_rate.load(), 1U);
  time_ += milliseconds{200};
  EXPECT_FALSE(natives_->charge(ada, now().mono));
}

TEST_F(NativeRoomTest, DirectMessagesNeedANativeMemberAndSpace) {
  const Slot ada = enter("ada", 1).slot;
  const Slot bob = enter("bob", 2).slot;
  EXPECT_EQ(natives_->write_letter(order(ada, 10), "BOB", "psst"), bob);
  EXPECT_THAT(mailbox(bob), ElementsAre("letter ada"));
  ASSERT_EQ(room_->login(test::delivery_to(test::endpoint("127.0.0.1:9")), "tex", now()).status,
            Status::admitted);
  EXPECT_FALSE(natives_->write_letter(order(ada, 20), "tex", "psst"));
  for (std::uint64_t i = 3; i < 8; ++i) {
    natives_->write_letter(order(ada, i * 10), "bob", std::string(900, 'x'));
  }
  EXPECT_THAT(mailbox(ada), ElementsAre("notice not_native", "notice mailbox_full"));
}

TEST_F(NativeRoomTest, TheListMarksMembersThatAreAway) {
  const Slot ada = enter("ada", 1).slot;
  const Slot bob = enter("bob", 2).slot;
  time_ += seconds{70};
  room_->heard(ada, now().mono);
  EXPECT_THAT(natives_->silent_since(now().mono - seconds{65}), ElementsAre(bob));
  natives_->detach(bob, now().mono);
  EXPECT_THAT(natives_->silent_since(now().mono - seconds{65}), ::testing::IsEmpty());
  EXPECT_THAT(natives_->away_since(now().mono), ElementsAre(bob));
  natives_->list_members(order(ada, 10), 0);
  EXPECT_EQ(last_text(ada), "ada\nbob\taway");
  natives_->attach(bob);
  EXPECT_THAT(natives_->away_since(now().mono), ::testing::IsEmpty());
}

TEST_F(NativeRoomTest, AReplayBeginsAtTheLastLines) {
  config_.room.replay = 2;
  restart();
  const Slot ada = enter("ada", 1).slot;
  std::vector<std::uint64_t> starts;
  for (std::uint64_t i = 1; i <= 5; ++i) {
    starts.push_back(room_->tail());
    natives_->say(order(ada, i * 10), "hello");
  }
  const Slot bob = enter("bob", 2).slot;
  EXPECT_EQ(state_.native_slots()[bob].room_start, starts[3]);
  restart();
  const Slot cyd = enter("cyd", 3).slot;
  EXPECT_EQ(state_.native_slots()[cyd].room_start, starts[3]);
}

TEST_F(NativeRoomTest, AClientThatKnowsTheHistoryResumesItsOffset) {
  const Slot ada = enter("ada", 1).slot;
  const std::uint64_t had = room_->tail();
  natives_->say(order(ada, 10), "hello");
  arrival_ = {.epoch = test::kEpoch, .room_offset = had};
  EXPECT_EQ(state_.native_slots()[enter("bob", 2).slot].room_start, had);
  arrival_ = {.epoch = test::kEpoch, .room_offset = had + 100'000};  // it cannot
  EXPECT_EQ(state_.native_slots()[enter("cyd", 3).slot].room_start, 0U);
  arrival_ = {.epoch = 0, .room_offset = NativeRoom::kNoReplay};
  const std::uint64_t tail = room_->tail();
  EXPECT_EQ(state_.native_slots()[enter("dan", 4).slot].room_start, tail);
}

}  // namespace
}  // namespace chatd::chat
