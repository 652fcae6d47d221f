// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_packet.hpp"

#include <vector>

#include <gmock/gmock.h>

namespace chatd::wire {
namespace {

TEST(NativePacket, AResetIsReadBack) {
  constexpr ResetToken kToken{std::byte{1}, std::byte{2}};
  std::array<std::byte, 24> bytes{};
  ByteWriter out{bytes};
  write_reset(out, Reset{.connection = 0x00AB'CDEF'0123'4567, .token = kToken});
  ASSERT_EQ(out.size(), 24U);
  const auto reset = read_reset(bytes).value();
  EXPECT_EQ(reset.connection, 0x00AB'CDEF'0123'4567U);
  EXPECT_EQ(reset.token, kToken);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(read_reset(Bytes{bytes}.first(size))) << size;
  }
}

TEST(NativePacket, ASealedHeaderNeedsSpaceForATag) {
  const SealedHeader header{
      .connection = connection_of(5, 0xAABBCCDD), .counter = 6, .time = 7, .echo = 8};
  std::vector<std::byte> bytes(kSealedHeaderBytes);
  ByteWriter out{bytes};
  write_sealed(out, header);
  EXPECT_EQ(out.size(), kSealedHeaderBytes);
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
  for (const std::byte unused : {std::byte{0x88}, std::byte{0xC1}}) {
    EXPECT_FALSE(packet_type(std::array{unused}));
  }
}

}  // namespace
}  // namespace chatd::wire
