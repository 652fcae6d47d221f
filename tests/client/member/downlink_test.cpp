// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/downlink.hpp"

#include <cstring>

#include <gmock/gmock.h>

namespace chatd::client {
namespace {

using std::chrono::milliseconds;

class DownlinkTest : public ::testing::Test {
 protected:
  static std::vector<std::byte> record(std::string_view text) {
    const std::size_t size = (sizeof(wire::RecordHeader) + text.size() + 7) / 8 * 8;
    std::vector<std::byte> bytes(size);
    const wire::RecordHeader header{.size = static_cast<std::uint32_t>(size),
                                    .kind = wire::RecordKind::say,
                                    .name_bytes = 0,
                                    .sender_slot = 1,
                                    .text_bytes = static_cast<std::uint32_t>(text.size()),
                                    .sender_generation = 1,
                                    .sequence = 1,
                                    .wall_time = 0,
                                    .uplink_offset = 0};
    std::memcpy(bytes.data(), &header, sizeof header);
    std::memcpy(bytes.data() + sizeof header, text.data(), text.size());
    return bytes;
  }
  void give(std::uint8_t stream, std::uint64_t offset, wire::Bytes bytes) {
    downlink_.on_data({.stream = stream, .offset = offset, .bytes = bytes}, now_, 0.5);
  }
  std::vector<std::string> texts() {
    std::vector<std::string> all;
    while (const auto item = downlink_.next()) all.emplace_back(item->record.text);
    return all;
  }
  // The ACK frames that are due.
  std::vector<wire::AckFrame> acks(bool anyway = false) {
    std::array<std::byte, 1200> room{};
    wire::ByteWriter out{room};
    std::vector<wire::AckFrame> all;
    if (!downlink_.write_acks(out, {}, now_, anyway)) return all;
    wire::ByteReader in{out.written()};
    while (const auto frame = wire::next_frame(in)) all.push_back(std::get<wire::AckFrame>(*frame));
    return all;
  }

  // The streams of the ACK frames of the packets that are due now.
  std::vector<int> acks_of_all_packets() {
    std::vector<int> streams;
    for (int packets = 0; downlink_.is_ack_due(now_); ++packets) {
      EXPECT_LT(packets, 10);
      const auto frames = acks();
      EXPECT_LE(frames.size(), wire::kMaxFrames);
      for (const auto& frame : frames) streams.push_back(frame.stream);
    }
    return streams;
  }

