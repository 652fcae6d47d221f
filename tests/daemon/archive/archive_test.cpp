// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/archive.hpp"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <optional>

#include <gmock/gmock.h>

#include "common/wire/control/control_message.hpp"
#include "daemon/sys/archive_channel.hpp"
#include "daemon/sys/channel.hpp"
#include "tests/daemon/archive/batches.hpp"
#include "tests/daemon/archive/rooms_to_read.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::archive {
namespace {

using std::chrono::milliseconds;

class ArchiveProcessTest : public test::RoomsToRead {
 protected:
  static constexpr milliseconds kUsual{250};

  explicit ArchiveProcessTest(bool stores_history = true, milliseconds look_every = kUsual) {
    child_ = ::fork();
    if (child_ != 0) return;
    ::_exit(run({.row = 1,
                 .state = region_.get(),
                 .gateway = pair_.archive.get(),
                 .supervisor = &ends_.second,
                 .stores_history = stores_history,
                 .directory = directory_.path(),
                 .default_room = "chat",
                 .max_bytes = test::kLargeDatabase,
                 .max_age = {},
                 .look_every = look_every}));
  }
  ~ArchiveProcessTest() override {
    if (child_ > 0) (void)stop(SIGKILL);
  }
  ArchiveProcessTest(const ArchiveProcessTest&) = delete;
  ArchiveProcessTest& operator=(const ArchiveProcessTest&) = delete;
  ArchiveProcessTest(ArchiveProcessTest&&) = delete;
  ArchiveProcessTest& operator=(ArchiveProcessTest&&) = delete;

  // Its exit status.
  int stop(int signal) {
    EXPECT_EQ(::kill(child_, signal), 0);
    int status = 0;
    EXPECT_EQ(::waitpid(child_, &status, 0), child_);
    child_ = -1;
    return status;
  }
  [[nodiscard]] bool is_ready() {
    const auto message = sys::receive_from_child(ends_.first);
    return message && *message && std::holds_alternative<sys::Ready>(**message);
  }

  test::TempDir directory_;
  sys::ArchivePair pair_{sys::make_archive_pair().value()};
  std::pair<process::PipeEnd, process::PipeEnd> ends_{process::make_pipe().value()};
  pid_t child_{-1};
};

TEST_F(ArchiveProcessTest, IsReadyBeatsAndStoresWhatIsSaid) {
  EXPECT_TRUE(test::eventually([&] { return is_ready(); }));
  say("hello");
  EXPECT_TRUE(test::eventually([&] { return state_.archive().stored == 1; }));
  const std::uint64_t beat = state_.process(1).heartbeat;
  EXPECT_TRUE(test::eventually([&] { return state_.process(1).heartbeat != beat; }));
}

TEST_F(ArchiveProcessTest, AHurryIsAnsweredWhenWhatWasSaidIsStored) {
  EXPECT_TRUE(test::eventually([&] { return is_ready(); }));
  say("hello");
  ASSERT_TRUE(sys::send(pair_.gateway.get(), sys::Hurry{}));
  std::optional<sys::ToGateway> answer;
  ASSERT_TRUE(test::eventually(
      [&] { return (answer = sys::receive_from_archive(pair_.gateway.get())).has_value(); }));
  EXPECT_TRUE(std::holds_alternative<sys::Stored>(*answer));
  EXPECT_EQ(state_.archive().stored, 1U);
}

// An archive that looks by itself only at its start.
class ArchiveWithoutPeriodTest : public ArchiveProcessTest {
 protected:
  ArchiveWithoutPeriodTest() : ArchiveProcessTest{true, std::chrono::hours{1}} {}
};

TEST_F(ArchiveWithoutPeriodTest, AQuestionIsAnsweredWhenItComes) {
  constexpr std::uint64_t kQuestions = 20;
  for (std::uint64_t id = 1; id <= kQuestions; ++id) {
    ASSERT_TRUE(sys::send(pair_.gateway.get(), sys::Question{.id = id}));
    std::optional<sys::ToGateway> answer;
    ASSERT_TRUE(test::eventually(
        [&] { return (answer = sys::receive_from_archive(pair_.gateway.get())).has_value(); }));
    ASSERT_TRUE(std::holds_alternative<sys::Answer>(*answer));
    EXPECT_EQ(std::get<sys::Answer>(*answer).id, id);
  }
}

class ArchiveWithoutHistoryTest : public ArchiveProcessTest {
 protected:
  ArchiveWithoutHistoryTest() : ArchiveProcessTest{false} {}
};

TEST_F(ArchiveWithoutHistoryTest, AHurryIsAnsweredWhenAChangeIsSaved) {
  EXPECT_TRUE(test::eventually([&] { return is_ready(); }));
  state_.registry_head().memory = 5;
  set_topic(state_.registry_head(), state_.properties(std::nullopt), "ada", "tea", {});
  say("hello");
  ASSERT_TRUE(sys::send(pair_.gateway.get(), sys::Hurry{}));
  std::optional<sys::ToGateway> answer;
  EXPECT_TRUE(test::eventually(
      [&] { return (answer = sys::receive_from_archive(pair_.gateway.get())).has_value(); }));
  EXPECT_EQ(state_.registry_figures().saved, state_.registry_head().version);
  EXPECT_EQ(stop(SIGTERM), 0);
  EXPECT_TRUE(std::filesystem::exists(directory_ / "registry.json"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "history.db"));
  EXPECT_EQ(state_.archive().stored, 0U);
}

TEST_F(ArchiveProcessTest, MessagesOfADeadGatewayAreHarmless) {
  ASSERT_TRUE(sys::send(pair_.gateway.get(), sys::Request{"no request, and nobody asks"}));
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(sys::send(pair_.gateway.get(), sys::Hurry{}));
  EXPECT_TRUE(test::eventually([&] { return is_ready(); }));
  say("hello");
  EXPECT_TRUE(test::eventually([&] { return state_.archive().stored == 1; }));
}

TEST_F(ArchiveProcessTest, TheCallerGetsItsAnswerOnItsOwnConnection) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  const UniqueFd caller{ends[0]};
  {
    const UniqueFd passed{ends[1]};
    const sys::Request request{wire::encode(wire::ControlRequest{"history", {"chat"}})};
    ASSERT_TRUE(sys::send(pair_.gateway.get(), request, passed.get()));
  }
  char first = 0;
  EXPECT_EQ(::recv(caller.get(), &first, 1, 0), 1);
  EXPECT_EQ(first, '{');
  while (::recv(caller.get(), &first, 1, 0) == 1) continue;  // until it is closed
}

TEST_F(ArchiveProcessTest, AtSigtermItStoresTheRestAndEnds) {
  EXPECT_TRUE(test::eventually([&] { return is_ready(); }));
  say("last");
  EXPECT_EQ(stop(SIGTERM), 0);
  auto database = HistoryDb::open(directory_ / "history.db", follower_.header().epoch,
                                  test::kLargeDatabase, [] {})
                      .value();
  EXPECT_THAT(test::stored(database), testing::ElementsAre("0 ada last"));
}

}  // namespace
}  // namespace chatd::archive
