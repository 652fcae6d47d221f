// SPDX-License-Identifier: GPL-3.0-or-later
// Any process but the supervisor is killed at any moment, and the conversation goes on: no
// session is lost, no message that was appended is lost or out of order.
#include <algorithm>
#include <iostream>
#include <random>
#include <unordered_map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/crowd.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/recoveries.hpp"
#include "tests/support/sample.hpp"

namespace chatd::test::survival {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kMembers = 50;
// The last one only listens: what it has read, in its order, is the history of the room.
constexpr std::size_t kListener = kMembers - 1;
constexpr milliseconds kBetweenMessages{5};
milliseconds traffic_time() { return milliseconds{is_whole_run() ? 10'000 : 4'000}; }
constexpr milliseconds kToStandAgain{200};
// For a machine that has other work too, and for sanitizers: a process that takes longer
// than this to be replaced was not replaced at once.
constexpr milliseconds kNoise{1800};

const std::string kConfig =
    "log.level = \"debug\"\n"
    "limits.messages_per_second = 0\n";

using History = std::vector<std::string>;

// A line may be received again, with all that followed it, when a worker was killed between sending
// it and recording that. Any other wrong order fails the test.
History without_repeated_runs(const std::vector<std::string>& lines, std::size_t& repeated) {
  History history;
  std::unordered_map<std::string_view, std::size_t> place;
  std::size_t next = 0;  // the next line in order
  for (const std::string& line : lines) {
    const auto known = place.find(line);
    if (known == place.end()) {
      EXPECT_EQ(next, history.size()) << line << " cut a repeated run short";
      history.push_back(line);
      place.emplace(line, history.size() - 1);
      next = history.size();
      continue;
    }
    EXPECT_LE(known->second, next) << line << " came out of turn";
    next = known->second + 1;
    ++repeated;
  }
  return history;
}

// The lines that the member should have read: all but its own.
History without_own(const History& history, std::size_t member) {
  const std::string own = "m" + std::to_string(member) + " : ";
  History others;
  std::ranges::copy_if(history, std::back_inserter(others),
                       [&](const std::string& line) { return !line.starts_with(own); });
  return others;
}

class Survival : public ::testing::Test {
 protected:
  Survival() {
    EXPECT_TRUE(crowd_.enter());
    EXPECT_TRUE(crowd_.receive_joins());
    announce("begin");
    crowd_.forget_lines();
  }

  void announce(const std::string& word) {
    EXPECT_EQ(daemon_.ctl({"announce", word}).status, 0);
    EXPECT_TRUE(crowd_.receive_until("[admin] " + word));
  }

  // 200 messages a second from all members but the listener in turn, and `trouble` now and then.
  template <class Trouble>
  void talk(Trouble trouble) {
    std::mt19937 random{42};  // NOLINT(cert-msc51-cpp): the same course in every run
    std::uniform_int_distribution<int> pause{200, 600};
    const auto begin = steady_clock::now();
    auto next_trouble = begin + milliseconds{300};
    for (auto due = begin; due - begin < traffic_time(); due += kBetweenMessages) {
      while (steady_clock::now() < due) {
        const auto left = std::chrono::ceil<milliseconds>(due - steady_clock::now());
        crowd_.receive(std::max(left, milliseconds{0}));
      }
      crowd_.send(sent_ % kListener, "C number " + std::to_string(sent_));
      ++sent_;
      if (steady_clock::now() < next_trouble) continue;
      trouble(random);
      next_trouble = steady_clock::now() + milliseconds{pause(random)};
    }
  }

