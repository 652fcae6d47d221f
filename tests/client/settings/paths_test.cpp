// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/paths.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
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
  put("HOME", directory_.path());
  put("XDG_CONFIG_HOME", "/etc/mine");
  EXPECT_EQ(config_file("identity"), "/etc/mine/uchat/identity");
  put("XDG_CONFIG_HOME", "relative");
  EXPECT_EQ(config_file("identity"), directory_ / ".config/uchat/identity");
  put("XDG_CONFIG_HOME", {});
  EXPECT_EQ(config_file("identity"), directory_ / ".config/uchat/identity");
}

TEST_F(Paths, AreNotInAHomeDirectoryThatDoesNotExist) {
  put("XDG_CONFIG_HOME", {});
  put("HOME", directory_ / "none");
  EXPECT_EQ(config_file("identity"), "");
}

TEST_F(Paths, OfStateFollowTheXdgSpecification) {
  put("HOME", directory_.path());
  ::setenv("XDG_STATE_HOME", "/var/mine", 1);
  EXPECT_EQ(state_file("history"), "/var/mine/uchat/history");
  ::unsetenv("XDG_STATE_HOME");
  EXPECT_EQ(state_file("history"), directory_ / ".local/state/uchat/history");
}

TEST_F(Paths, MayBeginWithTheHomeDirectory) {
  put("HOME", "/home/ada");
  EXPECT_EQ(with_home("~/password"), "/home/ada/password");
  EXPECT_EQ(with_home("~bob/password"), "~bob/password");
  EXPECT_EQ(with_home("/~/password"), "/~/password");
}

TEST_F(Paths, UseTheOldFolderUntilTheNewOneHasTheFile) {
  put("XDG_CONFIG_HOME", directory_.path());
  for (const auto* folder : {"chat", "uchat"}) {
    std::filesystem::create_directory(directory_ / folder);
  }
  test::write_file(directory_ / "chat/identity", "");
  EXPECT_EQ(config_file("identity"), directory_ / "chat/identity");
  EXPECT_EQ(config_file("known_servers"), directory_ / "uchat/known_servers");
  test::write_file(directory_ / "uchat/identity", "");
  EXPECT_EQ(config_file("identity"), directory_ / "uchat/identity");
}

TEST_F(Paths, FoldersAreMadeForTheirUserOnly) {
  ASSERT_TRUE(make_folder_of(directory_ / "config/uchat/identity"));
  ASSERT_TRUE(make_folder_of(directory_ / "config/uchat/identity"));
  struct stat status {};
  ASSERT_EQ(::stat((directory_ / "config/uchat").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
}

TEST_F(Paths, ReportTheFolderThatCannotBeMade) {
  test::write_file(directory_ / "file", "");
  const auto made = make_folder_of(directory_ / "file/uchat/identity");
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message().find(directory_ / "file"), std::string::npos);
}

TEST_F(Paths, PasswordIsTheFirstLine) {
  test::write_secret_file(directory_ / "p", "open sesame\r\nnot this\n");
  EXPECT_EQ(read_password(directory_ / "p"), "open sesame");
  test::write_file(directory_ / "p", "no newline");
  EXPECT_EQ(read_password(directory_ / "p"), "no newline");
  test::write_file(directory_ / "p", "\n");
  EXPECT_FALSE(read_password(directory_ / "p"));
  EXPECT_FALSE(read_password(directory_ / "none"));
  EXPECT_FALSE(read_password(directory_.path()));
}

TEST_F(Paths, RefuseAPasswordFileThatOthersCanRead) {
  test::write_file(directory_ / "p", "open sesame\n");
  ASSERT_EQ(::chmod((directory_ / "p").c_str(), 0644), 0);
  EXPECT_EQ(
      read_password(directory_ / "p").error().message(),
      "the password file " + directory_ / "p" + " can be read by others (mode 0644); chmod 600 it");
}

TEST_F(Paths, RefuseAPasswordThatIsTooLongForAServer) {
  test::write_secret_file(directory_ / "p", std::string(257, 'x'));
  EXPECT_EQ(read_password(directory_ / "p").error().message(),
            "the first line of " + directory_ / "p" + " is longer than 256 bytes");
}

TEST_F(Paths, LoginNameIsNeverEmpty) { EXPECT_FALSE(login_name().empty()); }

}  // namespace
}  // namespace chatd::client
