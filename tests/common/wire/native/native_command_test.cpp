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
  auto bytes = written(CommandKind::letter, "小明", "psst");
  const std::size_t size = bytes.size();
  const auto next = written(CommandKind::say, "", "hello");
  bytes.insert(bytes.end(), next.begin(), next.end());
  const auto command = read_command(bytes).value();
  EXPECT_EQ(command.kind, CommandKind::letter);
  EXPECT_EQ(command.name, "小明");
  EXPECT_EQ(command.text, "psst");
  EXPECT_EQ(command.size, size);
  EXPECT_EQ(read_command(Bytes{bytes}.subspan(size)).value().text, "hello");
}

TEST(NativeCommand, ACutCommandIsNotRead) {
  const auto bytes = written(CommandKind::letter, "ada", "hello");
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
  EXPECT_FALSE(write_command(out, CommandKind::letter, std::string(256, 'x'), ""));
  EXPECT_EQ(out.size(), 0U);
  EXPECT_TRUE(write_command(out, CommandKind::say, "", std::string(996, 'x')));
}

TEST(NativeCommand, ACommandOfALaterKindIsRead) {
  auto bytes = written(CommandKind::say, "", "hello");
  bytes[2] = std::byte{200};
  EXPECT_EQ(static_cast<int>(read_command(bytes).value().kind), 200);
}

}  // namespace
}  // namespace chatd::wire
