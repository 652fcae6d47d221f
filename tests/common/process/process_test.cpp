// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include <gtest/gtest.h>

#include "common/process/pipe.hpp"
#include "common/process/reaper.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ProcessTest : public test::LeakCheck {};

int sleep_for_ever() {
  for (;;) ::pause();
}

ExitStatus run_to_end(Process& process) {
  EXPECT_TRUE(process.start().has_value());
  auto joined = process.join(seconds{30});
  EXPECT_TRUE(joined.has_value() && *joined);
  return process.exit_status().value_or(ExitStatus{});
}

TEST_F(ProcessTest, ReturnsTheTargetsStatus) {
  Process process{[] { return 7; }};
  EXPECT_EQ(run_to_end(process), (ExitStatus{.code = 7, .signal = 0}));
  EXPECT_FALSE(process.is_alive());
}

TEST_F(ProcessTest, BindsArguments) {
  Process process{{.name = "adder"}, [](int a, int b) { return a + b; }, 20, 3};
  EXPECT_EQ(run_to_end(process).code, 23);
  const std::string word{"four"};
  Process copied{{}, [](const std::string& text) { return text.size(); }, word};
  EXPECT_EQ(run_to_end(copied).code, 4);
  EXPECT_EQ(process.name(), "adder");
}

TEST_F(ProcessTest, ATargetWithoutAResultSucceeds) {
  Process process{{}, [] {}};
  EXPECT_TRUE(run_to_end(process).succeeded());
}

class Doubler : public Process {
 public:
  explicit Doubler(int value) : Process{Options{.name = "doubler"}}, value_{value} {}

 protected:
  int run() override { return 2 * value_; }

 private:
  int value_;
};

TEST_F(ProcessTest, SubclassOverridesRun) {
  Doubler doubler{21};
  EXPECT_EQ(run_to_end(doubler).code, 42);
}

TEST_F(ProcessTest, AStatusOutsideAByteIsNeverASuccess) {
  Process process{[] { return 256; }};
  EXPECT_EQ(run_to_end(process).code, 255);
}

TEST_F(ProcessTest, DefaultNamesDiffer) {
  Process first{[] { return 0; }};
  Process second{[] { return 0; }};
  EXPECT_TRUE(first.name().starts_with("process-"));
  EXPECT_NE(first.name(), second.name());
}

TEST_F(ProcessTest, ShowsItsNameAndPid) {
  Process process{{.name = "a-name-longer-than-the-kernel-keeps"}, [] {
                    std::array<char, 16> name{};
                    ::prctl(PR_GET_NAME, name.data());
                    return std::string{name.data()} == "a-name-longer-t" ? 0 : 1;
                  }};
  EXPECT_EQ(process.pid(), 0);
  EXPECT_TRUE(run_to_end(process).succeeded());
  EXPECT_GT(process.pid(), 0);
}

TEST_F(ProcessTest, ASecondStartIsAnError) {
  Process process{[] { return 0; }};
  EXPECT_TRUE(run_to_end(process).succeeded());
  auto again = process.start();
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().message(), "start " + process.name() + ": already started");
}

TEST_F(ProcessTest, JoinAndSignalBeforeStartAreErrors) {
  Process process{{.name = "idle"}, [] { return 0; }};
  auto joined = process.join();
  ASSERT_FALSE(joined.has_value());
  EXPECT_EQ(joined.error().message(), "join idle: not started yet");
  auto killed = process.kill();
  ASSERT_FALSE(killed.has_value());
  EXPECT_EQ(killed.error().code(), ESRCH);
  EXPECT_FALSE(process.is_alive());
  EXPECT_FALSE(process.exit_status().has_value());
}

TEST_F(ProcessTest, DaemonAndNameAreFixedByStart) {
  Process process{[] { return 0; }};
  EXPECT_TRUE(process.set_daemon(true).has_value());
  EXPECT_TRUE(process.set_name("early").has_value());
  EXPECT_TRUE(process.is_daemon());
  EXPECT_TRUE(run_to_end(process).succeeded());
  EXPECT_FALSE(process.set_daemon(false).has_value());
  EXPECT_FALSE(process.set_name("late").has_value());
  EXPECT_EQ(process.name(), "early");
}

TEST_F(ProcessTest, JoinTimesOutAndThenSucceeds) {
  Process process{sleep_for_ever};
  ASSERT_TRUE(process.start().has_value());
  auto joined = process.join(milliseconds{20});
  ASSERT_TRUE(joined.has_value());
  EXPECT_FALSE(*joined);
  EXPECT_TRUE(process.is_alive());
  ASSERT_TRUE(process.terminate().has_value());
  joined = process.join(seconds{30});
  ASSERT_TRUE(joined.has_value() && *joined);
  EXPECT_EQ(process.exit_status()->signal, SIGTERM);
  auto late = process.kill();
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code(), ESRCH);
}

