// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/archive.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include <gmock/gmock.h>

#include "common/io/passed_descriptor.hpp"
#include "daemon/sys/channel.hpp"
#include "tests/daemon/archive/batches.hpp"
#include "tests/daemon/archive/rooms_to_read.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::archive {
namespace {

class ArchiveProcessTest : public test::RoomsToRead {
 protected:
  ArchiveProcessTest() {
    child_ = ::fork();
    if (child_ != 0) return;
    ::_exit(run({.row = 1,
                 .state = region_.get(),
                 .questions = pair_.receiver.get(),
                 .supervisor = &ends_.second,
                 .directory = directory_.path(),
                 .default_room = "chat",
                 .max_bytes = test::kLargeDatabase,
                 .max_age = {}}));
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
  io::PassingPair pair_{io::make_passing_pair().value()};
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
