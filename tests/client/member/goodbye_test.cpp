// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/goodbye.hpp"

#include <array>

#include <gtest/gtest.h>

#include "common/transport/packet_seal.hpp"
#include "tests/support/key.hpp"

namespace chatd::client {
namespace {

using std::chrono::seconds;

constexpr std::uint64_t kConnection = 77;
constexpr wire::ResetToken kToken{std::byte{4}};

class GoodbyeTest : public ::testing::Test {
 protected:
  // A packet of the server in the session that is left.
  std::vector<std::byte> packet(std::uint64_t counter, const wire::Frame& frame) {
    std::array<std::byte, 128> plain{};
    wire::ByteWriter frames{plain};
    wire::write_frame(frames, frame);
    std::vector<std::byte> out(frames.size() + wire::kSealedOverhead);
    transport::seal_packet(aead_, test::key(2),
                           {.connection = kConnection, .counter = counter, .time = 0, .echo = 0},
                           frames.written(), out);
    return out;
  }
  static std::vector<std::byte> reset(std::uint64_t connection, const wire::ResetToken& token) {
    std::array<std::byte, 64> bytes{};
    wire::ByteWriter out{bytes};
    wire::write_reset(out, {.connection = connection, .token = token});
    return {out.written().begin(), out.written().end()};
  }
  Goodbye goodbye() {
    Link link{{.to_server = test::key(1), .from_server = test::key(2)}, now_};
    EXPECT_TRUE(link.open(packet(0, wire::PingFrame{}), now_));
    return {std::move(link), kToken};
  }
  // The BYEs that are sent in this time.
  std::uint32_t byes_in(Goodbye& goodbye, seconds time) {
    std::uint32_t count = 0;
    std::vector<std::byte> datagram;
    for (const MonoTime end = now_ + time; now_ < end; now_ += Micros{10'000}) {
      while (goodbye.next_datagram(datagram, now_)) ++count;
    }
    return count;
  }
  crypto::Aead aead_;
  MonoTime now_{seconds{1000}};
};

TEST_F(GoodbyeTest, ASilentServerGetsALimitedNumberOfThem) {
  Goodbye left = goodbye();
  EXPECT_LE(left.deadline(), now_);
  EXPECT_EQ(byes_in(left, seconds{600}), Goodbye::kMaxByes);
  EXPECT_TRUE(left.is_over());
  EXPECT_EQ(left.deadline(), MonoTime::max());
}

TEST_F(GoodbyeTest, AByeOfTheServerEndsIt) {
  Goodbye left = goodbye();
  EXPECT_EQ(byes_in(left, seconds{1}) > 0, true);
  left.receive(packet(1, wire::PingFrame{}), now_);
  EXPECT_FALSE(left.is_over());
  left.receive(packet(2, wire::ByeFrame{.reason = wire::ByeReason::quit, .text = {}}), now_);
  EXPECT_TRUE(left.is_over());
  EXPECT_EQ(byes_in(left, seconds{600}), 0U);
}

TEST_F(GoodbyeTest, OnlyAResetOfTheSessionEndsIt) {
  Goodbye left = goodbye();
  left.receive(reset(kConnection + 1, kToken), now_);
  left.receive(reset(kConnection, {}), now_);
  left.receive({}, now_);
  EXPECT_FALSE(left.is_over());
  left.receive(reset(kConnection, kToken), now_);
  EXPECT_TRUE(left.is_over());
}

}  // namespace
}  // namespace chatd::client
