// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/supervisor/successor_check.hpp"

#include <sys/wait.h>

#include <csignal>

#include <gmock/gmock.h>

namespace chatd::supervisor {
namespace {

using ::testing::HasSubstr;

constexpr MonoTime kNow{std::chrono::seconds{100}};

Result<> verdict_on(const std::vector<std::string>& command) {
  auto check = SuccessorCheck::start(command, kNow);
  if (!check) return fail(check.error());
  int status = 0;
  EXPECT_EQ(::waitpid(check->pid(), &status, 0), check->pid());
  return check->verdict(process::ExitStatus::from_wait_status(status));
}

TEST(SuccessorCheck, AProgramThatIsContentWillDo) {
  EXPECT_TRUE(verdict_on({"/bin/sh", "-c", "echo fine", "--check-config"}));
}

TEST(SuccessorCheck, ItIsAskedAsASuccessorAndNotAsAService) {
  ::setenv("NOTIFY_SOCKET", "/run/systemd/notify", 1);
  const auto verdict = verdict_on(
      {"/bin/sh", "-c", "test -z \"$NOTIFY_SOCKET\" && test \"$CHATD_SUCCESSOR\" = check"});
  ::unsetenv("NOTIFY_SOCKET");
  EXPECT_TRUE(verdict) << verdict.error().message();
}

TEST(SuccessorCheck, OneThatIsNotSaysWhyInItsOwnWords) {
  const auto verdict = verdict_on({"/bin/sh", "-c", "echo no such key >&2; exit 78"});
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().message(), "the new program exited with status 78: no such key");
}

TEST(SuccessorCheck, OneThatIsNoProgramIsNamed) {
  const auto verdict = verdict_on({"/nonexistent/chatd"});
  ASSERT_FALSE(verdict);
  EXPECT_THAT(verdict.error().message(), HasSubstr("/nonexistent/chatd: No such file"));
}

TEST(SuccessorCheck, OneThatHangsIsLateAndCanBeKilled) {
  auto check = SuccessorCheck::start({"/bin/sh", "-c", "exec sleep 1000"}, kNow).value();
  EXPECT_FALSE(check.is_late(kNow + std::chrono::seconds{1}));
  EXPECT_TRUE(check.is_late(kNow + std::chrono::seconds{60}));
  check.kill();
  int status = 0;
  EXPECT_EQ(::waitpid(check.pid(), &status, 0), check.pid());
  const auto verdict = check.verdict(process::ExitStatus::from_wait_status(status));
  ASSERT_FALSE(verdict);
  EXPECT_THAT(verdict.error().message(), HasSubstr("SIGKILL"));
}

TEST(SuccessorCheck, NoProcessIsLeftBehind) {
  pid_t pid = 0;
  {
    const auto check = SuccessorCheck::start({"/bin/sh", "-c", "exec sleep 1000"}, kNow).value();
    pid = check.pid();
  }
  EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

}  // namespace
}  // namespace chatd::supervisor
