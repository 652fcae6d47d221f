// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/network_rate.hpp"

#include <gtest/gtest.h>

namespace chatd::web {
namespace {

IpAddress network_at(std::string_view text) { return parse_address(text).value(); }

TEST(NetworkRateTest, OneNetworkDoesNotUseUpTheRateOfAnother) {
  NetworkRate rate{{1, 2}, {100, 100}, 42};
  const MonoTime now{std::chrono::seconds{100}};
  EXPECT_FALSE(rate.refuse(network_at("192.0.2.1"), now));
  EXPECT_FALSE(rate.refuse(network_at("192.0.2.1"), now));
  EXPECT_EQ(rate.refuse(network_at("192.0.2.1"), now), std::chrono::seconds{1});
  EXPECT_FALSE(rate.refuse(network_at("192.0.2.2"), now));
  EXPECT_FALSE(rate.refuse(network_at("192.0.2.1"), now + std::chrono::seconds{1}));
}

TEST(NetworkRateTest, AllNetworksTogetherHaveARate) {
  NetworkRate rate{{1, 2}, {1, 3}, 42};
  const MonoTime now{std::chrono::seconds{100}};
  for (const char* text : {"192.0.2.1", "192.0.2.2", "192.0.2.3"}) {
    EXPECT_FALSE(rate.refuse(network_at(text), now)) << text;
  }
  EXPECT_TRUE(rate.refuse(network_at("192.0.2.4"), now));
}

TEST(NetworkRateTest, ARefusalByTheTotalIsNotChargedToTheNetwork) {
  NetworkRate rate{{0.01, 1}, {1, 1}, 42};
  const MonoTime now{std::chrono::seconds{100}};
  EXPECT_FALSE(rate.refuse(network_at("192.0.2.1"), now));
  EXPECT_TRUE(rate.refuse(network_at("192.0.2.2"), now));
  EXPECT_FALSE(rate.refuse(network_at("192.0.2.2"), now + std::chrono::seconds{1}));
}

TEST(NetworkRateTest, TheAddressesOfASubnetOfIpv6AreOneNetwork) {
  NetworkRate rate{{1, 1}, {100, 100}, 42};
  const MonoTime now{std::chrono::seconds{100}};
  EXPECT_FALSE(rate.refuse(network_at("2001:db8::1"), now));
  EXPECT_TRUE(rate.refuse(network_at("2001:db8::2"), now));
}

}  // namespace
}  // namespace chatd::web
