// SPDX-License-Identifier: GPL-3.0-or-later
// The end comes in order: every member has read all there was, then a goodbye.
#include <csignal>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/wire/phrases.hpp"
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
    const std::string goodbye{wire::phrase(wire::Language::en, wire::Phrase::stopping)};
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

TEST_F(Stop, BySigtermEverybodyIsToldAfterTheLastLine) {
  daemon_.stop(SIGTERM);
  expect_goodbye();
}

TEST_F(Stop, BySigintEverybodyIsToldAfterTheLastLine) {
  daemon_.stop(SIGINT);
  expect_goodbye();
}

// As a terminal does it: every process of the daemon gets the signal.
TEST_F(Stop, ByCtrlCEverybodyIsToldAfterTheLastLine) {
  ASSERT_EQ(::kill(-daemon_.pid(), SIGINT), 0);
  daemon_.expect_end();
  expect_goodbye();
}

// As systemd does it with KillMode=control-group.
TEST_F(Stop, BySigtermForEveryProcessEverybodyIsToldAfterTheLastLine) {
  ASSERT_EQ(::kill(-daemon_.pid(), SIGTERM), 0);
  daemon_.expect_end();
  expect_goodbye();
}

TEST_F(Stop, ByChatctlEverybodyIsToldAndItWaitsForTheEnd) {
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

// The gateway is stopped for a moment, so that they wait in its socket together with the end.
TEST_F(Stop, WhatWasSentBeforeItIsStillHeard) {
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

TEST_F(Stop, InTheMiddleOfAReloadNothingIsLost) {
  ASSERT_EQ(::kill(daemon_.pid(), SIGHUP), 0);
  daemon_.stop(SIGTERM);
  expect_goodbye();
}

TEST_F(Stop, RightAfterAWorkersDeathNothingIsLost) {
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

TEST_F(Stop, AWorkerThatHangsDoesNotHoldItUpForLong) {
  const auto worker = daemon_.processes("worker").at(0).at("pid").get<pid_t>();
  ASSERT_EQ(::kill(worker, SIGSTOP), 0);
  daemon_.stop(SIGTERM);
  EXPECT_FALSE(std::filesystem::exists(daemon_.control()));
}

}  // namespace
}  // namespace chatd::test
