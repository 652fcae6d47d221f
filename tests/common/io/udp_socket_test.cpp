// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/io/udp_socket.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <vector>

#include <gmock/gmock.h>

#include "tests/support/state_region.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::io {
namespace {

using test::endpoint;
using test::UdpClient;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

int option(int fd, int level, int name) {
  int value = -1;
  socklen_t length = sizeof value;
  EXPECT_EQ(::getsockopt(fd, level, name, &value, &length), 0);
  return value;
}

std::vector<Endpoint> unreachable(int fd) {
  std::vector<Endpoint> all;
  drain_unreachable(fd, [&](const Endpoint& peer) { all.push_back(peer); });
  return all;
}

// Waits until an error report has arrived, at most 10 s.
void wait_for_error(int fd) {
  pollfd waiting{.fd = fd, .events = 0, .revents = 0};
  EXPECT_EQ(::poll(&waiting, 1, 10'000), 1) << "no error report";
}

void send_to(int fd, const Endpoint& to) {
  sockaddr_storage name{};
  const socklen_t length = to_sockaddr(to, name);
  // A send after an error report returns the report instead.
  for (int tries = 0; tries < 2; ++tries) {
    if (::sendto(fd, "x", 1, 0, reinterpret_cast<const sockaddr*>(&name), length) == 1) return;
  }
  ADD_FAILURE() << "cannot send to " << to_text(to);
}

TEST(UdpSocket, IsBoundNonBlockingAndNotInherited) {
  for (const std::string_view where : {"127.0.0.1:0", "[::1]:0"}) {
    const UniqueFd fd = open_udp_socket(endpoint(where)).value();
    const Endpoint local = local_endpoint(fd.get()).value();
    EXPECT_EQ(local.address, endpoint(where).address);
    EXPECT_NE(local.port, 0);
    EXPECT_NE(::fcntl(fd.get(), F_GETFL) & O_NONBLOCK, 0);
    EXPECT_EQ(::fcntl(fd.get(), F_GETFD), FD_CLOEXEC);
    EXPECT_GT(option(fd.get(), SOL_SOCKET, SO_RCVBUF), 212'992);
  }
}

TEST(UdpSocket, DatagramsAreNotFragmented) {
  const UniqueFd v4 = open_udp_socket(endpoint("127.0.0.1:0")).value();
  EXPECT_EQ(option(v4.get(), IPPROTO_IP, IP_MTU_DISCOVER), IP_PMTUDISC_PROBE);
  const UniqueFd v6 = open_udp_socket(endpoint("[::1]:0")).value();
  EXPECT_EQ(option(v6.get(), IPPROTO_IPV6, IPV6_MTU_DISCOVER), IPV6_PMTUDISC_PROBE);
}

TEST(UdpSocket, ReportsWhetherSendErrorsAreKept) {
  for (const char* where : {"127.0.0.1:0", "[::1]:0"}) {
    const UniqueFd socket = open_udp_socket(test::endpoint(where)).value();
    EXPECT_TRUE(keeps_send_errors(socket.get()));
    ASSERT_TRUE(prepare_udp_socket(socket.get(), SendErrors::passed_over));
    EXPECT_FALSE(keeps_send_errors(socket.get()));
  }
  EXPECT_FALSE(keeps_send_errors(-1));
}

TEST(UdpSocket, BothFamiliesCanHaveTheSamePort) {
  const UniqueFd v6 = open_udp_socket(endpoint("[::]:0")).value();
  EXPECT_EQ(option(v6.get(), IPPROTO_IPV6, IPV6_V6ONLY), 1);
  const std::uint16_t port = local_endpoint(v6.get()).value().port;
  const auto v4 = open_udp_socket({.address = endpoint("127.0.0.1:0").address, .port = port});
  // Another program can have the port; our own socket must not.
  if (!v4) {
    EXPECT_EQ(v4.error().code(), EADDRINUSE);
  }
}

TEST(UdpSocket, ATakenPortIsNamedInTheError) {
  const UniqueFd first = open_udp_socket(endpoint("127.0.0.1:0")).value();
  const Endpoint where = local_endpoint(first.get()).value();
  const auto second = open_udp_socket(where);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code(), EADDRINUSE);
  EXPECT_THAT(second.error().message(), HasSubstr("listen on " + to_text(where)));
}

TEST(UdpSocket, AnAddressThatIsNotOursIsRefused) {
  const auto made = open_udp_socket(endpoint("192.0.2.1:0"));
  ASSERT_FALSE(made.has_value());
  EXPECT_THAT(made.error().message(), HasSubstr("192.0.2.1"));
}

TEST(UdpSocket, AnInvalidDescriptorIsRefused) {
  EXPECT_FALSE(prepare_udp_socket(-1).has_value());
  EXPECT_FALSE(local_endpoint(-1).has_value());
}

TEST(UdpSocket, AClosedPortIsReportedWithItsEndpoint) {
  for (const std::string_view where : {"127.0.0.1:0", "[::1]:0"}) {
    const UniqueFd server = open_udp_socket(endpoint(where)).value();
    UdpClient alive{to_text(endpoint(where).address)};
    UdpClient gone{to_text(endpoint(where).address)};
    EXPECT_THAT(unreachable(server.get()), IsEmpty());
    gone.close();
    send_to(server.get(), gone.endpoint());
    wait_for_error(server.get());
    send_to(server.get(), alive.endpoint());
    EXPECT_THAT(unreachable(server.get()), ElementsAre(gone.endpoint()));
    EXPECT_THAT(unreachable(server.get()), IsEmpty());
  }
}

// Sends "port unreachable" for a datagram from `server` to `peer`, with the source `from`. False:
// this program may not send it.
bool forge_port_unreachable(const Endpoint& server, const Endpoint& peer, const char* from) {
  const UniqueFd raw{::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP)};
  if (!raw.is_open()) return false;
  const auto v4_of = [](const Endpoint& endpoint) {
    sockaddr_storage storage{};
    to_sockaddr(endpoint, storage);
    sockaddr_in v4{};
    std::memcpy(&v4, &storage, sizeof v4);
    return v4;
  };
  const sockaddr_in source = v4_of({.address = parse_address(from).value(), .port = 0});
  EXPECT_EQ(::bind(raw.get(), reinterpret_cast<const sockaddr*>(&source), sizeof source), 0);
  struct {
    icmphdr icmp{};
    iphdr ip{};
    udphdr udp{};
  } packet;
  packet.icmp.type = ICMP_DEST_UNREACH;
  packet.icmp.code = ICMP_PORT_UNREACH;
  packet.ip.version = 4;
  packet.ip.ihl = sizeof packet.ip / 4;
  packet.ip.protocol = IPPROTO_UDP;
  packet.ip.tot_len = htons(sizeof packet.ip + sizeof packet.udp);
  packet.ip.saddr = v4_of(server).sin_addr.s_addr;
  packet.ip.daddr = v4_of(peer).sin_addr.s_addr;
  packet.udp.source = htons(server.port);
  packet.udp.dest = htons(peer.port);
  packet.udp.len = htons(sizeof packet.udp);
  std::uint32_t sum = 0;  // RFC 1071
  std::array<std::uint16_t, sizeof packet / 2> words{};
  std::memcpy(words.data(), &packet, sizeof packet);
  for (const std::uint16_t word : words) sum += word;
  while (sum > 0xFFFFU) sum = (sum & 0xFFFFU) + (sum >> 16U);
  packet.icmp.checksum = static_cast<std::uint16_t>(~sum);
  const sockaddr_in to = v4_of(server);
  EXPECT_EQ(::sendto(raw.get(), &packet, sizeof packet, 0, reinterpret_cast<const sockaddr*>(&to),
                     sizeof to),
            static_cast<ssize_t>(sizeof packet));
  return true;
}

TEST(UdpSocket, APortUnreachableOfAnotherAddressIsIgnored) {
  const UniqueFd server = open_udp_socket(endpoint("127.0.0.1:0")).value();
  const Endpoint here = local_endpoint(server.get()).value();
  const UdpClient alive{"127.0.0.2"};
  if (!forge_port_unreachable(here, alive.endpoint(), "127.66.6.6")) {
    GTEST_SKIP() << "only root may send ICMP messages of its own";
  }
  wait_for_error(server.get());
  EXPECT_THAT(unreachable(server.get()), IsEmpty());
  ASSERT_TRUE(forge_port_unreachable(here, alive.endpoint(), "127.0.0.2"));
  wait_for_error(server.get());
  EXPECT_THAT(unreachable(server.get()), ElementsAre(alive.endpoint()));
}

TEST(UdpSocket, AnAddressIsOwnIfThisMachineHasIt) {
  EXPECT_TRUE(is_own_address(endpoint("127.0.0.9:0").address));
  EXPECT_TRUE(is_own_address(endpoint("[::1]:0").address));
  EXPECT_FALSE(is_own_address(endpoint("192.0.2.1:0").address));
  EXPECT_FALSE(is_own_address(endpoint("[2001:db8::1]:0").address));
}

TEST(UdpSocket, ReportsAreKeptAcrossLaterSends) {
  const UniqueFd server = open_udp_socket(endpoint("0.0.0.0:0")).value();
  std::vector<UdpClient> gone(5);
  for (auto& client : gone) {
    client.close();
    send_to(server.get(), client.endpoint());
    wait_for_error(server.get());
  }
  const auto reported = unreachable(server.get());
  ASSERT_EQ(reported.size(), gone.size());
  for (std::size_t i = 0; i < gone.size(); ++i) EXPECT_EQ(reported[i], gone[i].endpoint());
}

}  // namespace
}  // namespace chatd::io
