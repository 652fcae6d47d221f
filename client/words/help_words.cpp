// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/help_words.hpp"

#include <algorithm>
#include <array>

#include "common/wire/reasons.hpp"

namespace chatd::client {

namespace {

using wire::Sentence;

constexpr std::array kHelpTable{
    Sentence{.en = "Usage", .zh = "用法"},
    Sentence{.en = "Positionals", .zh = "参数"},
    Sentence{.en = "Options", .zh = "选项"},
    Sentence{.en = "Subcommands", .zh = "命令"},
    Sentence{.en = "Excludes", .zh = "不能同时使用"},
    Sentence{.en = "Print this help message and exit", .zh = "显示本帮助并退出"},
    Sentence{.en = "Display program version information and exit", .zh = "显示版本并退出"},
    // The program and its commands.
    Sentence{.en = "Talk in the room of a chatd.", .zh = "在 chatd 的聊天室里聊天。"},
    Sentence{.en = "The exit statuses are listed in uchat(1).", .zh = "退出状态见 uchat(1)。"},
    Sentence{.en = "Send one message, and wait until it is confirmed",
             .zh = "发送一条消息，并等待服务器确认"},
    Sentence{.en = "You are a member of the room meanwhile, under your usual name or that of "
                   "NAME@HOST.\nThe exit statuses are listed in uchat(1).",
             .zh = "其间你以平常的名字或 NAME@HOST 中的名字在聊天室里。\n退出状态见 uchat(1)。"},
    Sentence{.en = "Print messages, one per line", .zh = "打印消息，每条一行"},
    Sentence{.en = "Print who is in the room, and end", .zh = "打印聊天室里有谁，然后退出"},
    Sentence{.en = "Print messages that the server has stored, and end",
             .zh = "打印服务器保存的消息，然后退出"},
    Sentence{.en = "Own your name, so that nobody else can use it, and end",
             .zh = "登记你的名字，使别人不能使用，然后退出"},
    Sentence{.en = "add: print a code for another device; CODE: use it on that device; keys: list "
                   "your devices; drop: remove one; release: give up the name",
             .zh = "add：打印用于另一台设备的代码；CODE：在那台设备上使用它；keys：列出你的设备；"
                   "drop：移除一台；release：放弃名字"},
    Sentence{.en = "drop: fingerprint of the device's key, or the beginning of it",
             .zh = "drop：设备密钥的指纹，或它的开头"},
    Sentence{.en = "add: wait for the device whose key has this fingerprint, and let it in",
             .zh = "add：等待密钥为此指纹的设备，并同意添加"},
    Sentence{.en = "Give up after so many seconds", .zh = "这么多秒之后放弃"},
    Sentence{.en = "List the servers whose keys are known, or forget one",
             .zh = "列出密钥已知的服务器，或删除其中一个"},
    Sentence{.en = "List the servers of the local network", .zh = "列出本地网络中的服务器"},
    Sentence{.en = "Show the options, or those of a command", .zh = "显示选项，或某个命令的选项"},
    // Where to connect to, and as whom.
    Sentence{.en = "Server to connect to, or its alias in config.toml; the default port is 8888",
             .zh = "要连接的服务器，或它在 config.toml 中的别名；默认端口是 8888"},
    Sentence{.en = "Your name in the room; default: that in config.toml, or else your login name",
             .zh = "你在聊天室里的名字；默认是 config.toml 中的名字，否则是登录名"},
    Sentence{.en = "File with the password of the room in its first line",
             .zh = "第一行是聊天室口令的文件"},
    Sentence{.en = "File with your invitation code in its first line",
             .zh = "第一行是你的邀请码的文件"},
    Sentence{.en = "Fingerprint that the server must have", .zh = "服务器应有的指纹"},
    Sentence{.en = "Refuse a server that is not known and has no --fingerprint",
             .zh = "拒绝未知而又没有给出 --fingerprint 的服务器"},
    Sentence{.en = "Keep trying while the server is away", .zh = "服务器不在时不断重试"},
    Sentence{.en = "File of your key; it is created if it does not exist",
             .zh = "你的密钥文件；如果不存在则创建"},
    Sentence{.en = "Language of messages; default: from the locale",
             .zh = "消息的语言；默认由区域设置决定"},
    // On a terminal.
    Sentence{.en = "When the terminal bell rings; default: as in config.toml, or else mention",
             .zh = "终端何时响铃；默认见 config.toml，否则是 mention"},
    Sentence{.en = "When the desktop shows a notification; default: as in config.toml, or else "
                   "mention",
             .zh = "桌面何时显示通知；默认见 config.toml，否则是 mention"},
    Sentence{.en = "Do not show joins and leaves", .zh = "不显示进入和退出"},
    Sentence{.en = "File to append the lines of the conversation to",
             .zh = "把对话内容追加到的文件"},
    Sentence{.en = "Do not show earlier messages", .zh = "不显示之前的消息"},
    // In scripts.
    Sentence{.en = "Room to send the message to; default: that of the server",
             .zh = "消息发往的房间；默认是服务器的聊天室"},
    Sentence{.en = "Message; - reads it from standard input", .zh = "消息；- 表示从标准输入读取"},
    Sentence{.en = "Time limit, in seconds; default: 30", .zh = "时限，单位为秒；默认是 30"},
    Sentence{.en = "Of the earlier messages that the server has kept, show those since a time "
                   "(10:30) or from so long ago on (10m)",
             .zh = "服务器保留的之前的消息中，只显示某时（如 10:30）以后的，或最近一段时间（如 "
                   "10m）的"},
    Sentence{.en = "Room to print the messages of; can be repeated",
             .zh = "打印这个房间的消息；可以重复"},
    Sentence{.en = "Print the messages of all rooms", .zh = "打印所有房间的消息"},
    Sentence{.en = "Wait until the message is on the server's disk",
             .zh = "等待消息写入服务器的磁盘"},
    Sentence{.en = "Print one JSON object per line", .zh = "每行打印一个 JSON 对象"},
    Sentence{.en = "End after so many messages", .zh = "收到这么多条消息后退出"},
    Sentence{.en = "End after so many seconds; default: never", .zh = "这么多秒后退出；默认不退出"},
    Sentence{.en = "Room whose members are printed; default: that of the server",
             .zh = "打印这个房间里的人；默认是服务器的聊天室"},
    Sentence{.en = "Room whose messages are printed; default: that of the server",
             .zh = "打印这个房间里的消息；默认是服务器的聊天室"},
    Sentence{.en = "At most so many lines; default: 50", .zh = "最多这么多行；默认是 50"},
    Sentence{.en = "The last lines before the one with this number; default: the newest ones",
             .zh = "这个编号之前的最后几行；默认是最新的"},
    Sentence{.en = "The last lines that TEXT is found in", .zh = "含有 TEXT 的最后几行"},
    Sentence{.en = "The first lines since a time, or since so long ago",
             .zh = "某时以后的，或最近一段时间的最先几行"},
    Sentence{.en = "Print one JSON object", .zh = "打印一个 JSON 对象"},
    // servers, help
    Sentence{.en = "forget: remove the key of a server", .zh = "forget：删除服务器的密钥"},
    Sentence{.en = "A server, as it is listed, or its alias", .zh = "列出的服务器，或它的别名"},
    Sentence{.en = "List addresses and aliases only", .zh = "只列出地址和别名"},
    Sentence{.en = "A command", .zh = "命令"},
};

}  // namespace

std::string_view help_words(wire::Language language, std::string_view english) noexcept {
  const auto* const row = std::ranges::find(kHelpTable, english, &Sentence::en);
  return row == kHelpTable.end() ? english : row->in(language);
}

}  // namespace chatd::client
