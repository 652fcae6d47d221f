// SPDX-License-Identifier: GPL-3.0-or-later
// The database on disks that are full or read-only, each in a mount namespace of a child process.
#include <sys/mount.h>
#include <unistd.h>

#include <functional>
#include <string>

#include <gmock/gmock.h>

#include "daemon/archive/history.hpp"
#include "tests/daemon/archive/batches.hpp"
#include "tests/daemon/archive/rooms_to_read.hpp"
#include "tests/daemon/archive/small_disk.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::archive {
namespace {

using state::ArchiveState;
using std::chrono::seconds;

class HistoryDiskTest : public test::RoomsToRead {
 protected:
  // Runs `work` in a child process whose disk is small.
  void on_small_disk(const std::function<void()>& work) {
    if (!test::on_small_disk(path_, work)) GTEST_SKIP() << "no mount namespace is permitted";
  }
  [[nodiscard]] History make() {
    return {{.directory = path_,
             .epoch = follower_.header().epoch,
             .max_bytes = std::uint64_t{16} << 20U,
             .max_age = {}},
            reader_,
            state_.archive(),
            {.clock = [this] { return clock_; }, .alive = [] {}}};
  }
  [[nodiscard]] ArchiveState state() const { return state_.archive().state.load(); }
  void pass(seconds time) {
    clock_.mono += time;
    clock_.wall += time;
  }

  test::TempDir directory_;
  std::string path_{directory_.path()};
  LogReader reader_{follower_, "chat"};
  History::Clock clock_{.mono = test::mono_at(seconds{100}), .wall = test::wall_at(seconds{100})};
};

TEST_F(HistoryDiskTest, OnAFullDiskStoringGoesOnWhenThereIsSpace) {
  on_small_disk([this] {
    History history = make();
    (void)history.store();
    (void)history.maintain();
    test::fill_disk(path_ + "/other");
    const std::string text(900, 'x');
    int said = 0;
    for (; said < 3000 && state() == ArchiveState::ok; ++said) {
      say(text + std::to_string(said));
      (void)history.store();
    }
    EXPECT_EQ(state(), ArchiveState::full);
    EXPECT_NE(state_.archive().behind_since, 0);
    const auto is_saved = [this] {
      return state_.stored_place(std::nullopt).offset == std::uint64_t{state_.room_log().tail()};
    };
    EXPECT_FALSE(is_saved());
    EXPECT_FALSE(history.is_up_to_date());
    EXPECT_EQ(::access((path_ + "/history.reserve").c_str(), F_OK), -1) << "it is given up";
    ASSERT_EQ(::unlink((path_ + "/other").c_str()), 0);
    pass(seconds{60});
    (void)history.store();
    EXPECT_EQ(state(), ArchiveState::ok);
    EXPECT_TRUE(is_saved());
    const auto lines = test::stored(*history.database());
    ASSERT_FALSE(lines.empty());
    EXPECT_THAT(lines.back(), testing::EndsWith("x" + std::to_string(said - 1)));
    EXPECT_EQ(state_.archive().gaps, 0U);
    pass(seconds{60});
    while (history.maintain()) {
    }
    EXPECT_EQ(::access((path_ + "/history.reserve").c_str(), F_OK), 0) << "it is taken again";
  });
}

TEST_F(HistoryDiskTest, OnAReadOnlyDiskStoringGoesOnWhenItIsWritable) {
  on_small_disk([this] {
    ASSERT_TRUE(test::remount(path_, MS_RDONLY));
    say("hello");
    History history = make();
    (void)history.store();
    EXPECT_EQ(state(), ArchiveState::broken);
    EXPECT_THAT(error_of(state_.archive()), testing::HasSubstr("Read-only file system"));
    ASSERT_TRUE(test::remount(path_, 0));
    pass(seconds{1});
    (void)history.store();
    EXPECT_EQ(state(), ArchiveState::ok);
    EXPECT_THAT(test::stored(*history.database()), testing::ElementsAre("0 ada hello"));
  });
}

}  // namespace
}  // namespace chatd::archive
