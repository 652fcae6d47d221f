// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/supervisor/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/sys/channel.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::supervisor {
namespace {

using state::ProcessState;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr MonoTime kBirth{seconds{100}};

MonoTime later(milliseconds time) { return kBirth + time; }

int say_ready_and_wait(process::PipeEnd& supervisor, const config::Config& /*config*/) {
  (void)sys::send(supervisor, {.say = sys::Say::ready});
  for (;;) ::pause();
}

class ChildTest : public chatd::test::LeakCheck {
 protected:
  Child make(decltype(Role::run) run, std::vector<int> descriptors = {}) {
    return Child{{.name = "worker 3", .descriptors = std::move(descriptors), .run = std::move(run)},
                 control_};
  }
  // Also waits until it is past its fork: then it has its own signal dispositions.
  void spawn(Child& child) {
    ASSERT_TRUE(child.spawn(config_, kBirth, WallTime{seconds{5}}).has_value());
    pollfd waiting{.fd = child.channel()->fd(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&waiting, 1, 10'000), 1);
  }
  static process::ExitStatus collect(const Child& child) {
    siginfo_t info{};
    EXPECT_EQ(::waitid(P_PID, static_cast<id_t>(child.pid()), &info, WEXITED | WNOWAIT), 0);
    const auto deaths = process::reap_children();
    EXPECT_EQ(deaths->size(), 1U);
    return deaths->front().status;
  }

  state::ProcessControl control_{};
  config::Config config_;
};

TEST_F(ChildTest, ShowsWhoItIsFromSpawnToDeath) {
  Child child = make(&say_ready_and_wait);
  EXPECT_EQ(child.state(), ProcessState::empty);
  EXPECT_FALSE(child.is_running());
  spawn(child);
  EXPECT_TRUE(child.is_running());
  EXPECT_EQ(child.state(), ProcessState::starting);
  EXPECT_EQ(control_.pid.load(), child.pid());
  EXPECT_EQ(control_.started_wall.load(), 5'000'000);
  EXPECT_FALSE(child.is_settled());
  child.on_ready();
  EXPECT_TRUE(child.is_ready());
  EXPECT_TRUE(child.is_settled());

  child.kill();
  const pid_t pid = child.pid();
  const std::string obituary = child.on_death(collect(child), later(milliseconds{1234}));
  EXPECT_THAT(obituary, AllOf(StartsWith("worker 3 (pid " + std::to_string(pid) + ")"),
                              HasSubstr("SIGKILL"), HasSubstr("after 1234 ms")));
  EXPECT_EQ(child.state(), ProcessState::waiting);
  EXPECT_TRUE(child.is_settled()) << "nothing may wait for a lame worker";
  EXPECT_EQ(control_.pid.load(), 0);
  EXPECT_EQ(control_.restarts.load(), 1U);
  EXPECT_EQ(child.channel(), nullptr);
}

TEST_F(ChildTest, ADeathThatWasAskedForIsNoRestart) {
  Child child = make(&say_ready_and_wait);
  spawn(child);
  child.on_ready();
  child.stop(Child::Ask::by_signal, later(milliseconds{10}));
  EXPECT_EQ(child.state(), ProcessState::stopping);
  EXPECT_THAT(child.on_death(collect(child), later(milliseconds{20})), HasSubstr("SIGTERM"));
  EXPECT_EQ(child.state(), ProcessState::empty);
  EXPECT_EQ(control_.restarts.load(), 0U);
}

TEST_F(ChildTest, WhoSaysReadyAfterItWasAskedToEndIsNotReady) {
  Child child = make(&say_ready_and_wait);
  spawn(child);
  child.stop(Child::Ask::by_signal, kBirth);
  child.on_ready();
  EXPECT_FALSE(child.is_ready());
  (void)child.on_death(collect(child), kBirth);
}

TEST_F(ChildTest, IsHungWhenItsHeartStandsStill) {
  Child child = make(&say_ready_and_wait);
  spawn(child);
  child.on_ready();
  constexpr milliseconds limit{1000};
  EXPECT_FALSE(child.is_hung(later(milliseconds{1000}), limit));
  control_.heartbeat.fetch_add(1);
  EXPECT_FALSE(child.is_hung(later(milliseconds{1001}), limit));
  EXPECT_FALSE(child.is_hung(later(milliseconds{2001}), limit));
  EXPECT_TRUE(child.is_hung(later(milliseconds{2002}), limit));
  child.mark_hung();
  EXPECT_FALSE(child.is_hung(later(milliseconds{9000}), limit)) << "said once is enough";
  child.kill();
  (void)child.on_death(collect(child), later(milliseconds{9000}));
  EXPECT_EQ(child.state(), ProcessState::waiting);
}

TEST_F(ChildTest, WhoIsAskedToEndHasTheSameTimeForItHoweverItsHeartBeats) {
  Child child = make(&say_ready_and_wait);
  spawn(child);
  child.on_ready();
  child.stop(Child::Ask::by_message, later(milliseconds{500}));
  control_.heartbeat.fetch_add(1);
  EXPECT_FALSE(child.is_hung(later(milliseconds{1500}), milliseconds{1000}));
  EXPECT_TRUE(child.is_hung(later(milliseconds{1501}), milliseconds{1000}));
  child.kill();
  (void)child.on_death(collect(child), later(milliseconds{1600}));
}

TEST_F(ChildTest, ComesBackAtOnceAndThenEverLater) {
  Child child = make([](process::PipeEnd&, const config::Config&) { return 3; });
  for (const int expected : {0, 100, 200}) {
    spawn(child);
    EXPECT_THAT(child.on_death(collect(child), later(milliseconds{1})), HasSubstr("3"));
    EXPECT_EQ(child.respawn_delay(later(milliseconds{1})), milliseconds{expected});
  }
}

// The child sees its configuration and nothing that is open but what its role names.
TEST_F(ChildTest, GetsItsConfigurationAndOnlyItsOwnDescriptors) {
  const UniqueFd kept{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
  const UniqueFd secret{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
  config_.limits.burst = 77;
  Child child = make(
      [&](process::PipeEnd&, const config::Config& config) {
        const bool right = ::fcntl(kept.get(), F_GETFD) >= 0 &&
                           ::fcntl(secret.get(), F_GETFD) < 0 && config.limits.burst == 77;
        return right ? 0 : 1;
      },
      {kept.get()});
  spawn(child);
  EXPECT_THAT(child.on_death(collect(child), kBirth), Not(HasSubstr("status 1")));
  EXPECT_EQ(control_.restarts.load(), 1U);
}

}  // namespace
}  // namespace chatd::supervisor
