// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_history.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include <gmock/gmock.h>

#include "common/wire/control/control_message.hpp"
#include "common/wire/control/verbs.hpp"
#include "daemon/sys/archive_channel.hpp"
#include "tests/daemon/gateway/gateway_fixture.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ControlHistoryTest : public GatewayFixture {
 protected:
  ControlHistoryTest() : GatewayFixture{{.sessions = 4, .ring_bytes = 65536}} {
    inheritance_.archive = pair_.gateway.get();
    inheritance_.processes = {{.role = roles::kGateway}, {.role = roles::kArchive, .row = 1}};
    inheritance_.config = &config_;
    state_.process(1).state.store(state::ProcessState::ready);
    state_.archive().state = state::ArchiveState::ok;
    state_.registry_figures().state = state::ArchiveState::ok;
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

  [[nodiscard]] control::Passed pass() {
    return history_.pass(wire::verb::kHistory.row, {"chat"},
                         {.uid = ::geteuid(), .pid = 1, .fd = ends_[1]});
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

TEST_F(ControlHistoryTest, WithoutARunningArchiveTheRequestIsRefusedAtOnce) {
  state_.process(1).state.store(state::ProcessState::waiting);
  EXPECT_EQ(pass().error().code, "busy");
  EXPECT_EQ(history_.archive(now().mono).state, "down");
  EXPECT_THAT(history_.problems(now().mono), ElementsAre(HasSubstr("the archive is not running")));
}

TEST_F(ControlHistoryTest, WithoutHistoryOnlyTheRegistryIsShown) {
  config_.history.enabled = false;
  EXPECT_THAT(pass().error().message, HasSubstr("history.enabled is false"));
  EXPECT_TRUE(
      history_.pass(wire::verb::kBackup.row, {""}, {.uid = ::geteuid(), .pid = 1, .fd = ends_[1]}))
      << "it has the rooms, the rules and the keys";
  EXPECT_EQ(history_.archive(now().mono).state, "off");
  EXPECT_EQ(history_.archive(now().mono).registry, "ok");
  EXPECT_THAT(history_.problems(now().mono), IsEmpty());
}

TEST_F(ControlHistoryTest, AnArchiveThatTakesNothingIsBusy) {
  control::Passed passed;
  for (int i = 0; i < 10'000 && passed; ++i) passed = pass();
  ASSERT_FALSE(passed);
  EXPECT_EQ(passed.error().code, "busy");
}

TEST_F(ControlHistoryTest, EachFaultIsAProblemAndAState) {
  EXPECT_THAT(history_.problems(now().mono), IsEmpty());
  state_.archive().state = state::ArchiveState::full;
  set_error(state_.archive(), "database or disk is full");
  EXPECT_THAT(history_.problems(now().mono), ElementsAre(HasSubstr("the disk is full")));
  const auto report = history_.archive(now().mono);
  EXPECT_EQ(report.state, "full");
  EXPECT_EQ(report.error, "database or disk is full");
}

TEST_F(ControlHistoryTest, ASlowDiskIsAStateAndNoProblemWhileNothingWaits) {
  state_.archive().state = state::ArchiveState::slow;
  EXPECT_EQ(history_.archive(now().mono).state, "slow");
  EXPECT_THAT(history_.problems(now().mono), IsEmpty());
  state_.archive().behind_since = now().mono.time_since_epoch().count();
  wait(seconds{5});
  EXPECT_THAT(history_.problems(now().mono), ElementsAre("messages wait for 5 s to be stored"));
}

TEST_F(ControlHistoryTest, ASearchIsPassedOn) {
  ASSERT_TRUE(history_.pass(wire::verb::kSearch.row, {"secret words"},
                            {.uid = ::geteuid(), .pid = 1, .fd = ends_[1]}));
  const auto passed = sys::receive_from_gateway(pair_.archive.get());
  ASSERT_TRUE(passed);
  EXPECT_EQ(wire::decode_request(std::get<sys::Request>(passed->message).line).value(),
            (wire::ControlRequest{.verb = "search", .args = {"secret words"}}));
}

TEST_F(ControlHistoryTest, TheArchiveSaysHowManyLinesAreIndexed) {
  state_.archive().stored = 10;
  state_.archive().unindexed = 3;
  EXPECT_EQ(history_.archive(now().mono).indexed, 7U);
  state_.archive().unindexed = 30;
  EXPECT_EQ(history_.archive(now().mono).indexed, 0U);
}

TEST_F(ControlHistoryTest, AMessageThatWaitsForFiveSecondsIsAProblem) {
  state_.archive().behind_since = now().mono.time_since_epoch().count();
  wait(seconds{4});
  EXPECT_THAT(history_.problems(now().mono), IsEmpty());
  EXPECT_EQ(history_.archive(now().mono).state, "ok");
  wait(seconds{2});
  EXPECT_THAT(history_.problems(now().mono), ElementsAre("messages wait for 6 s to be stored"));
  EXPECT_EQ(history_.archive(now().mono).state, "slow");
}

TEST_F(ControlHistoryTest, AChangeThatIsNotSavedIsAProblemOfItsOwn) {
  state::RegistryFigures& registry = state_.registry_figures();
  EXPECT_EQ(history_.why_not_saved(), "the disk has not answered yet");
  registry.state = state::ArchiveState::full;
  registry.set_aside = 2;
  set_error(registry, "no space");
  EXPECT_THAT(history_.problems(now().mono),
              ElementsAre("changes are not saved: the disk is full, see chatctl archive"));
  EXPECT_EQ(history_.why_not_saved(), "the disk is full");
  const auto report = history_.archive(now().mono);
  EXPECT_EQ(report.state, "ok");
  EXPECT_EQ(report.registry, "full");
  EXPECT_EQ(report.registry_set_aside, 2U);
  EXPECT_EQ(report.registry_error, "no space");
  registry.state = state::ArchiveState::ok;
  registry.behind_since = now().mono.time_since_epoch().count();
  wait(seconds{6});
  EXPECT_THAT(history_.problems(now().mono), ElementsAre("changes wait for 6 s to be saved"));
  EXPECT_EQ(history_.archive(now().mono).registry, "slow");
  EXPECT_EQ(history_.archive(now().mono).registry_behind, seconds{6});
  state_.process(1).state.store(state::ProcessState::waiting);
  EXPECT_EQ(history_.why_not_saved(), "the archive is not running");
  EXPECT_EQ(history_.archive(now().mono).registry, "down");
}

}  // namespace
}  // namespace chatd::gateway
