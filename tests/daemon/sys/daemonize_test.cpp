// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/daemonize.hpp"

#include <fcntl.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigaction() is not in <csignal>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <cstdlib>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/sys/support.hpp"

namespace chatd::sys {
namespace {

using test::ChildEnd;
using test::Pipe;
using test::read_all;
using test::run_in_child;
using ::testing::HasSubstr;

// daemonize() ends the process that calls it, so each case runs in a child; `start` runs
// in the daemon, which then ends.
ChildEnd launch(const std::function<void(StartupReport&)>& start) {
  return run_in_child([&] {
    auto report = daemonize();
    if (!report) return 99;
    start(*report);
    return 0;
  });
}

void write_text(int fd, std::string_view text) {
  EXPECT_EQ(::write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

TEST(Daemonize, LauncherSucceedsOnceTheDaemonIsReady) {
  const auto end = launch([](auto& report) { EXPECT_TRUE(report.ready().has_value()); });
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(end.said, "");
}

TEST(Daemonize, LauncherFailsWithTheReasonWhenTheStartFails) {
  const auto end = launch([](auto& report) { report.failed("bind: Address already in use"); });
  EXPECT_EQ(end.status, 1);
  EXPECT_EQ(end.said, "chatd: bind: Address already in use\n");
}

TEST(Daemonize, AReasonOfAnyLengthPasses) {
  const std::string long_reason(1'000'000, 'x');
  const auto end = launch([&](auto& report) { report.failed(long_reason); });
  EXPECT_EQ(end.status, 1);
  EXPECT_EQ(end.said, "chatd: " + long_reason + "\n");
}

TEST(Daemonize, LauncherFailsWhenTheReportIsForgotten) {
  const auto end = launch([](auto& /*report*/) {});
  EXPECT_EQ(end.status, 1);
  EXPECT_THAT(end.said, HasSubstr("chatd: the daemon ended while it started, without a word"));
}

TEST(Daemonize, LauncherFailsWhenTheDaemonIsKilled) {
  const auto end = launch([](auto& /*report*/) { ::kill(::getpid(), SIGKILL); });
  EXPECT_EQ(end.status, 1);
  EXPECT_THAT(end.said, HasSubstr("without a word"));
}

TEST(Daemonize, OnlyTheFirstReportCounts) {
  const auto end = launch([](auto& report) {
    report.ready();
    report.failed("too late");
  });
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(end.said, "");
}

TEST(Daemonize, AChildThatHoldsTheChannelDoesNotKeepTheLauncherWaiting) {
  Pipe stop;
  const auto end = launch([&](auto& report) {
    if (::fork() == 0) {
      stop.write_end.reset();
      read_all(stop.read_end.get());  // lives until the test has seen the launcher end
      ::_exit(0);
    }
    report.ready();
  });
  EXPECT_EQ(end.status, 0);
}

TEST(Daemonize, ReadyFailsInADaemonWhoseLauncherIsGone) {
  Pipe launched;
  Pipe launcher_gone;
  Pipe answer;
  const pid_t launcher = ::fork();
  if (launcher == 0) {
    launcher_gone.write_end.reset();
    auto report = daemonize();
    write_text(launched.write_end.get(), "x");
    read_all(launcher_gone.read_end.get());
    const auto told = report->ready();
    write_text(answer.write_end.get(), told ? "no error" : told.error().message());
    ::_exit(0);
  }
  launched.write_end.reset();
  answer.write_end.reset();
  char byte = 0;
  ASSERT_EQ(::read(launched.read_end.get(), &byte, 1), 1);
  ::kill(launcher, SIGKILL);
  ::waitpid(launcher, nullptr, 0);
  launcher_gone.write_end.reset();
  EXPECT_THAT(read_all(answer.read_end.get()), HasSubstr("its start was interrupted"));
}

TEST(Daemonize, RefusesUnderAServiceManager) {
  for (const char* const variable : {"NOTIFY_SOCKET", "LISTEN_FDS"}) {
    const auto end = run_in_child([&] {
      ::setenv(variable, "1", 1);
      const auto report = daemonize();
      if (report) return 99;
      write_text(STDERR_FILENO, report.error().message());
      return 5;
    });
    EXPECT_EQ(end.status, 5);
    EXPECT_THAT(end.said, HasSubstr(std::string{"$"} + variable + " is set"));
    EXPECT_THAT(end.said, HasSubstr("Leave out --daemon"));
  }
}

TEST(StartupReport, InTheForegroundItDoesNothing) {
  StartupReport report;
  EXPECT_TRUE(report.ready().has_value());
  report.failed("nobody hears this");
}

// Field 7 of proc(5)'s stat: the number of the controlling terminal, 0 for none.
std::string terminal_of_self() {
  const std::string stat = test::file_text("/proc/self/stat");
  std::istringstream fields{stat.substr(stat.rfind(')') + 1)};
  std::string field;
  for (int i = 3; i <= 7; ++i) fields >> field;
  return field;
}

std::string target_of(const std::string& link) {
  std::error_code unreadable;
  return std::filesystem::read_symlink(link, unreadable).string();
}

// One line per property of the daemon.
std::string circumstances(const char* terminal) {
  std::ostringstream out;
  out << "leads its session " << (::getsid(0) == ::getpid()) << '\n';
  out << "directory " << target_of("/proc/self/cwd") << '\n';
  for (const char* const fd : {"0", "1", "2"}) {
    out << fd << ' ' << target_of(std::string{"/proc/self/fd/"} + fd) << '\n';
  }
  out << "terminal " << terminal_of_self() << '\n';
  const UniqueFd opened{::open(terminal, O_RDWR | O_CLOEXEC)};  // without O_NOCTTY
  out << "opened one " << opened.is_open() << ", terminal " << terminal_of_self() << '\n';
  struct sigaction action {};
  ::sigaction(SIGHUP, nullptr, &action);
  sigset_t blocked;
  ::sigprocmask(SIG_SETMASK, nullptr, &blocked);
  out << "ignores SIGHUP " << (action.sa_handler == SIG_IGN) << ", blocks SIGTERM "
      << ::sigismember(&blocked, SIGTERM) << '\n';
  out << "umask " << std::oct << ::umask(0) << '\n';
  return out.str();
}

TEST(Daemonize, TheDaemonKeepsNoDescriptorOrSettingOfItsLauncher) {
  const UniqueFd master{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
  ASSERT_TRUE(master.is_open());
  ASSERT_EQ(::grantpt(master.get()), 0);
  ASSERT_EQ(::unlockpt(master.get()), 0);
  std::string terminal(PATH_MAX, '\0');
  ASSERT_EQ(::ptsname_r(master.get(), terminal.data(), terminal.size()), 0);

  Pipe daemon_says;
  Pipe launcher_says;
  const pid_t launcher = ::fork();
  if (launcher == 0) {
    // A login on a terminal, with what nohup(1) and the like set.
    ::setsid();
    const UniqueFd slave{::open(terminal.c_str(), O_RDWR | O_CLOEXEC)};
    ::ioctl(slave.get(), TIOCSCTTY, 0);
    for (const int fd : {0, 1, 2}) ::dup2(slave.get(), fd);
    ::signal(SIGHUP, SIG_IGN);
    sigset_t blocked;
    ::sigfillset(&blocked);
    ::sigprocmask(SIG_SETMASK, &blocked, nullptr);
    ::umask(0);
    write_text(launcher_says.write_end.get(), terminal_of_self());

    auto report = daemonize();
    write_text(daemon_says.write_end.get(), circumstances(terminal.c_str()));
    report->ready();
    ::_exit(0);
  }
  daemon_says.write_end.reset();
  launcher_says.write_end.reset();
  EXPECT_NE(read_all(launcher_says.read_end.get()), "0");
  EXPECT_EQ(read_all(daemon_says.read_end.get()),
            "leads its session 0\n"
            "directory /\n"
            "0 /dev/null\n1 /dev/null\n2 /dev/null\n"
            "terminal 0\n"
            "opened one 1, terminal 0\n"
            "ignores SIGHUP 0, blocks SIGTERM 0\n"
            "umask 27\n");
  int status = -1;
  ::waitpid(launcher, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(StandardDescriptors, AreTheOnlyOnesLeftAndNoneIsMissing) {
  const Pipe left_over;
  EXPECT_TRUE(test::true_in_child([&] {
    ::close(STDIN_FILENO);
    ::close(STDOUT_FILENO);
    return keep_standard_descriptors_only().has_value() &&
           ::fcntl(left_over.read_end.get(), F_GETFD) == -1 &&
           target_of("/proc/self/fd/0") == "/dev/null" &&
           target_of("/proc/self/fd/1") == "/dev/null" &&
           target_of("/proc/self/fd/2") != "/dev/null" && ::fcntl(3, F_GETFD) == -1;
  }));
}

}  // namespace
}  // namespace chatd::sys
