// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/store/replace_file.hpp"

#include <sys/stat.h>

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace chatd::store {
namespace {

TEST(ReplaceFile, TheFileHasTheNewTextAndNoOtherFileIsLeft) {
  const test::TempDir directory;
  const std::string path = directory / "a.json";
  ASSERT_TRUE(replace_file(path, "one"));
  EXPECT_EQ(test::file_text(path), "one");
  ASSERT_TRUE(replace_file(path, ""));
  EXPECT_EQ(test::file_text(path), "");
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST(ReplaceFile, TheFileIsForItsOwnerOnlyWhateverWasThere) {
  const test::TempDir directory;
  const std::string path = directory / "a.json";
  // Of a process that was killed, and of an administrator.
  test::write_file(path + ".new", "half");
  ASSERT_EQ(::chmod((path + ".new").c_str(), 0666), 0);
  test::write_file(path, "old");
  ASSERT_EQ(::chmod(path.c_str(), 0666), 0);
  const mode_t umask = ::umask(0);
  ASSERT_TRUE(replace_file(path, "one"));
  ::umask(umask);
  EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms{0600});
}

TEST(ReplaceFile, WithoutSpaceTheFileStaysAsItWas) {
  const auto done = replace_file("/proc/self/a.json", "one");
  ASSERT_FALSE(done);
  const test::TempDir directory;
  std::filesystem::create_directory(directory / "a.json");
  ASSERT_FALSE(replace_file(directory / "a.json", "one"));
  EXPECT_TRUE(std::filesystem::is_directory(directory / "a.json"));
}

TEST(ReplaceFile, ASymbolicLinkIsReplacedAndItsTargetIsNotChanged) {
  const test::TempDir directory;
  test::write_file(directory / "target", "precious");
  std::filesystem::create_symlink(directory / "target", directory / "a.json");
  std::filesystem::create_symlink(directory / "target", directory / "a.json.new");
  ASSERT_TRUE(replace_file(directory / "a.json", "one"));
  EXPECT_EQ(test::file_text(directory / "target"), "precious");
  EXPECT_FALSE(std::filesystem::is_symlink(directory / "a.json"));
}

}  // namespace
}  // namespace chatd::store
