// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_history.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include <gmock/gmock.h>

#include "common/wire/control/control_message.hpp"
#include "daemon/sys/archive_channel.hpp"
#include "tests/daemon/gateway/gateway_fixture.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

class ControlHistoryTest : public GatewayFixture {
 protected:
  ControlHistoryTest() : GatewayFixture{{.sessions = 4, .ring_bytes = 65536}} {
    inheritance_.archive = pair_.gateway.get();
    inheritance_.processes = {{.role = roles::kGateway}, {.role = roles::kArchive, .row = 1}};
    inheritance_.config = &config_;
    state_.process(1).state.store(state::ProcessState::ready);
    state_.archive().state = state::ArchiveState::ok;
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data()), 0);
  }
  ~ControlHistoryTest() override {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  ControlHistoryTest(const ControlHistoryTest&) = delete;
  ControlHistoryTest& operator=(const ControlHistoryTest&) = delete;
  ControlHistoryTest(ControlHistoryTest&&) = delete;
  ControlHistoryTest& operator=(ControlHistoryTest&&) = delete;

  [[nodiscard]] control::Passed pass(uid_t uid = ::geteuid()) {
    return history_.pass({"chat"}, {.uid = uid, .pid = 1, .fd = ends_[1]});
  }
  sys::ArchivePair pair_{sys::make_archive_pair().value()};
  std::array<int, 2> ends_{};
  Inheritance inheritance_{};
  ControlHistory history_{inheritance_, state_};
};

TEST_F(ControlHistoryTest, TheArchiveGetsTheRequestAndTheConnection) {
  ASSERT_TRUE(pass());
  const auto passed = sys::receive_from_gateway(pair_.archive.get());
  ASSERT_TRUE(passed);
  EXPECT_TRUE(passed->fd.is_open());
  EXPECT_EQ(wire::decode_request(std::get<sys::Request>(passed->message).line).value(),
            (wire::ControlRequest{.verb = "history", .args = {"chat"}}));
}

TEST_F(ControlHistoryTest, AnotherUserIsRefused) {
  EXPECT_EQ(pass(::geteuid() + 1).error().code, "denied");
  EXPECT_FALSE(sys::receive_from_gateway(pair_.archive.get()));
}

TEST_F(ControlHistoryTest, WithoutARunningArchiveTheRequestIsRefusedAtOnce) {
  state_.process(1).state.store(state::ProcessState::waiting);
  EXPECT_EQ(pass().error().code, "busy");
  EXPECT_EQ(history_.archive(now().mono).state, "down");
  EXPECT_THAT(history_.problem(now().mono).value(), HasSubstr("the archive is not running"));
  inheritance_.archive = -1;
  EXPECT_THAT(pass().error().message, HasSubstr("history.enabled is false"));
  EXPECT_EQ(history_.archive(now().mono).state, "off");
  EXPECT_FALSE(history_.problem(now().mono));
}

TEST_F(ControlHistoryTest, AnArchiveThatTakesNothingIsBusy) {
  control::Passed passed;
  for (int i = 0; i < 10'000 && passed; ++i) passed = pass();
  ASSERT_FALSE(passed);
  EXPECT_EQ(passed.error().code, "busy");
}

TEST_F(ControlHistoryTest, EachFaultIsAProblemAndAState) {
  EXPECT_FALSE(history_.problem(now().mono));
  state_.archive().state = state::ArchiveState::full;
  set_error(state_.archive(), "database or disk is full");
  EXPECT_THAT(history_.problem(now().mono).value(), HasSubstr("the disk is full"));
  const auto report = history_.archive(now().mono);
  EXPECT_EQ(report.state, "full");
  EXPECT_EQ(report.error, "database or disk is full");
}

TEST_F(ControlHistoryTest, ASlowDiskIsAStateAndNoProblemWhileNothingWaits) {
  state_.archive().state = state::ArchiveState::slow;
  EXPECT_EQ(history_.archive(now().mono).state, "slow");
  EXPECT_FALSE(history_.problem(now().mono));
  state_.archive().behind_since = now().mono.time_since_epoch().count();
  wait(seconds{5});
  EXPECT_EQ(history_.problem(now().mono).value(), "messages wait for 5 s to be stored");
}

TEST_F(ControlHistoryTest, AMessageThatWaitsForFiveSecondsIsAProblem) {
  state_.archive().behind_since = now().mono.time_since_epoch().count();
  wait(seconds{4});
  EXPECT_FALSE(history_.problem(now().mono));
  EXPECT_EQ(history_.archive(now().mono).state, "ok");
  wait(seconds{2});
  EXPECT_EQ(history_.problem(now().mono).value(), "messages wait for 6 s to be stored");
  EXPECT_EQ(history_.archive(now().mono).state, "slow");
}

}  // namespace
}  // namespace chatd::gateway
