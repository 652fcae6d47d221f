// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/supervisor/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/sys/channel.hpp"
#include "tests/support/eventually.hpp"
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

int send_ready_and_wait(const roles::Process& /*self*/, process::PipeEnd& supervisor,
                        const config::Config& /*config*/) {
  (void)sys::send(supervisor, sys::Ready{});
  for (;;) ::pause();
}

class ChildTest : public chatd::test::LeakCheck {
 protected:
  Child make(decltype(roles::Role::run) run, std::vector<int> descriptors = {}) {
    role_ = {.name = "worker", .count = 4, .index_field = "CHATD_WORKER", .run = std::move(run)};
    return Child{
        role_, {.role = role_.name, .index = 3, .row = 4}, std::move(descriptors), control_};
  }
  // Also waits until the child has its own signal dispositions.
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

  roles::Role role_;
  state::ProcessControl control_{};
  config::Config config_;
};

TEST_F(ChildTest, ItsRowShowsPidAndStateFromSpawnToDeath) {
  Child child = make(&send_ready_and_wait);
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
  const std::string report = child.on_death(collect(child), later(milliseconds{1234}));
  EXPECT_THAT(report, AllOf(StartsWith("worker 3 (pid " + std::to_string(pid) + ")"),
                            HasSubstr("SIGKILL"), HasSubstr("after 1234 ms")));
  EXPECT_EQ(child.state(), ProcessState::waiting);
  EXPECT_TRUE(child.is_settled()) << "a reload does not wait for it";
  EXPECT_EQ(control_.pid.load(), 0);
  EXPECT_EQ(control_.restarts.load(), 1U);
  EXPECT_EQ(child.channel(), nullptr);
}

TEST_F(ChildTest, ADeathThatWasAskedForIsNotCountedAsARestart) {
  Child child = make(&send_ready_and_wait);
  spawn(child);
  child.on_ready();
  child.stop(Child::Ask::by_signal, later(milliseconds{10}));
  EXPECT_EQ(child.state(), ProcessState::stopping);
  EXPECT_THAT(child.on_death(collect(child), later(milliseconds{20})), HasSubstr("SIGTERM"));
  EXPECT_EQ(child.state(), ProcessState::empty);
  EXPECT_EQ(control_.restarts.load(), 0U);
}

TEST_F(ChildTest, OnlyTheReplacementOfADeadProcessHasATimeOfReplacement) {
  Child child = make(&send_ready_and_wait);
  spawn(child);
  child.stop(Child::Ask::by_signal, kBirth);
  (void)child.on_death(collect(child), kBirth);
  spawn(child);
  EXPECT_EQ(control_.replaced_wall.load(), 0) << "a reload is no death";
  child.kill();
  (void)child.on_death(collect(child), kBirth);
  EXPECT_EQ(control_.replaced_wall.load(), 0);
  spawn(child);
  EXPECT_EQ(control_.replaced_wall.load(), 5'000'000);
  child.kill();
  (void)child.on_death(collect(child), kBirth);
}

TEST_F(ChildTest, ReadyAfterTheRequestToEndDoesNotMakeItReady) {
  Child child = make(&send_ready_and_wait);
  spawn(child);
  child.stop(Child::Ask::by_signal, kBirth);
  child.on_ready();
  EXPECT_FALSE(child.is_ready());
  (void)child.on_death(collect(child), kBirth);
}

TEST_F(ChildTest, IsHungWhenItsHeartbeatStops) {
  Child child = make(&send_ready_and_wait);
  spawn(child);
  child.on_ready();
  constexpr milliseconds limit{1000};
  EXPECT_FALSE(child.is_hung(later(milliseconds{1000}), limit));
  control_.heartbeat.fetch_add(1);
  EXPECT_FALSE(child.is_hung(later(milliseconds{1001}), limit));
  EXPECT_FALSE(child.is_hung(later(milliseconds{2001}), limit));
  EXPECT_TRUE(child.is_hung(later(milliseconds{2002}), limit));
  child.mark_hung();
  EXPECT_FALSE(child.is_hung(later(milliseconds{9000}), limit)) << "it is reported once";
  child.kill();
  (void)child.on_death(collect(child), later(milliseconds{9000}));
  EXPECT_EQ(child.state(), ProcessState::waiting);
}

TEST_F(ChildTest, TheHeartbeatMayBeInOtherMemoryThanItsRow) {
  std::uint64_t beat = 5;
  Child child = make(&send_ready_and_wait);
  role_.heartbeat = [&beat] { return beat; };
  spawn(child);
  child.on_ready();
  constexpr milliseconds limit{1000};
  control_.heartbeat.fetch_add(1);  // does not count
  EXPECT_TRUE(child.is_hung(later(milliseconds{1001}), limit));
  beat = 0;  // any other value is one
  EXPECT_FALSE(child.is_hung(later(milliseconds{1002}), limit));
  EXPECT_TRUE(child.is_hung(later(milliseconds{2003}), limit));
  child.kill();
  (void)child.on_death(collect(child), later(milliseconds{2003}));
}

