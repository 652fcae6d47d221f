// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/network_search.hpp"

#include <array>
#include <span>
#include <thread>

#include <gmock/gmock.h>

#include "common/base/time.hpp"
#include "tests/support/key.hpp"
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

TEST(NetworkSearch, FindsTheServerThatAnswersWithItsAddressAndItsRoom) {
  test::UdpClient server;
  Finder search = finder();
  std::jthread answers{[&server] {
    const auto asked = server.receive();
    std::array<std::byte, wire::kSeekBytes> bytes{};
    wire::ByteWriter out{bytes};
    wire::write_here(
        out, {.wants_password = true, .token = 7, .identity = test::key(1), .room = "room 204"});
    const auto written = out.written();
    if (asked) {
      server.send(asked->from, {reinterpret_cast<const char*>(written.data()), written.size()});
    }
  }};
  EXPECT_TRUE(search_network(search, {server.endpoint()}, milliseconds{1000}));
  answers.join();
  ASSERT_EQ(search.servers().size(), 1U);
  const FoundServer& found = search.servers().front();
  EXPECT_EQ(found.identity, test::key(1));
  EXPECT_THAT(found.addresses, ::testing::ElementsAre(server.endpoint()));
  EXPECT_EQ(found.room, "room 204");
  EXPECT_TRUE(found.wants_password);
  EXPECT_FALSE(found.wants_invitation);
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
