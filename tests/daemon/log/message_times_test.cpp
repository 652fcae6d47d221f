// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/log/message_times.hpp"

#include <string>

#include "daemon/state/room_log.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::logs {
namespace {

using wire::RecordKind;

class MessageTimesTest : public test::StateFixture {
 protected:
  // Where the record begins.
  std::uint64_t append(RecordKind kind, std::int64_t time, const std::string& text = "hello") {
    const std::uint64_t at = log_.tail();
    log_.append({.kind = kind,
                 .sender = {},
                 .name = "ada",
                 .text = text,
                 .time = test::wall_at(std::chrono::microseconds{time})});
    return at;
  }
  std::optional<std::int64_t> oldest(std::uint64_t from, std::uint64_t to) {
    return times_.oldest(state_.room_log(), from, to);
  }
  [[nodiscard]] std::uint64_t tail() const { return log_.tail(); }

  state::RoomLog log_{state_};
  MessageTimes times_;
};

TEST_F(MessageTimesTest, ARangeHasTheTimeOfItsOldestMessage) {
  const std::uint64_t first = append(RecordKind::say, 10);
  const std::uint64_t second = append(RecordKind::action, 20);
  const std::uint64_t third = append(RecordKind::announce, 30);
  EXPECT_EQ(oldest(first, tail()), 10);
  EXPECT_EQ(oldest(second, tail()), 20);
  EXPECT_EQ(oldest(third, third + 1), 30);
}

TEST_F(MessageTimesTest, JoinsAndOtherRecordsArePassedOver) {
  const std::uint64_t join = append(RecordKind::join, 10);
  append(RecordKind::topic, 15);
  const std::uint64_t said = append(RecordKind::say, 20);
  EXPECT_EQ(oldest(join, tail()), 20);
  EXPECT_EQ(oldest(join, said), std::nullopt);
  EXPECT_EQ(oldest(join, said + 1), 20);
}

TEST_F(MessageTimesTest, AMessageThatIsAppendedAfterTheSearchIsFound) {
  const std::uint64_t join = append(RecordKind::join, 10);
  EXPECT_EQ(oldest(join, tail()), std::nullopt);
  EXPECT_EQ(oldest(tail(), tail()), std::nullopt);
  append(RecordKind::say, 20);
  EXPECT_EQ(oldest(join, tail()), 20);
}

TEST_F(MessageTimesTest, TheSearchHasAnEnd) {
  const std::uint64_t first = append(RecordKind::join, 1);
  for (int i = 1; i < MessageTimes::kRecords; ++i) append(RecordKind::leave, 1);
  append(RecordKind::say, 20);
  EXPECT_EQ(oldest(first, tail()), std::nullopt);
}

// A member can write any text, but no zeros, so no header.
TEST_F(MessageTimesTest, InTheMiddleOfARecordThereIsNoTime) {
  const std::uint64_t first = append(RecordKind::say, 10, std::string(400, ' '));
  const std::uint64_t second = append(RecordKind::say, 20, std::string(400, '\x01'));
  const std::uint64_t third = append(RecordKind::say, 30);
  for (std::uint64_t at = first + 1; at < tail(); ++at) {
    if (at == second || at == third) continue;
    EXPECT_EQ(oldest(at, tail()), std::nullopt) << at;
  }
}

TEST_F(MessageTimesTest, OverwrittenBytesAndBytesBehindTheTailHaveNoTime) {
  const std::uint64_t first = append(RecordKind::say, 10);
  for (int i = 0; i < 40; ++i) append(RecordKind::say, 20, std::string(1000, 'x'));
  EXPECT_EQ(oldest(first, tail()), std::nullopt);
  EXPECT_EQ(oldest(tail() + 8, tail() + 64), std::nullopt);
}

TEST_F(MessageTimesTest, TwoLogsAreNotConfused) {
  const test::StandaloneRegion other;
  const std::uint64_t first = append(RecordKind::say, 10);
  EXPECT_EQ(oldest(first, tail()), 10);
  EXPECT_EQ(times_.oldest(other.state_.room_log(), first, tail()), std::nullopt);
  EXPECT_EQ(oldest(first, tail()), 10);
}

}  // namespace
}  // namespace chatd::logs
