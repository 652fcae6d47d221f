// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/client.hpp"

#include <string>

#include <gtest/gtest.h>

#include "tests/ctl/fake_daemon.hpp"

namespace chatd::ctl {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const wire::ControlRequest kPing{.verb = "ping", .args = {}};

TEST(Client, AsksAndIsAnsweredAgainAndAgain) {
  FakeDaemon daemon{[](const std::string&) { return FakeDaemon::ok(R"({"a":1})"); }};
  Client client{daemon.path(), seconds{10}};
  EXPECT_EQ(client.ask(kPing), R"({"a":1})");
  EXPECT_EQ(client.ask(kPing), R"({"a":1})");
  EXPECT_EQ(daemon.requests().size(), 2U);
}

TEST(Client, GivesTheDaemonsRefusalAsItIs) {
  FakeDaemon daemon{[](const std::string&) { return FakeDaemon::error("not_found", "nobody"); }};
  EXPECT_EQ(Client(daemon.path(), seconds{10}).ask(kPing).error(),
            (wire::ControlError{"not_found", "nobody"}));
}

TEST(Client, DistinguishesReasonsForNoAnswer) {
  EXPECT_EQ(Client("/no/such/control.sock", seconds{10}).ask(kPing).error().code, "not_running");
  FakeDaemon silent;
  EXPECT_EQ(Client(silent.path(), milliseconds{20}).ask(kPing).error().code, "timeout");
  FakeDaemon rude{[](const std::string&) { return ""; }};
  EXPECT_EQ(Client(rude.path(), seconds{10}).ask(kPing).error().code, "failed");
  EXPECT_EQ(Client(std::string(200, 'x'), seconds{10}).ask(kPing).error().code, "failed");
}

TEST(Client, ARequestThatChangesNothingIsSentAgainAfterAHangUp) {
  int asked = 0;
  FakeDaemon daemon{
      [&](const std::string&) { return ++asked < 3 ? "" : FakeDaemon::ok(R"({"a":1})"); }};
  EXPECT_EQ(Client(daemon.path(), seconds{10}).ask(kPing), R"({"a":1})");
  EXPECT_EQ(daemon.requests().size(), 3U);
}

TEST(Client, ARequestThatChangesSomethingIsSentOnce) {
  FakeDaemon daemon{[](const std::string&) { return ""; }};
  Client client{daemon.path(), seconds{10}};
  for (const char* verb : {"kick", "frobnicate"}) {
    EXPECT_EQ(client.ask({.verb = verb, .args = {"ada"}}).error().code, "failed") << verb;
  }
  EXPECT_EQ(daemon.requests().size(), 2U);
}

TEST(Client, ADaemonThatEndsBeforeItsAnswerIsNotRunning) {
  FakeDaemon* self = nullptr;
  FakeDaemon daemon{[&](const std::string&) {
    self->end();
    return "";
  }};
  self = &daemon;
  EXPECT_EQ(Client(daemon.path(), seconds{10}).ask(kPing).error().code, "not_running");
}

TEST(Client, ReadsAnAnswerOfMegabytes) {
  const std::string result = R"({"a":")" + std::string(3'000'000, 'a') + R"("})";
  FakeDaemon daemon{[&](const std::string&) { return FakeDaemon::ok(result); }};
  EXPECT_EQ(Client(daemon.path(), seconds{30}).ask(kPing), result);
}

TEST(Client, RefusesToSendARequestThatIsTooLong) {
  FakeDaemon daemon;
  const wire::ControlRequest long_one{.verb = "announce", .args = {std::string(70'000, 'x')}};
  EXPECT_EQ(Client(daemon.path(), seconds{10}).ask(long_one).error().code, "too_long");
}

TEST(Client, ADaemonWithoutAVisibleProcessEndsWithItsConnection) {
  FakeDaemon daemon{[](const std::string&) { return FakeDaemon::ok("{}"); }};
  Client client{daemon.path(), seconds{10}};
  ASSERT_TRUE(client.ask(kPing));
  EXPECT_TRUE(client.wait_until_gone(0));
}

}  // namespace
}  // namespace chatd::ctl
