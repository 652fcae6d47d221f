// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/log/log_writer.hpp"

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/log/log_follower.hpp"
#include "daemon/log/record.hpp"

namespace chatd::logs {
namespace {

using Status = LogFollower::Status;

// A log in private memory: a page that is mapped once.
class LogWriterTest : public ::testing::Test {
 protected:
  static std::vector<std::byte> record_with(std::string_view text) {
    const Entry entry{
        .kind = wire::RecordKind::say, .sender = {}, .name = {}, .text = text, .time = {}};
    std::vector<std::byte> record(record_size(entry));
    write_record(entry, Sequence{}, record);
    return record;
  }
  std::optional<Offset> append(LogWriter& writer, std::string_view text) {
    return writer.append(record_with(text));
  }
  std::vector<std::string> texts() {
    std::vector<std::string> seen;
    LogFollower follower{log_, buffer_, log_.oldest()};
    wire::RecordView record{};
    while (follower.next(record) == Status::record) seen.emplace_back(record.text);
    EXPECT_EQ(follower.cursor(), log_.tail());
    return seen;
  }

  LogHead head_{};
  alignas(8) std::array<std::byte, 4096> bytes_{};
  LogMemory log_{LogMemory::mapped_once(head_, bytes_)};
  RecordBuffer buffer_{};
  LogWriter overwriting_{log_, WhenFull::overwrite_oldest};
  LogWriter refusing_{log_, WhenFull::refuse};
};

TEST_F(LogWriterTest, AppendReturnsTheOffsetBehindTheRecord) {
  EXPECT_EQ(append(refusing_, "hello"), 56U);
  EXPECT_EQ(append(refusing_, "hello"), 112U);
  EXPECT_EQ(refusing_.tail(), 112U);
  EXPECT_EQ(refusing_.oldest(), 0U);
}

TEST_F(LogWriterTest, ABlankTextLeavesTheRecordAndItsNeighboursAsTheyAre) {
  const Entry named{.kind = wire::RecordKind::say,
                    .sender = Sender{.slot = Slot{3}, .generation = Generation{5}},
                    .name = "ada",
                    .text = "a secret",
                    .time = {},
                    .uplink_offset = 77};
  // The third record lies in two pieces, at the end of the ring and at its beginning.
  std::vector<std::byte> record(record_size(named));
  write_record(named, Sequence{9}, record);
  while (overwriting_.tail() % 4096 + record.size() < 4096) {
    ASSERT_TRUE(append(overwriting_, "other"));
  }
  const Offset at = overwriting_.tail();
  ASSERT_TRUE(overwriting_.append(record));
  ASSERT_TRUE(append(overwriting_, "behind"));
  LogFollower follower{log_, buffer_, at};
  wire::RecordView seen{};
  ASSERT_EQ(follower.next(seen), Status::record);
  const wire::RecordHeader before = seen.header;
  overwriting_.blank_text(at, before);
  follower.seek(at);
  ASSERT_EQ(follower.next(seen), Status::record);
  EXPECT_EQ(std::memcmp(&before, &seen.header, sizeof before), 0);
  EXPECT_EQ(seen.name, "ada");
  EXPECT_EQ(seen.text, "        ");
  EXPECT_TRUE(wire::is_erased(seen));
  const auto all = texts();
  EXPECT_EQ(all.back(), "behind");
  EXPECT_EQ(all.at(all.size() - 3), "other");
}

TEST_F(LogWriterTest, AFullLogOverwritesItsOldestRecords) {
  std::vector<std::string> said;
  for (int i = 0; i < 500; ++i) {
    said.push_back(std::to_string(i) + std::string(static_cast<std::size_t>(i * 37 % 900), 'x'));
    ASSERT_TRUE(append(overwriting_, said.back()));
    const auto seen = texts();
    ASSERT_FALSE(seen.empty());
    EXPECT_TRUE(std::equal(seen.rbegin(), seen.rend(), said.rbegin())) << i;
    EXPECT_LE(overwriting_.tail() - overwriting_.oldest(), log_.capacity());
  }
}

TEST_F(LogWriterTest, AFullLogRefusesUntilBytesAreReleased) {
  while (append(refusing_, std::string(952, 'x'))) {
  }
  EXPECT_EQ(refusing_.tail(), 4000U);
  EXPECT_FALSE(append(refusing_, std::string(952, 'y')));
  EXPECT_EQ(refusing_.tail(), 4000U) << "a refused record changes nothing";
  EXPECT_EQ(texts().size(), 4U);
  refusing_.release(Offset{1000});
  EXPECT_EQ(append(refusing_, std::string(952, 'z')), 5000U);
  EXPECT_EQ(texts().back(), std::string(952, 'z')) << "the record lies across the seam";
}

TEST_F(LogWriterTest, ARecordThatFillsTheLogIsAppended) {
  EXPECT_EQ(append(refusing_, std::string(4096 - 48, 'x')), 4096U);
  EXPECT_EQ(texts(), (std::vector{std::string(4096 - 48, 'x')}));
}

TEST_F(LogWriterTest, ARecordLargerThanTheLogIsRefused) {
  EXPECT_FALSE(append(refusing_, std::string(4096, 'x')));
  EXPECT_EQ(refusing_.tail(), 0U);
}

TEST_F(LogWriterTest, ARecordLargerThanTheLimitIsRefused) {
  EXPECT_FALSE(append(overwriting_, std::string(wire::kMaxRecordBytes, 'x')));
  EXPECT_EQ(overwriting_.tail(), 0U);
}

TEST_F(LogWriterTest, ASuccessorGoesOnAtTheTail) {
  append(overwriting_, "first");
  LogWriter successor{log_, WhenFull::overwrite_oldest};
  append(successor, "second");
  EXPECT_EQ(texts(), (std::vector<std::string>{"first", "second"}));
}

}  // namespace
}  // namespace chatd::logs
