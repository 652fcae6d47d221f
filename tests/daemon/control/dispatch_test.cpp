// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/control/dispatch.hpp"

#include <unistd.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/base/log.hpp"
#include "common/wire/control/verbs.hpp"
#include "tests/daemon/control/fake_host.hpp"

namespace chatd::control {
namespace {

using Logged = std::vector<std::map<std::string, std::string>>;

class RecordingSink final : public LogSink {
 public:
  explicit RecordingSink(Logged& logged) : logged_{logged} {}
  void write(const LogRecord& record) noexcept override {
    auto& fields = logged_.emplace_back();
    fields["MESSAGE"] = record.message;
    for (const LogField& field : record.fields) fields[std::string{field.name}] = field.value;
  }

 private:
  Logged& logged_;
};

class DispatchTest : public ::testing::Test {
 protected:
  DispatchTest() { set_log_sink(std::make_unique<RecordingSink>(logged_)); }
  ~DispatchTest() override { set_log_sink(nullptr); }

  // The last reply, or code "none" when there is none yet.
  wire::ControlReply ask(std::string verb, std::vector<std::string> args = {}) {
    reply_ = std::unexpected{Refusal{"none", ""}};
    dispatch(host_.handlers, caller_, {std::move(verb), std::move(args)},
             [this](const wire::ControlReply& reply) {
               ++replies_;
               reply_ = reply;
             });
    return reply_;
  }
  std::string refusal(std::string verb, std::vector<std::string> args = {}) {
    const auto reply = ask(std::move(verb), std::move(args));
    return reply ? "ok" : reply.error().code;
  }

  // Neither root nor the user of the daemon.
  Caller caller_{.uid = ::geteuid() + 1, .pid = 77};
  FakeHost host_;
  Logged logged_;
  wire::ControlReply reply_;
  int replies_{0};
};

TEST_F(DispatchTest, AVerbThatShowsGivesTheReportOfItsHandler) {
  EXPECT_EQ(wire::parse_report<wire::UsersReport>(ask("users").value()).value(), host_.users);
  EXPECT_EQ(ask("ping"), "{}");
  EXPECT_TRUE(logged_.empty());
}

TEST_F(DispatchTest, AnnounceReportsTheNumberOfMembers) {
  EXPECT_EQ(ask("announce", {"tea  is\tready"}), R"({"members":2,"room":""})");
  EXPECT_EQ(host_.announced, std::vector<std::string>{"tea  is\tready"});
}

TEST_F(DispatchTest, TheRefusalOfTheHandlerIsTheReply) {
  EXPECT_EQ(ask("kick", {"eve"}).error(), (Refusal{"not_found", "nobody is called so"}));
}

TEST_F(DispatchTest, ReloadAnswersWhenTheHandlerIsDone) {
  EXPECT_EQ(refusal("reload"), "none");
  EXPECT_TRUE(logged_.empty());
  host_.finish_reload();
  EXPECT_EQ(reply_, R"({"changed":["log.level"],"needs_restart":[],"warnings":[]})");
  EXPECT_EQ(logged_.size(), 1U);
  EXPECT_EQ(replies_, 1);
}

TEST_F(DispatchTest, UpgradeAnswersWhenTheHandlerIsDone) {
  EXPECT_EQ(refusal("upgrade"), "none");
  host_.upgrade_done(wire::EmptyReport{});
  EXPECT_EQ(reply_, "{}");
  EXPECT_EQ(replies_, 1);
  EXPECT_EQ(refusal("upgrade"), "none");
  host_.upgrade_done(std::unexpected{Refusal{"failed", "the new program exited with status 3"}});
  EXPECT_EQ(reply_.error().message, "the new program exited with status 3");
}

TEST_F(DispatchTest, StopNamesTheProcessThatEndsLast) {
  EXPECT_EQ(ask("stop"), R"({"pid":4711})");
  EXPECT_EQ(host_.stops, 1);
}

TEST_F(DispatchTest, AWrongVerbIsUnknown) {
  EXPECT_EQ(refusal("frobnicate"), "unknown_verb");
  EXPECT_EQ(refusal(""), "unknown_verb");
  EXPECT_EQ(refusal("help"), "unknown_verb");
}

TEST_F(DispatchTest, AWrongNumberOfArgumentsIsAUsageErrorForEveryVerb) {
  for (const wire::Verb& verb : wire::kVerbs) {
    if (verb.client_only) continue;
    const std::string name{verb.name};
    EXPECT_EQ(refusal(name, std::vector<std::string>(verb.all_args() + 1, "x")), "usage") << name;
    if (verb.min_args > 0) {
      EXPECT_EQ(refusal(name), "usage") << name;
    }
  }
  EXPECT_EQ(host_.stops, 0);
  EXPECT_EQ(ask("kick").error().message, "usage: kick NAME [REASON]");
}

TEST_F(DispatchTest, LogsCallerAndVerbButNotTheArguments) {
  ask("announce", {"secret plans"});
  ASSERT_EQ(logged_.size(), 1U);
  EXPECT_EQ(logged_[0]["CHATD_EVENT"], "control");
  EXPECT_EQ(logged_[0]["CHATD_VERB"], "announce");
  EXPECT_EQ(logged_[0]["CHATD_UID"], std::to_string(caller_.uid));
  EXPECT_EQ(logged_[0]["CHATD_PID"], "77");
  EXPECT_EQ(logged_[0]["CHATD_RESULT"], "ok");
  for (const auto& [name, value] : logged_[0]) {
    EXPECT_EQ(value.find("secret"), std::string::npos) << name;
  }
}

// The verb shows what members of closed rooms said.
TEST_F(DispatchTest, HistoryIsLoggedAlsoIfItIsDeniedOrAnotherProcessAnswers) {
  host_.handlers.pass(wire::verb::kHistory,
                      [](const Args&, const Caller&) -> Passed { return {}; });
  EXPECT_EQ(refusal("history", {"lab"}), "denied");
  caller_.uid = 0;
  EXPECT_EQ(ask("history", {"lab"}).value(), kPassedOn);
  ASSERT_EQ(logged_.size(), 2U);
  EXPECT_EQ(logged_[0]["CHATD_VERB"], "history");
  EXPECT_EQ(logged_[0]["CHATD_RESULT"], "denied");
  EXPECT_EQ(logged_[1]["CHATD_RESULT"], "ok");
}

// The answer to these goes out before the deed is done, and it may still fail.
TEST_F(DispatchTest, AnUpgradeOrStopIsLoggedAsBegun) {
  ask("upgrade");
  host_.upgrade_done(wire::EmptyReport{});
  ask("stop");
  ASSERT_EQ(logged_.size(), 2U);
  EXPECT_EQ(logged_[0]["CHATD_RESULT"], "begun");
  EXPECT_EQ(logged_[1]["CHATD_RESULT"], "begun");
}

TEST_F(DispatchTest, EveryVerbThatChangesSomethingIsLoggedAlsoWhenItIsRefused) {
  host_.answer_reload_at_once = true;
  for (const wire::Verb& verb : wire::kVerbs) {
    logged_.clear();
    ask(std::string{verb.name}, std::vector<std::string>(verb.min_args, "x"));
    if (verb.name == "upgrade") host_.upgrade_done(wire::EmptyReport{});
    ask(std::string{verb.name}, std::vector<std::string>(9, "x"));
    ASSERT_EQ(logged_.size(), verb.mutating ? 2U : 0U) << verb.name;
    if (verb.mutating) {
      EXPECT_EQ(logged_[1]["CHATD_RESULT"], "usage");
    }
  }
}

}  // namespace
}  // namespace chatd::control
