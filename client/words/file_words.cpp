// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/file_words.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "common/wire/reasons.hpp"

namespace chatd::client {

namespace {

using wire::Sentence;

// How a message begins; the path follows. A longer beginning stands before a shorter one.
constexpr std::array kDoing{Sentence{"open the key file ", "打开密钥文件 "},
                            Sentence{"make the key file ", "创建密钥文件 "},
                            Sentence{"read the key file ", "读取密钥文件 "},
                            Sentence{"write the key file ", "写入密钥文件 "},
                            Sentence{"stat the key file ", "检查密钥文件 "},
                            Sentence{"fsync the folder of ", "同步目录，其中有 "},
                            Sentence{"make the folder ", "创建目录 "},
                            Sentence{"truncate ", "截短 "},
                            Sentence{"replace ", "替换 "},
                            Sentence{"read ", "读取 "},
                            Sentence{"write ", "写入 "},
                            Sentence{"fsync ", "同步 "},
                            Sentence{"lock ", "锁定 "},
                            Sentence{"stat ", "检查 "}};

struct ErrnoRow {
  int code;
  std::string_view chinese;
};
constexpr std::array kErrnos{ErrnoRow{ENOENT, "没有那个文件或目录"},
                             ErrnoRow{EACCES, "权限不够"},
                             ErrnoRow{EPERM, "不允许的操作"},
                             ErrnoRow{ENOSPC, "磁盘空间不足"},
                             ErrnoRow{EDQUOT, "超出磁盘配额"},
                             ErrnoRow{EROFS, "文件系统只读"},
                             ErrnoRow{EFBIG, "文件过大"},
                             ErrnoRow{EISDIR, "是一个目录"},
                             ErrnoRow{ENOTDIR, "不是目录"},
                             ErrnoRow{ELOOP, "符号链接的层数过多"},
                             ErrnoRow{ENAMETOOLONG, "文件名过长"},
                             ErrnoRow{EMFILE, "打开的文件过多"},
                             ErrnoRow{EIO, "输入输出错误"}};

}  // namespace

std::string file_error(wire::Language language, const Error& error) {
  std::string text = error.message();
  if (language != wire::Language::zh) return text;
  const auto* const row = std::ranges::find(kErrnos, error.code(), &ErrnoRow::code);
  const std::string end = std::string{": "} + std::strerror(error.code());
  if (row != kErrnos.end() && text.ends_with(end)) {
    text.replace(text.size() - end.size(), end.size(), std::string{"："}.append(row->chinese));
  }
  const auto* const doing =
      std::ranges::find_if(kDoing, [&](const Sentence& one) { return text.starts_with(one.en); });
  if (doing != kDoing.end()) text.replace(0, doing->en.size(), doing->zh);
  return text;
}

}  // namespace chatd::client
