// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/origins.hpp"

#include <set>

#include "tests/daemon/chat/native_fixture.hpp"

namespace chatd::chat {
namespace {

class OriginsTest : public NativeFixture {
 protected:
  Origin origin_of(int key, std::string_view from) {
    return origins_.of(sessions().sender(enter("m" + std::to_string(++names_), key, from).slot));
  }
  int names_{0};
  Origins origins_{state_, Persons{crypto::SecretKey{}}};
};

TEST_F(OriginsTest, APersonIsTheSameOneUnderEachNameAndAddress) {
  const Origin first = origin_of(1, "10.0.0.1:5");
  const Origin again = origin_of(1, "10.0.0.2:5");
  EXPECT_EQ(first.person, again.person);
  EXPECT_NE(first.network, again.network);
  EXPECT_NE(origin_of(2, "10.0.0.1:6").person, first.person);
}

TEST_F(OriginsTest, TheAddressesOfAPrefixAreOneNetwork) {
  const Origin first = origin_of(1, "[2001:db8::1]:5");
  EXPECT_EQ(origin_of(2, "[2001:db8::2]:5").network, first.network);
  EXPECT_NE(origin_of(3, "[2001:db8:0:1::1]:5").network, first.network);
}

TEST_F(OriginsTest, ThisMachineIsNoNetworkAndTheAdministratorNoPerson) {
  EXPECT_EQ(origin_of(1, "127.0.0.1:5").network, 0U);
  EXPECT_NE(origin_of(2, "10.0.0.1:5").network, 0U);
  EXPECT_EQ(origins_.of(std::nullopt).person, 0U);
}

TEST_F(OriginsTest, ANumberIsReadByEveryGatewayAtItsPlaceOnly) {
  const Origin origin{.person = 7, .network = 9};
  const auto number = origins_.number(origin, Slot{3}, logs::Offset{64});
  Origins next{state_, Persons{crypto::SecretKey{}}};
  EXPECT_EQ(next.read(number, Slot{3}, logs::Offset{64}).person, 7U);
  EXPECT_EQ(next.read(number, Slot{3}, logs::Offset{64}).network, 9U);
  EXPECT_NE(next.read(number, Slot{3}, logs::Offset{128}).person, 7U);
  EXPECT_NE(next.read(number, Slot{4}, logs::Offset{64}).person, 7U);
}

TEST_F(OriginsTest, TheReceiverDoesNotSeeWhichSendersHaveANetworkInCommon) {
  std::set<std::uint64_t> halves;
  for (std::uint64_t at = 0; at < 50; ++at) {
    const std::uint64_t number =
        origins_.number({.person = 7, .network = 9}, Slot{3}, logs::Offset{at * 64});
    halves.insert({number >> 32U, number & 0xFFFF'FFFFU});
  }
  EXPECT_EQ(halves.size(), 100U);
}

}  // namespace
}  // namespace chatd::chat