  Downlink downlink_;
  MonoTime now_{std::chrono::seconds{100}};
};

TEST_F(DownlinkTest, RecordsAreReturnedWholeHoweverTheyWereCut) {
  downlink_.restart_room(500);
  auto bytes = record("hello");
  const auto second = record("world");
  bytes.insert(bytes.end(), second.begin(), second.end());
  for (std::size_t at = 0; at < bytes.size(); at += 10) {
    give(wire::kRoomStream, 500 + at,
         wire::Bytes{bytes}.subspan(at, std::min<std::size_t>(10, bytes.size() - at)));
  }
  EXPECT_THAT(texts(), ::testing::ElementsAre("hello", "world"));
  EXPECT_EQ(downlink_.room_next(), 500 + bytes.size());
}

TEST_F(DownlinkTest, MailboxRecordsComeFirst) {
  give(wire::kRoomStream, 0, record("aloud"));
  give(wire::kMailboxStream, 0, record("in private"));
  EXPECT_THAT(texts(), ::testing::ElementsAre("in private", "aloud"));
}

TEST_F(DownlinkTest, AnAcknowledgementWaitsALittleAndAHoleDoesNot) {
  const auto bytes = record("hello");
  give(wire::kRoomStream, 0, bytes);
  EXPECT_THAT(acks(), ::testing::IsEmpty());
  EXPECT_LE(downlink_.deadline() - now_, milliseconds{25});
  give(wire::kRoomStream, 1000, bytes);
  const auto now = acks();
  ASSERT_EQ(now.size(), 1U);
  EXPECT_EQ(now[0].cumulative, bytes.size());
  ASSERT_EQ(now[0].holes, 1U);
  EXPECT_EQ(now[0].hole[0], (wire::Hole{.start = 0, .bytes = 1000 - 56}));
}

TEST_F(DownlinkTest, AHoleIsReportedAgainAtGrowingIntervals) {
  give(wire::kRoomStream, 1000, record("later"));
  ASSERT_EQ(acks().size(), 1U);
  Micros before{0};
  for (int i = 0; i < 5; ++i) {
    const Micros wait = downlink_.deadline() - now_;
    EXPECT_GT(wait, before);
    before = wait;
    now_ += wait;
    EXPECT_EQ(acks().size(), 1U);
  }
  EXPECT_LE(before, milliseconds{250});
}

TEST_F(DownlinkTest, BytesOfAGapAreSkippedAndReported) {
  const auto bytes = record("hello");
  give(wire::kRoomStream, 0, wire::Bytes{bytes}.first(20));
  EXPECT_FALSE(downlink_.on_gap({.stream = wire::kMailboxStream, .from = 0, .to = 8}, now_));
  EXPECT_TRUE(downlink_.on_gap({.stream = wire::kRoomStream, .from = 20, .to = 4096}, now_));
  give(wire::kRoomStream, 4096, bytes);
  EXPECT_THAT(texts(), ::testing::ElementsAre("hello"));
}

TEST_F(DownlinkTest, RoomsAreReturnedInTheOrderOfTheirStreams) {
  downlink_.open(3, 1000);
  downlink_.open(2, 0);
  give(3, 1000, record("three"));
  give(2, 0, record("two"));
  give(wire::kRoomStream, 0, record("one"));
  EXPECT_THAT(texts(), ::testing::ElementsAre("one", "two", "three"));
  EXPECT_EQ(downlink_.next_of(3), 1056U);
}

TEST_F(DownlinkTest, DataOfAStreamThatIsNotOpenIsIgnored) {
  give(2, 0, record("early"));
  EXPECT_EQ(downlink_.deadline(), MonoTime::max());
  downlink_.open(2, 0);
  give(2, 0, record("late"));
  downlink_.close(2);
  EXPECT_THAT(texts(), ::testing::IsEmpty());
  downlink_.open(2, 5000);
  give(2, 0, record("of the old room"));
  EXPECT_THAT(texts(), ::testing::IsEmpty());
  downlink_.close_rooms();
  EXPECT_EQ(downlink_.next_of(2), 0U);
}

TEST_F(DownlinkTest, OnlyRoomsWithNewsAreAcknowledgedAgain) {
  for (std::uint8_t stream = 2; stream < 5; ++stream) downlink_.open(stream, 0);
  EXPECT_EQ(acks_of_all_packets().size(), 0U);
  give(2, 0, record("hello"));
  downlink_.acknowledge_now(now_);
  EXPECT_THAT(acks_of_all_packets(), ::testing::ElementsAre(1, 2, 3, 4));
  give(3, 0, record("hello"));
  now_ += std::chrono::seconds{1};
  EXPECT_THAT(acks_of_all_packets(), ::testing::ElementsAre(1, 3));
}

TEST_F(DownlinkTest, AcksThatDoNotFitGoInTheNextPacket) {
  for (std::uint8_t stream = 2; stream < 33; ++stream) {
    downlink_.open(stream, 0);
    give(stream, 1000, record("behind a hole"));
  }
  std::vector<int> expected;
  for (int stream = 2; stream < 33; ++stream) expected.push_back(stream);
  for (int time = 0; time < 2; ++time) {
    auto streams = acks_of_all_packets();
    std::erase(streams, 1);
    EXPECT_EQ(streams, expected);
    now_ += std::chrono::seconds{1};
  }
}

TEST_F(DownlinkTest, AGapOfARoomIsSkippedInThatRoomOnly) {
  downlink_.open(2, 0);
  give(wire::kRoomStream, 0, record("here"));
  EXPECT_TRUE(downlink_.on_gap({.stream = 2, .from = 0, .to = 4096}, now_));
  EXPECT_FALSE(downlink_.on_gap({.stream = 7, .from = 0, .to = 4096}, now_));
  give(2, 4096, record("there"));
  EXPECT_THAT(texts(), ::testing::ElementsAre("here", "there"));
}

TEST_F(DownlinkTest, AStreamWithAMalformedRecordIsBroken) {
  give(wire::kRoomStream, 0, std::vector<std::byte>(64, std::byte{0xFF}));
  EXPECT_THAT(texts(), ::testing::IsEmpty());
  EXPECT_TRUE(downlink_.is_broken());
}

}  // namespace
}  // namespace chatd::client
