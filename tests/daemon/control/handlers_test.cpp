// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/control/handlers.hpp"

#include <unistd.h>

#include <algorithm>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace chatd::control {
namespace {

namespace verb = wire::verb;

class HandlersTest : public ::testing::Test {
 protected:
  // The reply; "" while there is none. A refusal is "code: message".
  std::string run(const wire::Verb& row, const Args& args = {}) {
    reply_.clear();
    handlers_.run(row, args, [this](const wire::ControlReply& reply) {
      reply_ = reply ? *reply : reply.error().code + ": " + reply.error().message;
    });
    return reply_;
  }

  Handlers handlers_;
  std::string reply_;
};

TEST_F(HandlersTest, AHandlerWithoutArgumentsReturnsTheReport) {
  handlers_.on(verb::kStop, [] { return wire::StopReport{.pid = 7}; });
  EXPECT_EQ(run(verb::kStop.row), R"({"pid":7})");
}

TEST_F(HandlersTest, AHandlerWithArgumentsReturnsTheReportOrARefusal) {
  handlers_.on(verb::kKick, [](const Args& args) -> Answer<wire::KickReport> {
    if (args.size() > 1) return std::unexpected{Refusal{"failed", args[1]}};
    return wire::KickReport{.name = args[0], .address = "x"};
  });
  EXPECT_EQ(run(verb::kKick.row, {"ada"}), R"({"name":"ada","address":"x","room":""})");
  EXPECT_EQ(run(verb::kKick.row, {"ada", "why"}), "failed: why");
}

TEST_F(HandlersTest, AHandlerMayAnswerLater) {
  Done<wire::ReloadReport> done;
  handlers_.on(verb::kReload, [&](Done<wire::ReloadReport> given) { done = std::move(given); });
  EXPECT_EQ(run(verb::kReload.row), "");
  done(wire::ReloadReport{.changed = {"log.level"}});
  EXPECT_EQ(reply_, R"({"changed":["log.level"],"needs_restart":[],"warnings":[]})");
}

TEST_F(HandlersTest, APrivilegedVerbIsDeniedToOtherUsers) {
  for (const wire::Verb& row : wire::kVerbs) {
    std::string code;
    handlers_.run(row, {"a", "b"},
                  [&](const wire::ControlReply& reply) { code = reply.error().code; },
                  {.uid = ::geteuid() + 1, .pid = 1});
    EXPECT_EQ(code, row.privileged ? "denied" : "unknown_verb") << row.name;
  }
  handlers_.on(verb::kNameTake, [] { return wire::ChangedNameReport{.name = "ada"}; });
  EXPECT_TRUE(run(verb::kNameTake.row, {"ada"}).starts_with(R"({"name":"ada")"));
}

TEST_F(HandlersTest, AHandlerMayReceiveTheCaller) {
  handlers_.on(verb::kKick, [](const Args& args, const Caller& caller) {
    return wire::KickReport{.name = args[0], .address = std::to_string(caller.uid)};
  });
  std::string name;
  handlers_.run(verb::kKick.row, {"ada"},
                [&](const wire::ControlReply& reply) { name = reply.value(); },
                {.uid = 1000, .pid = 7});
  EXPECT_EQ(name, R"({"name":"ada","address":"1000","room":""})");
}

TEST_F(HandlersTest, AHandlerWithArgumentsMayAnswerLater) {
  Done<wire::KickReport> done;
  std::string asked;
  handlers_.on(verb::kKick,
               [&](const Args& args, const Caller& caller, Done<wire::KickReport> given) {
                 EXPECT_EQ(caller.uid, 0U);
                 asked = args[0];
                 done = std::move(given);
               });
  EXPECT_EQ(run(verb::kKick.row, {"ada"}), "");
  EXPECT_EQ(asked, "ada");
  done(wire::KickReport{.name = "ada"});
  EXPECT_EQ(reply_, R"({"name":"ada","address":"","room":""})");
}

TEST_F(HandlersTest, AVerbWithoutHandlerIsUnknownAndMissing) {
  EXPECT_EQ(run(verb::kPing.row), "unknown_verb: this process does not answer this verb");
  EXPECT_EQ(std::ranges::count(handlers_.missing(), "ping"), 1);
  handlers_.on(verb::kPing, [] { return wire::EmptyReport{}; });
  EXPECT_EQ(std::ranges::count(handlers_.missing(), "ping"), 0);
}

TEST_F(HandlersTest, AVerbThatChatctlItselfAnswersIsNotMissing) {
  EXPECT_EQ(std::ranges::count(handlers_.missing(), "help"), 0);
}

}  // namespace
}  // namespace chatd::control