  // All members have read the same lines in the same order. Returns their number.
  std::size_t expect_one_history() {
    EXPECT_TRUE(eventually([&] { return victims(daemon_).size() == 6; }));
    announce("end");
    std::size_t repeated = 0;
    const History history = without_repeated_runs(crowd_.lines(kListener), repeated);
    for (std::size_t member = 0; member < kListener; ++member) {
      const History heard = without_repeated_runs(crowd_.lines(member), repeated);
      EXPECT_TRUE(heard == without_own(history, member)) << "m" << member;
    }
    for (const std::string& line : history) {
      EXPECT_TRUE(line.find(" : number ") != std::string::npos || line == "[admin] end") << line;
    }
    std::cout << "[          ] " << sent_ << " sent, " << history.size() - 1 << " appended, "
              << repeated << " of " << crowd_.lines_read() << " lines repeated\n";
    return history.size() - 1;
  }

  void expect_everybody_is_there() {
    EXPECT_EQ(daemon_.names().size(), kMembers);
    EXPECT_EQ(daemon_.counter("joins"), kMembers);
    EXPECT_EQ(daemon_.counter("leaves"), 0U);
    for (const auto& child : children_of(daemon_.pid())) EXPECT_NE(child.state, 'Z');
  }

  void expect_restarts_are_shown() {
    const auto shown = [&](const nlohmann::json& row, const std::string& role) {
      EXPECT_EQ(row.at("restarts"), recoveries_.kills(role)) << role;
      EXPECT_EQ(row.at("state"), "ready") << role;
    };
    shown(daemon_.processes("gateway").at(0), "gateway");
    const auto workers = daemon_.processes("worker");
    EXPECT_EQ(workers.size(), 4U);
    for (std::size_t i = 0; i < workers.size(); ++i) {
      shown(workers[i], "worker " + std::to_string(i));
    }
  }

  void expect_quick_recoveries() {
    milliseconds longest{0};
    for (const auto& [role, took, back_off] : recoveries_.read(daemon_.log())) {
      EXPECT_LE(took, back_off + kToStandAgain + kNoise) << role;
      longest = std::max(longest, took - back_off);
    }
    std::cout << "[          ] " << recoveries_.kills() << " kills; at most " << longest.count()
              << " ms until a successor was ready, without the back-off\n";
  }

  DaemonUnderTest daemon_{{.config = kConfig, .arguments = {"--workers", "4"}}};
  Crowd crowd_{daemon_.endpoint(), kMembers};
  Recoveries recoveries_;
  std::size_t sent_{0};
};

TEST_F(Survival, NoMessageIsLostWhenWorkersAreKilled) {
  talk([&](std::mt19937& random) {
    auto found = victims(daemon_);
    std::erase_if(found, [](const Victim& victim) { return victim.role == "gateway"; });
    std::ranges::shuffle(found, random);
    if (random() % 5 != 0 && !found.empty()) found.resize(1);
    for (const auto& victim : found) recoveries_.kill(victim);
  });
  EXPECT_EQ(expect_one_history(), sent_) << "the gateway lived: everything was appended";
  EXPECT_EQ(daemon_.counter("messages"), sent_);
  expect_everybody_is_there();
  expect_restarts_are_shown();
  expect_quick_recoveries();
}

// Only datagrams that the gateway had read from the socket and not appended when it died may be
// missing: a text client does not send them again.
TEST_F(Survival, NoAppendedMessageIsLostWhenAnyProcessIsKilled) {
  talk([&](std::mt19937& random) {
    auto found = victims(daemon_);
    std::ranges::shuffle(found, random);
    if (random() % 6 != 0 && !found.empty()) found.resize(1);
    for (const auto& victim : found) recoveries_.kill(victim);
  });
  const std::size_t gateways = recoveries_.kills("gateway");
  EXPECT_GT(gateways, 0U);
  const std::size_t appended = expect_one_history();
  constexpr std::size_t kInTheGatewaysHands = 64;
  EXPECT_LE(sent_ - appended, gateways * kInTheGatewaysHands);
  // A gateway that was killed between the two has appended a message and not counted it.
  EXPECT_LE(daemon_.counter("messages"), appended);
  EXPECT_GE(daemon_.counter("messages") + gateways, appended);
  expect_everybody_is_there();
  expect_restarts_are_shown();
  expect_quick_recoveries();
}

}  // namespace
}  // namespace chatd::test::survival
