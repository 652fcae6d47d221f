// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/session_table.hpp"

#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

class SessionTableTest : public test::StateFixture {
 protected:
  SessionTableTest() : StateFixture{{.sessions = 70, .ring_bytes = 16384}} {}

  void open(std::uint32_t slot, std::string_view name = "ada", std::uint64_t log_tail = 0) {
    table_.open(slot, {.delivery = test::delivery_to(test::endpoint("127.0.0.1:4000")),
                       .name = name,
                       .log_tail = log_tail,
                       .joined = test::wall_at(std::chrono::seconds{9}),
                       .now = test::mono_at(std::chrono::seconds{3})});
  }
  bool is_active(std::uint32_t slot) {
    return (state_.active()[slot / 64].load() >> (slot % 64) & 1U) != 0;
  }
  std::uint64_t generation(std::uint32_t slot) { return table_.slot(slot).generation.load(); }

  SessionTable table_{state_};
};

TEST_F(SessionTableTest, AllSlotsAreFreeAtFirst) {
  EXPECT_EQ(table_.capacity(), 70U);
  for (std::uint32_t slot = 0; slot < 70; ++slot) {
    EXPECT_EQ(table_.phase(slot), SessionPhase::free);
    EXPECT_EQ(generation(slot) % 2, 0U);
  }
}

TEST_F(SessionTableTest, ProveChangesNothingButTheFlag) {
  state::Delivery to = test::delivery_to(test::endpoint("192.0.2.1:4000"), true, 3);
  to.unproved = 1;
  table_.open(5, {.delivery = to, .name = "ada", .log_tail = 0, .joined = {}, .now = {}});
  const std::uint64_t before = generation(5);
  table_.prove(5);
  const Delivery after = load_value(table_.slot(5).delivery);
  EXPECT_EQ(after.unproved, 0U);
  EXPECT_EQ(after.peer, to.peer);
  EXPECT_EQ(after.newline, 1U);
  EXPECT_EQ(after.socket, 3U);
  EXPECT_EQ(generation(5), before);
}

TEST_F(SessionTableTest, OpenFillsTheSlotAndWorkersDoNotSeeIt) {
  open(65, "ada", 128);
  EXPECT_EQ(table_.phase(65), SessionPhase::joining);
  EXPECT_EQ(generation(65), 1U);
  EXPECT_FALSE(is_active(65));
  EXPECT_EQ(table_.name(65), "ada");
  EXPECT_EQ(table_.sender(65), (Sender{.slot = 65, .generation = 1}));
  const SessionSlot& slot = table_.slot(65);
  EXPECT_EQ(slot.start_offset, 128U);
  EXPECT_EQ(slot.last_heard, 3'000'000);
  EXPECT_EQ(slot.joined_wall, 9'000'000);
  EXPECT_EQ(load_value(slot.delivery).peer, test::endpoint("127.0.0.1:4000"));
}

TEST_F(SessionTableTest, GoesThroughItsPhases) {
  open(65);
  table_.activate(65);
  EXPECT_EQ(table_.phase(65), SessionPhase::active);
  EXPECT_TRUE(is_active(65));
  EXPECT_FALSE(is_active(64));
  table_.activate(65);
  EXPECT_TRUE(is_active(65));

  table_.begin_leave(65, LeaveKind::kicked, 256);
  EXPECT_EQ(table_.phase(65), SessionPhase::leaving);
  EXPECT_FALSE(is_active(65));
  EXPECT_EQ(table_.slot(65).leave_kind, LeaveKind::kicked);
  EXPECT_EQ(table_.slot(65).leave_offset, 256U);
  EXPECT_EQ(table_.name(65), "ada");

  table_.release(65);
  EXPECT_EQ(table_.phase(65), SessionPhase::free);
  EXPECT_EQ(generation(65), 2U);
}

TEST_F(SessionTableTest, ANewSessionTakesNoValueOfTheLastOne) {
  open(0, "someone-with-a-long-name");
  SessionSlot& slot = table_.slot(0);
  slot.rate_arrival = 5;
  slot.notice_not_before = 6;
  slot.messages = 7;
  slot.naming_habit = NamingHabit::plain;
  table_.begin_leave(0, LeaveKind::quit, 1);
  table_.release(0);
  open(0, "bo");
  EXPECT_EQ(generation(0), 3U);
  EXPECT_EQ(table_.name(0), "bo");
  EXPECT_EQ(slot.rate_arrival, 0);
  EXPECT_EQ(slot.notice_not_before, 0);
  EXPECT_EQ(slot.messages, 0U);
  EXPECT_EQ(slot.naming_habit, NamingHabit::unknown);
  EXPECT_EQ(slot.leave_offset, 0U);
}

TEST_F(SessionTableTest, OtherBitsOfTheBitmapAreNotChanged) {
  for (const std::uint32_t slot : {0U, 1U, 63U, 64U, 69U}) {
    open(slot);
    table_.activate(slot);
  }
  table_.begin_leave(63, LeaveKind::quit, 0);
  EXPECT_TRUE(is_active(0));
  EXPECT_TRUE(is_active(1));
  EXPECT_FALSE(is_active(63));
  EXPECT_TRUE(is_active(64));
  EXPECT_TRUE(is_active(69));
}

TEST_F(SessionTableTest, ANameThatIsTooLongIsCut) {
  const std::string name(kMaxNameBytes + 10, 'x');
  open(0, name);
  EXPECT_EQ(table_.name(0), name.substr(0, kMaxNameBytes));
  table_.slot(0).name_bytes = 0xFF;  // another role's wild store
  EXPECT_EQ(table_.name(0).size(), kMaxNameBytes);
}

// A gateway killed in open() leaves a free slot with an odd generation. A worker that still
// reads it must not use the half-written fields of the next session.
TEST_F(SessionTableTest, AGenerationLeftOddByAKillIsNotUsedAgain) {
  table_.slot(0).generation.store(5);
  open(0);
  EXPECT_EQ(generation(0), 7U);
}

}  // namespace
}  // namespace chatd::state
