// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_erase.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include <gmock/gmock.h>

#include "common/wire/control/control_message.hpp"
#include "common/wire/control/history_verbs.hpp"
#include "daemon/chat/said_lines.hpp"
#include "daemon/sys/archive_channel.hpp"
#include "tests/daemon/gateway/control_fixture.hpp"

namespace chatd::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ControlEraseTest : public ControlFixture {
 protected:
  ControlEraseTest() {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()), 0);
    without_config_.history.enabled = false;
    with_archive_.config = &with_config_;
    without_.config = &without_config_;
    with_archive_.archive = pair_.gateway.get();
    with_archive_.processes.push_back({.role = roles::kArchive, .row = 1});
    state_.process(1).state = state::ProcessState::ready;
    state_.archive().state = state::ArchiveState::ok;
    (void)chat().commands.announce("one", now());
    (void)chat().commands.announce("two", now());
  }
  ~ControlEraseTest() override {
    for (const int end : ends_) ::close(end);
  }
  ControlEraseTest(const ControlEraseTest&) = delete;
  ControlEraseTest& operator=(const ControlEraseTest&) = delete;
  ControlEraseTest(ControlEraseTest&&) = delete;
  ControlEraseTest& operator=(ControlEraseTest&&) = delete;

  struct Options {
    std::string message{};
    std::string author{};
    std::string before{};
    bool is_dry_run{false};
    bool yes{false};
    std::string room{};
  };
  control::AnswerOrPassed<wire::ErasedReport> erase(const Options& options) {
    const wire::Verb& verb = wire::verb::kErase.row;
    control::Args args(verb.all_args());
    args[verb.argument_of("--message")] = options.message;
    args[verb.argument_of("--author")] = options.author;
    args[verb.argument_of("--before")] = options.before;
    args[verb.argument_of("--dry-run")] = options.is_dry_run ? "yes" : "";
    args[verb.argument_of("--yes")] = options.yes ? "yes" : "";
    args.back() = options.room;
    const ControlHistory history{has_archive_ ? with_archive_ : without_, state_};
    ControlErase erasing{state_, chat(), rooms(), history};
    return erasing.erase(args, {.uid = ::geteuid(), .pid = 1, .fd = ends_[1]});
  }
  std::vector<std::string> lines() {
    std::vector<std::string> all;
    chat::for_each_said(state_.room_log(), [&](const wire::RecordView& record, logs::Offset) {
      all.emplace_back(record.text);
    });
    return all;
  }
  std::string passed() {
    const auto got = sys::receive_from_gateway(pair_.archive.get());
    return got ? std::get<sys::Request>(got->message).line : "";
  }

  sys::ArchivePair pair_{sys::make_archive_pair().value()};
  std::array<int, 2> ends_{};
  config::Config with_config_;
  config::Config without_config_;
  Inheritance with_archive_{};
  Inheritance without_{};
  bool has_archive_{true};
};

TEST_F(ControlEraseTest, MemoryComesFirstAndThenTheArchiveGetsTheCaller) {
  const auto answer = erase({.message = "0", .room = "#chat"});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_FALSE(*answer);
  EXPECT_THAT(lines(), ElementsAre("two"));
  EXPECT_THAT(passed(), HasSubstr("\"uid " + std::to_string(::geteuid()) + "\",\"1\""));
}

TEST_F(ControlEraseTest, TheNumbersOfTheDefaultRoomGoOnBehindThoseOfAnEarlierHistory) {
  state_.archive().default_base = 100;
  EXPECT_TRUE(erase({.message = "1", .room = "chat"}));
  EXPECT_EQ(lines().size(), 2U) << "line 1 is one of the earlier history";
  EXPECT_TRUE(erase({.message = "101", .room = "chat"}));
  EXPECT_THAT(lines(), ElementsAre("one"));
}

TEST_F(ControlEraseTest, ManyLinesNeedYesAndADryRunChangesNothing) {
  EXPECT_EQ(erase({.room = "chat"}).error().code, "too_wide");
  EXPECT_TRUE(erase({.is_dry_run = true, .room = "chat"}));
  EXPECT_EQ(lines().size(), 2U);
  EXPECT_TRUE(erase({.yes = true, .room = "chat"}));
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(ControlEraseTest, WrongRequestsAreRefusedWithASentence) {
  EXPECT_EQ(erase({.yes = true}).error().code, "usage");
  EXPECT_EQ(erase({.message = "1"}).error().code, "usage");
  EXPECT_EQ(erase({.message = "x", .room = "chat"}).error().code, "usage");
  EXPECT_EQ(erase({.before = "soon", .yes = true}).error().code, "usage");
  EXPECT_EQ(lines().size(), 2U);
}

TEST_F(ControlEraseTest, WithoutADatabaseNothingIsErasedAtAll) {
  for (const auto state : {state::ArchiveState::broken, state::ArchiveState::off}) {
    state_.archive().state = state;
    EXPECT_FALSE(erase({.yes = true, .room = "chat"}));
  }
  state_.process(1).state = state::ProcessState::starting;
  EXPECT_EQ(erase({.yes = true, .room = "chat"}).error().code, "busy");
  EXPECT_EQ(lines().size(), 2U);
}

TEST_F(ControlEraseTest, WithoutHistoryThisProcessAnswers) {
  has_archive_ = false;
  const auto answer = erase({.before = "2500-01-01T00:00:00Z", .yes = true});
  ASSERT_TRUE(answer && *answer);
  EXPECT_EQ((*answer)->lines, 2U);
  EXPECT_TRUE((*answer)->is_gone);
  EXPECT_EQ(erase({.message = "0", .room = "chat"}).error().code, "not_found");
  EXPECT_EQ(erase({.yes = true, .room = "nowhere"}).error().code, "not_found");
}

}  // namespace
}  // namespace chatd::gateway
