// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/io/lock_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace chatd::io {
namespace {

using ::testing::HasSubstr;

class LockFileTest : public ::testing::Test {
 protected:
  [[nodiscard]] Result<UniqueFd> lock() const { return lock_file(AT_FDCWD, path_, path_); }
  [[nodiscard]] mode_t mode() const {
    struct stat file {};
    EXPECT_EQ(::stat(path_.c_str(), &file), 0);
    return file.st_mode & 07777U;
  }
  test::TempDir directory_;
  std::string path_ = directory_ / "lock";
};

TEST_F(LockFileTest, OneProcessHasTheLockUntilItClosesTheFile) {
  auto first = lock();
  ASSERT_TRUE(first) << first.error().message();
  EXPECT_EQ(lock().error().code(), EWOULDBLOCK);
  first->reset();
  EXPECT_TRUE(lock());
}

TEST_F(LockFileTest, OnlyItsOwnerCanOpenItWhateverTheUmask) {
  for (const mode_t umask : {mode_t{0}, mode_t{0777}}) {
    const mode_t before = ::umask(umask);
    const auto locked = lock();
    ::umask(before);
    ASSERT_TRUE(locked);
    EXPECT_EQ(mode(), 0600U);
    std::filesystem::remove(path_);
  }
}

TEST_F(LockFileTest, AFileOpenToOthersIsClosedToThem) {
  test::write_file(path_, "");
  ASSERT_EQ(::chmod(path_.c_str(), 0666), 0);
  EXPECT_TRUE(lock());
  EXPECT_EQ(mode(), 0600U);
}

TEST_F(LockFileTest, LinksAndFilesWithTwoNamesAreNotChanged) {
  test::write_file(directory_ / "victim", "");
  ASSERT_EQ(::chmod((directory_ / "victim").c_str(), 0644), 0);
  std::filesystem::create_symlink(directory_ / "victim", path_);
  EXPECT_THAT(lock().error().message(), HasSubstr("is a symbolic link"));
  std::filesystem::remove(path_);
  std::filesystem::create_hard_link(directory_ / "victim", path_);
  EXPECT_THAT(lock().error().message(), HasSubstr("has a second name"));
  EXPECT_EQ(mode(), 0644U);
}

TEST_F(LockFileTest, LeadsToIsTrueForTheNameOfTheFile) {
  const auto locked = lock();
  ASSERT_TRUE(locked);
  EXPECT_TRUE(leads_to(AT_FDCWD, path_, locked->get()));
  std::filesystem::rename(path_, directory_ / "moved");
  EXPECT_FALSE(leads_to(AT_FDCWD, path_, locked->get()));
  std::filesystem::create_symlink(directory_ / "moved", path_);
  EXPECT_FALSE(leads_to(AT_FDCWD, path_, locked->get())) << "a link is another file";
}

}  // namespace
}  // namespace chatd::io
