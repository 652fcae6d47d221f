// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/room_rates.hpp"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/state_region.hpp"

namespace chatd::chat {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr state::RoomIndex kFirstRow{0};
constexpr state::RoomIndex kSecondRow{1};

class RoomRatesTest : public ::testing::Test {
 protected:
  // How many of `count` messages of the address are admitted.
  unsigned said(unsigned count, const std::string& address, state::RoomIndex room = kFirstRow) {
    const IpAddress sender = test::endpoint(address + ":5").address;
    unsigned admitted = 0;
    for (unsigned i = 0; i < count; ++i) admitted += rates_.refuse(room, sender, now_) ? 0U : 1U;
    return admitted;
  }
  RoomRates rates_{2, true};
  MonoTime now_{test::mono_at(seconds{100})};
};

TEST_F(RoomRatesTest, ANetworkHasHalfOfTheRateOfTheRoom) {
  EXPECT_EQ(said(1000, "10.0.0.1"), RoomRates::kOfARoom / 2);
  now_ += seconds{1};
  EXPECT_EQ(said(1000, "10.0.0.1"), RoomRates::kOfARoomPerSecond / 2);
  EXPECT_EQ(said(1000, "10.0.0.1", kSecondRow), RoomRates::kOfARoom / 2) << "in another room";
}

TEST_F(RoomRatesTest, OneNetworkThatSendsAllTheTimeDoesNotSilenceAnother) {
  for (int i = 0; i < 100; ++i) {
    (void)said(1000, "10.0.0.1");
    EXPECT_EQ(said(10, "10.0.0.2"), 10U) << i;
    now_ += milliseconds{500};
  }
}

TEST_F(RoomRatesTest, TheAddressesOfAnIpv6NetworkShareARate) {
  EXPECT_EQ(said(60, "[2001:db8::1]"), 60U);
  EXPECT_EQ(said(60, "[2001:db8::2]"), 40U);
  EXPECT_EQ(said(60, "[2001:db8:0:1::1]"), 60U);
}

TEST_F(RoomRatesTest, TheServersMachineIsNoNetwork) {
  EXPECT_EQ(said(1000, "127.0.0.1"), RoomRates::kOfARoom);
  EXPECT_EQ(said(1000, "[::1]"), 0U);
}

TEST_F(RoomRatesTest, AMessageThatTheRoomRefusesCostsItsNetworkNothing) {
  EXPECT_EQ(said(1000, "127.0.0.1"), RoomRates::kOfARoom);
  EXPECT_EQ(said(1000, "10.0.0.1"), 0U);
  now_ += seconds{4};
  EXPECT_EQ(said(1000, "10.0.0.1"), RoomRates::kOfANetwork);
}

TEST_F(RoomRatesTest, AMessageThatItsNetworkRefusesCostsTheRoomNothing) {
  EXPECT_EQ(said(1000, "10.0.0.1"), RoomRates::kOfANetwork);
  EXPECT_EQ(said(1000, "127.0.0.1"), RoomRates::kOfARoom - RoomRates::kOfANetwork);
}

TEST_F(RoomRatesTest, ANetworkThatUsedUpItsRateIsKnownWhileManyOthersWriteALittle) {
  (void)said(1000, "10.0.0.1");
  for (int i = 1; i <= 50; ++i) EXPECT_EQ(said(1, "10.0.1." + std::to_string(i)), 1U);
  EXPECT_EQ(said(1000, "10.0.0.1"), 0U);
}

TEST_F(RoomRatesTest, OwnersAndModeratorsHaveASmallRateOfTheirOwn) {
  unsigned admitted = 0;
  while (!rates_.refuse_role(kFirstRow, now_)) ++admitted;
  EXPECT_EQ(admitted, RoomRates::kOfRoles);
  EXPECT_FALSE(rates_.refuse_role(kSecondRow, now_));
  now_ += seconds{1};
  EXPECT_FALSE(rates_.refuse_role(kFirstRow, now_));
  EXPECT_FALSE(rates_.refuse_role(kFirstRow, now_));
  EXPECT_TRUE(rates_.refuse_role(kFirstRow, now_));
  EXPECT_EQ(said(1000, "127.0.0.1"), RoomRates::kOfARoom);
}

TEST_F(RoomRatesTest, WithoutALimitOfMembersThereIsNone) {
  rates_ = RoomRates{2, false};
  EXPECT_EQ(said(1000, "10.0.0.1"), 1000U);
}

}  // namespace
}  // namespace chatd::chat
