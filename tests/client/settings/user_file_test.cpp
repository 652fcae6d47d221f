// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/user_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace chatd::client {
namespace {

class UserFileTest : public ::testing::Test {
 protected:
  [[nodiscard]] Result<> append(std::string_view lines) const {
    const auto fd = open_locked(path_, O_RDWR | O_APPEND | O_CREAT);
    return fd ? append_lines(fd->get(), lines, path_) : fail(fd.error());
  }
  [[nodiscard]] unsigned mode() const {
    struct stat status {};
    EXPECT_EQ(::stat(path_.c_str(), &status), 0);
    return status.st_mode & 0777U;
  }
  test::TempDir directory_;
  const std::string path_{directory_ / "file"};
};

TEST_F(UserFileTest, ANewFileIsForItsUserOnly) {
  ASSERT_TRUE(append("one\n"));
  EXPECT_EQ(mode(), 0600U);
}

TEST_F(UserFileTest, ALastLineWithoutItsEndGetsOne) {
  test::write_file(path_, "one");
  ASSERT_TRUE(append("two\nthree\n"));
  EXPECT_EQ(test::file_text(path_), "one\ntwo\nthree\n");
}

TEST_F(UserFileTest, AReplacedFileHasTheNewTextAndTheMode) {
  ASSERT_TRUE(append("a long line\n"));
  ASSERT_TRUE(replace_file(path_, "one\n", 0640));
  EXPECT_EQ(test::file_text(path_), "one\n");
  EXPECT_EQ(mode(), 0640U);
}

// The line of a program that has waited for the lock is in the new file, not in the old one.
TEST_F(UserFileTest, AProgramThatWaitsForTheLockChangesTheFileThatIsThereThen) {
  ASSERT_TRUE(append("one\n"));
  auto lock = open_locked(path_, O_RDWR);
  ASSERT_TRUE(lock);
  const pid_t child = ::fork();
  if (child == 0) {
    lock = {};  // the descriptor of this process; the lock is also of the other one
    std::_Exit(append("two\n") ? 0 : 1);
  }
  ASSERT_TRUE(replace_file(path_, "new\n", 0600));
  lock = {};
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(test::file_text(path_), "new\ntwo\n");
}

TEST_F(UserFileTest, ProgramsThatOnlyReadDoNotWaitForEachOther) {
  ASSERT_TRUE(append("one\n"));
  const auto reader = open_locked(path_, O_RDONLY);
  ASSERT_TRUE(reader);
  const UniqueFd other{::open(path_.c_str(), O_RDONLY | O_CLOEXEC)};
  EXPECT_EQ(::flock(other.get(), LOCK_SH | LOCK_NB), 0);
  EXPECT_EQ(::flock(other.get(), LOCK_EX | LOCK_NB), -1);
}

TEST_F(UserFileTest, APrivateFileIsForItsUserOnly) {
  test::write_file(path_, "one\n");
  ASSERT_EQ(::chmod(path_.c_str(), 0644), 0);
  for (const FileLock lock : {FileLock::none, FileLock::held}) {
    EXPECT_TRUE(open_private(path_, O_RDONLY, lock));
    EXPECT_EQ(mode(), 0600U);
  }
  ASSERT_EQ(::symlink(path_.c_str(), (directory_ / "link").c_str()), 0);
  ASSERT_EQ(::mkfifo((directory_ / "pipe").c_str(), 0600), 0);
  for (const char* const name : {"link", "pipe"}) {
    for (const FileLock lock : {FileLock::none, FileLock::held}) {
      EXPECT_FALSE(open_private(directory_ / name, O_RDONLY, lock)) << name;
    }
  }
  EXPECT_EQ(open_private(directory_ / "none", O_RDONLY, FileLock::none).error().code(), ENOENT);
}

TEST_F(UserFileTest, TheErrorSaysWhetherTheFileWasToBeReadOrWritten) {
  const auto reader = open_locked(path_, O_RDONLY);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().message(), "read " + path_ + ": No such file or directory");
  const auto writer = open_locked(path_, O_RDWR);
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().message(), "write " + path_ + ": No such file or directory");
}

TEST_F(UserFileTest, ALineThatDoesNotFitIsNotThereByHalf) {
  ASSERT_TRUE(append("one\n"));
  const pid_t child = ::fork();
  if (child == 0) {
    (void)std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{6, 6};
    (void)::setrlimit(RLIMIT_FSIZE, &small);
    std::_Exit(append("a long line\n") ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0) << "the append fails";
  EXPECT_EQ(test::file_text(path_), "one\n");
}

}  // namespace
}  // namespace chatd::client
