// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/words.hpp"

#include <algorithm>
#include <array>

namespace chatd::client {

namespace {

struct Row {
  Words which;
  std::string_view english;
  std::string_view chinese;
};

constexpr std::array kTable{
    Row{Words::joined, "{} joined", "{} 进入了聊天室"},
    Row{Words::left, "{} left", "{} 退出了聊天室"},
    Row{Words::crowd_both, "[{} joined, {} left]", "[{} 人进入了聊天室，{} 人退出了聊天室]"},
    Row{Words::crowd_joined, "[{} joined]", "[{} 人进入了聊天室]"},
    Row{Words::crowd_left, "[{} left]", "[{} 人退出了聊天室]"},
    Row{Words::removed, "{} was removed", "{} 被移出了聊天室"},
    Row{Words::removed_because, "{} was removed: {}", "{} 被移出了聊天室：{}"},
    Row{Words::announcement, "[admin] {}", "管理员消息：{}"},
    Row{Words::direct_from, "[from {}]", "[来自 {}]"},
    Row{Words::direct_to, "[to {}]", "[给 {}]"},
    Row{Words::welcome, "connected to {1} as {0}", "已连接到 {1}，你的名字是 {0}"},
    Row{Words::resumed, "you are back as {}", "你以 {} 的名字回到了聊天室"},
    Row{Words::earlier, "earlier", "之前的消息"},
    Row{Words::now, "now", "现在"},
    Row{Words::first_contact, "first contact with {}: its key is {}, kept in {}",
        "第一次连接 {}：密钥 {}，已保存到 {}"},
    Row{Words::room_lost_lines, "some lines are lost: you were away too long",
        "离开太久，有些消息已丢失"},
    Row{Words::new_history, "the server began anew: what was said meanwhile may be missing",
        "服务器重新开始了，期间的消息可能缺失"},
    Row{Words::terminal_missed, "{} lines missed while the terminal was stopped",
        "终端暂停期间错过了 {} 行"},
    Row{Words::reconnecting, "[reconnecting]", "[正在重连]"},
    Row{Words::reconnecting_for, "[reconnecting {} s]", "[正在重连 {} 秒]"},
    Row{Words::connecting, "[connecting]", "[正在连接]"},
    Row{Words::sending, "(sending {})", "（发送中 {}）"},
    Row{Words::back, "connected again after {} s", "{} 秒后重新连接"},
    Row{Words::server_stopped, "the server has stopped; waiting for it to come back",
        "服务器已停止，等待它恢复"},
    Row{Words::room_joined, "you are in #{}", "你进入了 #{}"},
    Row{Words::room_topic, "you are in #{}: {} (set by {})", "你进入了 #{}：{}（设置者：{}）"},
    Row{Words::room_left, "you have left #{}", "你已离开 #{}"},
    Row{Words::room_removed, "you were removed from #{}: {}", "你被移出了 #{}：{}"},
    Row{Words::room_not_joined, "you are no longer in #{}: {}", "你已不在 #{}：{}"},
    Row{Words::room_gone, "#{} is gone", "#{} 已不存在"},
    Row{Words::rooms_here, "{} rooms:", "共 {} 个房间："},
    Row{Words::rooms_here_one, "1 room:", "共 1 个房间："},
    Row{Words::room_members, "{} members", "{} 人"},
    Row{Words::room_members_one, "1 member", "1 人"},
    Row{Words::no_topic, "the room has no topic", "这个房间没有主题"},
    Row{Words::topic_is, "the topic is: {} (set by {})", "主题：{}（设置者：{}）"},
    Row{Words::topic_set, "{} set the topic: {}", "{} 设置了主题：{}"},
    Row{Words::topic_removed, "{} removed the topic", "{} 删除了主题"},
    Row{Words::administrator, "the administrator", "[服务器管理员]"},
    Row{Words::invited_to, "{0} invites you to #{1}; /join {1} joins it",
        "{0} 邀请你进入 #{1}；用 /join {1} 进入"},
    Row{Words::room_made, "made at {}", "创建于 {}"},
    Row{Words::room_owners, "owners: {}", "房主：{}"},
    Row{Words::room_moderators, "moderators: {}", "主持人：{}"},
    Row{Words::is_banned, "{} is banned", "{} 已被封禁"},
    Row{Words::is_muted, "{} is muted", "{} 已被禁言"},
    Row{Words::is_invited, "{} is invited", "{} 已受邀请"},
    Row{Words::banned, "banned", "已被封禁"},
    Row{Words::you_are_muted, "you are muted", "你已被禁言"},
    Row{Words::for_duration, " for {}", "，为期 {}"},
    Row{Words::until, " until {}", "，直到 {}"},
    Row{Words::unknown_time, "an unknown time", "未知时间"},
    Row{Words::by, " by {}", "，执行者 {}"},
    Row{Words::because, ": {}", "：{}"},
    Row{Words::other_program, "you are in with another program, from {}; /programs lists them",
        "你的另一个程序从 {} 进入了聊天室；/programs 列出你的程序"},
    Row{Words::programs_here, "you are in with {} programs:", "你的 {} 个程序在聊天室："},
    Row{Words::programs_here_one, "you are in with 1 program:", "你的 1 个程序在聊天室："},
    Row{Words::program_since, "since {}", "进入于 {}"},
    Row{Words::program_silent, "silent for {}", "已静默 {}"},
    Row{Words::this_program, "this one", "当前程序"},
    Row{Words::program_ended, "program {} has ended", "程序 {} 已结束"},
    Row{Words::whois_key, "its key is {}", "密钥 {}"},
    Row{Words::whois_text, "a text client: no key proves the name",
        "文本客户端：没有密钥证明这个名字"},
    Row{Words::whois_programs, "programs: {}", "程序：{}"},
    Row{Words::whois_rooms, "in {}", "所在房间：{}"},
    Row{Words::whois_more_rooms, " and {} more", " 等，另有 {} 个"},
    Row{Words::is_away, "{} is away", "{} 暂时离开"},
    Row{Words::is_away_text, "{} is away: {}", "{} 暂时离开：{}"},
    Row{Words::you_are_away, "you are away", "你已设为离开"},
    Row{Words::you_are_away_text, "you are away: {}", "你已设为离开：{}"},
    Row{Words::you_are_back, "you are back", "你回来了"},
    Row{Words::no_room_number, "no room has this number; /rooms shows the numbers",
        "没有这个编号的房间；/rooms 显示编号"},
    Row{Words::default_room, "this room stays as long as you are connected; /quit leaves it",
        "连接期间不能离开这个房间；/quit 退出"},
    Row{Words::not_done, "not done: {}: {}", "未执行：{}：{}"},
    Row{Words::not_sent, "not sent: {}: {}", "未发送：{}：{}"},
    Row{Words::text_too_long, "too long by {} of its {} characters", "太长：{1} 个字中多出 {0} 个"},
    Row{Words::unknown_command, "there is no command {}; /help lists them, // begins a text with /",
        "没有命令 {}；/help 列出命令，// 开头表示以 / 开头的文字"},
    Row{Words::wants_text, "usage: {}", "用法：{}"},
    Row{Words::wants_time,
        "usage: {}; TIME is a number and s, m, h or d, as in 30m, at most 49710d",
        "用法：{}；TIME 是数字加 s、m、h 或 d，如 30m，最多 49710d"},
    Row{Words::wants_value,
        "usage: {}; slow takes 1 to 3600 SECONDS or no, enter takes anyone, known or owned, "
        "history takes 1d to 3650d, off or default, the others yes or no",
        "用法：{}；slow 是 1 到 3600 秒或 no，enter 是 anyone、known 或 owned，"
        "history 是 1d 到 3650d、off 或 default，其他是 yes 或 no"},
    Row{Words::not_connected_yet, "not connected yet", "尚未连接"},
    Row{Words::ask_name, "another name: ", "另取一个名字："},
    Row{Words::ask_password, "password: ", "口令："},
    Row{Words::ask_key, "is that its key (yes/no)? ", "密钥正确吗（yes/no）？"},
    Row{Words::new_key,
        "first contact with {}: its key is {}; ask its administrator for the output of `chatctl "
        "fingerprint`: with another key, another machine pretends to be this server",
        "第一次连接 {}：密钥 {}；请向服务器管理员询问 `chatctl fingerprint` "
        "的输出：如果不同，就是别的机器在冒充这个服务器"},
    Row{Words::say_yes_or_no, "type yes or no, or the fingerprint, or your invitation code",
        "请输入 yes 或 no，或者输入指纹或邀请码"},
    Row{Words::unconfirmed, "{} messages", "{} 条消息"},
    Row{Words::unconfirmed_one, "1 message", "1 条消息"},
    Row{Words::progress, "{} messages sent, {} waiting", "已发送 {} 条消息，等待 {} 条"},
    Row{Words::not_entered, "it was not entered yet", "尚未按回车"},
    Row{Words::lines_typed, "[{} lines]", "[{} 行]"},
    Row{Words::you_left, "you have left", "你已退出聊天室"},
    Row{Words::help_title, "Type to talk. Commands:", "直接输入文字即可聊天。命令："},
    Row{Words::help_foot,
        "Tab completes; quit alone, or Ctrl-D or Ctrl-C on an empty line, leaves.",
        "Tab 补全名字和命令；单独输入 quit，或在空行上按 Ctrl-D 或 Ctrl-C，退出。"},
    Row{Words::session_crashed, "the session process ended unexpectedly ({})",
        "会话进程意外结束（{}）"},
    Row{Words::terminal_crashed,
        "the terminal process ended unexpectedly; the terminal is restored",
        "终端进程意外结束；终端已恢复"},
    Row{Words::key_changed,
        "line {0} of {1} has another; ask the administrator first; if {2} was set up anew, type "
        "uchat servers forget '{2}' (the key is now {3})",
        "{1} 第 {0} 行记录的是另一个；请先询问管理员；如果 {2} 已重新安装，请输入 uchat servers "
        "forget '{2}'（现在的密钥是 {3}）"},
    Row{Words::key_mismatch, "it is {}, and --fingerprint or the answer was {}",
        "现在是 {}，而要求的是 {}"},
    Row{Words::key_not_kept, "the key of {} is {}, and cannot be kept: {}",
        "{} 的密钥是 {}，但无法保存：{}"},
    Row{Words::refused_port, "{} is closed", "{} 端口未开放"},
    Row{Words::silent_for, "nothing came for {} s", "{} 秒内没有任何消息"},
    Row{Words::not_confirmed, "the session ended before the server confirmed it",
        "会话在服务器确认之前结束了"},
    Row{Words::name_has_unseen, "the character {} in it does not show", "其中的字符 {} 无法显示"},
    Row{Words::say_where, "say where to go: {}", "请说明去哪里：{}"},
    Row{Words::say_where_behind, "say where to go behind the command: {}",
        "目标要写在命令之后：{}"},
    Row{Words::say_what, "say what to send, behind where: {}", "请在目标之后写上要发送的内容：{}"},
    Row{Words::two_names, "two names: \"{}\" and \"{}\"", "给出了两个名字：“{}”和“{}”"},
    Row{Words::no_name_in_front, "there is no name in front of the '@'", "'@' 前面没有名字"},
    Row{Words::no_host, "\"{}\" is not a host: {}", "“{}”不是主机：{}"},
    Row{Words::host_empty, "it is empty", "主机是空的"},
    Row{Words::host_begins_so, "it begins with '-'", "以 '-' 开头"},
    Row{Words::host_has_space, "it has a space", "含有空格"},
    Row{Words::host_has_control, "it has a control character", "含有控制字符"},
    Row{Words::host_has, "it has a '{}'", "含有 '{}'"},
    Row{Words::no_bracket, "\"{}\" has no ']'", "“{}”缺少 ']'"},
    Row{Words::no_colon_port, "\"{}\" is not :PORT", "“{}”不是 :PORT"},
    Row{Words::no_port, "\"{}\" is not a port: 1 to 65535", "“{}”不是端口：应为 1 到 65535"},
    Row{Words::value_empty, "is empty", "不能为空"},
    Row{Words::value_one_of, "takes one of {}, not \"{}\"", "只能是 {} 之一，不能是“{}”"},
    Row{Words::value_from_to, "takes {} to {}, not \"{}\"", "应为 {} 到 {}，不能是“{}”"},
    Row{Words::value_missing, "{} wants a value", "{} 需要一个值"},
    Row{Words::no_fingerprint,
        "takes what `chatctl fingerprint` says: SHA256: and 43 characters, not \"{}\"",
        "应为 `chatctl fingerprint` 的输出：SHA256: 和 43 个字符，不能是“{}”"},
    Row{Words::words_too_many, "not expected: {}", "多余的参数：{}"},
    Row{Words::see_help, "{} (try '{}')", "{}（参见 '{}'）"},
    Row{Words::no_folder,
        "XDG_CONFIG_HOME is not set, and there is no home directory to keep keys in",
        "没有设置 XDG_CONFIG_HOME，也没有主目录，无处保存密钥"},
    Row{Words::stdin_empty, "there is nothing to send: standard input is empty",
        "没有要发送的内容：标准输入是空的"},
    Row{Words::stdout_closed, "standard output is closed", "标准输出已关闭"},
    Row{Words::stdout_unwritable, "standard output cannot be written", "无法写入标准输出"},
    Row{Words::read_password, "read the password from {}", "从 {} 读取口令"},
    Row{Words::no_password_in, "there is no password in the first line of {}",
        "{} 的第一行没有口令"},
    Row{Words::password_open,
        "the password file {} can be read by others (mode {:04o}); chmod 600 it",
        "其他人可以读取口令文件 {}（模式 {:04o}）；请执行 chmod 600"},
    Row{Words::password_long, "the first line of {} is longer than {} bytes",
        "{} 的第一行超过 {} 字节"},
    Row{Words::read_file, "read {}", "读取 {}"},
    Row{Words::cannot_read, "read {}: it cannot be read", "无法读取 {}"},
    Row{Words::known_by_others,
        "the file of known servers {} can be written by others (mode {:04o}), so its keys prove "
        "nothing; look through it, then chmod 600 it",
        "其他人可以写入已知服务器的文件 {}（模式 {:04o}），其中的密钥不可信；请先检查，再用 chmod "
        "600 修正"},
};
static_assert(kTable.size() == static_cast<std::size_t>(Words::known_by_others) + 1);

}  // namespace

std::string_view words(wire::Language language, Words which) noexcept {
  const auto* const row = std::ranges::find(kTable, which, &Row::which);
  return language == wire::Language::zh ? row->chinese : row->english;
}

Words usage_words(std::string_view usage) noexcept {
  if (usage.contains("[TIME]")) return Words::wants_time;
  return usage.contains("SECONDS") ? Words::wants_value : Words::wants_text;
}

std::string count_of_messages(wire::Language language, std::size_t count) {
  return count == 1 ? std::string{words(language, Words::unconfirmed_one)}
                    : words(language, Words::unconfirmed, count);
}

}  // namespace chatd::client
