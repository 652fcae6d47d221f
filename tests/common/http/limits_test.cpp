// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/http/limits.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace chatd::http {
namespace {

using namespace std::chrono_literals;

constexpr MonoTime kStart{1h};
IpAddress peer(std::string_view text) { return parse_address(text).value(); }

TEST(ConnectionsTest, ANetworkHasALimitedNumber) {
  Connections connections{{.connections = 10, .per_network = 2}};
  ASSERT_TRUE(connections.add(peer("2001:db8::1"), true, kStart));
  const auto second = connections.add(peer("2001:db8::2"), true, kStart);
  ASSERT_TRUE(second);
  EXPECT_FALSE(connections.add(peer("2001:db8::3"), true, kStart)) << "the same /64";
  EXPECT_TRUE(connections.add(peer("192.0.2.1"), true, kStart));
  EXPECT_TRUE(connections.add(peer("2001:db8::4"), false, kStart)) << "of a proxy";
  connections.remove(*second);
  EXPECT_TRUE(connections.add(peer("2001:db8::3"), true, kStart));
}

// A network that reads its responses slowly holds its own share of the connections, not all.
TEST(ConnectionsTest, AConnectionIsCountedUntilItsResponseIsSent) {
  Connections connections{{.connections = 10, .per_network = 2}};
  for (int i = 0; i < 2; ++i) {
    const auto one = connections.add(peer("192.0.2.1"), true, kStart);
    ASSERT_TRUE(one);
    connections.answer(*one, kStart);
  }
  EXPECT_FALSE(connections.add(peer("192.0.2.1"), true, kStart + 29s));
  EXPECT_TRUE(connections.add(peer("192.0.2.2"), true, kStart + 29s));
}

TEST(ConnectionsTest, ARequestThroughAProxyIsCountedForTheNetworkOfItsClient) {
  Connections connections{{.connections = 10, .per_network = 2}};
  std::vector<Connections::Id> ids;
  for (int i = 0; i < 4; ++i) {
    ids.push_back(connections.add(peer("127.0.0.1"), false, kStart).value());
  }
  EXPECT_TRUE(connections.count_for(ids[0], peer("192.0.2.1")));
  EXPECT_TRUE(connections.count_for(ids[1], peer("192.0.2.1")));
  EXPECT_FALSE(connections.count_for(ids[2], peer("192.0.2.1")));
  EXPECT_TRUE(connections.count_for(ids[3], peer("192.0.2.2")));
  connections.remove(ids[0]);
  EXPECT_TRUE(connections.count_for(ids[2], peer("192.0.2.1")));
}

TEST(ConnectionsTest, ARequestIsLateAfterItsTimeAndAResponseAfterAnother) {
  Connections connections{{.request = 5s, .response = 30s}};
  const auto slow = connections.add(peer("192.0.2.1"), true, kStart);
  const auto answered = connections.add(peer("192.0.2.1"), true, kStart);
  connections.answer(*answered, kStart + 4s);
  EXPECT_TRUE(connections.late(kStart + 4999ms).empty());
  EXPECT_EQ(connections.late(kStart + 5s), std::vector{*slow});
  connections.remove(*slow);
  EXPECT_TRUE(connections.late(kStart + 33s).empty());
  EXPECT_EQ(connections.late(kStart + 34s), std::vector{*answered});
}

TEST(ConnectionsTest, ASlowSenderHasLessTimeWhileAllAreInUse) {
  Connections connections{{.connections = 1, .request = 5s, .request_if_full = 1s}};
  const auto slow = connections.add(peer("192.0.2.1"), true, kStart);
  EXPECT_TRUE(connections.is_full());
  EXPECT_TRUE(connections.late(kStart + 999ms).empty());
  EXPECT_EQ(connections.late(kStart + 1s), std::vector{*slow});
}

}  // namespace
}  // namespace chatd::http