TEST_F(ProcessTest, KillsWithSigkill) {
  Process process{sleep_for_ever};
  ASSERT_TRUE(process.start().has_value());
  ASSERT_TRUE(process.kill().has_value());
  ASSERT_TRUE(process.join(seconds{30}).value_or(false));
  EXPECT_EQ(to_text(*process.exit_status()), "killed by SIGKILL");
}

TEST_F(ProcessTest, ASecondJoinSucceeds) {
  Process process{[] { return 5; }};
  EXPECT_EQ(run_to_end(process).code, 5);
  EXPECT_TRUE(process.join().value_or(false));
  EXPECT_EQ(process.exit_status()->code, 5);
}

TEST_F(ProcessTest, IsAliveLeavesTheChildToTheReaper) {
  Process process{[] { return 9; }};
  ASSERT_TRUE(process.start().has_value());
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(process.pid()), &info, WEXITED | WNOWAIT), 0);
  EXPECT_FALSE(process.is_alive());
  EXPECT_EQ(process.exit_status()->code, 9);
  auto deaths = reap_children();
  ASSERT_TRUE(deaths.has_value());
  ASSERT_EQ(deaths->size(), 1U);
  EXPECT_EQ(deaths->front().pid, process.pid());
  process.record_exit(deaths->front().status);
  EXPECT_TRUE(process.join().value_or(false));
}

TEST_F(ProcessTest, AReaperThatCollectedTheChildRecordsItsStatus) {
  Process process{[] { return 9; }};
  ASSERT_TRUE(process.start().has_value());
  auto death = wait_for_child(process.pid());
  ASSERT_TRUE(death.has_value());
  process.record_exit(death->status);
  EXPECT_FALSE(process.is_alive());
  EXPECT_TRUE(process.join(kNoWait).value_or(false));
  EXPECT_EQ(process.exit_status()->code, 9);
}

TEST_F(ProcessTest, AReaperThatRecordsNothingLeavesAnUnknownStatus) {
  Process process{[] { return 9; }};
  ASSERT_TRUE(process.start().has_value());
  auto death = wait_for_child(process.pid());
  ASSERT_TRUE(death.has_value());
  EXPECT_TRUE(process.join(seconds{30}).value_or(false));
  EXPECT_EQ(to_text(*process.exit_status()), "ended with an unknown status");
  process.record_exit(death->status);
  EXPECT_EQ(process.exit_status()->code, 9)
      << "a status that is recorded later replaces an unknown one";
}

TEST_F(ProcessTest, StandardInputIsNull) {
  Process process{[] {
    char byte = 0;
    return static_cast<int>(::read(STDIN_FILENO, &byte, 1));  // 0: end of file at once
  }};
  EXPECT_EQ(run_to_end(process).code, 0);
}

TEST_F(ProcessTest, ChildHasDefaultSignalsAndAnEmptyMask) {
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  struct sigaction before {};
  ASSERT_EQ(::sigaction(SIGUSR1, &ignore, &before), 0);
  sigset_t usr2;
  ::sigemptyset(&usr2);
  ::sigaddset(&usr2, SIGUSR2);
  ASSERT_EQ(::pthread_sigmask(SIG_BLOCK, &usr2, nullptr), 0);
  Process process{[] {
    struct sigaction now {};
    ::sigaction(SIGUSR1, nullptr, &now);
    sigset_t mask;
    ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
    return now.sa_handler == SIG_DFL && ::sigisemptyset(&mask) != 0 ? 0 : 1;
  }};
  EXPECT_TRUE(run_to_end(process).succeeded());
  ::sigaction(SIGUSR1, &before, nullptr);
  ::pthread_sigmask(SIG_UNBLOCK, &usr2, nullptr);
}

