// SPDX-License-Identifier: GPL-3.0-or-later
// stop_test.cpp — a stop of the daemon: each member receives all lines, then a goodbye.
#include <csignal>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/wire/text/phrases.hpp"
#include "tests/integration/room.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/processes.hpp"

namespace chatd::test {
namespace {

using ::testing::HasSubstr;

class Stop : public ::testing::Test {
 protected:
  Stop() {
    ada_.enter("ada");
    bob_.enter("bob");
    for (int i = 0; i < kMessages; ++i) {
      ada_.send("C " + std::to_string(i));
      expected_.push_back("ada : " + std::to_string(i));
    }
    EXPECT_TRUE(eventually([&] { return daemon_.counter("messages") == kMessages; }));
  }

  void expect_goodbye() {
    const std::string goodbye{wire::phrase(wire::Language::en, wire::Reason::stopped)};
    EXPECT_EQ(bob_.lines_until(goodbye), expected_);
    EXPECT_EQ(bob_.answer(), "EXIT") << "alone in its datagram";
    EXPECT_EQ(ada_.lines_until(goodbye), (Lines{"bob joined the chat"}));
    EXPECT_EQ(ada_.answer(), "EXIT");
    EXPECT_FALSE(std::filesystem::exists(daemon_.control()));
  }

  static constexpr int kMessages = 100;
  DaemonUnderTest daemon_{{.config = "limits.messages_per_second = 0\n"}};
  TextClient ada_{daemon_.endpoint(), Kind::bare};
  TextClient bob_{daemon_.endpoint(), Kind::lines};
  Lines expected_;
};

TEST_F(Stop, SigtermSendsAGoodbyeAfterTheLastLine) {
  daemon_.stop(SIGTERM);
  expect_goodbye();
}

TEST_F(Stop, SigintSendsAGoodbyeAfterTheLastLine) {
  daemon_.stop(SIGINT);
  expect_goodbye();
}

// Ctrl-C in a terminal sends the signal to every process of the daemon.
TEST_F(Stop, CtrlCSendsAGoodbyeAfterTheLastLine) {
  ASSERT_EQ(::kill(-daemon_.pid(), SIGINT), 0);
  daemon_.expect_end();
  expect_goodbye();
}

// systemd sends the signal to every process with KillMode=control-group.
TEST_F(Stop, SigtermToEveryProcessSendsAGoodbyeAfterTheLastLine) {
  ASSERT_EQ(::kill(-daemon_.pid(), SIGTERM), 0);
  daemon_.expect_end();
  expect_goodbye();
}

TEST_F(Stop, ChatctlStopSendsAGoodbyeAndWaitsForTheEnd) {
  const pid_t pid = daemon_.pid();
  const Finished stopped = daemon_.ctl({"stop"});
  EXPECT_EQ(stopped.status, 0) << stopped.err;
  EXPECT_THAT(stopped.out, HasSubstr("stopped chatd, which was pid " + std::to_string(pid)));
  const auto left = process_info(pid);
  ASSERT_TRUE(left.has_value()) << "its parent, this program, has not asked for its end yet";
  EXPECT_EQ(left->state, 'Z');
  daemon_.expect_end();
  expect_goodbye();
}

// The gateway is paused for a moment, so the messages still wait in its socket when the stop comes.
TEST_F(Stop, MessagesSentBeforeTheStopAreDelivered) {
  const auto gateway = daemon_.processes("gateway").at(0).at("pid").get<pid_t>();
  ASSERT_EQ(::kill(gateway, SIGSTOP), 0);
  for (const char* text : {"last", "words"}) {
    ada_.send("C " + std::string{text});
    expected_.push_back("ada : " + std::string{text});
  }
  ASSERT_EQ(::kill(daemon_.pid(), SIGTERM), 0);
  EXPECT_TRUE(eventually([&] { return daemon_.log().find("stopping: ") != std::string::npos; }));
  ASSERT_EQ(::kill(gateway, SIGCONT), 0);
  daemon_.expect_end();
  expect_goodbye();
}

TEST_F(Stop, AStopDuringAReloadLosesNothing) {
  ASSERT_EQ(::kill(daemon_.pid(), SIGHUP), 0);
  daemon_.stop(SIGTERM);
  expect_goodbye();
}

TEST_F(Stop, AStopAfterAWorkerCrashLosesNothing) {
  for (const auto& worker : daemon_.processes("worker")) {
    const auto pid = worker.at("pid").get<pid_t>();
    ASSERT_EQ(::kill(pid, SIGKILL), 0);
    ASSERT_TRUE(eventually([&] {
      const auto info = process_info(pid);
      return !info || info->state == 'Z';
    }));
  }
  daemon_.stop(SIGTERM);
  EXPECT_THAT(bob_.lines_until("EXIT"), ::testing::IsSupersetOf(expected_));
}

TEST_F(Stop, AHangingWorkerDoesNotBlockTheStop) {
  const auto worker = daemon_.processes("worker").at(0).at("pid").get<pid_t>();
  ASSERT_EQ(::kill(worker, SIGSTOP), 0);
  daemon_.stop(SIGTERM);
  EXPECT_FALSE(std::filesystem::exists(daemon_.control()));
}

}  // namespace
}  // namespace chatd::test
