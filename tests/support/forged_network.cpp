// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/forged_network.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include <sched.h>

#include "tests/support/program.hpp"

namespace chatd::test {

namespace {

constexpr std::array<std::uint8_t, ETH_ALEN> kServerMac{2, 0, 0, 0, 0, 1};
constexpr const char* kNear = "chatd0";  // this machine's end of the link
constexpr const char* kFar = "chatd1";
// 10.0.0.0/8 is behind a router: as neighbours on the link, the forged addresses would overflow the
// kernel's neighbour table.
constexpr const char* kMakeLink =
    "ip link set lo up && "
    "ip link add chatd0 address 02:00:00:00:00:01 type veth peer name chatd1 && "
    "ip link set chatd0 arp off && "
    "ip address add 10.0.0.1/30 dev chatd0 && "
    "ip address add 192.168.7.1/32 dev lo && "
    "ip address add 192.168.7.2/32 dev lo && "
    "ip link set chatd1 up && ip link set chatd0 up && "
    "ip route add 10.0.0.0/8 via 10.0.0.2";

Result<UniqueFd> open_link(int index) {
  UniqueFd link{::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)};
  if (!link.is_open()) return fail(Error::from_errno("packet socket"));
  sockaddr_ll where{};
  where.sll_family = AF_PACKET;
  where.sll_ifindex = index;
  if (::bind(link.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) < 0) {
    return fail(Error::from_errno("bind the packet socket"));
  }
  return link;
}

std::uint32_t v4_of(const IpAddress& address) {
  std::uint32_t value = 0;
  std::memcpy(&value, &address.bytes[12], sizeof value);
  return value;
}

std::uint16_t checksum_of(const iphdr& header) {  // RFC 1071
  std::array<std::uint16_t, sizeof header / 2> words{};
  std::memcpy(words.data(), &header, sizeof header);
  std::uint32_t sum = 0;
  for (const std::uint16_t word : words) sum += word;
  while (sum > 0xFFFFU) sum = (sum & 0xFFFFU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

}  // namespace

Result<std::unique_ptr<ForgedNetwork>> ForgedNetwork::create() {
  std::unique_ptr<ForgedNetwork> made{new ForgedNetwork};
  made->home_ = UniqueFd{::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)};
  if (!made->home_.is_open()) return fail(Error::from_errno("/proc/self/ns/net"));
  if (::unshare(CLONE_NEWNET) < 0) return fail(Error::from_errno("a network namespace"));
  const auto linked = run_program({"/bin/sh", "-c", kMakeLink});
  if (linked.status != 0) return fail("a link in a network namespace: " + linked.err);
  auto link = open_link(static_cast<int>(::if_nametoindex(kFar)));
  if (!link) return fail(link.error());
  made->link_ = std::move(*link);
  return made;
}

ForgedNetwork::~ForgedNetwork() { (void)::setns(home_.get(), CLONE_NEWNET); }

void ForgedNetwork::forge(const Endpoint& from, const Endpoint& to, std::string_view text) {
  if (used_ == frames_.size()) frames_.emplace_back();
  auto& frame = frames_[used_++];
  ether_header ethernet{};
  std::memcpy(ethernet.ether_dhost, kServerMac.data(), kServerMac.size());
  std::memcpy(ethernet.ether_shost, kServerMac.data(), kServerMac.size());
  ethernet.ether_shost[5] = 2;
  ethernet.ether_type = htons(ETHERTYPE_IP);
  iphdr ip{};
  ip.version = 4;
  ip.ihl = sizeof ip / 4;
  ip.ttl = 64;
  ip.protocol = IPPROTO_UDP;
  ip.tot_len = htons(static_cast<std::uint16_t>(sizeof ip + sizeof(udphdr) + text.size()));
  ip.saddr = v4_of(from.address);
  ip.daddr = v4_of(to.address);
  ip.check = checksum_of(ip);
  udphdr udp{};  // without a checksum
  udp.source = htons(from.port);
  udp.dest = htons(to.port);
  udp.len = htons(static_cast<std::uint16_t>(sizeof udp + text.size()));
  frame.resize(sizeof ethernet + sizeof ip + sizeof udp + text.size());
  std::byte* at = frame.data();
  const auto put = [&](const void* part, std::size_t size) {
    std::memcpy(at, part, size);
    at += size;
  };
  put(&ethernet, sizeof ethernet);
  put(&ip, sizeof ip);
  put(&udp, sizeof udp);
  put(text.data(), text.size());
}

std::size_t ForgedNetwork::send() {
  std::vector<iovec> pieces(used_);
  std::vector<mmsghdr> messages(used_);
  for (std::size_t i = 0; i < used_; ++i) {
    pieces[i] = {.iov_base = frames_[i].data(), .iov_len = frames_[i].size()};
    messages[i].msg_hdr.msg_iov = &pieces[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  used_ = 0;
  const int sent =
      ::sendmmsg(link_.get(), messages.data(), static_cast<unsigned>(messages.size()), 0);
  return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

std::uint64_t ForgedNetwork::bytes_out() {
  std::ifstream file{"/proc/self/net/dev"};
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields{line};
    std::string name;
    fields >> name;
    if (name != std::string{kNear} + ":") continue;
    std::uint64_t figure = 0;  // 8 figures of received packets, then the bytes sent
    for (int i = 0; i < 9; ++i) fields >> figure;
    return figure;
  }
  return 0;
}

}  // namespace chatd::test
