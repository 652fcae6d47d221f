// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/password.hpp"

#include <gmock/gmock.h>

#include "tests/support/temp_dir.hpp"

namespace chatd::config {
namespace {

using ::testing::HasSubstr;

class Password : public ::testing::Test {
 protected:
  auto read(std::string_view text) {
    test::write_file(directory_ / "password", text);
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

TEST_F(Password, AFileThatIsNotThereIsNamed) {
  config_.room.password_file = directory_ / "nothing";
  const auto problem = read_password(config_, "chatd.toml").error();
  EXPECT_EQ(problem.where, "chatd.toml");
  EXPECT_EQ(problem.key, "room.password_file");
  EXPECT_THAT(problem.why, HasSubstr("nothing cannot be read: No such file"));
}

TEST_F(Password, AnEmptyOrEndlessOneIsRefused) {
  EXPECT_THAT(read("").error().why, HasSubstr("empty first line"));
  EXPECT_THAT(read("\npassword\n").error().why, HasSubstr("empty first line"));
  EXPECT_TRUE(read(std::string(kMostPasswordBytes, 'x') + "\n"));
  EXPECT_THAT(read(std::string(kMostPasswordBytes + 1, 'x') + "\n").error().why,
              HasSubstr("more than 256 bytes"));
}

}  // namespace
}  // namespace chatd::config
