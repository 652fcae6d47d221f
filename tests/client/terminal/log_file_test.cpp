// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/log_file.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/in_child.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;

class LogFileTest : public ::testing::Test {
 protected:
  [[nodiscard]] Result<LogFile> open() const { return LogFile::open(path_, wire::Language::en); }

  test::TempDir directory_;
  const std::string path_{directory_ / "log"};
};

TEST_F(LogFileTest, ANewFileIsForTheUserOnly) {
  const mode_t mask = ::umask(0);
  const auto log = open();
  ::umask(mask);
  ASSERT_TRUE(log);
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
}

TEST_F(LogFileTest, LinesAreAppended) {
  test::write_file(path_, "before\n");
  {
    auto log = open();
    ASSERT_TRUE(log);
    EXPECT_FALSE(log->append("one\ntwo\n"));
    EXPECT_FALSE(log->append(""));
    EXPECT_FALSE(log->append("three\n"));
  }
  EXPECT_EQ(test::file_text(path_), "before\none\ntwo\nthree\n");
  EXPECT_TRUE(open()) << "the lock has ended";
}

TEST_F(LogFileTest, OneProgramWrites) {
  const auto first = open();
  ASSERT_TRUE(first);
  const auto second = open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message(), "another program writes to the log " + path_);
}

TEST_F(LogFileTest, OtherThingsThanFilesAreRefused) {
  EXPECT_THAT(LogFile::open("/dev/null", wire::Language::en).error().message(),
              HasSubstr("/dev/null is no file"));
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THAT(open().error().message(), HasSubstr(path_)) << "and nothing waits";
  const auto nowhere = LogFile::open(directory_ / "none/log", wire::Language::en);
  EXPECT_EQ(nowhere.error().message(), directory_ / "none/log: No such file or directory");
}

// A limit of the file's size takes the place of a full disk.
TEST_F(LogFileTest, LinesThatCannotBeWrittenAreCountedAndNoLineIsThereByHalf) {
  const auto ran = test::in_child([this] {
    const auto limit = [](rlim_t bytes) {
      const rlimit size{.rlim_cur = bytes, .rlim_max = RLIM_INFINITY};
      return ::setrlimit(RLIMIT_FSIZE, &size) == 0;
    };
    auto log = open();
    if (!log || log->append("first\n") || !limit(10)) return 1;
    const auto error = log->append("second, which is longer\nthird\n");
    if (!error || error->message() != path_ + ": No space left on device") return 2;
    if (test::file_text(path_) != "first\n") return 3;
    if (log->append("fourth, which is longer\n")) return 4;  // not told again
    if (!limit(RLIM_INFINITY) || log->append("last\n")) return 5;
    return 0;
  });
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(test::file_text(path_), "first\n-- lines that could not be written: 3\nlast\n");
}

}  // namespace
}  // namespace chatd::client
