// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/pid_file.hpp"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/sys/support.hpp"

namespace {

std::function<void()>& before_flock() {
  static std::function<void()> hook;
  return hook;
}

}  // namespace

// Replaces the function of the C library, so that a test can act between open() and flock().
extern "C" int flock(int fd, int operation) noexcept {
  if (before_flock()) before_flock()();
  return static_cast<int>(::syscall(SYS_flock, fd, operation));
}

namespace chatd::sys {
namespace {

using test::file_text;
using test::true_in_child;
using ::testing::HasSubstr;

class PidFileTest : public ::testing::Test {
 protected:
  [[nodiscard]] bool exists() const { return ::access(path_.c_str(), F_OK) == 0; }
  [[nodiscard]] std::string why_refused() const {
    const auto second = PidFile::lock(path_);
    return second ? "it was locked" : second.error().message();
  }

  test::TempDir directory_;
  std::string path_ = directory_ / "chatd.pid";
};

TEST_F(PidFileTest, HoldsThePidOfTheProcessThatWroteIt) {
  auto file = PidFile::lock(path_).value();
  ASSERT_TRUE(file.write_own_pid().has_value());
  EXPECT_EQ(file_text(path_), std::to_string(::getpid()) + "\n");
}

TEST_F(PidFileTest, ASecondHolderIsRefusedWithThePidOfTheFirst) {
  auto file = PidFile::lock(path_).value();
  EXPECT_THAT(why_refused(), HasSubstr("another chatd is starting"));
  ASSERT_TRUE(file.write_own_pid().has_value());
  EXPECT_THAT(why_refused(),
              HasSubstr("chatd runs already, with pid " + std::to_string(::getpid())));
}

TEST_F(PidFileTest, TheLockPassesToTheChildWhichOwnsTheFileOnceItWroteItsPid) {
  test::Pipe written;
  test::Pipe finish;
  std::optional<PidFile> file = PidFile::lock(path_).value();
  const pid_t daemon = ::fork();
  if (daemon == 0) {
    finish.write_end.reset();
    const bool done = file->write_own_pid().has_value();
    written.write_end.reset();
    test::read_all(finish.read_end.get());
    file.reset();
    ::_exit(done ? 0 : 1);
  }
  written.write_end.reset();
  test::read_all(written.read_end.get());
  file.reset();
  EXPECT_EQ(file_text(path_), std::to_string(daemon) + "\n");
  EXPECT_THAT(why_refused(), HasSubstr("with pid " + std::to_string(daemon)));
  finish.write_end.reset();
  int status = -1;
  ::waitpid(daemon, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_FALSE(exists());
}

TEST_F(PidFileTest, ACopyInAChildThatOnlyInheritedItRemovesNothing) {
  std::optional<PidFile> file = PidFile::lock(path_).value();
  ASSERT_TRUE(file->write_own_pid().has_value());
  EXPECT_TRUE(true_in_child([&] {
    file.reset();
    return true;
  }));
  EXPECT_TRUE(exists());
  EXPECT_THAT(why_refused(), HasSubstr("runs already"));
}

TEST_F(PidFileTest, IsRemovedAtTheEndAndCanBeTakenAgain) {
  { const auto file = PidFile::lock(path_).value(); }
  EXPECT_FALSE(exists());
  EXPECT_TRUE(PidFile::lock(path_).has_value());
}

TEST_F(PidFileTest, AFileOfAnotherProcessIsNotRemoved) {
  {
    const auto file = PidFile::lock(path_).value();
    std::ofstream{directory_ / "other"} << "4711\n";
    std::filesystem::rename(directory_ / "other", path_);
  }
  EXPECT_EQ(file_text(path_), "4711\n");
}

TEST_F(PidFileTest, ThePidOfADeadDaemonIsOverwritten) {
  std::ofstream{path_} << "1\n";  // alive, but no holder of the lock
  const auto file = PidFile::lock(path_).value();
  EXPECT_EQ(file_text(path_), "");
}

TEST_F(PidFileTest, AnotherUserCannotLockItWhateverTheUmask) {
  for (const mode_t umask : {mode_t{0}, mode_t{0777}}) {
    const mode_t before = ::umask(umask);
    const auto file = PidFile::lock(path_);
    ::umask(before);
    ASSERT_TRUE(file) << file.error().message();
    struct stat status {};
    ASSERT_EQ(::stat(path_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U);
  }
}

// The file that a killed daemon of an older version left could be opened by every user.
TEST_F(PidFileTest, ALockOfAnotherProcessIsNotTakenForADaemon) {
  pid_t dead = ::fork();
  if (dead == 0) ::_exit(0);
  ASSERT_EQ(::waitpid(dead, nullptr, 0), dead);
  std::ofstream{path_} << dead << "\n";
  const UniqueFd other{::open(path_.c_str(), O_RDONLY | O_CLOEXEC)};
  ASSERT_EQ(::flock(other.get(), LOCK_SH), 0);
  EXPECT_THAT(why_refused(), HasSubstr("is gone: remove the file"));
}

TEST_F(PidFileTest, ARelativePathIsFoundAgainFromAnotherDirectory) {
  EXPECT_TRUE(true_in_child([&] {
    if (::chdir(directory_.path().c_str()) != 0) return false;
    const auto file = PidFile::lock("chatd.pid").value();
    return file.path() == path_ && ::chdir("/") == 0;
  }));
  EXPECT_FALSE(exists());
}

TEST_F(PidFileTest, RefusesAPathThatIsNoPlainFile) {
  std::filesystem::create_symlink(directory_ / "target", path_);
  EXPECT_THAT(why_refused(), HasSubstr("is a symbolic link"));
  std::filesystem::remove(path_);
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THAT(why_refused(), HasSubstr("is not a plain file"));
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  EXPECT_THAT(why_refused(), HasSubstr("Is a directory"));
}

TEST_F(PidFileTest, RefusesAFileWithSomethingElseInIt) {
  std::ofstream{path_} << "precious\n";
  EXPECT_THAT(why_refused(), HasSubstr("is no pid file: something else is in it"));
  EXPECT_EQ(file_text(path_), "precious\n");
}

TEST_F(PidFileTest, RefusesAPathInAMissingDirectory) {
  const auto file = PidFile::lock(directory_ / "missing/chatd.pid");
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().code(), ENOENT);
  EXPECT_FALSE(PidFile::lock("").has_value());
}

TEST_F(PidFileTest, MovingKeepsTheLock) {
  auto first = PidFile::lock(path_).value();
  PidFile second{std::move(first)};
  EXPECT_TRUE(second.write_own_pid().has_value());
  auto third = PidFile::lock(directory_ / "other.pid").value();
  third = std::move(second);
  EXPECT_NE(::access((directory_ / "other.pid").c_str(), F_OK), 0);
  EXPECT_THAT(why_refused(), HasSubstr("runs already"));
}

// The last owner changes the file between open() and flock() of the test.
class PidFileRaceTest : public PidFileTest {
 protected:
  void remove_before_locking(int times) {
    before_flock() = [this, times]() mutable {
      if (times-- > 0) std::filesystem::remove(path_);
    };
  }
  void TearDown() override { before_flock() = nullptr; }
};

TEST_F(PidFileRaceTest, AFileThatIsRemovedBeforeItIsLockedIsMadeAgain) {
  remove_before_locking(3);
  auto file = PidFile::lock(path_).value();
  ASSERT_TRUE(file.write_own_pid().has_value());
  EXPECT_EQ(file_text(path_), std::to_string(::getpid()) + "\n");
  EXPECT_THAT(why_refused(), HasSubstr("runs already"));
}

TEST_F(PidFileRaceTest, AFileThatIsRemovedEachTimeIsAnErrorAndNoEndlessLoop) {
  remove_before_locking(1'000'000);
  EXPECT_THAT(why_refused(), HasSubstr("is replaced again and again"));
}

}  // namespace
}  // namespace chatd::sys
