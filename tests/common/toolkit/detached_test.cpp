// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toolkit/detached.hpp"

#include <unistd.h>

#include <cstring>

#include <gtest/gtest.h>

#include "common/process/pipe.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

using std::chrono::seconds;

class DetachedTest : public test::LeakCheck {};

struct ProcessIds {
  pid_t pid;
  pid_t parent;
  pid_t session;
};

TEST_F(DetachedTest, GrandchildIsAnOrphanAndLeavesNoZombie) {
  auto pipe = make_pipe(PipeKind::one_way);
  ASSERT_TRUE(pipe.has_value());
  auto& [receiver, sender] = *pipe;
  auto pid = start_detached([&sender] {
    const ProcessIds self{.pid = ::getpid(), .parent = ::getppid(), .session = ::getsid(0)};
    return sender.send(std::as_bytes(std::span{&self, 1})) ? 0 : 1;
  });
  ASSERT_TRUE(pid.has_value()) << pid.error().message();
  sender.close();
  auto received = receiver.receive(seconds{30});
  ASSERT_TRUE(received.has_value() && received->has_value());
  ProcessIds self{};
  ASSERT_EQ((*received)->size(), sizeof self);
  std::memcpy(&self, (*received)->data(), sizeof self);
  EXPECT_EQ(self.pid, *pid);
  EXPECT_NE(self.parent, ::getpid()) << "the parent must be init, or the nearest subreaper";
  EXPECT_NE(self.session, ::getsid(0));
  EXPECT_NE(self.session, self.pid) << "a session leader could take a terminal";
  EXPECT_FALSE(test::has_children());
  auto end = receiver.receive(seconds{30});
  ASSERT_TRUE(end.has_value());
  EXPECT_FALSE(end->has_value()) << "it has ended, and with it the last sender";
}

TEST_F(DetachedTest, KeepsOnlyTheNamedDescriptors) {
  auto pipe = make_pipe(PipeKind::one_way);
  ASSERT_TRUE(pipe.has_value());
  auto& [receiver, sender] = *pipe;
  auto pid = start_detached(
      [&sender] {
        const std::size_t count = test::open_descriptors();
        return sender.send(std::as_bytes(std::span{&count, 1})) ? 0 : 1;
      },
      {.name = "lean", .keep_fds = std::vector{sender.fd()}});
  ASSERT_TRUE(pid.has_value());
  sender.close();
  auto received = receiver.receive(seconds{30});
  ASSERT_TRUE(received.has_value() && received->has_value());
  std::size_t count = 0;
  std::memcpy(&count, (*received)->data(), sizeof count);
  EXPECT_EQ(count, 5U) << "0, 1, 2, the pipe's end and the one that counts";
  EXPECT_FALSE(receiver.receive(seconds{30}).value().has_value());
}

}  // namespace
}  // namespace chatd::process
