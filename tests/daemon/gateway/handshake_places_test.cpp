// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/handshake_places.hpp"

#include <set>

#include <gmock/gmock.h>

#include "tests/support/state_region.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;

class HandshakePlacesTest : public ::testing::Test {
 protected:
  std::optional<std::size_t> try_to_take(std::string_view address) {
    return places_.take(parse_address(address).value(), now_);
  }
  std::size_t take(std::string_view address) { return try_to_take(address).value(); }

  MonoTime now_{seconds{100}};
  HandshakePlaces places_{16};
};

TEST_F(HandshakePlacesTest, EachHandshakeHasItsOwnPlace) {
  std::set<std::size_t> taken;
  for (int i = 0; i < 16; ++i) taken.insert(take("192.0.2." + std::to_string(i)));
  EXPECT_EQ(taken.size(), 16U);
}

TEST_F(HandshakePlacesTest, ANetworkOverItsShareWaitsWhileItsOldestIsYoung) {
  std::vector<std::size_t> first;
  for (int i = 0; i < 4; ++i) first.push_back(take("192.0.2.1"));
  EXPECT_FALSE(try_to_take("192.0.2.1"));
  EXPECT_TRUE(try_to_take("192.0.2.2"));
  for (int round = 0; round < 3; ++round) {
    now_ += seconds{2};
    for (int i = 0; i < 4; ++i) EXPECT_EQ(take("192.0.2.1"), first[static_cast<std::size_t>(i)]);
    EXPECT_FALSE(try_to_take("192.0.2.1"));
  }
}

TEST_F(HandshakePlacesTest, AFinishedHandshakeFreesItsPlaceAtOnce) {
  for (int i = 0; i < 100; ++i) places_.done(take("192.0.2.1"));
}

TEST_F(HandshakePlacesTest, AFloodOfOneNetworkTakesNoPlaceOfOthers) {
  const std::size_t patient = take("198.51.100.1");
  for (int i = 0; i < 100; ++i) {
    EXPECT_NE(try_to_take("192.0.2.1"), patient);
    EXPECT_NE(try_to_take("2001:db8::" + std::to_string(i)), patient);
    now_ += std::chrono::milliseconds{90};
  }
}

TEST_F(HandshakePlacesTest, FinishedAndOldHandshakesLoseTheirPlacesFirst) {
  const std::size_t patient = take("198.51.100.1");
  for (int i = 0; i < 200; ++i) {
    const std::size_t place = take("192.0.2.1");
    EXPECT_NE(place, patient);
    places_.done(place);
  }
  now_ += seconds{60};
  std::set<std::size_t> taken;
  for (int i = 0; i < 4; ++i) taken.insert(take("192.0.2.1"));
  EXPECT_EQ(taken.size(), 4U);
}

}  // namespace
}  // namespace chatd::gateway
