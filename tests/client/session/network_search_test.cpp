// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/network_search.hpp"

#include <span>

#include <gtest/gtest.h>

#include "common/base/time.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::client {
namespace {

using std::chrono::milliseconds;

Finder finder() {
  return Finder{7, [](const crypto::PublicKey& /*identity*/) { return false; }};
}

TEST(NetworkSearch, SendsTheDatagramThreeTimesToEachTarget) {
  test::UdpClient first;
  test::UdpClient second;
  Finder search = finder();
  EXPECT_TRUE(search_network(search, {first.endpoint(), second.endpoint()}, milliseconds{500}));
  for (test::UdpClient* one : {&first, &second}) {
    for (int i = 0; i < 3; ++i) {
      const auto datagram = one->receive();
      ASSERT_TRUE(datagram) << i;
      ASSERT_EQ(datagram->bytes.size(), wire::kSeekBytes);
      const auto seek = wire::read_seek(std::as_bytes(std::span{datagram->bytes}));
      ASSERT_TRUE(seek) << i;
      EXPECT_EQ(seek->token, 7U);
    }
    EXPECT_FALSE(one->receive(milliseconds{0}));
  }
}

TEST(NetworkSearch, EndsAtOnceIfNoDatagramCanBeSent) {
  Finder search = finder();
  const MonoTime before = mono_now();
  EXPECT_FALSE(search_network(search, {}, std::chrono::hours{1}));
  EXPECT_LT(mono_now() - before, std::chrono::minutes{1});
}

TEST(NetworkSearch, EveryTargetHasThePortAndIsNoLoopbackAddress) {
  for (const Endpoint& one : all_hosts(8888)) {
    EXPECT_EQ(one.port, 8888);
    EXPECT_FALSE(is_loopback(one.address)) << to_text(one);
    EXPECT_FALSE(one.address.is_wildcard());
  }
}

}  // namespace
}  // namespace chatd::client
