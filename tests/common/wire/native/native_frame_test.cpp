// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_frame.hpp"

#include <cstring>
#include <vector>

#include <gmock/gmock.h>

namespace chatd::wire {
namespace {

const std::array kData{std::byte{1}, std::byte{2}, std::byte{3}};

std::vector<Frame> one_of_each() {
  return {
      DataFrame{.stream = 1, .offset = 77, .bytes = kData},
      AckFrame{.stream = 1, .window = 5, .cumulative = 6, .holes = 2, .hole = {{{1, 2}, {3, 4}}}},
      GapFrame{.stream = 1, .from = 3, .to = 9},
      HeadFrame{.stream = 0, .tail = 8},
      PingFrame{.size = 1200},
      PongFrame{.size = 1300},
      PathChallenge{.value = 42},
      PathResponse{.value = 43},
      ByeFrame{.reason = ByeReason::kicked, .text = "spam"},
      WelcomeFrame{.slot = 1,
                   .generation = 2,
                   .history_id = 3,
                   .uplink_offset = 4,
                   .mailbox_offset = 5,
                   .mailbox_tail = 15,
                   .room_offset = 6,
                   .live_offset = 7,
                   .reset_token = {std::byte{8}},
                   .ping_seconds = 9,
                   .idle_seconds = 10,
                   .linger_seconds = 11,
                   .messages_per_1000_seconds = 12,
                   .burst = 13,
                   .message_bytes = 14,
                   .name = "ada",
                   .server_name = "聊天室"},
      RefusedFrame{.code = RefusalCode::room_full, .text = "full"},
      AckWishFrame{.wish = AckWish::hurry},
      LimitsFrame{.messages_per_1000_seconds = 5000, .burst = 20, .message_bytes = 900},
      WaitFrame{.offset = 1U << 20U, .milliseconds = 200},
      SavedFrame{.offset = 1U << 20U, .state = SavedState::unknown},
      UnknownFrame{.type = FrameType{99}, .body = kData}};
}

std::vector<std::byte> written(const Frame& frame) {
  std::vector<std::byte> bytes(1200);
  ByteWriter out{bytes};
  EXPECT_TRUE(write_frame(out, frame));
  bytes.resize(out.size());
  return bytes;
}

TEST(NativeFrame, EachIsReadBackAsItWasWritten) {
  for (const Frame& frame : one_of_each()) {
    const auto bytes = written(frame);
    ByteReader in{bytes};
    const auto read = next_frame(in);
    ASSERT_TRUE(read) << frame.index();
    EXPECT_EQ(read->index(), frame.index());
    EXPECT_EQ(written(*read), bytes) << frame.index();
    EXPECT_FALSE(next_frame(in));
    EXPECT_TRUE(in.ok());
  }
}

TEST(NativeFrame, EachIsWrittenOnlyWhereItFits) {
  for (const Frame& frame : one_of_each()) {
    const auto bytes = written(frame);
    std::vector<std::byte> room(bytes.size());
    ByteWriter fits{room};
    EXPECT_TRUE(write_frame(fits, frame)) << frame.index();
    EXPECT_TRUE(fits.ok());
    ByteWriter short_by_one{std::span{room}.first(room.size() - 1)};
    EXPECT_FALSE(write_frame(short_by_one, frame)) << frame.index();
    EXPECT_EQ(short_by_one.size(), 0U) << frame.index();
  }
}

TEST(NativeFrame, ACutFrameIsMalformed) {
  for (const Frame& frame : one_of_each()) {
    const auto bytes = written(frame);
    for (std::size_t size = 1; size < bytes.size(); ++size) {
      ByteReader in{Bytes{bytes}.first(size)};
      EXPECT_FALSE(next_frame(in)) << frame.index() << " " << size;
      EXPECT_FALSE(in.ok()) << frame.index() << " " << size;
    }
  }
}

TEST(NativeFrame, APacketHoldsSeveralUntilPadding) {
  std::vector<std::byte> bytes;
  for (const Frame& frame : one_of_each()) {
    const auto more = written(frame);
    bytes.insert(bytes.end(), more.begin(), more.end());
  }
  bytes.insert(bytes.end(), 20, std::byte{0});
  ByteReader in{bytes};
  std::size_t count = 0;
  while (next_frame(in)) ++count;
  EXPECT_EQ(count, std::variant_size_v<Frame>);
  EXPECT_TRUE(in.ok());
}

TEST(NativeFrame, FieldsAndFramesOfANewerSenderAreIgnored) {
  for (const Frame& frame : one_of_each()) {
    if (std::holds_alternative<UnknownFrame>(frame)) continue;
    auto bytes = written(frame);
    bytes.resize(bytes.size() + 5, std::byte{0xFF});
    const auto size = static_cast<std::uint16_t>(bytes.size() - kFrameHeaderBytes);
    std::memcpy(&bytes[1], &size, sizeof size);
    const auto unknown = written(UnknownFrame{.type = FrameType{200}, .body = kData});
    bytes.insert(bytes.begin(), unknown.begin(), unknown.end());
    ByteReader in{bytes};
    const auto first = next_frame(in);
    ASSERT_TRUE(first) << frame.index();
    EXPECT_EQ(std::get<UnknownFrame>(*first).type, FrameType{200});
    const auto read = next_frame(in);
    ASSERT_TRUE(read) << frame.index();
    EXPECT_EQ(written(*read), written(frame)) << frame.index();
    EXPECT_FALSE(next_frame(in));
    EXPECT_TRUE(in.ok());
  }
}

TEST(NativeFrame, AFrameShorterThanItsFieldsIsMalformed) {
  for (const Frame& frame : one_of_each()) {
    if (std::holds_alternative<UnknownFrame>(frame)) continue;
    auto bytes = written(frame);
    bytes.pop_back();
    const auto size = static_cast<std::uint16_t>(bytes.size() - kFrameHeaderBytes);
    std::memcpy(&bytes[1], &size, sizeof size);
    bytes.push_back(std::byte{0});  // PADDING behind it
    ByteReader in{bytes};
    EXPECT_FALSE(next_frame(in)) << frame.index();
    EXPECT_FALSE(in.ok()) << frame.index();
  }
}

TEST(NativeFrame, ImpossibleValuesAreMalformed) {
  const auto refuses = [](const std::vector<std::byte>& bytes) {
    ByteReader in{bytes};
    EXPECT_FALSE(next_frame(in));
    EXPECT_FALSE(in.ok());
  };
  auto many_holes = written(AckFrame{.holes = 8});
  ASSERT_EQ(many_holes[16], std::byte{8});
  many_holes[16] = std::byte{9};
  refuses(many_holes);
  refuses(written(GapFrame{.stream = 1, .from = 9, .to = 3}));
}

TEST(NativeFrame, AFrameLargerThanItsSizeFieldIsNotWritten) {
  std::vector<std::byte> data(70'000);
  std::vector<std::byte> buffer(80'000);
  ByteWriter out{buffer};
  EXPECT_FALSE(write_frame(out, DataFrame{.stream = 1, .offset = 0, .bytes = data}));
  EXPECT_EQ(out.size(), 0U);
}

}  // namespace
}  // namespace chatd::wire