TEST_F(ChildTest, IsNotHungIfTheSupervisorDidNotRun) {
  Child child = make(&send_ready_and_wait);
  spawn(child);
  child.on_ready();
  constexpr milliseconds limit{1000};
  child.expect_beat_from(later(milliseconds{5000}));
  EXPECT_FALSE(child.is_hung(later(milliseconds{6000}), limit));
  EXPECT_TRUE(child.is_hung(later(milliseconds{6001}), limit));
  child.kill();
  (void)child.on_death(collect(child), later(milliseconds{6001}));
}

TEST_F(ChildTest, TheTimeLimitForTheEndDoesNotDependOnTheHeartbeat) {
  Child child = make(&send_ready_and_wait);
  spawn(child);
  child.on_ready();
  child.stop(Child::Ask::by_message, later(milliseconds{500}));
  control_.heartbeat.fetch_add(1);
  EXPECT_FALSE(child.is_hung(later(milliseconds{1500}), milliseconds{1000}));
  EXPECT_TRUE(child.is_hung(later(milliseconds{1501}), milliseconds{1000}));
  child.kill();
  (void)child.on_death(collect(child), later(milliseconds{1600}));
}

TEST_F(ChildTest, ItsRespawnIsDueAtOnceAndThenLaterEachTime) {
  Child child =
      make([](const roles::Process&, process::PipeEnd&, const config::Config&) { return 3; });
  for (const int expected : {0, 100, 200}) {
    spawn(child);
    EXPECT_THAT(child.on_death(collect(child), later(milliseconds{1})), HasSubstr("3"));
    EXPECT_EQ(child.await_respawn(later(milliseconds{1})), expected == 0);
    EXPECT_FALSE(child.is_respawn_due(later(milliseconds{expected})));
    EXPECT_TRUE(child.is_respawn_due(later(milliseconds{expected + 1})));
  }
}

// The supervisor never waits: what a child does not read is sent later, in order.
TEST_F(ChildTest, KeepsMessagesWhileTheProcessDoesNotRead) {
  Child child =
      make([](const roles::Process&, process::PipeEnd& supervisor, const config::Config&) {
        (void)sys::send(supervisor, sys::Ready{});
        ::raise(SIGSTOP);
        int problems = 0;
        for (;;) {
          const auto message = sys::receive_from_supervisor(supervisor);
          if (!message || !*message) continue;
          if (std::holds_alternative<sys::Goodbye>(**message)) return problems;
          if (std::holds_alternative<sys::ReloadRefused>(**message)) ++problems;
        }
      });
  spawn(child);
  constexpr int kMessages = 20;  // together more than the channel holds
  for (int i = 0; i < kMessages; ++i) {
    EXPECT_TRUE(child.send(sys::ReloadRefused{{std::string(40'000, 'x')}}).has_value());
  }
  EXPECT_TRUE(child.send(sys::Goodbye{}).has_value());
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child.pid()), &info, WSTOPPED), 0);
  ASSERT_EQ(::kill(child.pid(), SIGCONT), 0);
  EXPECT_TRUE(chatd::test::eventually([&] {
    child.send_unsent();
    return ::waitid(P_PID, static_cast<id_t>(child.pid()), &info, WEXITED | WNOWAIT | WNOHANG) ==
               0 &&
           info.si_pid != 0;
  }));
  EXPECT_THAT(child.on_death(collect(child), kBirth), HasSubstr("status 20"));
  EXPECT_FALSE(child.send(sys::Quiesce{}).has_value()) << "there is no process";
}

// Mappings of anonymous shared memory, of which a channel has one for each direction.
int count_shared_mappings() {
  std::ifstream maps{"/proc/self/maps"};
  int count = 0;
  for (std::string line; std::getline(maps, line);) count += line.ends_with("/dev/zero (deleted)");
  return count;
}

TEST_F(ChildTest, HasTheMemoryOfItsOwnChannelOnlyAndNoneOnceItHasClosedIt) {
  const int others = count_shared_mappings();
  Child first = make(&send_ready_and_wait);
  spawn(first);
  EXPECT_EQ(count_shared_mappings(), others + 2);
  const roles::Role role{
      .name = "web",
      .run = [others](const roles::Process&, process::PipeEnd& supervisor, const config::Config&) {
        const int with_channel = count_shared_mappings() - others;
        (void)sys::send(supervisor, sys::Ready{});
        supervisor.close();
        return 10 * with_channel + count_shared_mappings() - others;
      }};
  state::ProcessControl control{};
  Child second{role, {.role = role.name, .index = 0, .row = 5}, {}, control};
  spawn(second);
  EXPECT_THAT(second.on_death(collect(second), kBirth), HasSubstr("status 20"));
  first.kill();
  (void)first.on_death(collect(first), kBirth);
}

// The child has its configuration, and no open descriptor but those it was given.
TEST_F(ChildTest, GetsItsConfigurationAndKeepsOnlyItsDescriptors) {
  const UniqueFd kept{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
  const UniqueFd secret{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
  config_.limits.burst = 77;
  Child child = make(
      [&](const roles::Process&, process::PipeEnd&, const config::Config& config) {
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
