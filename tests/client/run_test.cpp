// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/run.hpp"

#include <sys/prctl.h>

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/session/trust.hpp"
#include "client/words/outcome.hpp"
#include "common/base/standard_descriptors.hpp"
#include "tests/client/in_child.hpp"
#include "tests/client/pty.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::client {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Run : public ::testing::Test {
 protected:
  Run() {
    options_.target = {.name = "ada", .host = "127.0.0.1", .port = closed_.endpoint().port};
    options_.language = wire::Language::en;
  }
  [[nodiscard]] int run_here() const {
    ::setenv("XDG_CONFIG_HOME", directory_.path().c_str(), 1);
    return run(options_);
  }
  [[nodiscard]] test::Ran ran(std::string_view input = {}) const {
    test::Ran ran = test::in_child([this] { return run_here(); }, input);
    EXPECT_LE(std::ranges::count(ran.err, '\n'), 1) << ran.err;
    return ran;
  }
  test::ClosedPort closed_;
  Options options_;
  test::TempDir directory_;
};

TEST_F(Run, ReportsThatNothingListensOnThePort) {
  for (const auto mode : {Options::Mode::talk, Options::Mode::send, Options::Mode::listen}) {
    options_.mode = mode;
    options_.text = "hello";
    const auto result = ran();
    EXPECT_EQ(result.status, exit_status_of(Outcome::nothing_listening));
    EXPECT_THAT(result.err, StartsWith("uchat: nothing is listening on 127.0.0.1:"));
    EXPECT_THAT(result.err, Not(HasSubstr("is closed"))) << "the address has been said";
  }
}

TEST_F(Run, ProposesTheBracketsOfAnAddressWithAPort) {
  options_.mode = Options::Mode::send;
  options_.text = "hello";
  options_.timeout = std::chrono::milliseconds{300};
  options_.target = {.name = "ada", .host = "::1:2345"};
  const auto result = test::in_child([this] { return run_here(); }, {});
  EXPECT_THAT(result.err,
              EndsWith("\nuchat: to name the port of an IPv6 address, write [::1]:2345\n"));
}

TEST_F(Run, ReportsThatNothingListensOnATerminalToo) {
  test::OnTerminal terminal{[this] { return run_here(); }};
  EXPECT_TRUE(terminal.shows("uchat: nothing is listening on 127.0.0.1:"));
  EXPECT_EQ(WEXITSTATUS(terminal.wait()), exit_status_of(Outcome::nothing_listening));
  EXPECT_TRUE(terminal.is_sane());
}

TEST_F(Run, ReportsThatThereIsNoSuchHost) {
  options_.target.host = "256.256.256.256";
  const auto result = ran();
  EXPECT_EQ(result.status, exit_status_of(Outcome::no_such_host));
  EXPECT_THAT(result.err, StartsWith("uchat: there is no host 256.256.256.256:"));
}

TEST_F(Run, SendEndsAtItsTimeLimit) {
  test::UdpClient silent;
  options_.target.port = silent.endpoint().port;
  options_.mode = Options::Mode::send;
  options_.text = "-";
  options_.timeout = std::chrono::milliseconds{300};
  EXPECT_EQ(ran("from standard input").status, exit_status_of(Outcome::no_answer));
}

TEST_F(Run, ShowsMessagesInChinese) {
  options_.language = wire::Language::zh;
  EXPECT_THAT(ran().err, HasSubstr("没有服务"));
}

TEST_F(Run, UsesTheLanguageOfTheEnvironmentAlsoWithoutTheLocale) {
  options_.language.reset();
  const auto said = [this](const char* all, const char* messages, const char* lang) {
    return test::in_child([&] {
             ::setenv("LC_ALL", all, 1);
             ::setenv("LC_MESSAGES", messages, 1);
             ::setenv("LANG", lang, 1);
             return run_here();
           })
        .err;
  };
  const auto chinese = HasSubstr("没有服务");
  EXPECT_THAT(said("", "", "zh_CN.UTF-8"), chinese);
  EXPECT_THAT(said("", "zh_CN", "en_GB.UTF-8"), chinese);
  EXPECT_THAT(said("zh_TW.UTF-8", "en_GB.UTF-8", "en_GB.UTF-8"), chinese);
  const auto english = HasSubstr("nothing is listening");
  EXPECT_THAT(said("C.UTF-8", "zh_CN.UTF-8", "zh_CN.UTF-8"), english);
  EXPECT_THAT(said("", "en_GB.UTF-8", "zh_CN.UTF-8"), english);
  EXPECT_THAT(said("", "", ""), english);
}

TEST_F(Run, ReportsABadFileOfKnownServersAsALocalError) {
  const std::string file = directory_ / "uchat/known_servers";
  std::filesystem::create_directories(file);  // a folder cannot be read
  auto result = ran();
  EXPECT_EQ(result.status, exit_status_of(Outcome::failed));
  EXPECT_THAT(result.err, HasSubstr(file));
  std::filesystem::remove(file);
  test::write_file(file, "");
  std::filesystem::permissions(file, std::filesystem::perms{0666});
  result = ran();
  EXPECT_EQ(result.status, exit_status_of(Outcome::failed));
  EXPECT_THAT(result.err, HasSubstr("can be written by others (mode 0666)"));
}

