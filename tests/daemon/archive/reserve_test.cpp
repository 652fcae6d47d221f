// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/reserve.hpp"

#include <sys/stat.h>

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace chatd::archive {
namespace {

TEST(ReserveTest, TakesTheSpaceOnceAndGivesItUpOnce) {
  const test::TempDir directory;
  const std::string path = directory / "reserve";
  Reserve reserve{path, 65'536};
  ASSERT_TRUE(reserve.take());
  ASSERT_TRUE(reserve.take());
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_size, 65'536);
  EXPECT_GE(status.st_blocks * 512, 65'536);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_TRUE(reserve.give_up());
  EXPECT_FALSE(reserve.give_up());
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(ReserveTest, WithoutSpaceThereIsAnErrorAndNoFile) {
  const test::TempDir directory;
  Reserve reserve{directory / "reserve", std::uint64_t{1} << 60U};
  EXPECT_FALSE(reserve.take());
  EXPECT_FALSE(std::filesystem::exists(directory / "reserve"));
}

}  // namespace
}  // namespace chatd::archive
