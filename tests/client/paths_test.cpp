// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/paths.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <optional>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace chatd::client {
namespace {

class Paths : public ::testing::Test {
 protected:
  Paths() : config_{value("XDG_CONFIG_HOME")}, home_{value("HOME")} {}
  ~Paths() override {
    put("XDG_CONFIG_HOME", config_);
    put("HOME", home_);
  }
  static std::optional<std::string> value(const char* name) {
    const char* const found = std::getenv(name);
    return found == nullptr ? std::nullopt : std::optional<std::string>{found};
  }
  static void put(const char* name, const std::optional<std::string>& value) {
    if (value) {
      ::setenv(name, value->c_str(), 1);
    } else {
      ::unsetenv(name);
    }
  }
  test::TempDir directory_;

 private:
  std::optional<std::string> config_;
  std::optional<std::string> home_;
};

TEST_F(Paths, FollowTheXdgSpecification) {
  put("HOME", "/home/ada");
  put("XDG_CONFIG_HOME", "/etc/mine");
  EXPECT_EQ(config_folder(), "/etc/mine/chat");
  put("XDG_CONFIG_HOME", "relative");
  EXPECT_EQ(config_folder(), "/home/ada/.config/chat");
  put("XDG_CONFIG_HOME", {});
  EXPECT_EQ(config_folder(), "/home/ada/.config/chat");
}

TEST_F(Paths, AreMadeForTheirUserOnly) {
  ASSERT_TRUE(make_folder_of(directory_ / "config/chat/identity"));
  ASSERT_TRUE(make_folder_of(directory_ / "config/chat/identity"));
  struct stat status {};
  ASSERT_EQ(::stat((directory_ / "config/chat").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
}

TEST_F(Paths, SayWhereAFolderCannotBe) {
  test::write_file(directory_ / "file", "");
  const auto made = make_folder_of(directory_ / "file/chat/identity");
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message().find(directory_ / "file"), std::string::npos);
}

TEST_F(Paths, PasswordIsTheFirstLine) {
  test::write_file(directory_ / "p", "open sesame\r\nnot this\n");
  EXPECT_EQ(read_password(directory_ / "p"), "open sesame");
  test::write_file(directory_ / "p", "no newline");
  EXPECT_EQ(read_password(directory_ / "p"), "no newline");
  test::write_file(directory_ / "p", "\n");
  EXPECT_FALSE(read_password(directory_ / "p"));
  EXPECT_FALSE(read_password(directory_ / "none"));
}

TEST_F(Paths, LoginNameIsNeverEmpty) { EXPECT_FALSE(login_name().empty()); }

}  // namespace
}  // namespace chatd::client
