// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/session.hpp"

#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/session/session_process.hpp"
#include "tests/client/pty.hpp"
#include "tests/client/reports.hpp"
#include "tests/support/leak_check.hpp"
#include "tests/support/processes.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::client {
namespace {

class SessionTest : public test::LeakCheck {
 protected:
  [[nodiscard]] SessionSettings settings(const Endpoint& server) const {
    return {.target = {.name = "ada", .host = "127.0.0.1", .port = server.port},
            .identity = directory_ / "config/identity",
            .known_servers = directory_ / "config/known_servers"};
  }
  static SessionProcess started(const SessionSettings& settings) {
    return SessionProcess::start([&settings](process::PipeEnd link) {
             return run_session(settings, std::move(link));
           })
        .value();
  }
  static Report next(SessionProcess& session) {
    std::optional<Report> report;
    EXPECT_TRUE(
        test::eventually([&] { return (report = session.receive()) || session.has_ended(); }));
    return report.value_or(Report{});
  }
  // The outcome, if the next report is an end.
  static std::optional<Outcome> end_of(SessionProcess& session) {
    const Report report = next(session);
    const auto* ended = std::get_if<Ended>(&report);
    return ended == nullptr ? std::nullopt : std::optional{ended->reason};
  }
  test::ClosedPort closed_;
  test::TempDir directory_;
};

TEST_F(SessionTest, TriesAgainForEachEnterOrder) {
  const auto wanted = settings(closed_.endpoint());
  auto session = started(wanted);
  for (int i = 0; i < 2; ++i) {
    session.send(Enter{.name = "ada"});
    EXPECT_EQ(end_of(session), Outcome::nothing_listening);
  }
}

TEST_F(SessionTest, GoesOnTryingIfTheServerIsAway) {
  auto wanted = settings(closed_.endpoint());
  wanted.tries_again = true;
  auto session = started(wanted);
  session.send(Enter{.name = "ada"});
  const Report report = next(session);
  ASSERT_TRUE(std::holds_alternative<Waiting>(report));
  EXPECT_EQ(std::get<Waiting>(report).reason, Outcome::nothing_listening);
  session.send(Quit{});
  EXPECT_EQ(end_of(session), Outcome::done) << "told once, and not ended before";
}

TEST_F(SessionTest, CreatesAnIdentityForItsUserOnly) {
  const auto wanted = settings(closed_.endpoint());
  auto session = started(wanted);
  session.send(Enter{.name = "ada"});
  (void)next(session);
  struct stat status {};
  ASSERT_EQ(::stat(wanted.identity.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(SessionTest, MakesNoFolderForAnIdentityOfTheCommandLine) {
  auto wanted = settings(closed_.endpoint());
  wanted.makes_folder = false;
  auto session = started(wanted);
  session.send(Enter{.name = "ada"});
  EXPECT_EQ(end_of(session), Outcome::failed);
  struct stat status {};
  EXPECT_NE(::stat((directory_ / "config").c_str(), &status), 0);
}

TEST_F(SessionTest, ReportsAnInvalidIdentity) {
  auto wanted = settings(closed_.endpoint());
  test::write_file(directory_ / "identity", "not a key");
  wanted.identity = directory_ / "identity";
  auto session = started(wanted);
  session.send(Enter{.name = "ada"});
  const Report report = next(session);
  ASSERT_TRUE(std::holds_alternative<Ended>(report));
  EXPECT_EQ(std::get<Ended>(report).reason, Outcome::failed);
  EXPECT_THAT(std::get<Ended>(report).text, ::testing::HasSubstr(wanted.identity));
}

TEST_F(SessionTest, ReportsThatThereIsNoSuchHost) {
  auto wanted = settings(closed_.endpoint());
  wanted.target.host = "256.256.256.256";
  auto session = started(wanted);
  session.send(Enter{.name = "ada"});
  EXPECT_EQ(end_of(session), Outcome::no_such_host);
}

TEST_F(SessionTest, RefusesAMessageOutsideTheRoom) {
  const auto wanted = settings(closed_.endpoint());
  auto session = started(wanted);
  session.send(Post{.number = 7, .message = Say{"hello"}});
  const Report report = next(session);
  ASSERT_TRUE(std::holds_alternative<Refused>(report));
  EXPECT_EQ(std::get<Refused>(report).number, 7U);
  EXPECT_EQ(std::get<Refused>(report).code, "");
  EXPECT_EQ(std::get<Refused>(report).text, "not connected yet");
}

TEST_F(SessionTest, QuitsDuringAHandshake) {
  test::UdpClient silent;
  const auto wanted = settings(silent.endpoint());
  auto session = started(wanted);
  session.send(Enter{.name = "ada"});
  EXPECT_EQ(silent.next().size(), 1200U);
  session.send(Quit{});
  EXPECT_EQ(end_of(session), Outcome::done);
}

TEST_F(SessionTest, LeavesTheTerminalsProcessGroup) {
  const auto wanted = settings(closed_.endpoint());
  auto session = started(wanted);
  EXPECT_TRUE(
      test::eventually([&] { return test::process_info(session.pid())->group == session.pid(); }));
  session.send(Enter{.name = "ada"});
  EXPECT_EQ(end_of(session), Outcome::nothing_listening) << "it has begun its work";
  ASSERT_EQ(::kill(session.pid(), SIGINT), 0);
  ASSERT_EQ(::kill(session.pid(), SIGTSTP), 0);
  session.send(Enter{.name = "ada"});
  EXPECT_EQ(end_of(session), Outcome::nothing_listening);
}

TEST_F(SessionTest, RestoresTheTerminalIfTheOtherProcessIsKilled) {
  test::UdpClient silent;
  auto wanted = settings(silent.endpoint());
  const auto talk_until_killed = [&] {
    const auto modes = TerminalModes::save(STDIN_FILENO);
    if (!modes) return 1;
    wanted.terminal = *modes;
    auto session = started(wanted);
    session.send(Enter{.name = "ada"});
    termios raw{};
    ::tcgetattr(STDIN_FILENO, &raw);
    ::cfmakeraw(&raw);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    if (!test::eventually([&] { return silent.next().size() == 1200; })) return 2;
    ::raise(SIGKILL);
    return 0;
  };
  // The process under test is a child of the session leader, as if a script had started it: when
  // the session leader ends, the terminal is gone.
  test::OnTerminal terminal{[&] {
    const pid_t pid = ::fork();
    if (pid == 0) std::_Exit(talk_until_killed());
    int status = 0;
    ::waitpid(pid, &status, 0);
    termios modes{};
    const bool sane = test::eventually(
        [&] { return ::tcgetattr(STDIN_FILENO, &modes) == 0 && (modes.c_lflag & ICANON) != 0; });
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && sane ? 0 : 1;
  }};
  EXPECT_EQ(terminal.wait(), 0);
  EXPECT_TRUE(terminal.shows("the terminal process ended unexpectedly"));
}

}  // namespace
}  // namespace chatd::client
