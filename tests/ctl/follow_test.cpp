// SPDX-License-Identifier: GPL-3.0-or-later
// `chatctl events`, by the real program against a scripted daemon.
#include "ctl/follow.hpp"

#include <atomic>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ctl/chatctl.hpp"
#include "tests/ctl/fake_daemon.hpp"

namespace chatd::ctl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const WallTime kTime{std::chrono::hours{500'000}};

wire::EventsReport report() {
  return {.cursor = "a-1-2",
          .missed = 3,
          .events = {{.time = kTime, .event = "join", .message = "ada joined", .user = "ada"},
                     {.time = kTime, .event = "leave", .message = "b\x1b[2J left"}}};
}

TEST(EventLines, AreTimeAndMessageForPeople) {
  EXPECT_EQ(event_lines(report(), false),
            "... 3 events missed\n"
            "2027-01-15T08:00:00.000Z ada joined\n"
            "2027-01-15T08:00:00.000Z b\\x1b[2J left\n");
}

TEST(EventLines, AreOneObjectEachAsJson) {
  wire::EventsReport one = report();
  one.events.pop_back();
  EXPECT_EQ(
      event_lines(one, true),
      R"({"schema":1,"event":"missed","count":3})"
      "\n"
      R"({"schema":1,"time":"2027-01-15T08:00:00.000Z","event":"join","message":"ada joined",)"
      R"("user":"ada","address":"","room":"","reason":"","by":"","change":"","until":"",)"
      R"("rule":null,"verb":"","result":"","uid":null,"pid":null,"process":"","state":"",)"
      R"("joined":null,"left":null,"members":null,"count":null,"limit":"","port":null,)"
      R"("invitation":""})"
      "\n");
}

TEST(Follow, AsksAgainWithTheCursorUntilTheDaemonRefuses) {
  Chatctl chatctl;
  FakeDaemon daemon{[](const std::string& line) {
    if (line.find("a-1-2") == std::string::npos) return FakeDaemon::ok(wire::to_json(report()));
    return FakeDaemon::error("usage", "enough");
  }};
  const Outcome shown = chatctl.run({"events", "--socket", daemon.path()});
  EXPECT_EQ(shown.status, 2);
  EXPECT_THAT(shown.out, HasSubstr("ada joined\n"));
  EXPECT_THAT(shown.err, StartsWith("chatctl: enough\n"));
  EXPECT_THAT(daemon.requests(), ElementsAre(R"({"schema":1,"verb":"events","args":[]})",
                                             R"({"schema":1,"verb":"events","args":["a-1-2"]})"));
}

TEST(Follow, AGatewayThatIsReplacedDoesNotEndIt) {
  Chatctl chatctl;
  std::atomic<int> asked{0};
  FakeDaemon daemon{[&asked](const std::string&) {
    switch (++asked) {
      case 1:
        return FakeDaemon::ok(wire::to_json(wire::EventsReport{.cursor = "a-1-0"}));
      case 2:
        return FakeDaemon::error("failed", "the gateway ends");
      case 3:
        return FakeDaemon::ok(wire::to_json(report()));
      default:
        return FakeDaemon::error("denied", "enough");
    }
  }};
  const Outcome shown = chatctl.run({"events", "--socket", daemon.path()});
  EXPECT_EQ(shown.status, 4);
  EXPECT_THAT(shown.out, HasSubstr("ada joined\n"));
  EXPECT_EQ(asked, 4);
}

TEST(Follow, AnArgumentIsRefused) {
  Chatctl chatctl;
  const Outcome shown = chatctl.run({"events", "join"});
  EXPECT_EQ(shown.status, 2);
  EXPECT_THAT(shown.err, StartsWith("chatctl: usage: chatctl events\n"));
}

TEST(Follow, TheFirstRefusalEndsIt) {
  Chatctl chatctl;
  FakeDaemon daemon{[](const std::string&) { return FakeDaemon::error("busy", "too many"); }};
  const Outcome shown = chatctl.run({"events", "--socket", daemon.path(), "--json"});
  EXPECT_EQ(shown.status, 1);
  EXPECT_THAT(shown.err, HasSubstr(R"("code":"busy")"));
  EXPECT_EQ(daemon.requests().size(), 1U);
}

TEST(Follow, EndsSomeTimeAfterTheDaemonIsGone) {
  Chatctl chatctl;
  FakeDaemon daemon{[&daemon](const std::string&) {
    daemon.end();
    return FakeDaemon::ok(wire::to_json(report()));
  }};
  const Outcome shown = chatctl.run({"events", "--timeout=0.3", "--socket", daemon.path()});
  EXPECT_EQ(shown.status, 7);
  EXPECT_THAT(shown.out, HasSubstr("ada joined\n"));
}

}  // namespace
}  // namespace chatd::ctl
