// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/io/event_loop.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "common/base/unique_fd.hpp"

namespace chatd::io {
namespace {

using std::chrono::milliseconds;

class EventLoopTest : public ::testing::Test {
 protected:
  void signal_event() const {
    const std::uint64_t one = 1;
    ASSERT_EQ(::write(event_.get(), &one, sizeof one), ssize_t{sizeof one});
  }

  EventLoop loop_ = EventLoop::create().value();
  UniqueFd event_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
};

TEST_F(EventLoopTest, AReadableDescriptorCallsItsHandler) {
  int calls = 0;
  auto watch = loop_.on_readable(event_.get(), [&] {
    ++calls;
    loop_.stop();
  });
  ASSERT_TRUE(watch);
  signal_event();
  ASSERT_TRUE(loop_.run());
  EXPECT_EQ(calls, 1);
}

TEST_F(EventLoopTest, AHandlerMayDestroyItsOwnWatch) {
  EventLoop::Watch watch;
  int calls = 0;
  watch = loop_
              .on_readable(event_.get(),
                           [&] {
                             ++calls;
                             watch = {};  // the descriptor is still readable
                           })
              .value();
  signal_event();
  auto end = loop_.after(milliseconds{20}, [&] { loop_.stop(); });
  ASSERT_TRUE(loop_.run());
  EXPECT_EQ(calls, 1);
}

TEST_F(EventLoopTest, ADestroyedWatchIsNeverCalled) {
  bool called = false;
  {
    auto watch = loop_.on_readable(event_.get(), [&] { called = true; });
  }
  signal_event();
  auto end = loop_.after(milliseconds{1}, [&] { loop_.stop(); });
  ASSERT_TRUE(loop_.run());
  EXPECT_FALSE(called);
}

TEST_F(EventLoopTest, ASignalIsDeliveredOnTheLoop) {
  bool called = false;
  auto watch = loop_.on_signal(SIGUSR1, [&] {
    called = true;
    loop_.stop();
  });
  ASSERT_EQ(::raise(SIGUSR1), 0);
  ASSERT_TRUE(loop_.run());
  EXPECT_TRUE(called);
}

TEST_F(EventLoopTest, EveryRepeatsAndAfterFiresOnce) {
  int repeated = 0;
  int once = 0;
  auto every = loop_.every(milliseconds{1}, [&] {
    if (++repeated == 5) loop_.stop();
  });
  auto after = loop_.after(milliseconds{1}, [&] { ++once; });
  ASSERT_TRUE(loop_.run());
  EXPECT_EQ(repeated, 5);
  EXPECT_EQ(once, 1);
}

TEST_F(EventLoopTest, RunWaitsEvenWhenNothingIsWatched) {
  // A role that waits only for signals must not leave its loop.
  auto after = loop_.after(milliseconds{1}, [&] { loop_.stop(); });
  ASSERT_TRUE(loop_.run());
  SUCCEED();
}

TEST_F(EventLoopTest, AWritableDescriptorCallsItsHandler) {
  int calls = 0;
  auto watch = loop_.on_writable(event_.get(), [&] {
    ++calls;
    loop_.stop();
  });
  ASSERT_TRUE(loop_.run());
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace chatd::io
