// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native_packet.hpp"

#include <vector>

#include <gmock/gmock.h>

namespace chatd::wire {
namespace {

template <class Packet>
std::vector<std::byte> written(void (*write)(ByteWriter&, const Packet&) noexcept,
                               const Packet& packet) {
  std::vector<std::byte> bytes(kBaseDatagram);
  ByteWriter out{bytes};
  write(out, packet);
  EXPECT_TRUE(out.ok());
  bytes.resize(out.size());
  return bytes;
}

// Nothing shorter is one, but where it ends in bytes of any number.
template <class Read>
void expect_whole(const std::vector<std::byte>& bytes, std::size_t least, Read read) {
  for (std::size_t size = 0; size < least; ++size) {
    EXPECT_FALSE(read(Bytes{bytes}.first(size))) << size;
  }
  EXPECT_TRUE(read(bytes));
}

Cookie cookie() {
  Cookie cookie;
  for (std::size_t i = 0; i < cookie.size(); ++i) cookie[i] = static_cast<std::byte>(i + 1);
  return cookie;
}

TEST(NativePacket, AResetIsReadBack) {
  const auto reset_bytes =
      written(write_reset, Reset{.connection = 0x00AB'CDEF'0123'4567, .token = cookie()});
  EXPECT_EQ(reset_bytes.size(), 24U);
  const auto reset = read_reset(reset_bytes).value();
  EXPECT_EQ(reset.connection, 0x00AB'CDEF'0123'4567U);
  EXPECT_EQ(reset.token, cookie());
  expect_whole(reset_bytes, 24, read_reset);
}

TEST(NativePacket, ASealedHeaderNeedsSpaceForATag) {
  const SealedHeader header{
      .connection = connection_of(5, 0xAABBCCDD), .counter = 6, .time = 7, .echo = 8};
  auto bytes = written(write_sealed, header);
  EXPECT_EQ(bytes.size(), kSealedHeaderBytes);
  EXPECT_FALSE(read_sealed(bytes));
  bytes.resize(kSealedOverhead);
  const auto read = read_sealed(bytes).value();
  EXPECT_EQ(read.connection, header.connection);
  EXPECT_EQ(slot_of(read.connection), 5U);
  EXPECT_EQ(read.counter, 6U);
  EXPECT_EQ(read.time, 7U);
  EXPECT_EQ(read.echo, 8U);
}

TEST(NativePacket, ATypeThatIsNotKnownIsNone) {
  EXPECT_FALSE(packet_type({}));
  const std::array other{std::byte{0x86}};
  EXPECT_FALSE(packet_type(other));
}

}  // namespace
}  // namespace chatd::wire
