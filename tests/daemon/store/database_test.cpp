// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/store/database.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace chatd::store {
namespace {

constexpr std::uint64_t kLarge = std::uint64_t{1} << 30U;

class DatabaseTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string path() const { return directory_ / "a.db"; }
  [[nodiscard]] Database open(std::uint64_t max_bytes = kLarge) const {
    auto database = Database::open(path(), max_bytes);
    EXPECT_TRUE(database) << database.error().message();
    return std::move(*database);
  }
  static void run(Database& database, const char* sql) {
    const auto done = database.run(sql);
    EXPECT_TRUE(done) << done.error().message();
  }
  // Fills a table t(x) with rows of 1000 bytes until that fails.
  static Error fill(Database& database) {
    for (;;) {
      if (auto done = database.run("INSERT INTO t VALUES(randomblob(1000))"); !done) {
        return done.error();
      }
    }
  }

  test::TempDir directory_;
};

TEST_F(DatabaseTest, ANewFileIsForItsOwnerOnlyWhateverTheUmask) {
  const mode_t before = ::umask(0);
  {
    auto database = open();
    run(database, "CREATE TABLE t(x)");
    struct stat status {};
    for (const std::string& name : {path(), path() + "-wal"}) {
      ASSERT_EQ(::stat(name.c_str(), &status), 0) << name;
      EXPECT_EQ(status.st_mode & 0777U, 0600U) << name;
    }
  }
  ::umask(before);
}

TEST_F(DatabaseTest, AFileThatIsOpenedAgainNeedsNoSharedMemory) {
  {
    auto database = open();
    run(database, "CREATE TABLE t(x)");
  }
  auto database = open();
  run(database, "INSERT INTO t VALUES(1)");
  EXPECT_FALSE(std::filesystem::exists(path() + "-shm"));
  EXPECT_EQ(database.number("PRAGMA auto_vacuum").value(), 2);
}

TEST_F(DatabaseTest, HasThePragmasThatKeepWhatIsCommitted) {
  auto database = open();
  EXPECT_EQ(database.number("PRAGMA synchronous").value(), 2);
  EXPECT_EQ(database.number("PRAGMA secure_delete").value(), 1);
  EXPECT_EQ(database.number("PRAGMA auto_vacuum").value(), 2);
  EXPECT_EQ(database.number("PRAGMA page_size").value(), 4096);
  EXPECT_EQ(database.number("SELECT journal_mode = 'wal' FROM pragma_journal_mode").value(), 1);
  EXPECT_FALSE(std::filesystem::exists(path() + "-shm"));
}

// The journal of a killed process is there: the next one reads it, and makes no such file either.
TEST_F(DatabaseTest, NoFileOfSharedMemoryIsMadeAfterAKill) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto database = open();
    run(database, "CREATE TABLE t(x); INSERT INTO t VALUES(7)");
    (void)::raise(SIGKILL);
  }
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  auto database = open();
  EXPECT_EQ(database.number("SELECT x FROM t").value(), 7);
  EXPECT_FALSE(std::filesystem::exists(path() + "-shm"));
}

TEST_F(DatabaseTest, ACommittedRowIsThereAfterReopening) {
  {
    auto database = open();
    run(database, "CREATE TABLE t(x); INSERT INTO t VALUES(7)");
  }
  auto database = open();
  EXPECT_EQ(database.number("SELECT x FROM t").value(), 7);
}

TEST_F(DatabaseTest, ATransactionThatIsNotCommittedIsRolledBack) {
  auto database = open();
  run(database, "CREATE TABLE t(x)");
  {
    auto transaction = Transaction::begin(database);
    ASSERT_TRUE(transaction);
    run(database, "INSERT INTO t VALUES(1)");
  }
  EXPECT_EQ(database.number("SELECT count(*) FROM t").value(), 0);
}

TEST_F(DatabaseTest, AtItsLimitWritingFailsAsFullAndDeletingMakesSpace) {
  auto database = open(64 * Database::kPageBytes);
  run(database, "CREATE TABLE t(x)");
  EXPECT_EQ(fault_of(fill(database)), Fault::full);
  EXPECT_LE(database.size().value().bytes, 64 * Database::kPageBytes);
  run(database, "DELETE FROM t WHERE rowid <= 40");
  EXPECT_GT(database.size().value().unused, 0U);
  run(database, "INSERT INTO t VALUES(randomblob(1000))");
}

