// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/password.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "tests/support/temp_dir.hpp"

namespace chatd::config {
namespace {

using ::testing::HasSubstr;

class Password : public ::testing::Test {
 protected:
  auto read(std::string_view text) {
    test::write_secret_file(directory_ / "password", text);
    config_.room.password_file = directory_ / "password";
    return read_password(config_, "chatd.toml");
  }
  test::TempDir directory_;
  Config config_;
};

TEST_F(Password, IsTheFirstLine) {
  EXPECT_EQ(read("open sesame\nand more\n").value(), "open sesame");
  EXPECT_EQ(read("without an end").value(), "without an end");
  EXPECT_EQ(read("from elsewhere\r\n").value(), "from elsewhere");
}

TEST_F(Password, NoFileIsNoPassword) {
  EXPECT_EQ(read_password(Config{}, "chatd.toml").value(), std::nullopt);
}

TEST_F(Password, AMissingFileIsNamed) {
  config_.room.password_file = directory_ / "nothing";
  const auto problem = read_password(config_, "chatd.toml").error();
  EXPECT_EQ(problem.where, "chatd.toml");
  EXPECT_EQ(problem.key, "room.password_file");
  EXPECT_THAT(problem.why, HasSubstr("nothing cannot be read: No such file"));
}

TEST_F(Password, AFileThatOthersCanReadIsRefusedWithAdvice) {
  ASSERT_TRUE(read("open sesame\n"));
  ASSERT_EQ(::chmod(config_.room.password_file.c_str(), 0644), 0);
  EXPECT_EQ(to_text(read_password(config_, "chatd.toml").error()),
            "chatd.toml: room.password_file: " + config_.room.password_file +
                " can be read or written by others (mode 0644); chmod 600 it, or give it to root "
                "and the group of the daemon, with mode 640");
}

TEST_F(Password, TheServicesGroupMayReadAFileOfRoots) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root: no file can be given to another group";
  constexpr gid_t kService = 4242;
  ASSERT_TRUE(read("open sesame\n"));
  ASSERT_EQ(::chown(config_.room.password_file.c_str(), 0, kService), 0);
  ASSERT_EQ(::chmod(config_.room.password_file.c_str(), 0640), 0);
  EXPECT_FALSE(read_password(config_, "chatd.toml"));
  EXPECT_EQ(read_password(config_, "chatd.toml", kService).value(), "open sesame");
}

// The supervisor reads the file at a reload, and must not block.
TEST_F(Password, APipeIsRefusedWithoutBlocking) {
  config_.room.password_file = directory_ / "pipe";
  ASSERT_EQ(::mkfifo(config_.room.password_file.c_str(), 0600), 0);
  EXPECT_THAT(read_password(config_, "chatd.toml").error().why, HasSubstr("is not a plain file"));
}

TEST_F(Password, AnEmptyOrTooLongPasswordIsRefused) {
  EXPECT_THAT(read("").error().why, HasSubstr("empty first line"));
  EXPECT_THAT(read("\npassword\n").error().why, HasSubstr("empty first line"));
  EXPECT_TRUE(read(std::string(kMaxPasswordBytes, 'x') + "\n"));
  EXPECT_THAT(read(std::string(kMaxPasswordBytes + 1, 'x') + "\n").error().why,
              HasSubstr("more than 256 bytes"));
}

}  // namespace
}  // namespace chatd::config
