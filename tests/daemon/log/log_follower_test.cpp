// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/log/log_follower.hpp"

#include <array>
#include <cstring>

#include "daemon/state/room_log.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::logs {
namespace {

using state::RecordHeader;
using state::RecordKind;
using Status = LogFollower::Status;

class LogFollowerTest : public test::StateFixture {
 protected:
  std::uint64_t say(std::string_view text) {
    return log_
        .append({.kind = RecordKind::say,
                 .sender = Sender{.slot = Slot{1}, .generation = Generation{1}},
                 .name = "ada",
                 .text = text,
                 .time = test::wall_at(std::chrono::seconds{5})})
        .value();
  }
  std::uint64_t capacity() const { return state_.geometry().ring_bytes; }
  // The bytes of a record, as another process's wild store may change them.
  RecordHeader header_at(std::uint64_t offset) {
    RecordHeader header{};
    std::memcpy(&header, state_.ring().data() + offset % capacity(), sizeof header);
    return header;
  }
  void overwrite(std::uint64_t offset, const RecordHeader& header) {
    std::memcpy(state_.ring().data() + offset % capacity(), &header, sizeof header);
  }
  Status next_from(std::uint64_t offset) {
    follower_.seek(Offset{offset});
    return follower_.next(record_);
  }

  state::RoomLog log_{state_};
  state::StateView view_{follower()};  // read-only: a store would end the test program
  RecordBuffer buffer_{};
  LogFollower follower_{view_.room_log(), buffer_, Offset{}};
  wire::RecordView record_{};
};

TEST_F(LogFollowerTest, AnEmptyLogHasNothingAtItsTail) {
  EXPECT_EQ(follower_.next(record_), Status::empty);
  EXPECT_EQ(follower_.cursor(), 0U);
  EXPECT_EQ(follower_.log().tail(), 0U);
}

TEST_F(LogFollowerTest, ReadsOneRecordAndThenNothing) {
  const std::uint64_t end = say("hello");
  ASSERT_EQ(follower_.next(record_), Status::record);
  EXPECT_EQ(follower_.cursor(), end);
  EXPECT_EQ(record_.header.kind, RecordKind::say);
  EXPECT_EQ(sender_of(record_.header), (Sender{.slot = Slot{1}, .generation = Generation{1}}));
  EXPECT_EQ(record_.name, "ada");
  EXPECT_EQ(record_.text, "hello");
  EXPECT_EQ(record_.header.wall_time, Micros{std::chrono::seconds{5}}.count());
  EXPECT_EQ(follower_.next(record_), Status::empty);
  EXPECT_EQ(follower_.cursor(), end);
}

TEST_F(LogFollowerTest, TheNextBoundaryIsTheFirstOneThatIsNotBeforeTheOffset) {
  const std::uint64_t first = say("one");
  const std::uint64_t second = say("two");
  const auto next = [&](std::uint64_t from, std::uint64_t offset) {
    return next_boundary(view_.room_log(), buffer_, Offset{from}, Offset{offset});
  };
  EXPECT_EQ(next(0, 0), 0U);
  EXPECT_EQ(next(0, 1), first);
  EXPECT_EQ(next(0, first), first);
  EXPECT_EQ(next(0, first + 1), second);
  EXPECT_EQ(next(first, second), second);
  EXPECT_EQ(next(first, second + 1), second) << "the tail";
  EXPECT_EQ(next(first, 0), first);
}

TEST_F(LogFollowerTest, ReadsARecordThatLiesAcrossTheSeam) {
  std::uint64_t begin = 0;
  while (say(std::string(500, 'x')) + 552 <= capacity()) begin = log_.tail();
  begin = log_.tail();
  const std::string across(800, 'z');
  ASSERT_GT(say(across), capacity());
  ASSERT_LT(begin, capacity());
  ASSERT_EQ(next_from(begin), Status::record);
  EXPECT_EQ(record_.text, across);
}

TEST_F(LogFollowerTest, ASlowOneIsLappedAndGoesOnAtTheOldestRecord) {
  say("the first");
  unsigned said = 0;
  while (log_.tail() < 3 * capacity()) say(std::to_string(said++));
  ASSERT_EQ(follower_.next(record_), Status::lapped);
  EXPECT_EQ(follower_.cursor(), state_.ring_head().oldest.load());
  EXPECT_LE(log_.tail() - follower_.cursor(), capacity());
  // From there on nothing is missing.
  unsigned count = 0;
  std::uint64_t last = 0;
  Status status{};
  while ((status = follower_.next(record_)) == Status::record) {
    if (count++ > 0) {
      EXPECT_EQ(record_.header.sequence, last + 1);
    }
    last = record_.header.sequence;
  }
  EXPECT_EQ(status, Status::empty);
  EXPECT_EQ(record_.text, std::to_string(said - 1));
  EXPECT_GT(count, 100U);
}

TEST_F(LogFollowerTest, ARecordBelowTheOldestIsGoneBeforeItsBytesChange) {
  const std::uint64_t second = say("first");
  say("second");
  // The writer's first step: it moves `oldest`, then writes the bytes.
  state_.ring_head().oldest.store(second);
  EXPECT_EQ(follower_.next(record_), Status::lapped);
  EXPECT_EQ(follower_.cursor(), second);
  EXPECT_EQ(follower_.next(record_), Status::record);
  EXPECT_EQ(record_.text, "second");
}

TEST_F(LogFollowerTest, NeverFollowsASizeThatCannotBeRight) {
  say("hello");
  const std::uint64_t end = say("world");
  const RecordHeader good = header_at(0);
  for (const std::uint32_t size :
       {0U, 8U, 40U, 47U, 57U, 8200U, 120U, 0x8000'0000U, 0xFFFF'FFF8U}) {
    RecordHeader bad = good;
    bad.size = size;
    overwrite(0, bad);
    EXPECT_EQ(next_from(0), Status::corrupt) << size;
    EXPECT_EQ(follower_.cursor(), end) << size;
  }
}

TEST_F(LogFollowerTest, NeverFollowsLengthsThatDoNotFitTheSize) {
  const std::uint64_t end = say("hello");
  const RecordHeader good = header_at(0);
  RecordHeader bad = good;
  bad.name_bytes = 0xFFFF;
  overwrite(0, bad);
  EXPECT_EQ(next_from(0), Status::corrupt);
  bad = good;
  bad.text_bytes = 6;  // one more than fits into the size
  overwrite(0, bad);
  EXPECT_EQ(next_from(0), Status::corrupt);
  bad.text_bytes = 0xFFFF'FFFF;
  overwrite(0, bad);
  EXPECT_EQ(next_from(0), Status::corrupt);
  EXPECT_EQ(follower_.cursor(), end);
}

// An offset that no log of this region ever gave: reading all over again from the oldest
// record would repeat a whole ring to a member.
TEST_F(LogFollowerTest, AnOffsetBeyondTheTailGoesOnAtTheTail) {
  const std::uint64_t end = say("hello");
  for (const std::uint64_t offset : {end + 8, end + capacity(), ~std::uint64_t{7}}) {
    EXPECT_EQ(next_from(offset), Status::corrupt);
    EXPECT_EQ(follower_.cursor(), end);
  }
}

TEST_F(LogFollowerTest, AHeadThatCannotBeRightEndsAtTheTail) {
  say("hello");
  state_.ring_head().tail.store(10 * capacity());
  EXPECT_EQ(follower_.next(record_), Status::corrupt);
  EXPECT_EQ(follower_.next(record_), Status::empty);
  state_.ring_head().oldest.store(20 * capacity());
  EXPECT_EQ(next_from(0), Status::lapped);
  EXPECT_EQ(follower_.next(record_), Status::corrupt);
  EXPECT_EQ(follower_.next(record_), Status::empty);
}

TEST_F(LogFollowerTest, FollowersDoNotDisturbEachOther) {
  say("first");
  say("second");
  ASSERT_EQ(follower_.next(record_), Status::record);
  RecordBuffer buffer;
  LogFollower other{view_.room_log(), buffer, follower_.cursor()};
  wire::RecordView theirs{};
  ASSERT_EQ(other.next(theirs), Status::record);
  EXPECT_EQ(record_.text, "first");
  EXPECT_EQ(theirs.text, "second");
}

TEST_F(LogFollowerTest, BytesAreReadFromAnyPlaceUpToTheTail) {
  const std::uint64_t end = say("hello");
  std::array<char, 8> bytes{};
  // The name and the text, which begin behind a header of 48 bytes.
  auto copied = read_bytes(view_.room_log(), Offset{48}, std::as_writable_bytes(std::span{bytes}));
  EXPECT_FALSE(copied.lapped);
  EXPECT_EQ(copied.next, end);
  EXPECT_EQ((std::string_view{bytes.data(), bytes.size()}), "adahello");
  copied =
      read_bytes(view_.room_log(), Offset{51}, std::as_writable_bytes(std::span{bytes}.first(5)));
  EXPECT_EQ(copied.next, 56U);
  EXPECT_EQ((std::string_view{bytes.data(), 5}), "hello");
}

TEST_F(LogFollowerTest, BytesThatAreOverwrittenAreLapped) {
  while (log_.oldest() == 0) say(std::string(900, 'x'));
  std::array<std::byte, 8> bytes{};
  const auto copied = read_bytes(view_.room_log(), Offset{48}, bytes);
  EXPECT_TRUE(copied.lapped);
  EXPECT_EQ(copied.next, log_.oldest());
}

}  // namespace
}  // namespace chatd::logs
