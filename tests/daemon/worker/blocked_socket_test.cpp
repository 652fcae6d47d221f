// SPDX-License-Identifier: GPL-3.0-or-later
// FanOut when the kernel takes only a part of the datagrams, or none: loopback never does that, so
// this program defines its own sendmmsg().
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include <gmock/gmock.h>

#include "tests/daemon/worker/fan_out_fixture.hpp"

namespace {

// The number of datagrams that are taken before the socket is full; nullopt: any number.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::optional<unsigned> room_in_socket;

}  // namespace

extern "C" int sendmmsg(int fd, mmsghdr* messages, unsigned count, int flags) {
  if (room_in_socket) {
    if (*room_in_socket == 0) {
      errno = EAGAIN;
      return -1;
    }
    count = std::min(count, *room_in_socket);
    *room_in_socket -= count;
  }
  return static_cast<int>(::syscall(SYS_sendmmsg, fd, messages, count, flags));
}

namespace chatd::worker {
namespace {

using ::testing::IsEmpty;

class BlockedSocketTest : public FanOutFixture {
 protected:
  void TearDown() override { room_in_socket.reset(); }
  state::WorkerCounters& counters() { return state_.worker_counters(0); }

  test::UdpClient ada_;
  test::UdpClient bob_;
  test::UdpClient eve_;
};

TEST_F(BlockedSocketTest, MembersOfAFullSocketMissNothing) {
  FanOut worker = this->worker();
  enter(0, "ada", ada_);
  enter(1, "bob", bob_);
  run(worker);
  (void)ada_.drain();
  const std::uint64_t delivered = counters().lines_delivered.load();
  room_in_socket = 0;
  say(1, "x");
  run(worker);  // ends, although ada is not up to date
  EXPECT_TRUE(worker.is_blocked(0));
  EXPECT_FALSE(worker.is_blocked(1));
  EXPECT_EQ(counters().send_blocked.load(), 1U);
  say(1, "y");
  run(worker);
  EXPECT_EQ(counters().send_blocked.load(), 1U) << "asked again before it was writable";
  EXPECT_EQ(counters().lines_delivered.load(), delivered) << "counted what was not sent";
  room_in_socket.reset();
  worker.unblock(0);
  run(worker);
  EXPECT_EQ(ada_.drain_lines(), (std::vector<std::string>{"bob : x", "bob : y"}));
  EXPECT_EQ(counters().lines_delivered.load(), delivered + 2);
}

TEST_F(BlockedSocketTest, AWritableSocketIsUsedDuringCoalescing) {
  FanOut worker = this->worker();
  fill();
  enter(0, "ada", ada_);
  enter(1, "bob", bob_);
  run(worker);
  (void)ada_.drain();
  room_in_socket = 0;
  say(1, "x");
  run(worker);
  enter(2, "eve", eve_);
  run(worker);
  room_in_socket.reset();
  worker.unblock(0);
  run(worker);
  EXPECT_EQ(ada_.drain_lines(), (std::vector<std::string>{"bob : x", "eve joined the chat"}));
}

TEST_F(BlockedSocketTest, DatagramsTheKernelTookAreNotSentAgain) {
  FanOut worker = this->worker();
  enter(0, "ada", ada_);
  enter(1, "bob", bob_);
  run(worker);
  (void)ada_.drain();
  std::vector<std::string> said;
  for (int i = 0; i < 20; ++i) {
    said.push_back(std::to_string(i) + std::string(880, 'x'));
    say(1, said.back());
  }
  std::vector<std::string> got;
  for (unsigned room = 0; got.size() < said.size(); room = (room + 1) % 7) {
    room_in_socket = room;
    worker.unblock(0);
    run(worker);
    for (const auto& line : ada_.drain_lines()) got.push_back(line);
    ASSERT_LE(got.size(), said.size());
  }
  for (std::size_t i = 0; i < said.size(); ++i) EXPECT_EQ(got[i], "bob : " + said[i]);
}

TEST_F(BlockedSocketTest, AFullSocketDoesNotDelayAnotherOne) {
  FanOut worker = this->worker();
  enter(0, "ada", ada_, false, 0);
  enter(1, "bob", bob_, false, 1);
  enter(2, "eve", eve_, false, 0);
  run(worker);
  for (auto* client : {&ada_, &bob_, &eve_}) (void)client->drain();
  room_in_socket = 0;
  say(2, "first");
  run(worker);
  EXPECT_TRUE(worker.is_blocked(0));
  room_in_socket.reset();
  worker.unblock(1);
  run(worker);
  EXPECT_EQ(bob_.drain_lines(), std::vector<std::string>{"eve : first"});
  EXPECT_THAT(ada_.drain(), IsEmpty());
  worker.unblock(0);
  run(worker);
  EXPECT_EQ(ada_.drain_lines(), std::vector<std::string>{"eve : first"});
}

TEST_F(BlockedSocketTest, ASuccessorSendsWhatTheDeadWorkerCouldNot) {
  enter(0, "ada", ada_);
  enter(1, "bob", bob_);
  say(1, "x");
  {
    FanOut first = worker();
    room_in_socket = 0;
    run(first);
  }
  room_in_socket.reset();
  FanOut second = worker();
  run(second);
  EXPECT_EQ(ada_.drain_lines(), (std::vector<std::string>{"bob joined the chat", "bob : x"}));
}

}  // namespace
}  // namespace chatd::worker
