// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/file_words.hpp"

#include <cerrno>

#include <gtest/gtest.h>

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
