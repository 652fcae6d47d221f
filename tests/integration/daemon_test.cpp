// SPDX-License-Identifier: GPL-3.0-or-later
// daemon_test.cpp — how chatd starts, detaches and reports that it cannot; the output of its
// options.
#include <unistd.h>

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/detached_daemon.hpp"
#include "tests/integration/room.hpp"

namespace chatd::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(Daemon, IsReadyWhenTheCommandReturns) {
  DetachedDaemon daemon;
  const Finished started = daemon.start();
  ASSERT_EQ(started.status, 0) << started.err;
  EXPECT_THAT(started.out, IsEmpty());
  EXPECT_THAT(started.err, IsEmpty());
  // Without a wait: the daemon is ready.
  const Finished status = daemon.ctl({"--json", "status"});
  ASSERT_EQ(status.status, 0) << status.err;
  const auto report = nlohmann::json::parse(status.out);
  EXPECT_EQ(report.at("workers_ready"), report.at("workers_configured"));
  EXPECT_EQ(report.at("pid"), daemon.pid());
}

TEST(Daemon, HasNoTerminalAndDoesNotLeadItsSession) {
  DetachedDaemon daemon;
  ASSERT_EQ(daemon.start().status, 0);
  const pid_t pid = daemon.pid();
  const auto info = process_info(pid);
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->terminal, 0);
  EXPECT_NE(info->session, ::getsid(0));
  EXPECT_NE(info->session, pid) << "a session's leader could get a terminal again";
  // The daemon is an orphan: its parent is the subreaper, which is this program, or else init.
  EXPECT_EQ(info->parent, ::getpid());
  EXPECT_EQ(std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/cwd"), "/");
  for (const char* fd : {"0", "1", "2"}) {
    EXPECT_EQ(std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/fd/" + fd),
              "/dev/null");
  }
}

TEST(Daemon, ASecondDaemonIsRefusedWithThePidOfTheFirst) {
  DetachedDaemon daemon;
  ASSERT_EQ(daemon.start().status, 0);
  const Finished second = daemon.start();
  EXPECT_EQ(second.status, 1);
  EXPECT_THAT(second.err,
              HasSubstr("chatd runs already, with pid " + std::to_string(daemon.pid())));
  EXPECT_EQ(daemon.ctl({"ping"}).status, 0) << "the first one must not suffer";
}

// The second daemon has another pid file; only the control socket is the same.
TEST(Daemon, ASecondDaemonAtTheSameControlSocketIsRefusedWithThePid) {
  DetachedDaemon daemon;
  ASSERT_EQ(daemon.start().status, 0);
  const TempDir directory;
  std::vector<std::string> argv{chatd_program(),     "--control", daemon.control(), "--state-dir",
                                directory / "state", "--listen",  "127.0.0.1:0"};
  if (::geteuid() == 0) argv.insert(argv.end(), {"--user", "root"});
  const Finished second = run_program(argv);
  EXPECT_EQ(second.status, 1);
  EXPECT_THAT(second.err,
              HasSubstr("another process listens there, with pid " + std::to_string(daemon.pid())));
}

TEST(Daemon, AFileSizeLimitIsAnErrorAndLeavesNoFileBehind) {
  const TempDir directory;
  const std::string user = ::geteuid() == 0 ? " --user root" : "";
  const Finished refused =
      run_program({"/bin/sh", "-c",
                   "(ulimit -f 0; exec " + chatd_program() + " --control " +
                       directory / "control.sock" + " --state-dir " + directory / "state" +
                       " --listen 127.0.0.1:0" + user + ") 2>&1 | cat"});
  EXPECT_THAT(refused.out, HasSubstr("server.key: File too large"));
  EXPECT_TRUE(std::filesystem::is_empty(directory / "state"));
}

TEST(Daemon, LeavesNeitherPidFileNorSocketBehind) {
  DetachedDaemon daemon;
  ASSERT_EQ(daemon.start().status, 0);
  ASSERT_TRUE(std::filesystem::exists(daemon.pid_file()));
  ASSERT_TRUE(std::filesystem::exists(daemon.control()));
  daemon.stop();
  EXPECT_FALSE(std::filesystem::exists(daemon.pid_file()));
  EXPECT_FALSE(std::filesystem::exists(daemon.control()));
  ASSERT_EQ(daemon.start().status, 0) << "and the place is free for the next";
}

TEST(Daemon, StartsAfterACrash) {
  DetachedDaemon daemon;
  ASSERT_EQ(daemon.start().status, 0);
  daemon.kill();
  EXPECT_TRUE(std::filesystem::exists(daemon.pid_file()));
  const Finished again = daemon.start();
  EXPECT_EQ(again.status, 0) << again.err;
}

TEST(Daemon, ReportsAPortInUseToItsCaller) {
  const UdpClient occupant;
  DetachedDaemon daemon;
  const Finished refused = daemon.start({"--listen", to_text(occupant.endpoint())});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr(to_text(occupant.endpoint())), HasSubstr("Address already in use")));
  EXPECT_FALSE(std::filesystem::exists(daemon.control()));
}

