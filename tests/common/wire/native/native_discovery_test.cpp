// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_discovery.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace chatd::wire {
namespace {

std::vector<std::byte> bytes_of(const Here& here) {
  std::vector<std::byte> bytes(kBaseDatagram);
  ByteWriter out{bytes};
  write_here(out, here);
  bytes.resize(out.size());
  return bytes;
}

TEST(NativeDiscovery, ASeekHasItsSizeAndIsReadBack) {
  std::vector<std::byte> bytes(kBaseDatagram);
  ByteWriter out{bytes};
  write_seek(out, {.token = 0x0123'4567'89AB'CDEF});
  ASSERT_TRUE(out.ok());
  ASSERT_EQ(out.size(), 256U);
  EXPECT_EQ(packet_type(bytes), PacketType::seek);
  const auto seek = read_seek(Bytes{bytes}.first(256)).value();
  EXPECT_EQ(seek.version, kNativeVersion);
  EXPECT_EQ(seek.token, 0x0123'4567'89AB'CDEFU);
  EXPECT_TRUE(read_seek(bytes)) << "a longer one is that of a newer client";
}

TEST(NativeDiscovery, ASeekThatIsShorterThanTheLongestHereIsNone) {
  std::vector<std::byte> bytes(kSeekBytes);
  ByteWriter out{bytes};
  write_seek(out, {.token = 1});
  EXPECT_FALSE(read_seek(Bytes{bytes}.first(kSeekBytes - 1)));
}

TEST(NativeDiscovery, AHereIsReadBackAndIsNotLongerThanASeek) {
  const std::string room(kMaxHereRoom, 'r');
  const Here here{.wants_password = true,
                  .wants_invitation = false,
                  .token = 7,
                  .identity = {std::byte{1}, std::byte{2}},
                  .room = room};
  const auto bytes = bytes_of(here);
  EXPECT_LE(bytes.size(), kSeekBytes);
  const auto read = read_here(bytes).value();
  EXPECT_TRUE(read.wants_password);
  EXPECT_FALSE(read.wants_invitation);
  EXPECT_EQ(read.token, 7U);
  EXPECT_EQ(read.identity, here.identity);
  EXPECT_EQ(read.room, room);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(read_here(Bytes{bytes}.first(size))) << size;
  }
}

TEST(NativeDiscovery, AHereWithALongerRoomNameIsNone) {
  const std::string room(kMaxHereRoom + 1, 'r');
  EXPECT_FALSE(read_here(bytes_of({.token = 7, .room = room})));
}

TEST(NativeDiscovery, BytesBehindTheFieldsAreIgnored) {
  auto bytes = bytes_of({.token = 7, .room = "lab"});
  bytes.resize(bytes.size() + 9, std::byte{0xAA});
  EXPECT_EQ(read_here(bytes).value().room, "lab");
}

}  // namespace
}  // namespace chatd::wire
