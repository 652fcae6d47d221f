// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_command.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace chatd::wire {
namespace {

std::vector<std::byte> written(CommandKind kind, std::string_view name, std::string_view text) {
  std::vector<std::byte> bytes(kMaxCommandBytes);
  ByteWriter out{bytes};
  EXPECT_TRUE(write_command(out, kind, name, text));
  bytes.resize(out.size());
  return bytes;
}

TEST(NativeCommand, IsReadBackFromTheFrontOfTheStream) {
  auto bytes = written(CommandKind::direct, "小明", "psst");
  const std::size_t size = bytes.size();
  const auto next = written(CommandKind::say, "", "hello");
  bytes.insert(bytes.end(), next.begin(), next.end());
  const auto command = read_command(bytes).value();
  EXPECT_EQ(command.kind, CommandKind::direct);
  EXPECT_EQ(command.name, "小明");
  EXPECT_EQ(command.text, "psst");
  EXPECT_EQ(command.size, size);
  EXPECT_EQ(read_command(Bytes{bytes}.subspan(size)).value().text, "hello");
}

TEST(NativeCommand, ACutCommandIsNotRead) {
  const auto bytes = written(CommandKind::direct, "ada", "hello");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(read_command(Bytes{bytes}.first(size))) << size;
  }
}

TEST(NativeCommand, LengthsThatContradictEachOtherAreRefused) {
  auto bytes = written(CommandKind::say, "", "hello");
  bytes[3] = std::byte{6};  // a name longer than all of it
  EXPECT_FALSE(read_command(bytes));
  bytes = written(CommandKind::say, "", "hello");
  bytes[0] = std::byte{3};  // less than its own header
  EXPECT_FALSE(read_command(bytes));
}

TEST(NativeCommand, ACommandThatIsTooLongIsNotWritten) {
  std::vector<std::byte> room(2000);
  ByteWriter out{room};
  EXPECT_FALSE(write_command(out, CommandKind::say, "", std::string(997, 'x')));
  EXPECT_FALSE(write_command(out, CommandKind::direct, std::string(256, 'x'), ""));
  EXPECT_EQ(out.size(), 0U);
  EXPECT_TRUE(write_command(out, CommandKind::say, "", std::string(996, 'x')));
}

TEST(NativeCommand, ACommandOfALaterKindIsRead) {
  auto bytes = written(CommandKind::say, "", "hello");
  bytes[2] = std::byte{200};
  EXPECT_EQ(static_cast<int>(read_command(bytes).value().kind), 200);
}

TEST(NativeCommand, TheNameOfAMessageIsARoomIdOrEmpty) {
  const auto read = [](std::string_view name) {
    return room_of({.kind = CommandKind::say, .name = name, .text = {}});
  };
  EXPECT_EQ(read(""), kDefaultRoom);
  EXPECT_EQ(read({"\x04\x03\x02\x01", 4}), 0x01020304U);
  EXPECT_EQ(read("lab"), std::nullopt);
  EXPECT_EQ(read("rooms"), std::nullopt);
  const auto address = as_argument(RoomAddress{0x01020304});
  EXPECT_EQ(read({address.data(), address.size()}), 0x01020304U);
}

TEST(NativeCommand, AJoinMayHaveAPosition) {
  const RoomPosition position{.history_id = 7, .offset = 1ULL << 40U};
  const auto text = as_argument(position);
  const auto read = [](std::string_view bytes) {
    return position_of({.kind = CommandKind::join, .name = "lab", .text = bytes});
  };
  EXPECT_EQ(read({text.data(), text.size()}), position);
  EXPECT_EQ(read({text.data(), text.size() - 1}), std::nullopt);
  EXPECT_EQ(read(""), std::nullopt);
}

TEST(NativeCommand, AListHasAPlace) {
  const auto text = as_argument(ListPlace{5});
  EXPECT_EQ(place_of({.kind = CommandKind::rooms, .name = {}, .text = {text.data(), text.size()}}),
            5U);
  EXPECT_EQ(place_of({.kind = CommandKind::rooms, .name = {}, .text = {}}), std::nullopt);
}

}  // namespace
}  // namespace chatd::wire
