// SPDX-License-Identifier: GPL-3.0-or-later
// server_fixture.hpp — a Server in a thread of its own, and raw connections to it.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include <gtest/gtest.h>

#include "common/base/unique_fd.hpp"
#include "common/http/server.hpp"

namespace chatd::http {

// A connection. All waits end after ten seconds.
class RawClient {
 public:
  explicit RawClient(int port) : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  }
  bool send(std::string_view bytes) {
    return ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  // The bytes that arrive until `end` has, or the connection ends.
  std::string read_until(std::string_view end = {}) {
    std::string all;
    while (end.empty() || all.find(end) == std::string::npos) {
      pollfd wait{.fd = fd_.get(), .events = POLLIN, .revents = 0};
      if (::poll(&wait, 1, 10'000) != 1) return all + " (no end)";
      char buffer[4096];
      const auto got = ::recv(fd_.get(), buffer, sizeof buffer, 0);
      if (got <= 0) break;
      all.append(buffer, static_cast<std::size_t>(got));
    }
    return all;
  }
  // The server has ended the connection.
  bool ends_within(std::chrono::milliseconds time) const {
    pollfd wait{.fd = fd_.get(), .events = POLLIN, .revents = 0};
    char byte = 0;
    return ::poll(&wait, 1, static_cast<int>(time.count())) == 1 &&
           ::recv(fd_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
  }
  void close() { fd_.reset(); }

 private:
  UniqueFd fd_;
};

class ServerTest : public testing::Test {
 protected:
  void serve(Limits limits, Server::Handler handler, Rules rules = {}) {
    listener_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where), 0);
    ASSERT_EQ(::listen(listener_.get(), 4096), 0);
    socklen_t length = sizeof where;
    ASSERT_EQ(::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&where), &length), 0);
    port_ = ntohs(where.sin_port);
    thread_ = std::thread{[this, limits, handler = std::move(handler), rules = std::move(rules)] {
      auto loop = io::EventLoop::create();
      auto watch = loop->on_readable(end_.get(), [&] { loop->stop(); });
      auto server = Server::create(*loop, {listener_.get()}, limits, rules, handler);
      if (!server) ADD_FAILURE() << server.error().message();
      (void)loop->run();
    }};
  }
  ~ServerTest() override {
    const std::uint64_t one = 1;
    EXPECT_EQ(::write(end_.get(), &one, sizeof one), ssize_t{sizeof one});
    if (thread_.joinable()) thread_.join();
  }
  RawClient connect() const { return RawClient{port_}; }
  // The response to one request.
  std::string ask(std::string_view request) const {
    RawClient client{port_};
    (void)client.send(request);
    return client.read_until();
  }

 private:
  UniqueFd listener_;
  UniqueFd end_{::eventfd(0, EFD_CLOEXEC)};
  int port_{};
  std::thread thread_;
};

inline std::string status_line_of(std::string_view response) {
  return std::string{response.substr(0, response.find('\r'))};
}

}  // namespace chatd::http
