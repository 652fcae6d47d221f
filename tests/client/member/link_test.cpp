// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/link.hpp"

#include <set>

#include <gmock/gmock.h>

#include "common/transport/packet_seal.hpp"
#include "tests/support/key.hpp"

namespace chatd::client {
namespace {

using std::chrono::seconds;

class LinkTest : public ::testing::Test {
 protected:
  // A packet of the server.
  std::vector<std::byte> packet(std::uint64_t counter, std::uint32_t time = 0,
                                std::uint32_t echo = 0) {
    const std::array frames{std::byte{5}, std::byte{2}, std::byte{0}, std::byte{0},
                            std::byte{0}};  // PING
    std::vector<std::byte> out(frames.size() + wire::kSealedOverhead);
    transport::seal_packet(
        aead_, transport::key_of_phase(test::key(2), 0, wire::key_phase_of(counter)),
        {.connection = 77, .counter = counter, .time = time, .echo = echo}, frames, out);
    return out;
  }
  wire::SealedHeader sealed(MonoTime now) {
    std::vector<std::byte> datagram;
    link_.seal({}, now, datagram);
    return wire::read_sealed(datagram).value();
  }

  crypto::Aead aead_;
  MonoTime now_{seconds{1000}};
  Link link_{{.to_server = test::key(1), .from_server = test::key(2)}, now_};
};

TEST_F(LinkTest, TheFirstPacketNamesTheConnection) {
  EXPECT_FALSE(link_.is_named());
  EXPECT_TRUE(link_.open(packet(0), now_));
  EXPECT_EQ(link_.connection(), 77U);
}

TEST_F(LinkTest, AReplayedPacketIsRefused) {
  const auto once = packet(5);
  EXPECT_TRUE(link_.open(once, now_));
  EXPECT_FALSE(link_.open(once, now_));
  EXPECT_TRUE(link_.open(packet(4), now_));
}

TEST_F(LinkTest, EveryBitCounts) {
  const auto right = packet(9);
  for (std::size_t bit = 0; bit < right.size() * 8; ++bit) {
    auto wrong = right;
    wrong[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    EXPECT_FALSE(link_.open(wrong, now_)) << bit;
  }
  for (std::size_t size = 0; size < right.size(); ++size) {
    EXPECT_FALSE(link_.open(wire::Bytes{right}.first(size), now_)) << size;
  }
  EXPECT_TRUE(link_.open(right, now_));
}

TEST_F(LinkTest, CountersAreUsedOnceAndAnOldKeyIsReplaced) {
  ASSERT_TRUE(link_.open(packet(0), now_));
  std::set<std::uint64_t> counters;
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(counters.insert(sealed(now_).counter).second);
  now_ += std::chrono::hours{1};
  const std::uint64_t next = sealed(now_).counter;
  EXPECT_EQ(wire::key_phase_of(next), 1U);
  EXPECT_TRUE(counters.insert(next).second);
}

TEST_F(LinkTest, TheServersKeyPhaseIsFollowedAndForgedCountersAreNot) {
  EXPECT_TRUE(link_.open(packet(3ULL << wire::kKeyPhaseBits), now_));
  EXPECT_FALSE(link_.open(packet(9ULL << wire::kKeyPhaseBits), now_));  // too far ahead
  EXPECT_FALSE(link_.open(packet(7), now_));                            // too old
}

TEST_F(LinkTest, TheEchoGivesTheRoundTrip) {
  ASSERT_TRUE(link_.open(packet(0, 5'000), now_));
  // The server's clock, as it must be 300 us later.
  EXPECT_EQ(sealed(now_ + Micros{300}).echo, 5'300U);
  const MonoTime later = now_ + Micros{10'000};
  ASSERT_TRUE(link_.open(packet(1, 9'000, transport::clock_value(now_ + Micros{8'000})), later));
  EXPECT_EQ(link_.rtt().smoothed, 2'000U);
}

}  // namespace
}  // namespace chatd::client
