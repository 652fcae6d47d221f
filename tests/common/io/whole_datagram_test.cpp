// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/io/whole_datagram.hpp"

#include <netinet/in.h>

#include <vector>

#include <gtest/gtest.h>

#include "common/io/udp_socket.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::io {
namespace {

int fragmentation_of(int fd) {
  int value = -1;
  socklen_t size = sizeof value;
  ::getsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &value, &size);
  return value;
}

TEST(WholeDatagram, ArrivesAndLeavesTheSocketAsItWas) {
  const auto socket = open_udp_socket(parse_endpoint("127.0.0.1:0").value()).value();
  const int before = fragmentation_of(socket.get());
  test::UdpClient client;
  const std::vector<std::byte> bytes(8192, std::byte{7});
  EXPECT_TRUE(send_whole(socket.get(), client.endpoint(), {}, bytes));
  std::vector<std::byte> got(10'000);
  EXPECT_EQ(::recv(client.fd(), got.data(), got.size(), 0), 8192);
  EXPECT_EQ(fragmentation_of(socket.get()), before);
}

TEST(WholeDatagram, WhatNoDatagramCanHoldIsRefused) {
  const auto socket = open_udp_socket(parse_endpoint("127.0.0.1:0").value()).value();
  test::UdpClient client;
  const std::vector<std::byte> bytes(65'536);
  EXPECT_FALSE(send_whole(socket.get(), client.endpoint(), {}, bytes));
}

}  // namespace
}  // namespace chatd::io