TEST_F(DatabaseTest, ShrinkingGivesUnusedPagesBack) {
  auto database = open();
  run(database, "CREATE TABLE t(x); BEGIN");
  for (int i = 0; i < 200; ++i) run(database, "INSERT INTO t VALUES(randomblob(1000))");
  run(database, "COMMIT; DELETE FROM t");
  const auto before = database.size().value();
  ASSERT_GT(before.unused, 10 * Database::kPageBytes);
  ASSERT_TRUE(database.shrink(10));
  EXPECT_EQ(database.size().value().bytes, before.bytes - 10 * Database::kPageBytes);
}

TEST_F(DatabaseTest, ASecondProcessFindsItLocked) {
  auto database = open();
  run(database, "CREATE TABLE t(x)");
  const pid_t child = ::fork();
  if (child == 0) {
    const auto second = Database::open(path(), kLarge);
    ::_exit(second ? 1 : fault_of(second.error()) == Fault::locked ? 0 : 2);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  run(database, "INSERT INTO t VALUES(1)");
}

TEST_F(DatabaseTest, AnotherFileIsDamagedAndStaysAsItIs) {
  const std::string text(10'000, 'x');
  test::write_file(path(), text);
  const auto database = Database::open(path(), kLarge);
  ASSERT_FALSE(database);
  EXPECT_EQ(fault_of(database.error()), Fault::damaged);
  EXPECT_EQ(test::file_text(path()), text);
}

TEST_F(DatabaseTest, ASymbolicLinkIsRefused) {
  test::write_file(directory_ / "other", "");
  std::filesystem::create_symlink(directory_ / "other", path());
  EXPECT_FALSE(Database::open(path(), kLarge));
}

TEST_F(DatabaseTest, AFolderThatDoesNotExistIsAnErrorWithItsName) {
  const auto database = Database::open(directory_ / "none/a.db", kLarge);
  ASSERT_FALSE(database);
  EXPECT_EQ(fault_of(database.error()), Fault::other);
  EXPECT_NE(database.error().message().find("none/a.db"), std::string::npos);
}

TEST_F(DatabaseTest, AnErrorSaysWhatIsWrong) {
  auto database = open();
  const auto done = database.run("SELECT x FROM missing");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message(), "no such table: missing");
}

// Kills a process that commits one row after another; the rows that were reported are there.
TEST_F(DatabaseTest, ACommitThatWasReportedOutlivesTheProcess) {
  for (int round = 0; round < 10; ++round) {
    std::filesystem::remove(path());
    std::filesystem::remove(path() + "-wal");
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      auto database = Database::open(path(), kLarge);
      (void)database->run("CREATE TABLE t(x)");
      for (std::int32_t i = 1;; ++i) {
        (void)database->run("INSERT INTO t VALUES(1)");
        (void)!::write(ends[1], &i, sizeof i);
      }
    }
    ::close(ends[1]);
    std::int32_t reported = 0;
    for (int i = 0; i < 3 * round + 1; ++i) {
      ASSERT_EQ(::read(ends[0], &reported, sizeof reported), sizeof reported);
    }
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    std::int64_t rows = reported;
    for (std::int32_t last = 0; ::read(ends[0], &last, sizeof last) == sizeof last;) rows = last;
    ::close(ends[0]);
    auto database = open();
    // One more may have been committed and not reported.
    const auto found = database.number("SELECT count(*) FROM t").value();
    EXPECT_TRUE(found == rows || found == rows + 1) << found << " of " << rows;
    EXPECT_EQ(database.number("SELECT integrity_check = 'ok' FROM pragma_integrity_check").value(),
              1);
  }
}

TEST_F(DatabaseTest, ALongStatementCallsTheProgressHandler) {
  auto database = open();
  int calls = 0;
  database.on_progress([&calls] { ++calls; });
  EXPECT_EQ(database
                .number("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                        " WHERE i < 100000) SELECT count(*) FROM n")
                .value(),
            100'000);
  EXPECT_GT(calls, 0);
}

TEST(Fault, AnErrnoIsADiskThatIsFullOrAnotherFault) {
  EXPECT_EQ(fault_of(Error{"", ENOSPC}), Fault::full);
  EXPECT_EQ(fault_of(Error{"", EIO}), Fault::other);
  EXPECT_EQ(fault_of(Error{"", kNewerSchema}), Fault::newer);
}

}  // namespace
}  // namespace chatd::store
