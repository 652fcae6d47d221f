// SPDX-License-Identifier: GPL-3.0-or-later
// A process without a heartbeat is detected, killed and replaced.
#include <chrono>
#include <csignal>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/eventually.hpp"
#include "tests/support/native_crowd.hpp"
#include "tests/support/processes.hpp"
#include "tests/support/recoveries.hpp"
#include "tests/support/text_client.hpp"

namespace chatd::test {
namespace {

using Kind = TextClient::Kind;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Stopped : public ::testing::Test {
 protected:
  Stopped() {
    ada_.enter("ada");
    bob_.enter("bob");
    EXPECT_EQ(ada_.line(), "bob joined the chat");
    // Both logins are complete: a successor would send OK again for an unfinished one.
    EXPECT_THAT(daemon_.names(), ElementsAre("ada", "bob"));
  }

  void expect_replaced(const std::string& role, pid_t first) {
    EXPECT_TRUE(eventually([&] {
      const pid_t now = pid_of(daemon_, role);
      return now != 0 && now != first;
    })) << role;
    EXPECT_FALSE(process_info(first).has_value());
    EXPECT_THAT(daemon_.log(), HasSubstr(role + " (pid " + std::to_string(first) +
                                         ") gives no sign of life; killing it"));
  }

  DaemonUnderTest daemon_{
      {.config = "workers.hang_timeout = \"3s\"\n", .arguments = {"--workers", "1"}}};
  TextClient ada_{daemon_.endpoint(), Kind::bare};
  TextClient bob_{daemon_.endpoint(), Kind::bare};
};

TEST_F(Stopped, AStoppedWorkerIsReplacedAndItsMembersGetEveryLine) {
  const pid_t worker = pid_of(daemon_, "worker 0");
  ASSERT_EQ(::kill(worker, SIGSTOP), 0);
  ada_.send("C one");
  ada_.send("C two");
  EXPECT_EQ(bob_.line(), "ada : one");
  EXPECT_EQ(bob_.line(), "ada : two");
  expect_replaced("worker 0", worker);
  EXPECT_EQ(daemon_.processes("worker").at(0).at("restarts"), 1);
  EXPECT_THAT(daemon_.names(), ElementsAre("ada", "bob"));
}

TEST_F(Stopped, AStoppedGatewayIsReplacedAndQueuedDatagramsAreHandled) {
  TextClient eve{daemon_.endpoint(), Kind::bare};
  const pid_t gateway = pid_of(daemon_, "gateway");
  ASSERT_EQ(::kill(gateway, SIGSTOP), 0);
  ada_.send("C one");
  eve.send("L eve");
  ada_.send("C two");
  EXPECT_EQ(bob_.line(), "ada : one");
  EXPECT_EQ(bob_.line(), "eve joined the chat");
  EXPECT_EQ(bob_.line(), "ada : two");
  EXPECT_EQ(eve.answer(), "OK");
  EXPECT_EQ(eve.line(), "ada : two");
  expect_replaced("gateway", gateway);
  EXPECT_THAT(daemon_.names(), ElementsAre("ada", "bob", "eve"));
}

TEST_F(Stopped, AMessageThatIsSentWhileTheGatewayIsDeadIsHandledByItsSuccessor) {
  const pid_t gateway = pid_of(daemon_, "gateway");
  // Stopped first, so that it does not read the message before its death.
  ASSERT_EQ(::kill(gateway, SIGSTOP), 0);
  ada_.send("C is anybody there?");
  ASSERT_EQ(::kill(gateway, SIGKILL), 0);
  EXPECT_EQ(bob_.line(), "ada : is anybody there?");
  EXPECT_EQ(daemon_.processes("gateway").at(0).at("restarts"), 1);
}

// Waits for so long.
bool has_passed(milliseconds time) {
  const auto end = steady_clock::now() + time;
  return eventually([end] { return steady_clock::now() >= end; });
}

// As a pause of a container does it.
TEST_F(Stopped, AStopOfAllProcessesIsNoHang) {
  const auto children = children_of(daemon_.pid());
  ASSERT_EQ(::kill(daemon_.pid(), SIGSTOP), 0);
  for (const auto& child : children) ASSERT_EQ(::kill(child.pid, SIGSTOP), 0);
  ASSERT_TRUE(has_passed(milliseconds{3500})) << "longer than workers.hang_timeout";
  ASSERT_EQ(::kill(daemon_.pid(), SIGCONT), 0);
  ASSERT_TRUE(has_passed(milliseconds{500})) << "the supervisor has looked at its children";
  for (const auto& child : children) ASSERT_EQ(::kill(child.pid, SIGCONT), 0);
  ada_.send("C still here");
  EXPECT_EQ(bob_.line(), "ada : still here");
  for (const char* role : {"worker", "gateway"}) {
    EXPECT_EQ(daemon_.processes(role).at(0).at("restarts"), 0) << role;
  }
}

// Twice as fast as the limits allow, so that each client has a queue.
TEST(StoppedGateway, LosesNoLineOfANativeMember) {
  DaemonUnderTest daemon{{.config = "workers.hang_timeout = \"3s\"\n"}};
  constexpr std::size_t kTalkers = 3;
  constexpr int kLines = 60;
  NativeCrowd crowd{daemon.endpoint(), {.size = kTalkers}};
  std::size_t refused = 0;
  crowd.on_event = [&](std::size_t, const client::Event& event) {
    if (std::holds_alternative<client::Refused>(event)) ++refused;
  };
  ASSERT_TRUE(crowd.enter());
  auto due = steady_clock::now();
  for (int i = 0; i < kLines; ++i, due += milliseconds{100}) {
    if (i == 10) {
      ASSERT_EQ(::kill(pid_of(daemon, "gateway"), SIGSTOP), 0);
    }
    while (steady_clock::now() < due) {
      crowd.pump(std::chrono::ceil<milliseconds>(due - steady_clock::now()));
    }
    for (std::size_t member = 0; member < kTalkers; ++member) crowd.say(member, std::to_string(i));
  }
  ASSERT_TRUE(crowd.pump_until([&] { return crowd.unconfirmed() == 0; }));
  EXPECT_EQ(refused, 0U);
  crowd.say(0, "end");
  ASSERT_TRUE(crowd.pump_until([&] { return crowd.lines(1).back() == "m0: end"; }));
  std::map<std::string, std::vector<std::string>> said;
  for (const std::string& line : crowd.lines(1)) {
    if (const auto colon = line.find(": "); colon != std::string::npos) {
      said[line.substr(0, colon)].push_back(line.substr(colon + 2));
    }
  }
  std::vector<std::string> expected;
  for (int i = 0; i < kLines; ++i) expected.push_back(std::to_string(i));
  EXPECT_EQ(said["m1"], expected);
  EXPECT_EQ(said["m2"], expected);
  expected.emplace_back("end");
  EXPECT_EQ(said["m0"], expected);
}

TEST(Killed, NoProcessStaysWithoutTheSupervisor) {
  DaemonUnderTest daemon;
  const auto before = victims(daemon);
  ASSERT_GE(before.size(), 2U);
  daemon.kill();
  for (const auto& victim : before) EXPECT_FALSE(process_info(victim.pid).has_value());
}

}  // namespace
}  // namespace chatd::test
