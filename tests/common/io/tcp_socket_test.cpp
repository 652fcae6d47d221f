// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/io/tcp_socket.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <utility>

#include <gtest/gtest.h>

#include "common/io/udp_socket.hpp"

namespace chatd::io {
namespace {

TEST(TcpSocket, ListensAndTakesAConnection) {
  const auto listener = listen_tcp(parse_endpoint("127.0.0.1:0").value());
  ASSERT_TRUE(listener) << listener.error().message();
  EXPECT_NE(::fcntl(listener->get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(::fcntl(listener->get(), F_GETFD) & FD_CLOEXEC, 0);
  const auto where = local_endpoint(listener->get());
  ASSERT_TRUE(where);
  ASSERT_NE(where->port, 0);
  sockaddr_storage address{};
  const socklen_t length = to_sockaddr(*where, address);
  const UniqueFd client{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  ASSERT_EQ(::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), length), 0);
  const UniqueFd taken{::accept4(listener->get(), nullptr, nullptr, SOCK_CLOEXEC)};
  EXPECT_TRUE(taken.is_open());
}

TEST(TcpSocket, AnAddressInUseIsAnErrorThatNamesIt) {
  const auto first = listen_tcp(parse_endpoint("127.0.0.1:0").value());
  ASSERT_TRUE(first);
  const Endpoint where = local_endpoint(first->get()).value();
  const auto second = listen_tcp(where);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), EADDRINUSE);
  EXPECT_NE(second.error().message().find(to_text(where)), std::string::npos);
}

// With a port that it was given: one that the kernel has chosen is lost by shutdown(2).
UniqueFd listen_on_a_free_port() {
  for (;;) {
    auto chosen = listen_tcp(parse_endpoint("127.0.0.1:0").value()).value();
    const Endpoint where = local_endpoint(chosen.get()).value();
    chosen.reset();
    if (auto listener = listen_tcp(where)) return std::move(*listener);
  }
}

TEST(TcpSocket, ASocketThatWasShutDownListensAgainOnItsAddress) {
  const auto listener = listen_on_a_free_port();
  const Endpoint where = local_endpoint(listener.get()).value();
  const auto is_reached = [&] {
    sockaddr_storage address{};
    const socklen_t length = to_sockaddr(where, address);
    const UniqueFd client{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    return ::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), length) == 0;
  };
  ASSERT_TRUE(listen_again(listener.get()));  // it listens: nothing is to be done
  EXPECT_TRUE(is_reached());
  ASSERT_EQ(::shutdown(listener.get(), SHUT_RDWR), 0);
  EXPECT_FALSE(is_reached());
  ASSERT_TRUE(listen_again(listener.get()));
  EXPECT_TRUE(is_reached());
  EXPECT_EQ(local_endpoint(listener.get()).value(), where);
}

}  // namespace
}  // namespace chatd::io
