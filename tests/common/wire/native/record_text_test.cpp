// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/record_text.hpp"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace chatd::wire {
namespace {

template <Listed T>
std::string text_of(const T& value) {
  std::array<std::byte, 100> buffer{};
  ByteWriter out{buffer};
  encode(out, value);
  return {reinterpret_cast<const char*>(buffer.data()), out.size()};
}

TEST(RecordText, AJoinedRoomIsReadBack) {
  const std::string text = text_of(JoinedRoom{.stream = 32,
                                              .room = 7,
                                              .offset = 1ULL << 40U,
                                              .live_offset = 9,
                                              .topic_set = 11,
                                              .topic_by = "ada",
                                              .topic = "tea"});
  EXPECT_EQ(text.size(), 1U + 4 + 8 + 8 + 8 + 1 + 3 + 3);
  const auto joined = read_joined(text).value();
  EXPECT_EQ(joined.stream, 32U);
  EXPECT_EQ(joined.room, 7U);
  EXPECT_EQ(joined.offset, 1ULL << 40U);
  EXPECT_EQ(joined.live_offset, 9U);
  EXPECT_EQ(joined.topic_set, 11);
  EXPECT_EQ(joined.topic_by, "ada");
  EXPECT_EQ(joined.topic, "tea");
  EXPECT_EQ(read_joined(std::string_view{text}.substr(0, 33)).value().topic, "");
  EXPECT_FALSE(read_joined(std::string_view{text}.substr(0, 32)));
}

TEST(RecordText, ALeftRoomIsReadBack) {
  const std::string text = text_of(LeftRoom{.stream = 2, .room = 7, .reason = "dropped"});
  const auto left = read_left(text).value();
  EXPECT_EQ(left.stream, 2U);
  EXPECT_EQ(left.room, 7U);
  EXPECT_EQ(left.reason, "dropped");
  EXPECT_FALSE(read_left("1234"));
}

TEST(RecordText, AStreamThatIsNotForFurtherRoomsIsRefused) {
  for (const unsigned number : {0U, 1U, 33U, 255U}) {
    const auto stream = static_cast<std::uint8_t>(number);
    EXPECT_FALSE(read_joined(text_of(JoinedRoom{.stream = stream}))) << number;
  }
}

TEST(RecordText, ACrowdIsReadBack) {
  const std::string text = text_of(Crowd{.joined = 300, .left = 2});
  EXPECT_EQ(read_crowd(text), (Crowd{.joined = 300, .left = 2}));
  EXPECT_EQ(read_crowd(std::string_view{text}.substr(0, 7)), std::nullopt);
}

}  // namespace
}  // namespace chatd::wire