TEST_F(ProcessTest, KeepsOnlyTheNamedDescriptors) {
  const UniqueFd kept{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
  const UniqueFd closed{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
  const UniqueFd kept_too{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
  const auto is_open = [](int fd) { return ::fcntl(fd, F_GETFD) >= 0; };
  Process process{
      {.name = "heir", .keep_fds = std::vector{kept_too.get(), kept.get(), 1, kept.get()}}, [&] {
        return is_open(kept.get()) && is_open(kept_too.get()) && !is_open(closed.get()) &&
                       is_open(1) && is_open(2)
                   ? 0
                   : 1;
      }};
  EXPECT_TRUE(run_to_end(process).succeeded());
}

pid_t handler_owner = 0;

void leave_by_exit_handler() {
  if (::getpid() != handler_owner) std::fputs("an exit handler of the parent ran\n", stderr);
}

// Runs `target` in a child whose standard error is a pipe. Returns the text in the pipe.
std::string errors_of(std::function<int()> target, ExitStatus& status) {
  std::array<int, 2> ends{-1, -1};
  EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const UniqueFd read_end{ends[0]};
  UniqueFd write_end{ends[1]};
  Process process{{.name = "speaker"}, [&] {
                    ::dup2(write_end.get(), STDERR_FILENO);
                    return target();
                  }};
  status = run_to_end(process);
  write_end.reset();
  std::string text(4096, '\0');
  const ssize_t size = ::read(read_end.get(), text.data(), text.size());
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

TEST_F(ProcessTest, AnUncaughtExceptionIsReported) {
  ExitStatus status;
  const auto text = errors_of([]() -> int { throw std::runtime_error{"no such number"}; }, status);
  EXPECT_EQ(status.code, kUncaughtExceptionCode);
  EXPECT_TRUE(text.starts_with("process speaker (pid ")) << text;
  EXPECT_TRUE(text.ends_with("): uncaught exception: no such number\n")) << text;
  const auto other = errors_of([]() -> int { throw 5; }, status);
  EXPECT_EQ(status.code, kUncaughtExceptionCode);
  EXPECT_TRUE(other.ends_with("uncaught exception of an unknown type\n")) << other;
}

TEST_F(ProcessTest, ParentsExitHandlersDoNotRunInTheChild) {
  handler_owner = ::getpid();
  static const int registered = std::atexit(&leave_by_exit_handler);
  ASSERT_EQ(registered, 0);
  ExitStatus status;
  EXPECT_EQ(errors_of([] { return 0; }, status), "");
  EXPECT_TRUE(status.succeeded());
}

TEST_F(ProcessTest, StdioIsFlushedOnce) {
  std::array<int, 2> ends{-1, -1};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const UniqueFd read_end{ends[0]};
  FILE* stream = ::fdopen(ends[1], "w");
  ASSERT_NE(stream, nullptr);
  std::fputs("parent ", stream);
  Process process{[&] {
    std::fputs("child", stream);
    return 0;
  }};
  EXPECT_TRUE(run_to_end(process).succeeded());
  std::fclose(stream);
  std::array<char, 64> text{};
  const ssize_t size = ::read(read_end.get(), text.data(), text.size());
  EXPECT_EQ(std::string(text.data(), static_cast<std::size_t>(size)), "parent child");
}

TEST_F(ProcessTest, DestructorKillsADaemon) {
  {
    Process process{{.name = "daemon", .daemon = true}, sleep_for_ever};
    ASSERT_TRUE(process.start().has_value());
  }
  EXPECT_FALSE(test::has_children());
}

TEST_F(ProcessTest, DestructorWaitsForAChildThatIsNoDaemon) {
  auto pipe = make_pipe(PipeKind::one_way);
  ASSERT_TRUE(pipe.has_value());
  auto& [receiver, sender] = *pipe;
  {
    Process process{[&sender] { return sender.send({}) ? 0 : 1; }};
    ASSERT_TRUE(process.start().has_value());
  }
  EXPECT_FALSE(test::has_children());
  auto message = receiver.receive(kNoWait);
  EXPECT_TRUE(message.has_value() && message->has_value());
}

TEST_F(ProcessTest, SiblingsCannotJoinEachOther) {
  Process first{sleep_for_ever};
  ASSERT_TRUE(first.start().has_value());
  Process second{[&first] {
    auto joined = first.join();
    return !joined && joined.error().code() == ECHILD && !first.is_alive() ? 0 : 1;
  }};
  EXPECT_TRUE(run_to_end(second).succeeded());
  ASSERT_TRUE(first.kill().has_value());
  EXPECT_TRUE(first.join(seconds{30}).value_or(false));
}

// The parent is killed by SIGKILL while its child waits. The child holds an end of the pipe, so end
// of file comes only when the child is dead.
TEST_F(ProcessTest, ADaemonDiesWithAKilledParent) {
  auto pipe = make_pipe();
  ASSERT_TRUE(pipe.has_value());
  auto& [ours, theirs] = *pipe;
  Process parent{{.name = "parent"}, [&theirs] {
                   Process daemon{{.name = "daemon", .daemon = true}, [&theirs] {
                                    if (!theirs.send({})) return 1;
                                    return sleep_for_ever();
                                  }};
                   if (!daemon.start()) return 1;
                   return sleep_for_ever();
                 }};
  ASSERT_TRUE(parent.start().has_value());
  theirs.close();
  auto alive = ours.receive(seconds{30});
  ASSERT_TRUE(alive.has_value() && alive->has_value());
  ASSERT_TRUE(parent.kill().has_value());
  EXPECT_TRUE(parent.join(seconds{30}).value_or(false));
  auto gone = ours.receive(seconds{30});
  ASSERT_TRUE(gone.has_value()) << gone.error().message();
  EXPECT_FALSE(gone->has_value());
}

}  // namespace
}  // namespace chatd::process
