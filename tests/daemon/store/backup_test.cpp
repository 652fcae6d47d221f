// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/store/backup.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>

#include <gtest/gtest.h>

#include "common/base/unique_fd.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::store {
namespace {

constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 30U;

class BackupTest : public ::testing::Test {
 protected:
  BackupTest() {
    EXPECT_TRUE(database_->run("CREATE TABLE line(id INTEGER PRIMARY KEY, text TEXT) STRICT"));
    add(100);
  }
  void add(int lines) {
    for (int i = 0; i < lines; ++i) {
      EXPECT_TRUE(database_->run("INSERT INTO line(text) VALUES(hex(randomblob(500)))"));
    }
  }
  // Writes what is left of the backup into a file and returns its number of lines.
  [[nodiscard]] std::int64_t lines_of(Backup& backup, std::string copied = {}) const {
    std::string bytes = std::move(copied);
    while (bytes.size() < backup.bytes()) {
      const std::size_t at = bytes.size();
      bytes.resize(at + std::min<std::size_t>(5000, backup.bytes() - at));
      EXPECT_TRUE(backup.read(at, std::as_writable_bytes(std::span{bytes}.subspan(at))));
    }
    const std::string path = directory_ / "copy.db";
    const UniqueFd file{::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
    EXPECT_EQ(::write(file.get(), bytes.data(), bytes.size()), std::ssize(bytes));
    auto copy = Database::open(path, kNoLimit);
    EXPECT_TRUE(copy) << copy.error().message();
    EXPECT_EQ(copy->number("SELECT count(*) FROM pragma_integrity_check WHERE"
                           " integrity_check <> 'ok'"),
              0);
    return copy->number("SELECT count(*) FROM line").value();
  }

  test::TempDir directory_;
  std::optional<Database> database_{Database::open(directory_ / "a.db", kNoLimit).value()};
};

TEST_F(BackupTest, HasWhatWasCommittedBeforeItBegan) {
  auto backup = Backup::begin(*database_).value();
  EXPECT_EQ(lines_of(backup), 100);
}

TEST_F(BackupTest, DoesNotChangeWhileRowsAreWrittenAndDeleted) {
  auto backup = Backup::begin(*database_).value();
  std::string begun(6000, '\0');
  ASSERT_TRUE(backup.read(0, std::as_writable_bytes(std::span{begun})));
  add(2000);  // more pages than SQLite copies by itself
  EXPECT_TRUE(database_->run("DELETE FROM line WHERE id < 50"));
  EXPECT_TRUE(database_->checkpoint());
  EXPECT_TRUE(database_->is_backed_up());
  EXPECT_EQ(lines_of(backup, begun), 100);
}

TEST_F(BackupTest, AtItsEndTheJournalIsCopiedAgain) {
  { const auto backup = Backup::begin(*database_).value(); }
  EXPECT_FALSE(database_->is_backed_up());
  add(1);
  EXPECT_TRUE(database_->checkpoint());
  auto next = Backup::begin(*database_).value();
  EXPECT_EQ(lines_of(next), 101);
}

TEST_F(BackupTest, OneIsMadeAtATime) {
  const auto backup = Backup::begin(*database_).value();
  EXPECT_FALSE(Backup::begin(*database_));
}

TEST_F(BackupTest, FailsWhenItWasEndedOrTheDatabaseIsClosed) {
  std::string bytes(100, '\0');
  const auto out = std::as_writable_bytes(std::span{bytes});
  auto backup = Backup::begin(*database_).value();
  database_->end_backups();
  EXPECT_FALSE(database_->is_backed_up());
  EXPECT_FALSE(backup.read(0, out));
  auto next = Backup::begin(*database_).value();
  EXPECT_TRUE(next.read(0, out));
  database_.reset();
  EXPECT_FALSE(next.read(0, out));
}

// A process that closes any descriptor of a file loses its POSIX locks on it.
TEST_F(BackupTest, TheLockOfTheDatabaseStays) {
  {
    auto backup = Backup::begin(*database_).value();
    EXPECT_EQ(lines_of(backup), 100);
  }
  const pid_t child = ::fork();
  if (child == 0) {
    const auto second = Database::open(directory_ / "a.db", kNoLimit);
    ::_exit(!second && fault_of(second.error()) == Fault::locked ? 0 : 1);
  }
  int status = -1;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace chatd::store
