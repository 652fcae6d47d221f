// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/room_log_reader.hpp"

#include <cstring>

#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

using Status = RoomLogReader::Status;

class RoomLogReaderTest : public test::StateFixture {
 protected:
  std::uint64_t say(std::string_view text) {
    return log_
        .append({.kind = RecordKind::say,
                 .sender = {.slot = 1, .generation = 1},
                 .name = "ada",
                 .text = text,
                 .time = test::wall_at(std::chrono::seconds{5})})
        .value();
  }
  std::uint64_t capacity() const { return state_.geometry().ring_bytes; }
  // What another role's wild store may do.
  RecordHeader header_at(std::uint64_t offset) {
    RecordHeader header{};
    std::memcpy(&header, state_.ring().data() + offset % capacity(), sizeof header);
    return header;
  }
  void overwrite(std::uint64_t offset, const RecordHeader& header) {
    std::memcpy(state_.ring().data() + offset % capacity(), &header, sizeof header);
  }

  RoomLog log_{state_};
  StateView follower_{follower()};  // read-only: a store would end the test program
  RoomLogReader reader_{follower_};
  Record record_{};
};

TEST_F(RoomLogReaderTest, AnEmptyLogHasNothingAtItsTail) {
  const auto outcome = reader_.read(0, record_);
  EXPECT_EQ(outcome.status, Status::empty);
  EXPECT_EQ(outcome.next, 0U);
  EXPECT_EQ(reader_.tail(), 0U);
}

TEST_F(RoomLogReaderTest, ReadsOneRecordAndThenNothing) {
  const std::uint64_t end = say("hello");
  auto outcome = reader_.read(0, record_);
  ASSERT_EQ(outcome.status, Status::record);
  EXPECT_EQ(outcome.next, end);
  EXPECT_EQ(record_.kind, RecordKind::say);
  EXPECT_EQ(record_.name, "ada");
  EXPECT_EQ(record_.text, "hello");
  EXPECT_EQ(record_.time, test::wall_at(std::chrono::seconds{5}));
  outcome = reader_.read(outcome.next, record_);
  EXPECT_EQ(outcome.status, Status::empty);
  EXPECT_EQ(outcome.next, end);
}

TEST_F(RoomLogReaderTest, ReadsARecordThatLiesAcrossTheSeam) {
  std::uint64_t begin = 0;
  while (say(std::string(500, 'x')) + 552 <= capacity()) begin = log_.tail();
  begin = log_.tail();
  const std::string across(800, 'z');
  ASSERT_GT(say(across), capacity());
  ASSERT_LT(begin, capacity());
  ASSERT_EQ(reader_.read(begin, record_).status, Status::record);
  EXPECT_EQ(record_.text, across);
}

TEST_F(RoomLogReaderTest, SlowReaderIsLappedAndGoesOnAtTheOldestRecord) {
  say("the first");
  unsigned said = 0;
  while (log_.tail() < 3 * capacity()) say(std::to_string(said++));
  auto outcome = reader_.read(0, record_);
  ASSERT_EQ(outcome.status, Status::lapped);
  EXPECT_EQ(outcome.next, state_.ring_head().oldest.load());
  EXPECT_LE(log_.tail() - outcome.next, capacity());
  // From there on nothing is missing.
  unsigned count = 0;
  std::uint64_t last = 0;
  for (;;) {
    outcome = reader_.read(outcome.next, record_);
    if (outcome.status != Status::record) break;
    if (count++ > 0) {
      EXPECT_EQ(record_.sequence, last + 1);
    }
    last = record_.sequence;
  }
  EXPECT_EQ(outcome.status, Status::empty);
  EXPECT_EQ(record_.text, std::to_string(said - 1));
  EXPECT_GT(count, 100U);
}

TEST_F(RoomLogReaderTest, ARecordThatIsAboutToBeOverwrittenIsGoneAlready) {
  const std::uint64_t second = say("first");
  say("second");
  // The writer's first step: it moves `oldest`, then touches the bytes.
  state_.ring_head().oldest.store(second);
  auto outcome = reader_.read(0, record_);
  EXPECT_EQ(outcome.status, Status::lapped);
  EXPECT_EQ(outcome.next, second);
  outcome = reader_.read(outcome.next, record_);
  EXPECT_EQ(outcome.status, Status::record);
  EXPECT_EQ(record_.text, "second");
}

TEST_F(RoomLogReaderTest, NeverFollowsASizeThatCannotBeRight) {
  say("hello");
  const std::uint64_t end = say("world");
  const RecordHeader good = header_at(0);
  for (const std::uint32_t size :
       {0U, 8U, 40U, 47U, 57U, 8200U, 120U, 0x8000'0000U, 0xFFFF'FFF8U}) {
    RecordHeader bad = good;
    bad.size = size;
    overwrite(0, bad);
    const auto outcome = reader_.read(0, record_);
    EXPECT_EQ(outcome.status, Status::corrupt) << size;
    EXPECT_EQ(outcome.next, end) << size;
  }
}

TEST_F(RoomLogReaderTest, NeverFollowsLengthsThatDoNotFitTheSize) {
  const std::uint64_t end = say("hello");
  const RecordHeader good = header_at(0);
  RecordHeader bad = good;
  bad.name_bytes = 0xFFFF;
  overwrite(0, bad);
  EXPECT_EQ(reader_.read(0, record_).status, Status::corrupt);
  bad = good;
  bad.text_bytes = 6;  // one more than there is room for
  overwrite(0, bad);
  EXPECT_EQ(reader_.read(0, record_).status, Status::corrupt);
  bad.text_bytes = 0xFFFF'FFFF;
  overwrite(0, bad);
  const auto outcome = reader_.read(0, record_);
  EXPECT_EQ(outcome.status, Status::corrupt);
  EXPECT_EQ(outcome.next, end);
}

// An offset that no log of this region ever gave: reading all over again from the oldest
// record would repeat a whole ring to a member.
TEST_F(RoomLogReaderTest, AnOffsetBeyondTheTailGoesOnAtTheTail) {
  const std::uint64_t end = say("hello");
  for (const std::uint64_t offset : {end + 8, end + capacity(), ~std::uint64_t{7}}) {
    const auto outcome = reader_.read(offset, record_);
    EXPECT_EQ(outcome.status, Status::corrupt);
    EXPECT_EQ(outcome.next, end);
  }
}

TEST_F(RoomLogReaderTest, ReadersDoNotDisturbEachOther) {
  say("first");
  say("second");
  RoomLogReader other{follower_};
  Record theirs{};
  const auto one = reader_.read(0, record_);
  ASSERT_EQ(other.read(one.next, theirs).status, Status::record);
  EXPECT_EQ(record_.text, "first");
  EXPECT_EQ(theirs.text, "second");
}

}  // namespace
}  // namespace chatd::state