TEST(Daemon, ReportsErrorsInTheConfigurationToItsCaller) {
  DetachedDaemon daemon;
  write_file(daemon.config_file(), "[limits]\nburts = 3\nsessions = \"many\"\n");
  const Finished refused = daemon.start({"--config", daemon.config_file()});
  EXPECT_EQ(refused.status, 78);
  EXPECT_THAT(refused.err, HasSubstr(daemon.config_file() + ":2: limits.burts"));
  EXPECT_THAT(refused.err, HasSubstr("limits.burst"));
  EXPECT_THAT(refused.err, HasSubstr(daemon.config_file() + ":3: limits.sessions"));
  EXPECT_FALSE(std::filesystem::exists(daemon.pid_file()));
}

Finished chatd(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), chatd_program());
  return run_program(arguments, {.environment = {{"LC_ALL", "C.UTF-8"}}});
}

TEST(CommandLine, AnUnknownOptionIsAUsageError) {
  const Finished refused = chatd({"--no-such-option"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("--no-such-option"), HasSubstr("chatd --help")));
  EXPECT_EQ(chatd({"--listen", "nowhere"}).status, 2);
  EXPECT_EQ(chatd({"--daemon", "--foreground"}).status, 2);
}

TEST(CommandLine, HelpAndVersionGoToStandardOutput) {
  const Finished help = chatd({"--help"});
  EXPECT_EQ(help.status, 0);
  for (const char* option :
       {"--config", "--foreground", "--daemon", "--pid-file", "--check-config", "--print-config",
        "--version", "--help", "--listen", "--control", "--state-dir", "--workers"}) {
    EXPECT_THAT(help.out, HasSubstr(option));
  }
  const Finished version = chatd({"--version"});
  EXPECT_EQ(version.status, 0);
  EXPECT_THAT(version.out, StartsWith("chatd "));
}

TEST(CommandLine, AHelpThatCannotBePrintedIsAnError) {
  for (const char* option : {"--help", "--version"}) {
    const Finished full =
        run_program({"/bin/bash", "-c", R"("$0" "$1" >/dev/full)", chatd_program(), option}, {});
    EXPECT_EQ(full.status, 1) << option;
    EXPECT_EQ(full.err, "chatd: standard output cannot be written\n");
  }
}

TEST(CommandLine, CheckConfigReportsWhetherAFileIsValid) {
  const TempDir directory;
  write_file(directory / "good.toml", "[limits]\nburst = 3\n");
  write_file(directory / "bad.toml", "[limits]\nburst = -3\n");
  EXPECT_EQ(chatd({"--check-config"}).status, 0);
  EXPECT_EQ(chatd({"--check-config", "--config", directory / "good.toml"}).status, 0);
  const Finished bad = chatd({"--check-config", "--config", directory / "bad.toml"});
  EXPECT_EQ(bad.status, 78);
  EXPECT_THAT(bad.err, HasSubstr("bad.toml:2: limits.burst"));
  EXPECT_EQ(chatd({"--check-config", "--config", directory / "none.toml"}).status, 78);
}

TEST(CommandLine, PrintConfigPrintsTheSettingsInEffectAsAValidFile) {
  const TempDir directory;
  write_file(directory / "chatd.toml", "[limits]\nburst = 3\n[text]\nlanguage = \"zh\"\n");
  const Finished printed = chatd({"--print-config", "--config", directory / "chatd.toml",
                                  "--listen", "127.0.0.1:9", "--workers", "3"});
  ASSERT_EQ(printed.status, 0) << printed.err;
  EXPECT_THAT(printed.out, AllOf(HasSubstr("burst = 3"), HasSubstr("language = \"zh\""),
                                 HasSubstr("127.0.0.1:9"), HasSubstr("count = 3")));
  write_file(directory / "again.toml", printed.out);
  EXPECT_EQ(chatd({"--print-config", "--config", directory / "again.toml"}).out, printed.out);
}

TEST(CommandLine, OutputThatCannotBeWrittenIsAnError) {
  for (const std::string where : {">&-", ">/dev/full"}) {
    for (const std::string action : {"--print-config", "--check-config"}) {
      const Finished done =
          run_program({"/bin/sh", "-c", chatd_program() + " " + action + " " + where});
      EXPECT_EQ(done.status, 1) << action << where;
      EXPECT_EQ(done.err, "chatd: standard output cannot be written\n");
    }
  }
}

TEST(CommandLine, TheExitStatusIsTheSameWithoutStandardError) {
  for (const std::string where : {"2>&-", "2>/dev/full"}) {
    EXPECT_EQ(run_program({"/bin/sh", "-c", chatctl_program() + " dance " + where}).status, 2);
    EXPECT_EQ(run_program({"/bin/sh", "-c", chatd_program() + " --dance " + where}).status, 2);
  }
}

}  // namespace
}  // namespace chatd::test
