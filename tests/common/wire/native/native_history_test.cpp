// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_history.hpp"

#include <array>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "common/wire/native/native_command.hpp"

namespace chatd::wire {
namespace {

constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();

template <class T>
std::string text_of(const T& value) {
  std::array<std::byte, 2000> buffer{};
  ByteWriter out{buffer};
  encode(out, value);
  EXPECT_TRUE(out.ok());
  return {reinterpret_cast<const char*>(buffer.data()), out.written().size()};
}

TEST(NativeHistory, AQuestionIsReadAsItWasWritten) {
  for (const unsigned way : {1U, 2U, 3U, 4U}) {
    const std::string text = text_of(HistoryQuestion{
        .serial = 0xFFFF'FFFE, .way = HistoryWay(way), .value = kLargest, .lines = 255});
    EXPECT_EQ(text.size(), 14U);
    const auto read = read_history(text);
    ASSERT_TRUE(read) << way;
    EXPECT_EQ(read->serial, 0xFFFF'FFFE);
    EXPECT_EQ(read->way, HistoryWay(way));
    EXPECT_EQ(read->value, kLargest);
    EXPECT_EQ(read->lines, 255);
  }
}

TEST(NativeHistory, AQuestionOfAnUnknownWayOrSizeIsNone) {
  for (const unsigned way : {0U, 7U, 255U}) {
    EXPECT_FALSE(read_history(text_of(HistoryQuestion{.way = HistoryWay(way)}))) << way;
  }
  const std::string text = text_of(HistoryQuestion{.way = HistoryWay::before});
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(read_history(std::string_view{text}.substr(0, size))) << size;
  }
  EXPECT_FALSE(read_history(text + 'x'));
}

TEST(NativeHistory, OnlyASearchHasAText) {
  std::string text = text_of(HistoryQuestion{.way = HistoryWay::search});
  EXPECT_EQ(read_history(text).value().text, "");
  text += "two words";
  EXPECT_EQ(read_history(text).value().text, "two words");
}

TEST(NativeHistory, ALineIsReadAsItWasWritten) {
  const StoredLine line{.serial = 7,
                        .room = 9,
                        .number = kLargest,
                        .kind = 3,
                        .person = kLargest - 1,
                        .last = 5,
                        .text = "你好, ada"};
  const std::string text = text_of(line);
  EXPECT_EQ(text.size(), kStoredBytes + line.text.size());
  const auto read = read_stored(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->serial, 7U);
  EXPECT_EQ(read->room, 9U);
  EXPECT_EQ(read->number, kLargest);
  EXPECT_EQ(read->kind, 3);
  EXPECT_EQ(read->person, kLargest - 1);
  EXPECT_EQ(read->last, 5U);
  EXPECT_EQ(read->text, line.text);
  for (std::size_t size = 0; size < kStoredBytes; ++size) {
    EXPECT_FALSE(read_stored(std::string_view{text}.substr(0, size))) << size;
  }
}

// A newer server may say more behind it.
TEST(NativeHistory, APageMayBeLonger) {
  const std::string text = text_of(StoredPage{
      .serial = 7, .room = 9, .first = 1, .last = kLargest, .has_older = true, .has_newer = false});
  EXPECT_EQ(text.size(), kPageBytes);
  for (const std::string& longer : {text, text + "more"}) {
    const auto read = read_page(longer);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->serial, 7U);
    EXPECT_EQ(read->room, 9U);
    EXPECT_EQ(read->first, 1U);
    EXPECT_EQ(read->last, kLargest);
    EXPECT_TRUE(read->has_older);
    EXPECT_FALSE(read->has_newer);
  }
  for (std::size_t size = 0; size < kPageBytes; ++size) {
    EXPECT_FALSE(read_page(std::string_view{text}.substr(0, size))) << size;
  }
}

TEST(NativeHistory, APageNamesTheRoomsOfItsLines) {
  const std::string text =
      text_of(StoredPage{.serial = 7, .rooms = "7\tlab\n8\ttea room\n77\t\n9\t配置"});
  const auto read = read_page(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(room_name_in(read->rooms, 7), "lab");
  EXPECT_EQ(room_name_in(read->rooms, 9), "配置");
  EXPECT_EQ(room_name_in(read->rooms, 8), std::nullopt) << "no room has this name";
  EXPECT_EQ(room_name_in(read->rooms, 77), std::nullopt);
  EXPECT_EQ(room_name_in(read->rooms, 1), std::nullopt);
  EXPECT_EQ(room_name_in("7", 7), std::nullopt);
  EXPECT_EQ(room_name_in("\n\t\n7x\tlab\n-7\tlab\n", 7), std::nullopt);
}

TEST(NativeHistory, ASearchInAllRoomsHasAText) {
  const std::string text = text_of(HistoryQuestion{.way = HistoryWay::search_all}) + "tea";
  ASSERT_TRUE(read_history(text));
  EXPECT_EQ(read_history(text)->text, "tea");
  EXPECT_FALSE(read_history(text_of(HistoryQuestion{.way = HistoryWay{7}})));
}

}  // namespace
}  // namespace chatd::wire
