// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions::adopt() after each place where a gateway may have stopped; tests/fault/state kills a
// gateway there.
#include <gmock/gmock.h>

#include "tests/daemon/chat/chat_fixture.hpp"

namespace chatd::chat {
namespace {

using state::LeaveKind;
using state::RecordKind;
using state::SessionPhase;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class AdoptionTest : public ChatFixture {
 protected:
  std::size_t count(RecordKind kind) const {
    const auto all = records();
    return static_cast<std::size_t>(
        std::ranges::count(all, kind, [](const auto& record) { return record.kind; }));
  }
  // The whole table can be filled, so no slot was lost.
  void expect_free(std::size_t slots) {
    for (std::size_t i = 0; i < slots; ++i) {
      enter("127.0.9.1:" + std::to_string(1000 + i), "free" + std::to_string(i));
    }
    EXPECT_EQ(login("127.0.9.1:2000", "more").reason, wire::Reason::room_full);
  }
};

TEST_F(AdoptionTest, AnEmptyTableHasOnlyFreeSlots) {
  const auto unfinished = take_over();
  EXPECT_THAT(unfinished.joining, IsEmpty());
  EXPECT_THAT(unfinished.leaving, IsEmpty());
  EXPECT_EQ(enter("127.0.0.1:1", "ada"), 0U);  // the lowest first
  expect_free(7);
}

TEST_F(AdoptionTest, KeepsMembersAndSendsNothing) {
  const Slot ada = enter("127.0.0.1:1", "Ada");
  enter("127.0.0.1:2", "bob");
  say(ada, "Ada hello");
  const auto before = records().size();
  const auto unfinished = take_over();
  EXPECT_THAT(unfinished.joining, IsEmpty());
  EXPECT_THAT(unfinished.leaving, IsEmpty());
  EXPECT_EQ(records().size(), before);
  EXPECT_EQ(sessions().find(test::endpoint("127.0.0.1:1")), ada);
  EXPECT_EQ(sessions().find_name("ada"), ada);
  EXPECT_EQ(sessions().all().size(), 2U);
  EXPECT_EQ(figure(&state::GatewayCounters::sessions_now), 2U);
  EXPECT_EQ(login("127.0.0.1:3", "ADA").reason, wire::Reason::name_taken);
  say(ada, "Ada again");  // the naming habit is in the slot
  EXPECT_THAT(said(), ElementsAre("Ada: hello", "Ada: again"));
  expect_free(6);
}

TEST_F(AdoptionTest, KeepsUnprovedSessionsAndWhenTheyWereHeard) {
  config_.text.listeners = 1;
  const Slot proved = enter("192.0.2.1:1", "proved");
  wait(Unproved::kProof);
  say(proved, "hello");
  const Slot loud = enter("192.0.2.2:1", "loud");
  const Slot silent = enter("192.0.2.3:1", "silent");
  wait(std::chrono::seconds{1});
  say(loud, "hello");
  (void)take_over();
  EXPECT_EQ(sessions().surplus(), silent);
  sessions().remove(silent, LeaveKind::idle, {}, now());
  EXPECT_EQ(sessions().surplus(), std::nullopt);
  say(loud, "again");
  EXPECT_EQ(sessions().session(loud).delivery.unproved, 1U);
  wait(Unproved::kProof);
  say(loud, "and later");
  EXPECT_EQ(sessions().session(loud).delivery.unproved, 0U);
  EXPECT_EQ(sessions().session(proved).delivery.unproved, 0U);
}

TEST_F(AdoptionTest, CountsTheTextSessionsOfOtherMachines) {
  for (int i = 0; i < 4; ++i) enter("192.0.2.1:" + std::to_string(1 + i), std::to_string(i));
  (void)take_over();
  EXPECT_EQ(login("192.0.2.1:9", "more").reason, wire::Reason::room_full);
  expect_free(4);
}

TEST_F(AdoptionTest, KeepsTheStateOfTheRateLimit) {
  config_.limits.burst = 2;
  const Slot ada = enter("127.0.0.1:1", "ada");
  say(ada, "x");
  say(ada, "x");
  (void)take_over();
  EXPECT_EQ(say(ada, "x"), TextCommands::SayStatus::too_fast);
}

TEST_F(AdoptionTest, FinishesALoginWhoseOkMayNotHaveBeenSent) {
  const auto ada = login("127.0.0.1:1", "ada");
  const auto unfinished = take_over();
  EXPECT_THAT(unfinished.joining, ElementsAre(ada.slot));
  EXPECT_EQ(count(RecordKind::join), 1U);
  EXPECT_EQ(state_.active()[0].load(), 0U);  // not before its OK
  sessions().settle();
  EXPECT_EQ(sessions().session(ada.slot).phase.load(), SessionPhase::active);
  EXPECT_EQ(login("127.0.0.1:1", "ada").status, Sessions::Status::again);
}

TEST_F(AdoptionTest, FinishesALeaveWhoseExitMayNotHaveBeenSent) {
  const Slot ada = enter("127.0.0.1:1", "ada");
  sessions().remove(ada, LeaveKind::idle, {}, now());
  const auto unfinished = take_over();
  EXPECT_THAT(unfinished.leaving, ElementsAre(ada));
  EXPECT_EQ(sessions().name(ada), "ada");
  EXPECT_EQ(count(RecordKind::leave), 1U);
  EXPECT_FALSE(sessions().find_name("ada"));
  sessions().settle();
  expect_free(8);
}

TEST_F(AdoptionTest, AppendsAMissingRecord) {
  sessions().settle();
  state::SessionTable table{state_};
  table.open(Slot{3}, {.delivery = from("127.0.0.1:1"),
                       .name = "ada",
                       .log_tail = 0,
                       .joined = now().wall,
                       .now = now().mono});
  EXPECT_THAT(take_over().joining, ElementsAre(3U));
  EXPECT_EQ(count(RecordKind::join), 1U);
  sessions().settle();
  table.begin_leave(Slot{3}, LeaveKind::kicked, state_.ring_head().tail.load());
  EXPECT_THAT(take_over().leaving, ElementsAre(3U));
  EXPECT_EQ(count(RecordKind::kick), 1U);
  EXPECT_THAT(take_over().leaving, ElementsAre(3U));  // killed again: not a second time
  EXPECT_EQ(count(RecordKind::kick), 1U);
}

TEST_F(AdoptionTest, SetsTheMissingBitOfAnActiveMember) {
  const Slot ada = enter("127.0.0.1:1", "ada");
  state_.active()[0].store(0);
  (void)take_over();
  EXPECT_EQ(state_.active()[0].load(), 1U << ada);
}

TEST_F(AdoptionTest, FreesASlotInAnImpossiblePhase) {
  const Slot ada = enter("127.0.0.1:1", "ada");
  state_.slots()[ada].phase.store(static_cast<SessionPhase>(77));
  const auto unfinished = take_over();
  EXPECT_THAT(unfinished.leaving, IsEmpty());
  EXPECT_EQ(state_.slots()[ada].phase.load(), SessionPhase::free);
  EXPECT_EQ(state_.slots()[ada].generation.load() % 2, 0U);
  EXPECT_EQ(state_.active()[0].load(), 0U);
  // The next member in that slot gets no line before its OK.
  EXPECT_EQ(login("127.0.0.1:2", "bob").status, Sessions::Status::admitted);
  EXPECT_EQ(state_.active()[0].load(), 0U);
  sessions().settle();
  expect_free(7);
}

}  // namespace
}  // namespace chatd::chat
