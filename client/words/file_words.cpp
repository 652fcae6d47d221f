// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/file_words.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

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
                            Sentence{"standard output", "标准输出"},
                            Sentence{"cannot be opened", "无法打开"},
                            Sentence{"cannot be read", "无法读取"},
                            Sentence{"is larger than 1 MiB", "大于 1 MiB"},
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
                             ErrnoRow{EIO, "输入输出错误"},
                             ErrnoRow{EPIPE, "管道已断开"}};

// Of common/crypto/key_file.cpp, which knows one language.
constexpr std::array kKeyFiles{
    Sentence{"the key file {} has a second name (a hard link), in a folder that another user can "
             "change: copy it to a file of its own",
             "密钥文件 {} 有另一个名字（硬链接），而它的目录可由其他用户更改：请复制成单独的文件"},
    Sentence{"the key file {} belongs to the user {}, who could put it into its folder: remove it "
             "to get a new key, or chown it",
             "密钥文件 {} 属于用户 {}，此用户可以把它放进这个目录：请删除它来得到新密钥，"
             "或者更改它的所有者"},
    Sentence{"the key file {} is a symbolic link, in a folder that another user can change: put "
             "the key itself there",
             "密钥文件 {} 是符号链接，而它的目录可由其他用户更改：请把密钥本身放在那里"},
    Sentence{"{} is not a plain file, as a key file must be",
             "{} 不是普通文件，而密钥文件必须是普通文件"},
    Sentence{"the key file {} is open to others (mode {}), so its key may be known; it must be "
             "0600: chmod 600 it, or remove it to get a new key",
             "密钥文件 {} 对其他用户开放（权限 {}），密钥可能已被别人知道；权限必须是 0600："
             "请用 chmod 600 更改，或者删除它来得到新密钥"},
    Sentence{"the key file {} is empty; it must be one line of {} characters of base64; restore "
             "it, or remove it to get a new key",
             "密钥文件 {} 是空的；它必须是一行 {} 个字符的 base64；请恢复它，"
             "或者删除它来得到新密钥"},
    Sentence{"the key file {} has only {} characters; it must be one line of {} characters of "
             "base64; restore it, or remove it to get a new key",
             "密钥文件 {} 只有 {} 个字符；它必须是一行 {} 个字符的 base64；请恢复它，"
             "或者删除它来得到新密钥"},
    Sentence{"the key file {} is longer than a key; it must be one line of {} characters of "
             "base64; restore it, or remove it to get a new key",
             "密钥文件 {} 比密钥长；它必须是一行 {} 个字符的 base64；请恢复它，"
             "或者删除它来得到新密钥"},
    Sentence{"the key file {} is not the base64 of a key; it must be one line of {} characters of "
             "base64; restore it, or remove it to get a new key",
             "密钥文件 {} 不是密钥的 base64；它必须是一行 {} 个字符的 base64；请恢复它，"
             "或者删除它来得到新密钥"}};
constexpr std::string_view kValue = "{}";

// The values of a text that was made from `form`; nullopt: it was made from another one.
std::optional<std::vector<std::string_view>> values_in(std::string_view text,
                                                       std::string_view form) {
  std::vector<std::string_view> values;
  for (;;) {
    const std::size_t at = form.find(kValue);
    if (!text.starts_with(form.substr(0, at))) return std::nullopt;
    if (at == std::string_view::npos) {
      return text == form ? std::optional{std::move(values)} : std::nullopt;
    }
    text.remove_prefix(at);
    form.remove_prefix(at + kValue.size());
    const std::string_view next = form.substr(0, form.find(kValue));
    const std::size_t end =
        next == form ? text.size() - std::min(next.size(), text.size()) : text.find(next);
    if (end == std::string_view::npos) return std::nullopt;
    values.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::optional<std::string> about_key_file(std::string_view text) {
  for (const Sentence& sentence : kKeyFiles) {
    const auto values = values_in(text, sentence.en);
    if (!values) continue;
    std::string chinese;
    std::string_view form = sentence.zh;
    for (const std::string_view value : *values) {
      const std::size_t at = form.find(kValue);
      chinese.append(form.substr(0, at)).append(value);
      form.remove_prefix(at + kValue.size());
    }
    return chinese.append(form);
  }
  return std::nullopt;
}

}  // namespace

std::string how_ended(wire::Language language, std::string_view how) {
  if (language != wire::Language::zh) return std::string{how};
  for (const Sentence& ending :
       {Sentence{"signal ", "信号 "}, Sentence{"exit status ", "退出状态 "}}) {
    if (how.starts_with(ending.en)) {
      return std::string{ending.zh}.append(how.substr(ending.en.size()));
    }
  }
  return std::string{how};
}

std::string file_error(wire::Language language, const Error& error) {
  std::string text = error.message();
  if (language != wire::Language::zh) return text;
  if (auto chinese = about_key_file(text)) return *std::move(chinese);
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
