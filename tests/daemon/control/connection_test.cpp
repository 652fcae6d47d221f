// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/control/connection.hpp"

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "tests/daemon/control/fake_host.hpp"
#include "tests/daemon/control/fixture.hpp"

namespace chatd::control {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ConnectionTest : public ::testing::Test {
 protected:
  TestCaller connect(milliseconds timeout = seconds{30}) {
    int ends[2] = {-1, -1};  // NOLINT(modernize-avoid-c-arrays): socketpair's own
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    connection_ = std::make_shared<Connection>(
        UniqueFd{ends[0]}, Caller{.uid = 0, .pid = 77},
        Connection::Context{.loop = &loop_,
                            .handlers = &host_.handlers,
                            .timeout = timeout,
                            .on_closed = [this](Connection&) { connection_.reset(); }});
    EXPECT_TRUE(connection_->start());
    return {loop_, UniqueFd{ends[1]}};
  }

  io::EventLoop loop_ = io::EventLoop::create().value();
  FakeHost host_;
  std::shared_ptr<Connection> connection_;
};

TEST_F(ConnectionTest, SeveralRequestsAreAnsweredInOrder) {
  TestCaller caller = connect();
  EXPECT_EQ(caller.ask(kPing), kPong);
  ASSERT_TRUE(caller.say("{\"verb\":\"version\"}\n{\"verb\":\"nonsense\"}\n{\"verb\":\"ping\"}\n"));
  EXPECT_EQ(caller.reply(), R"({"schema":1,"ok":true,"result":{"version":"9.8.7"}})");
  EXPECT_NE(caller.reply().find("unknown_verb"), std::string::npos);
  EXPECT_EQ(caller.reply(), kPong);
}

TEST_F(ConnectionTest, AConnectionThatIsPassedOnIsClosedHereWithoutAReply) {
  UniqueFd passed;
  host_.handlers.pass(wire::verb::kHistory, [&](const Args& args, const Caller& caller) -> Passed {
    EXPECT_EQ(args, Args{"chat"});
    passed.reset(::dup(caller.fd));
    return {};
  });
  TestCaller caller = connect();
  ASSERT_TRUE(caller.say("{\"verb\":\"history\",\"args\":[\"chat\"]}\n"));
  EXPECT_TRUE(run_until(loop_, [&] { return connection_ == nullptr; }));
  // The other process answers.
  ASSERT_EQ(::send(passed.get(), "{}\n", 3, 0), 3);
  EXPECT_EQ(caller.reply(), "{}");
}

TEST_F(ConnectionTest, APassThatIsRefusedIsAnsweredAndTheNextLineIsRead) {
  host_.handlers.pass(wire::verb::kHistory, [](const Args&, const Caller&) -> Passed {
    return std::unexpected{Refusal{.code = "busy", .message = "later"}};
  });
  TestCaller caller = connect();
  EXPECT_NE(caller.ask("{\"verb\":\"history\",\"args\":[\"chat\"]}").find("busy"),
            std::string::npos);
  EXPECT_EQ(caller.ask(kPing), kPong);
}

TEST_F(ConnectionTest, ALineMayComeInPieces) {
  TestCaller caller = connect();
  for (const char c : std::string{kPing}) {
    ASSERT_TRUE(caller.say({&c, 1}));
    caller.read();
  }
  EXPECT_EQ(caller.ask(""), kPong);
}

TEST_F(ConnectionTest, ABadLineIsAnsweredAndTheNextOneIsRead) {
  TestCaller caller = connect();
  EXPECT_NE(caller.ask("status").find("malformed"), std::string::npos);
  EXPECT_EQ(caller.ask(kPing), kPong);
}

TEST_F(ConnectionTest, ACallerThatShutsDownItsSideStillGetsTheReplies) {
  TestCaller caller = connect();
  ASSERT_TRUE(caller.say("{\"verb\":\"ping\"}\n{\"verb\":\"ping\"}"));  // no newline at the end
  caller.stop_talking();
  EXPECT_EQ(caller.reply(), kPong);
  EXPECT_EQ(caller.reply(), kPong);
  EXPECT_TRUE(caller.hangs_up());
  EXPECT_EQ(connection_, nullptr);
}

TEST_F(ConnectionTest, AClosedConnectionIsReported) {
  TestCaller caller = connect();
  caller.leave();
  EXPECT_TRUE(run_until(loop_, [this] { return connection_ == nullptr; }));
}

TEST_F(ConnectionTest, AnEndlessLineIsRefusedAndDisconnected) {
  TestCaller caller = connect();
  const std::string piece(4096, 'a');
  for (std::size_t said = 0; said <= wire::kMaxRequestBytes; said += piece.size()) {
    ASSERT_TRUE(caller.say(piece));
  }
  EXPECT_NE(caller.reply().find("too_long"), std::string::npos);
  EXPECT_TRUE(caller.hangs_up());
}

TEST_F(ConnectionTest, ALineThatDoesNotEndInTimeIsRefusedAndDisconnected) {
  TestCaller caller = connect(milliseconds{20});
  ASSERT_TRUE(caller.say("{\"verb\":"));
  EXPECT_NE(caller.reply().find("did not end in time"), std::string::npos);
  EXPECT_TRUE(caller.hangs_up());
}

TEST_F(ConnectionTest, ACallerThatSendsNothingIsDisconnectedWithoutAReply) {
  TestCaller caller = connect(milliseconds{20});
  EXPECT_TRUE(caller.hangs_up());
  EXPECT_EQ(connection_, nullptr);
}

TEST_F(ConnectionTest, AHostThatNeverAnswersGivesAnErrorReply) {
  TestCaller caller = connect(milliseconds{20});
  EXPECT_NE(caller.ask(R"({"verb":"reload"})").find("took too long"), std::string::npos);
  EXPECT_TRUE(caller.hangs_up());
  host_.finish_reload();  // too late, and harmless
}

TEST_F(ConnectionTest, ALaterAnswerReachesTheCaller) {
  TestCaller caller = connect();
  ASSERT_TRUE(caller.say("{\"verb\":\"reload\"}\n{\"verb\":\"ping\"}\n"));
  ASSERT_TRUE(run_until(loop_, [this] { return host_.reload_done != nullptr; }));
  caller.read();
  EXPECT_EQ(caller.heard(), "");  // the ping waits for its turn
  host_.finish_reload();
  EXPECT_NE(caller.reply().find("log.level"), std::string::npos);
  EXPECT_EQ(caller.reply(), kPong);
}

TEST_F(ConnectionTest, ALaterAnswerToAClosedConnectionIsHarmless) {
  TestCaller caller = connect();
  ASSERT_TRUE(caller.say("{\"verb\":\"reload\"}\n"));
  ASSERT_TRUE(run_until(loop_, [this] { return host_.reload_done != nullptr; }));
  connection_.reset();
  host_.finish_reload();
  EXPECT_TRUE(caller.hangs_up());
}

TEST_F(ConnectionTest, ALongReplyIsWrittenAsTheCallerReads) {
  host_.users.users.assign(20'000, wire::UserRow{.name = std::string(64, 'n')});
  TestCaller caller = connect();
  ASSERT_TRUE(caller.say("{\"verb\":\"users\"}\n{\"verb\":\"ping\"}\n"));
  const auto reply = wire::decode_reply(caller.reply());
  ASSERT_TRUE(reply);
  EXPECT_EQ(wire::parse_report<wire::UsersReport>(*reply).value().users.size(), 20'000U);
  EXPECT_EQ(caller.reply(), kPong);
}

TEST_F(ConnectionTest, ACallerThatDoesNotReadIsDisconnected) {
  host_.users.users.assign(20'000, wire::UserRow{.name = std::string(64, 'n')});
  TestCaller caller = connect(milliseconds{20});
  ASSERT_TRUE(caller.say("{\"verb\":\"users\"}\n"));
  EXPECT_TRUE(run_until(loop_, [this] { return connection_ == nullptr; }));
}

TEST_F(ConnectionTest, FinishingWritesTheReplyThatIsDue) {
  TestCaller caller = connect();
  host_.on_stop = [this] { connection_->finish(); };  // while the request is being answered
  ASSERT_TRUE(caller.say("{\"verb\":\"stop\"}\n{\"verb\":\"ping\"}\n"));
  EXPECT_EQ(caller.reply(), R"({"schema":1,"ok":true,"result":{"pid":4711}})");
  EXPECT_TRUE(caller.hangs_up());
}

TEST_F(ConnectionTest, FinishingEndsAConnectionThatAsksNothing) {
  TestCaller caller = connect();
  connection_->finish();
  EXPECT_TRUE(caller.hangs_up());
  EXPECT_EQ(connection_, nullptr);
}

}  // namespace
}  // namespace chatd::control
