// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/file_words.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include <gtest/gtest.h>

#include "common/crypto/key_file.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::client {
namespace {

using wire::Language;

TEST(FileWords, AreInTheUsersLanguage) {
  const Error error = Error::from_errno("make the key file /f/identity", ENOENT);
  EXPECT_EQ(file_error(Language::en, error), error.message());
  EXPECT_EQ(file_error(Language::zh, error), "创建密钥文件 /f/identity：没有那个文件或目录");
  EXPECT_EQ(file_error(Language::zh, Error::from_errno("read /f", EACCES)), "读取 /f：权限不够");
  EXPECT_EQ(file_error(Language::zh, Error::from_errno("/f/log", ENOSPC)), "/f/log：磁盘空间不足");
}

class KeyFileWords : public ::testing::Test {
 protected:
  // The message about the key file with this text and mode; the path is left out.
  std::string about(std::string_view text, mode_t mode = 0600) const {
    test::write_file(path_, std::string{text});
    EXPECT_EQ(::chmod(path_.c_str(), mode), 0);
    return message();
  }
  std::string message() const {
    const auto key = crypto::load_key(path_);
    EXPECT_FALSE(key);
    std::string text = key ? std::string{} : file_error(Language::zh, key.error());
    const auto at = text.find(path_);
    EXPECT_NE(at, std::string::npos) << text;
    return at == std::string::npos ? text : text.replace(at, path_.size(), "F");
  }
  test::TempDir directory_;
  std::string path_{directory_ / "a key file"};
};

TEST_F(KeyFileWords, SayWhatIsWrongWithTheText) {
  const std::string end = "；它必须是一行 44 个字符的 base64；请恢复它，或者删除它来得到新密钥";
  EXPECT_EQ(about(""), "密钥文件 F 是空的" + end);
  EXPECT_EQ(about("abc"), "密钥文件 F 只有 3 个字符" + end);
  EXPECT_EQ(about(std::string(60, 'A')), "密钥文件 F 比密钥长" + end);
  EXPECT_EQ(about(std::string(44, '-')), "密钥文件 F 不是密钥的 base64" + end);
}

TEST_F(KeyFileWords, SayWhatIsWrongWithTheFile) {
  EXPECT_TRUE(about("abc", 0644).starts_with("密钥文件 F 对其他用户开放（权限 0644），"));
  ASSERT_EQ(::chmod(directory_.path().c_str(), 0777), 0);
  ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
  ASSERT_EQ(::link(path_.c_str(), (directory_ / "other").c_str()), 0);
  EXPECT_TRUE(message().starts_with("密钥文件 F 有另一个名字（硬链接），"));
  ASSERT_EQ(::unlink(path_.c_str()), 0);
  ASSERT_EQ(::symlink("other", path_.c_str()), 0);
  EXPECT_TRUE(message().starts_with("密钥文件 F 是符号链接，"));
  ASSERT_EQ(::unlink(path_.c_str()), 0);
  ASSERT_EQ(::mkdir(path_.c_str(), 0700), 0);
  EXPECT_EQ(message(), "F 不是普通文件，而密钥文件必须是普通文件");
  EXPECT_EQ(file_error(Language::zh,
                       Error{"the key file F belongs to the user 7, who could put it into its "
                             "folder: remove it to get a new key, or chown it"}),
            "密钥文件 F 属于用户 7，此用户可以把它放进这个目录：请删除它来得到新密钥，"
            "或者更改它的所有者");
}

TEST(FileWords, AreInChineseForTheLastErrors) {
  EXPECT_EQ(file_error(Language::zh, Error::from_errno("standard output", ENOSPC)),
            "标准输出：磁盘空间不足");
  EXPECT_EQ(file_error(Language::zh, Error::from_errno("cannot be opened", EACCES)),
            "无法打开：权限不够");
  EXPECT_EQ(how_ended(Language::zh, "signal 9"), "信号 9");
  EXPECT_EQ(how_ended(Language::zh, "exit status 3"), "退出状态 3");
  EXPECT_EQ(how_ended(Language::en, "signal 9"), "signal 9");
}

TEST(FileWords, OtherTextStaysAsItIs) {
  const Error other = Error::from_errno("sing", ECHILD);
  EXPECT_EQ(file_error(Language::zh, other), other.message());
  EXPECT_EQ(file_error(Language::zh, Error{"F is no file"}), "F is no file");
  EXPECT_EQ(file_error(Language::zh, Error{"the key is wrong", EACCES}), "the key is wrong");
  EXPECT_TRUE(
      file_error(Language::zh, Error::from_errno("write /f", ECHILD)).starts_with("写入 /f: "));
}

}  // namespace
}  // namespace chatd::client