TEST_F(Run, DoesNotContactAnUnknownServerIfItIsStrict) {
  options_.strict = true;
  const auto refused = ran();
  EXPECT_EQ(refused.status, exit_status_of(Outcome::unconfirmed_key));
  EXPECT_THAT(refused.err, HasSubstr("is not in " + directory_ / "uchat/known_servers"));
  EXPECT_THAT(refused.err, HasSubstr("--fingerprint"));
  test::OnTerminal terminal{[this] { return run_here(); }};
  EXPECT_TRUE(terminal.shows("only known servers are contacted"));
  EXPECT_EQ(WEXITSTATUS(terminal.wait()), exit_status_of(Outcome::unconfirmed_key));
  options_.fingerprint = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  EXPECT_EQ(ran().status, exit_status_of(Outcome::nothing_listening));
  options_.fingerprint.reset();
  const KnownServers known{directory_ / "uchat/known_servers"};
  ASSERT_TRUE(known.add(to_text(options_.target), {}));
  EXPECT_EQ(ran().status, exit_status_of(Outcome::nothing_listening));
}

TEST_F(Run, KeepsItsKeysOutOfCoreDumps) {
  const auto ran = test::in_child([this] {
    (void)run_here();
    return ::prctl(PR_GET_DUMPABLE);
  });
  EXPECT_EQ(ran.status, 0);
}

TEST_F(Run, NeedsAnOpenStandardOutputOnly) {
  const auto without = [this](int fd, std::vector<const char*> words) {
    return test::in_child([&] {
      ::setenv("XDG_CONFIG_HOME", directory_.path().c_str(), 1);
      ::close(fd);
      const std::string target = to_text(options_.target);
      words.insert(words.begin(), UCHAT_PROGRAM);
      words.insert(words.end(), {"--name", "ada", "--language", "en", target.c_str(), nullptr});
      ::execv(UCHAT_PROGRAM, const_cast<char* const*>(words.data()));
      return 100;
    });
  };
  for (const char* mode : {"listen", "--no-replay"}) {
    const auto result = without(STDOUT_FILENO, {mode});
    EXPECT_EQ(result.status, exit_status_of(Outcome::failed)) << mode;
    EXPECT_EQ(result.err, "uchat: standard output is closed\n");
    for (const int other : {STDIN_FILENO, STDERR_FILENO}) {
      EXPECT_EQ(without(other, {mode}).status, exit_status_of(Outcome::nothing_listening));
    }
  }
}

TEST_F(Run, ReportsLocalErrorsInChinese) {
  options_.language = wire::Language::zh;
  options_.mode = Options::Mode::send;
  options_.text = "-";
  EXPECT_EQ(ran("\n").err, "uchat: 没有要发送的内容：标准输入是空的\n");
  options_.password_file = directory_ / "none";
  EXPECT_THAT(ran().err, StartsWith("uchat: 从 " + options_.password_file + " 读取口令"));
  test::write_secret_file(options_.password_file, "\n");
  EXPECT_THAT(ran().err, HasSubstr("的第一行没有口令"));
  options_.password_file.clear();
  const std::string file = directory_ / "uchat/known_servers";
  std::filesystem::create_directories(directory_ / "uchat");
  test::write_file(file, "");
  std::filesystem::permissions(file, std::filesystem::perms{0666});
  EXPECT_THAT(ran().err, HasSubstr("其他人可以写入已知服务器的文件 " + file + "（模式 0666）"));
  options_.mode = Options::Mode::listen;
  const auto closed = test::in_child([this] {
    ::close(STDOUT_FILENO);
    open_standard_descriptors();
    return run_here();
  });
  EXPECT_EQ(closed.err, "uchat: 标准输出已关闭\n");
}

TEST_F(Run, RefusesALogWithoutATerminal) {
  options_.log = directory_ / "log";
  options_.wants_log = true;
  for (const auto mode : {Options::Mode::talk, Options::Mode::send, Options::Mode::listen}) {
    options_.mode = mode;
    options_.text = "hello";
    const auto result = ran();
    EXPECT_EQ(result.status, exit_status_of(Outcome::usage));
    EXPECT_THAT(result.err, StartsWith("uchat: --log is for a conversation on a terminal"));
  }
  options_.mode = Options::Mode::talk;
  options_.wants_log = false;  // the log is that of config.toml
  EXPECT_EQ(ran().status, exit_status_of(Outcome::nothing_listening));
  EXPECT_FALSE(std::filesystem::exists(options_.log));
}

TEST_F(Run, ReportsALogThatCannotBeOpened) {
  options_.log = directory_ / "none/log";
  test::OnTerminal terminal{[this] { return run_here(); }};
  EXPECT_TRUE(terminal.shows("uchat: " + options_.log + ": No such file or directory"));
  EXPECT_EQ(WEXITSTATUS(terminal.wait()), exit_status_of(Outcome::failed));
  EXPECT_TRUE(terminal.is_sane());
}

TEST_F(Run, RefusesToSendBlanks) {
  options_.mode = Options::Mode::send;
  options_.text = "-";
  const auto result = ran(" \n\t\n");
  EXPECT_EQ(result.status, exit_status_of(Outcome::usage));
  EXPECT_EQ(result.err, "uchat: there is nothing to send: standard input is empty\n");
}

TEST_F(Run, ReportsAPasswordFileThatCannotBeRead) {
  options_.password_file = directory_ / "none";
  const auto result = ran();
  EXPECT_EQ(result.status, exit_status_of(Outcome::failed));
  EXPECT_THAT(result.err, HasSubstr(options_.password_file));
}

}  // namespace
}  // namespace chatd::client
