// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toml/text_file.hpp"

#include <cerrno>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace chatd::config {
namespace {

TEST(TextFile, IsReadToItsEnd) {
  const test::TempDir directory;
  test::write_file(directory / "file", "a = 1\n");
  EXPECT_EQ(read_text_file(directory / "file").value(), "a = 1\n");
}

TEST(TextFile, AnErrorHasItsErrno) {
  const test::TempDir directory;
  EXPECT_EQ(read_text_file(directory / "none").error().code(), ENOENT);
  EXPECT_EQ(read_text_file(directory.path()).error().code(), EISDIR);
}

TEST(TextFile, MayHaveOneMebibyteAndNoMore) {
  const test::TempDir directory;
  test::write_file(directory / "file", std::string(1U << 20U, ' '));
  EXPECT_TRUE(read_text_file(directory / "file"));
  test::write_file(directory / "file", std::string((1U << 20U) + 1, ' '));
  EXPECT_EQ(read_text_file(directory / "file").error().message(), "is larger than 1 MiB");
}

}  // namespace
}  // namespace chatd::config
