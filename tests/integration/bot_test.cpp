// SPDX-License-Identifier: GPL-3.0-or-later
// bot_test.cpp — the bot of packaging/examples, with a token of `chatctl token`.
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/browser.hpp"
#include "tests/support/daemon_under_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/http_client.hpp"

namespace chatd::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

// The daemon has this address after a stop and a start, too.
Endpoint free_page_address() {
  return {.address = parse_address("127.0.0.1").value(), .port = free_tcp_port()};
}

class Bot : public ::testing::Test {
 protected:
  Bot() {
    DaemonUnderTest::Options options;
    options.config = "limits.messages_per_second = 0\nlimits.burst = 0\n";
    options.web = {to_text(page_)};
    daemon_ = std::make_unique<DaemonUnderTest>(options);
    const Finished made = daemon_->ctl({"token", "echo"});
    EXPECT_EQ(made.status, 0) << made.err;
    write_secret_file(folder_ / "token", made.out);
    bot_ = start_program({"/bin/bash", std::string{CHATD_SOURCE_DIR} + "/packaging/examples/bot.sh",
                          "http://" + to_text(page_), "echo", folder_ / "token"},
                         {}, {.out = folder_ / "out", .err = folder_ / "err"});
    EXPECT_TRUE(await_bot()) << file_text(folder_ / "err")
                             << "\npackaging/setup test installs curl and jq";
    ada_.set_name("ada");
    EXPECT_EQ(ada_.enter("ada").status, 201);
    EXPECT_TRUE(ada_.open());
  }
  ~Bot() override {
    if (bot_ <= 0) return;
    ::kill(-bot_, SIGTERM);  // and its curl
    EXPECT_TRUE(wait_for_program(bot_, kGenerous));
    await_others();
  }
  Bot(const Bot&) = delete;
  Bot& operator=(const Bot&) = delete;

  [[nodiscard]] bool await_bot() const {
    return eventually([&] { return daemon_->ctl({"users"}).out.contains("echo"); });
  }
  // The programs that the bot has started become children of this process when it ends.
  void await_others() const {
    while (::waitpid(-bot_, nullptr, 0) > 0) {
    }
  }
  void say(const std::string& text) {
    const auto said = ada_.command({{"kind", "say"}, {"room", ""}, {"text", text}});
    EXPECT_EQ(said.status, 200) << said.body;
  }
  // The next line of the bot.
  std::string answer() {
    for (int i = 0; i < 1000; ++i) {
      const auto said = ada_.await("say");
      if (!said) return "nothing; " + file_text(folder_ / "err");
      if (said->at("name") == "echo" && !said->value("replay", false)) return said->at("text");
    }
    return "nothing";
  }

  const Endpoint page_ = free_page_address();
  TempDir folder_;
  std::unique_ptr<DaemonUnderTest> daemon_;
  pid_t bot_{-1};
  Browser ada_{page_, 'a'};
};

TEST_F(Bot, AnswersUnderANameOfItsOwn) {
  say("!echo tea is ready");
  EXPECT_EQ(answer(), "tea is ready");
  say("nothing for the bot");
  say("!echo \"quotes\" and $(shell) \\n 你好");
  EXPECT_EQ(answer(), "\"quotes\" and $(shell) \\n 你好");
  const auto users = daemon_->ctl_json({"users"}).at("users");
  const auto echo =
      std::ranges::find(users, "echo", [](const auto& row) { return row.at("name"); });
  ASSERT_NE(echo, users.end());
  EXPECT_EQ(echo->at("owned"), true);
  EXPECT_EQ(echo->at("protocol"), "web");
}

TEST_F(Bot, MissesNoLineWhileProcessesAreKilled) {
  constexpr int kLines = 12;
  for (int i = 0; i < kLines; ++i) {
    say("!echo line " + std::to_string(i));
    if (i % 4 == 1) ::kill(daemon_->processes("web").at(0).at("pid").get<pid_t>(), SIGKILL);
    if (i % 4 == 3) ::kill(daemon_->processes("gateway").at(0).at("pid").get<pid_t>(), SIGKILL);
  }
  for (int i = 0; i < kLines; ++i) EXPECT_EQ(answer(), "line " + std::to_string(i));
}

TEST_F(Bot, EntersAgainWhenTheDaemonWasStopped) {
  say("!echo before");
  EXPECT_EQ(answer(), "before");
  daemon_->stop();
  daemon_->start_again();
  ASSERT_TRUE(await_bot()) << file_text(folder_ / "err");
  EXPECT_EQ(ada_.enter("ada").status, 201);
  EXPECT_TRUE(ada_.open());
  say("!echo after");
  EXPECT_EQ(answer(), "after");
}

TEST_F(Bot, EndsWhenItsTokenIsRevoked) {
  say("!echo now its stream is open");
  EXPECT_EQ(answer(), "now its stream is open");
  const Finished revoked = daemon_->ctl({"token", "echo", "--revoke"});
  EXPECT_EQ(revoked.status, 0) << revoked.err;
  EXPECT_EQ(wait_for_program(bot_, kGenerous), 1) << file_text(folder_ / "err");
  await_others();
  bot_ = -1;
  EXPECT_THAT(daemon_->names(), Not(Contains("echo")));
  EXPECT_THAT(daemon_->ctl({"token", "echo", "--revoke"}).err, HasSubstr("nobody owns"));
}

}  // namespace
}  // namespace chatd::test
