// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/room_log.hpp"

#include <cstring>

#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

using test::records_of;

class RoomLogTest : public test::StateFixture {
 protected:
  std::optional<std::uint64_t> say(std::string_view text, std::string_view name = "ada") {
    return log_.append({.kind = RecordKind::say,
                        .sender = Sender{.slot = Slot{3}, .generation = Generation{7}},
                        .name = name,
                        .text = text,
                        .time = test::wall_at(std::chrono::seconds{5})});
  }
  logs::LogHead& head() { return state_.ring_head(); }

  RoomLog log_{state_};
};

TEST_F(RoomLogTest, IsEmptyAtFirst) {
  EXPECT_EQ(log_.tail(), 0U);
  EXPECT_TRUE(records_of(state_).empty());
}

TEST_F(RoomLogTest, KeepsARecordAsItWas) {
  const auto end = say("hello");
  // A header of 48 bytes, 3 of the name, 5 of the text: rounded up to a multiple of 8.
  EXPECT_EQ(end, 56U);
  EXPECT_EQ(log_.tail(), 56U);
  const auto records = records_of(state_);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].kind, RecordKind::say);
  EXPECT_EQ(records[0].sender, (Sender{.slot = Slot{3}, .generation = Generation{7}}));
  EXPECT_EQ(records[0].name, "ada");
  EXPECT_EQ(records[0].text, "hello");
}

TEST_F(RoomLogTest, PadsWithZerosAndLeaksNothing) {
  std::memset(state_.ring().data(), 0xEE, state_.geometry().ring_bytes);
  const auto end = say("x");
  ASSERT_EQ(end, 56U);
  for (std::size_t at = 48 + 4; at < *end; ++at) EXPECT_EQ(state_.ring()[at], std::byte{0}) << at;
}

TEST_F(RoomLogTest, RefusesARecordThatIsTooLargeAndStaysAsItWas) {
  const std::string largest(kMaxRecordBytes - sizeof(RecordHeader) - 3, 'x');
  EXPECT_FALSE(say(largest + "x").has_value());
  EXPECT_EQ(log_.tail(), 0U);
  EXPECT_EQ(say(largest), kMaxRecordBytes);
  const auto records = records_of(state_);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].text, largest);
}

TEST_F(RoomLogTest, FillsTheRingToItsLastByteBeforeItOverwrites) {
  const std::uint64_t capacity = state_.geometry().ring_bytes;
  while (log_.tail() < capacity) ASSERT_TRUE(say("12345678901234567890123456789").has_value());
  ASSERT_EQ(log_.tail() % 80, 0U);
  if (log_.tail() == capacity) {
    EXPECT_EQ(head().oldest.load(), 0U);
  } else {
    EXPECT_EQ(head().oldest.load(), 80U);
  }
}

TEST_F(RoomLogTest, GoesRoundTheRingWithRecordsOfAnySize) {
  const std::uint64_t capacity = state_.geometry().ring_bytes;
  std::vector<std::string> said;
  bool crossed = false;
  for (unsigned i = 0; log_.tail() < 10 * capacity; ++i) {
    const std::uint64_t begin = log_.tail();
    said.push_back(std::to_string(i) + std::string(i * 37 % 901, 'a'));
    const auto end = say(said.back());
    ASSERT_TRUE(end.has_value());
    crossed |= begin / capacity != (*end - 1) / capacity;
    const std::uint64_t oldest = head().oldest.load();
    EXPECT_LE(*end - oldest, capacity);
    // No more records are overwritten than necessary.
    EXPECT_GT(*end - oldest, capacity < *end ? capacity - 1100 : *end - 1);
  }
  EXPECT_TRUE(crossed) << "no record lay across the seam";
  const auto records = records_of(state_);
  ASSERT_GT(records.size(), 10U);
  const std::size_t gone = said.size() - records.size();
  for (std::size_t i = 0; i < records.size(); ++i) EXPECT_EQ(records[i].text, said[gone + i]);
}

TEST_F(RoomLogTest, SequenceNumbersGrowByOneAlsoWithASuccessor) {
  for (int i = 0; i < 3; ++i) say("a");
  RoomLog successor{state_};
  successor.append(
      {.kind = RecordKind::announce, .sender = {}, .name = {}, .text = "b", .time = {}});
  const auto records = records_of(state_);
  ASSERT_EQ(records.size(), 4U);
  for (std::size_t i = 0; i < records.size(); ++i) EXPECT_EQ(records[i].sequence, i);
}

// Another process's wild store may change the writer's own bytes: a writer that followed such a
// size could loop forever, and again after each respawn.
TEST_F(RoomLogTest, DropsTheOldRecordsIfOneHasAnImpossibleSize) {
  for (const std::uint32_t size : {0U, 4U, 47U, 52U, 8200U, 0xFFFF'FFF8U}) {
    SCOPED_TRACE(size);
    const std::uint64_t capacity = state_.geometry().ring_bytes;
    while (log_.tail() - head().oldest.load() + 1000 < capacity) say(std::string(900, 'x'));
    const std::uint64_t oldest = head().oldest.load();
    std::memcpy(state_.ring().data() + oldest % capacity, &size, sizeof size);
    const std::uint64_t before = log_.tail();
    while (head().oldest.load() == oldest) ASSERT_TRUE(say(std::string(900, 'y')).has_value());
    EXPECT_GE(head().oldest.load(), before);
    EXPECT_LE(head().oldest.load(), log_.tail());
    const auto records = records_of(state_);
    ASSERT_FALSE(records.empty());
    EXPECT_EQ(records.back().text, std::string(900, 'y'));
  }
}

}  // namespace
}  // namespace chatd::state
