// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/start_words.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "common/wire/reasons.hpp"

namespace chatd::client {

namespace {

struct StartRow {
  StartWords which;
  wire::Sentence text;
};

constexpr std::array kStartTable{
    StartRow{StartWords::no_toml, {.en = "is no TOML: {}", .zh = "不是 TOML（{}）"}},
    StartRow{StartWords::no_toml_quotes,
             {.en = "is no TOML, in which a text is in quotes, as name = \"ada\": {}",
              .zh = "不是 TOML，其中的文字要加引号，如 name = \"ada\"（{}）"}},
    StartRow{StartWords::key_twice,
             {.en = "a key or a table is there more than once", .zh = "有键或表出现了不止一次"}},
    StartRow{StartWords::key_unknown,
             {.en = "unknown key; there are {}", .zh = "没有这个键；可用的有 {}"}},
    StartRow{StartWords::key_meant,
             {.en = "unknown key; did you mean {}?", .zh = "没有这个键；是否为 {}？"}},
    StartRow{StartWords::key_of_server,
             {.en = "belongs in a table [servers.ALIAS]", .zh = "应写在 [servers.ALIAS] 表里"}},
    StartRow{StartWords::key_of_top,
             {.en = "belongs at the top of the file, above the tables",
              .zh = "应写在文件开头、各个表之前"}},
    StartRow{StartWords::write_as, {.en = "write it as {}", .zh = "应写成 {}"}},
    StartRow{StartWords::alias_characters,
             {.en = "an alias has letters, digits, '_' and '-' only, and does not begin with '-'",
              .zh = "别名只能有字母、数字、'_' 和 '-'，且不能以 '-' 开头"}},
    StartRow{StartWords::alias_is_command,
             {.en = "is a command of uchat, and no alias", .zh = "是 uchat 的命令，不能用作别名"}},
    StartRow{StartWords::no_address,
             {.en = "has no address; write address = \"HOST:PORT\" below it",
              .zh = "没有地址；请在其下写上 address = \"HOST:PORT\""}},
    StartRow{StartWords::name_in_address,
             {.en = "has a name in front of the '@'; write name = \"{}\" instead",
              .zh = "'@' 前面有名字；请改写成 name = \"{}\""}},
    StartRow{StartWords::path_not_absolute,
             {.en = "takes a path that begins with / or ~/, not \"{}\"",
              .zh = "应为以 / 或 ~/ 开头的路径，不能是“{}”"}},
    StartRow{StartWords::more_problems, {.en = "and {} more problems", .zh = "还有 {} 个问题"}},
    StartRow{StartWords::say_where_or_set,
             {.en = "say where to go: {}, or write server = \"HOST\" into {}",
              .zh = "请说明去哪里：{}，或者在 {} 中写上 server = \"HOST\""}},
    StartRow{StartWords::default_server, {.en = "(default)", .zh = "（默认）"}},
    StartRow{StartWords::no_known_servers,
             {.en = "no server is known yet", .zh = "还没有已知的服务器"}},
    StartRow{StartWords::not_known, {.en = "{} is not in {}", .zh = "{} 不在 {} 中"}},
    StartRow{StartWords::forgotten,
             {.en = "the key of {} was removed from {}", .zh = "已从 {1} 中删除 {0} 的密钥"}},
    StartRow{StartWords::no_command, {.en = "there is no command {}", .zh = "没有命令 {}"}},
    StartRow{StartWords::no_command_meant,
             {.en = "there is no command {}; did you mean uchat {}?",
              .zh = "没有命令 {}；是否为 uchat {}？"}},
    StartRow{StartWords::option_of, {.en = "{} is an option of {}", .zh = "{} 是 {} 的选项"}},
    StartRow{StartWords::say_which_server,
             {.en = "say which server: {}", .zh = "请说明是哪个服务器：{}"}},
    StartRow{StartWords::command_meant,
             {.en = "not expected: {}; did you mean uchat {}?",
              .zh = "多余的参数：{}；是否为 uchat {}？"}},
    StartRow{StartWords::host_meant,
             {.en = "did you mean uchat {}?", .zh = "是否要输入 uchat {}？"}},
    StartRow{StartWords::port_meant,
             {.en = "to name the port of an IPv6 address, write {}",
              .zh = "要指定 IPv6 地址的端口，请写作 {}"}},
    StartRow{StartWords::dashes_in_text,
             {.en = "not expected: {}; write -- in front of a text with such a word",
              .zh = "多余的参数：{}；如果文字中有这样的词，请在文字前写上 --"}},
    StartRow{StartWords::strictly_unknown,
             {.en = "{} is not in {}, and only known servers are contacted (strict); give the "
                    "output of `chatctl fingerprint` there with --fingerprint",
              .zh = "{} 不在 {} 中，而现在只连接已知的服务器（strict）；请用 --fingerprint "
                    "给出服务器上 `chatctl fingerprint` 的输出"}},
    StartRow{StartWords::file_open,
             {.en = "all users can write it (mode {:04o}); look through it, then chmod o-w it",
              .zh = "所有用户都可以写入（模式 {:04o}）；请先检查，再用 chmod o-w 修正"}},
    StartRow{StartWords::no_since,
             {.en = "takes a time, as 10:30 or 2026-11-29T10:00, or how long ago, as 10m (s, m, h "
                    "or d), not "
                    "\"{}\"",
              .zh = "应为时间，如 10:30 或 2026-11-29T10:00，或者多久以前，如 10m（s、m、h 或 "
                    "d），不能是“{}”"}},
    StartRow{StartWords::messages_came,
             {.en = "{} of {} messages have come", .zh = "收到 {} 条消息，应为 {} 条"}},
    StartRow{StartWords::given_twice,
             {.en = "{} is given more than once", .zh = "{} 出现了不止一次"}},
    StartRow{StartWords::takes_no_value, {.en = "{} takes no value", .zh = "{} 不带值"}},
    StartRow{StartWords::not_together,
             {.en = "{} and {} cannot be used together", .zh = "{} 和 {} 不能一起使用"}},
    StartRow{StartWords::option_meant,
             {.en = "not expected: {}; did you mean {}?", .zh = "多余的参数：{}；是否为 {}？"}},
    StartRow{StartWords::not_understood,
             {.en = "the command line is wrong: {}", .zh = "命令行有错误：{}"}},
    StartRow{StartWords::host_unknown, {.en = "the name is not known", .zh = "没有这个名字"}},
    StartRow{StartWords::host_no_address,
             {.en = "the name has no address", .zh = "这个名字没有地址"}},
    StartRow{StartWords::no_name_server,
             {.en = "no name server replies", .zh = "没有域名服务器应答"}},
    StartRow{StartWords::name_server_fails,
             {.en = "the name server reports an error", .zh = "域名服务器报告错误"}},
    StartRow{StartWords::no_memory, {.en = "out of memory", .zh = "内存不足"}},
    StartRow{StartWords::host_error, {.en = "error {}: {}", .zh = "错误 {}：{}"}},
    StartRow{StartWords::cannot_join, {.en = "cannot join #{}: {}", .zh = "不能进入 #{}：{}"}},
    StartRow{StartWords::key_replaced,
             {.en = "{} has an identity now, {}: it signed for the key that was known, and is kept "
                    "instead",
              .zh = "{} 现在有了身份 {}：它为已知的密钥签了名，已代替该密钥保存"}},
    StartRow{StartWords::serial_not_kept,
             {.en = "the number of the certificate of {} cannot be kept: {}",
              .zh = "无法保存 {} 的证书编号：{}"}},
    StartRow{StartWords::certificate_absent,
             {.en = "it sends no certificate", .zh = "它没有发送证书"}},
    StartRow{StartWords::certificate_unreadable,
             {.en = "its certificate cannot be read; it may be of a later version",
              .zh = "无法读取它的证书；可能是更新的版本"}},
    StartRow{StartWords::certificate_of_other_key,
             {.en = "its certificate is for another key", .zh = "它的证书是另一个密钥的"}},
    StartRow{StartWords::certificate_unsigned,
             {.en = "its certificate has a wrong signature", .zh = "它的证书签名不正确"}},
    StartRow{StartWords::certificate_over,
             {.en = "its certificate ended on {}, and here it is {}; if this clock is right, its "
                    "administrator renews it: chatctl key renew",
              .zh = "它的证书已于 {} 到期，而本机日期是 "
                    "{}；如果本机时钟正确，请管理员更新证书：chatctl key renew"}},
    StartRow{StartWords::certificate_older,
             {.en = "its certificate is older than the one in line {} of {}: another machine may "
                    "use a key that was replaced",
              .zh = "它的证书比 {1} 第 {0} 行记录的更旧：可能是别的机器在使用已被更换的密钥"}},
    StartRow{StartWords::ask_code, {.en = "invitation code: ", .zh = "邀请码："}},
    StartRow{StartWords::no_code,
             {.en = "that is no invitation code: it has 28 letters and digits",
              .zh = "这不是邀请码：邀请码由 28 个字母和数字组成"}},
    StartRow{StartWords::read_code,
             {.en = "read the invitation code from {}", .zh = "从 {} 读取邀请码"}},
    StartRow{StartWords::no_code_in,
             {.en = "there is no invitation code in the first line of {}",
              .zh = "{} 的第一行没有邀请码"}},
    StartRow{
        StartWords::code_open,
        {.en = "the file {} with the invitation code can be read by others (mode {:04o}); chmod "
               "600 it",
         .zh = "邀请码文件 {} 可以被其他用户读取（权限 {:04o}）；请执行 chmod 600"}},
};
static_assert(kStartTable.size() == static_cast<std::size_t>(StartWords::last_one));

}  // namespace

std::string_view words(wire::Language language, StartWords which) noexcept {
  return std::ranges::find(kStartTable, which, &StartRow::which)->text.in(language);
}

StartWords words_about_syntax(std::string_view why) noexcept {
  if (why.contains("redefine")) return StartWords::key_twice;
  for (const std::string_view of_a_value : {"determine value type", "boolean", "floating-point"}) {
    if (why.contains(of_a_value)) return StartWords::no_toml_quotes;
  }
  return StartWords::no_toml;
}

}  // namespace chatd::client
