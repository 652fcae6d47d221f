// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/history_file.hpp"

#include <sys/stat.h>

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class HistoryFileTest : public ::testing::Test {
 protected:
  [[nodiscard]] unsigned mode() const {
    struct stat status {};
    EXPECT_EQ(::stat(path_.c_str(), &status), 0);
    return status.st_mode & 0777U;
  }
  test::TempDir directory_;
  const std::string path_{directory_ / "state/uchat/history"};
  HistoryFile file_{path_};
};

TEST_F(HistoryFileTest, KeepsLinesForTheNextRun) {
  EXPECT_THAT(file_.load(), IsEmpty());
  file_.append("hello");
  file_.append("two\nlines \\n \\");
  HistoryFile{path_}.append("of another program");
  EXPECT_THAT(HistoryFile{path_}.load(),
              ElementsAre("hello", "two\nlines \\n \\", "of another program"));
}

TEST_F(HistoryFileTest, IsForItsUserOnly) {
  file_.append("hello");
  EXPECT_EQ(mode(), 0600U);
  ASSERT_EQ(::chmod(path_.c_str(), 0644), 0);
  file_.append("hello");
  EXPECT_EQ(mode(), 0600U);
}

TEST_F(HistoryFileTest, HasALimit) {
  for (std::size_t i = 0; i < 2 * HistoryFile::kMaxLines + 5; ++i) {
    file_.append(std::to_string(i));
  }
  const auto before = std::filesystem::file_size(path_);
  const auto lines = file_.load();
  ASSERT_EQ(lines.size(), HistoryFile::kMaxLines);
  EXPECT_EQ(lines.front(), std::to_string(HistoryFile::kMaxLines + 5));
  EXPECT_EQ(lines.back(), std::to_string(2 * HistoryFile::kMaxLines + 4));
  EXPECT_LT(std::filesystem::file_size(path_), before * 2 / 3);
  EXPECT_EQ(mode(), 0600U);
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
  EXPECT_EQ(file_.load(), lines);
}

TEST_F(HistoryFileTest, DoesNotKeepAVeryLongLine) {
  file_.append(std::string(HistoryFile::kMaxLineBytes, 'x'));
  file_.append(std::string_view{"a\0b", 3});
  EXPECT_THAT(file_.load(), IsEmpty());
}

TEST_F(HistoryFileTest, KeepsNothingWithoutAFile) {
  HistoryFile none{""};
  none.append("hello");
  EXPECT_THAT(none.load(), IsEmpty());
  test::write_file(directory_ / "file", "no folder");
  HistoryFile impossible{directory_ / "file/history"};
  impossible.append("hello");
  EXPECT_THAT(impossible.load(), IsEmpty());
}

// Of a file that something else has written.
TEST_F(HistoryFileTest, FollowsNoLinkAndReadsNoPipe) {
  std::filesystem::create_directories(directory_ / "state/uchat");
  test::write_file(directory_ / "other", "secret\n");
  std::filesystem::create_symlink(directory_ / "other", path_);
  file_.append("hello");
  EXPECT_THAT(file_.load(), IsEmpty());
  EXPECT_EQ(std::filesystem::file_size(directory_ / "other"), 7U);
  std::filesystem::remove(path_);
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  file_.append("hello");
  EXPECT_THAT(file_.load(), IsEmpty());
}

}  // namespace
}  // namespace chatd::client
