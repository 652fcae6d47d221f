// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/session_table.hpp"

#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

class SessionTableTest : public test::StateFixture {
 protected:
  SessionTableTest() : StateFixture{{.sessions = 70, .ring_bytes = 16384}} {}

  void open(Slot slot, std::string_view name = "ada", std::uint64_t log_tail = 0) {
    table_.open(slot, {.delivery = test::delivery_to(test::endpoint("127.0.0.1:4000")),
                       .name = name,
                       .log_tail = log_tail,
                       .joined = test::wall_at(std::chrono::seconds{9}),
                       .now = test::mono_at(std::chrono::seconds{3})});
  }
  bool is_active(Slot slot) { return (state_.active()[slot / 64].load() >> (slot % 64) & 1U) != 0; }
  std::uint64_t generation(Slot slot) { return table_.slot(slot).generation.load(); }

  SessionTable table_{state_};
};

TEST_F(SessionTableTest, AllSlotsAreFreeAtFirst) {
  EXPECT_EQ(table_.capacity(), 70U);
  for (Slot slot{}; slot < 70; ++slot) {
    EXPECT_EQ(table_.phase(slot), SessionPhase::free);
    EXPECT_EQ(generation(slot) % 2, 0U);
  }
}

TEST_F(SessionTableTest, ProveChangesNothingButTheFlag) {
  state::Delivery to = test::delivery_to(test::endpoint("192.0.2.1:4000"), true, 3);
  to.unproved = 1;
  table_.open(Slot{5}, {.delivery = to, .name = "ada", .log_tail = 0, .joined = {}, .now = {}});
  const std::uint64_t before = generation(Slot{5});
  table_.prove(Slot{5});
  const Delivery after = load_value(table_.slot(Slot{5}).delivery);
  EXPECT_EQ(after.unproved, 0U);
  EXPECT_EQ(after.peer, to.peer);
  EXPECT_EQ(after.newline, 1U);
  EXPECT_EQ(after.socket, 3U);
  EXPECT_EQ(generation(Slot{5}), before);
}

TEST_F(SessionTableTest, OpenFillsTheSlotAndWorkersDoNotSeeIt) {
  open(Slot{65}, "ada", 128);
  EXPECT_EQ(table_.phase(Slot{65}), SessionPhase::joining);
  EXPECT_EQ(generation(Slot{65}), 1U);
  EXPECT_FALSE(is_active(Slot{65}));
  EXPECT_EQ(table_.name(Slot{65}), "ada");
  EXPECT_EQ(table_.sender(Slot{65}), (Sender{.slot = Slot{65}, .generation = Generation{1}}));
  const SessionSlot& slot = table_.slot(Slot{65});
  EXPECT_EQ(slot.start_offset, 128U);
  EXPECT_EQ(slot.last_heard, 3'000'000);
  EXPECT_EQ(slot.joined_wall, 9'000'000);
  EXPECT_EQ(load_value(slot.delivery).peer, test::endpoint("127.0.0.1:4000"));
}

TEST_F(SessionTableTest, GoesThroughItsPhases) {
  open(Slot{65});
  table_.activate(Slot{65});
  EXPECT_EQ(table_.phase(Slot{65}), SessionPhase::active);
  EXPECT_TRUE(is_active(Slot{65}));
  EXPECT_FALSE(is_active(Slot{64}));
  table_.activate(Slot{65});
  EXPECT_TRUE(is_active(Slot{65}));

  table_.begin_leave(Slot{65}, LeaveKind::kicked, 256);
  EXPECT_EQ(table_.phase(Slot{65}), SessionPhase::leaving);
  EXPECT_FALSE(is_active(Slot{65}));
  EXPECT_EQ(table_.slot(Slot{65}).leave_kind, LeaveKind::kicked);
  EXPECT_EQ(table_.slot(Slot{65}).leave_offset, 256U);
  EXPECT_EQ(table_.name(Slot{65}), "ada");

  table_.release(Slot{65});
  EXPECT_EQ(table_.phase(Slot{65}), SessionPhase::free);
  EXPECT_EQ(generation(Slot{65}), 2U);
}

TEST_F(SessionTableTest, ANewSessionTakesNoValueOfTheLastOne) {
  open(Slot{0}, "someone-with-a-long-name");
  SessionSlot& slot = table_.slot(Slot{0});
  slot.rate_arrival = 5;
  slot.notice_not_before = 6;
  slot.messages = 7;
  slot.naming_habit = NamingHabit::plain;
  table_.begin_leave(Slot{0}, LeaveKind::quit, 1);
  table_.release(Slot{0});
  open(Slot{0}, "bo");
  EXPECT_EQ(generation(Slot{0}), 3U);
  EXPECT_EQ(table_.name(Slot{0}), "bo");
  EXPECT_EQ(slot.rate_arrival, 0);
  EXPECT_EQ(slot.notice_not_before, 0);
  EXPECT_EQ(slot.messages, 0U);
  EXPECT_EQ(slot.naming_habit, NamingHabit::unknown);
  EXPECT_EQ(slot.leave_offset, 0U);
}

TEST_F(SessionTableTest, OtherBitsOfTheBitmapAreNotChanged) {
  for (const Slot slot : {Slot{0}, Slot{1}, Slot{63}, Slot{64}, Slot{69}}) {
    open(slot);
    table_.activate(slot);
  }
  table_.begin_leave(Slot{63}, LeaveKind::quit, 0);
  EXPECT_TRUE(is_active(Slot{0}));
  EXPECT_TRUE(is_active(Slot{1}));
  EXPECT_FALSE(is_active(Slot{63}));
  EXPECT_TRUE(is_active(Slot{64}));
  EXPECT_TRUE(is_active(Slot{69}));
}

TEST_F(SessionTableTest, ANameThatIsTooLongIsCut) {
  const std::string name(kMaxNameBytes + 10, 'x');
  open(Slot{0}, name);
  EXPECT_EQ(table_.name(Slot{0}), name.substr(0, kMaxNameBytes));
  table_.slot(Slot{0}).name_bytes = 0xFF;  // another role's wild store
  EXPECT_EQ(table_.name(Slot{0}).size(), kMaxNameBytes);
}

// A gateway killed in open() leaves a free slot with an odd generation. A worker that still
// reads it must not use the half-written fields of the next session.
TEST_F(SessionTableTest, AGenerationLeftOddByAKillIsNotUsedAgain) {
  table_.slot(Slot{0}).generation.store(5);
  EXPECT_EQ(table_.next_sender(Slot{0}).generation, Generation{7});
  open(Slot{0});
  EXPECT_EQ(generation(Slot{0}), 7U);
}

TEST_F(SessionTableTest, TheNextSenderIsTheSessionThatOpenBegins) {
  for (int i = 0; i < 3; ++i) {
    const Sender next = table_.next_sender(Slot{4});
    open(Slot{4});
    EXPECT_EQ(table_.sender(Slot{4}), next);
    table_.begin_leave(Slot{4}, LeaveKind::quit, 0);
    table_.release(Slot{4});
  }
}

}  // namespace
}  // namespace chatd::state
