// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/event_socket.hpp"

#include <sys/socket.h>

#include <array>

#include <gtest/gtest.h>

namespace chatd::web {
namespace {

class EventSocketTest : public testing::Test {
 protected:
  EventSocketTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
    socket_.emplace(UniqueFd{ends[0]});
    peer_.reset(ends[1]);
  }
  std::string read() {
    std::string all;
    std::array<char, 4096> buffer{};
    for (;;) {
      const auto got = ::recv(peer_.get(), buffer.data(), buffer.size(), 0);
      if (got <= 0) return all;
      all.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }
  std::optional<EventSocket> socket_;
  UniqueFd peer_;
};

TEST_F(EventSocketTest, SendsAtOnce) {
  EXPECT_EQ(socket_->send("data: x\n\n"), EventSocket::State::ready);
  EXPECT_EQ(read(), "data: x\n\n");
  EXPECT_FALSE(socket_->is_over());
}

TEST_F(EventSocketTest, KeepsOnlyTheRestOfOneBatchForAPeerThatDoesNotRead) {
  std::string sent;
  const std::string batch(16'384, 'x');
  while (socket_->state() == EventSocket::State::ready) {
    (void)socket_->send(batch);
    sent += batch;
    ASSERT_LT(sent.size(), 100U << 20U);
  }
  EXPECT_EQ(socket_->state(), EventSocket::State::blocked);
  EXPECT_LE(socket_->kept(), batch.size());
  EXPECT_EQ(socket_->flush(), EventSocket::State::blocked) << "nothing was read yet";
  std::string got = read();
  while (socket_->state() == EventSocket::State::blocked) {
    (void)socket_->flush();
    got += read();
  }
  EXPECT_EQ(got, sent) << "every byte once, in order";
  EXPECT_EQ(socket_->kept(), 0U);
}

TEST_F(EventSocketTest, SeesTheEndOfItsPeer) {
  EXPECT_FALSE(socket_->is_over());
  ASSERT_EQ(::send(peer_.get(), "x", 1, 0), 1);
  EXPECT_FALSE(socket_->is_over()) << "what it says is not looked at";
  peer_.reset();
  EXPECT_TRUE(socket_->is_over());
  EXPECT_EQ(socket_->send("x"), EventSocket::State::broken);
}

}  // namespace
}  // namespace chatd::web
