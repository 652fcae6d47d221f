// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/reasons.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace chatd::wire {
namespace {

// The row of a reason that only uchat knows.
constexpr ReasonRow run_ends(Reason reason, std::string_view code, int status, Sentence client) {
  return {.reason = reason, .outcome = reason, .code = code, .status = status, .client = client};
}

// The row of a reason why a message or a command is refused.
constexpr ReasonRow refused_message(Reason reason, std::string_view code, Sentence server,
                                    Sentence client) {
  return {.reason = reason,
          .outcome = Reason::message_refused,
          .code = code,
          .server = server,
          .client = client};
}

constexpr std::array<ReasonRow, kReasons> kReasonTable{{
    run_ends(Reason::done, "done", 0, {.en = "done", .zh = "完成"}),
    run_ends(Reason::failed, "failed", 1, {.en = "failed: {detail}", .zh = "失败：{detail}"}),
    run_ends(Reason::usage, "usage", 2,
             {.en = "wrong usage: {detail}", .zh = "用法错误：{detail}"}),
    run_ends(Reason::no_such_host, "no_such_host", 3,
             {.en = "there is no host {host}: {detail}", .zh = "找不到主机 {host}：{detail}"}),
    run_ends(
        Reason::nothing_listening, "nothing_listening", 4,
        {.en = "nothing is listening on {host}: {detail}", .zh = "{host} 上没有服务：{detail}"}),
    run_ends(Reason::no_answer, "no_answer", 5,
             {.en = "no answer from {host}: {detail}", .zh = "{host} 没有回应：{detail}"}),
    run_ends(Reason::changed_key, "changed_key", 6,
             {.en = "the key of {host} is not the known one: {detail}",
              .zh = "{host} 的密钥与已知的不同：{detail}"}),
    run_ends(Reason::password_wanted, "password_wanted", 7,
             {.en = "{host} wants a password (see --password-file)",
              .zh = "{host} 需要口令（见 --password-file）"}),
    {.reason = Reason::wrong_password,
     .outcome = Reason::wrong_password,
     .code = "wrong_password",
     .status = 8,
     .refuse = RefuseCode::password,
     .server = {.en = "The password is wrong."},
     .client = {.en = "the password is not right for {host}", .zh = "{host} 的口令不对"}},
    {.reason = Reason::name_taken,
     .outcome = Reason::name_taken,
     .code = "name_taken",
     .status = 9,
     .refused = RefusalCode::name_taken,
     .server = {.en = "That name is taken; choose another name.",
                .zh = "这个名字已有人使用，请另选一个名字。"},
     .client = {.en = "the name {name} is taken", .zh = "名字 {name} 已被使用"}},
    {.reason = Reason::name_refused,
     .outcome = Reason::name_refused,
     .code = "name_refused",
     .status = 10,
     .refused = RefusalCode::name_refused,
     .client = {.en = "{name} cannot be a name: {detail}", .zh = "不能使用名字 {name}：{detail}"}},
    {.reason = Reason::room_full,
     .outcome = Reason::room_full,
     .code = "room_full",
     .status = 11,
     .refused = RefusalCode::room_full,
     .server = {.en = "The room is full. Send L and your name again later.",
                .zh = "聊天室已满，请稍后再发送 L 加名字。"},
     .client = {.en = "there is no place in the room of {host}: {detail}",
                .zh = "{host} 的聊天室没有位置：{detail}"}},
    {.reason = Reason::kicked,
     .outcome = Reason::kicked,
     .code = "kicked",
     .status = 12,
     .bye = ByeReason::kicked,
     .with_text = true,
     .server = {.en = "You were removed from the room by the administrator.",
                .zh = "您被管理员移出了聊天室。"},
     .client = {.en = "you were removed from the room: {detail}",
                .zh = "你被移出了聊天室：{detail}"}},
    {.reason = Reason::replaced,
     .outcome = Reason::replaced,
     .code = "replaced",
     .status = 13,
     .bye = ByeReason::replaced,
     .client = {.en = "another program of {name} has taken this session, since {host} allows no "
                      "more at once",
                .zh = "{name} 的另一个程序接管了这个会话，因为 {host} 不允许同时使用更多程序"}},
    {.reason = Reason::stopped,
     .outcome = Reason::stopped,
     .code = "stopped",
     .status = 14,
     .bye = ByeReason::stopped,
     .with_text = true,
     .server = {.en = "The server is stopping; you have left the room. Try again later.",
                .zh = "服务器即将停止，您已退出聊天室，请稍后再来。"},
     .client = {.en = "{host} has stopped: {detail}", .zh = "{host} 已停止：{detail}"}},
    {.reason = Reason::other_version,
     .outcome = Reason::other_version,
     .code = "other_version",
     .status = 15,
     .refuse = RefuseCode::version,
     .client = {.en = "{host} speaks another version of the protocol",
                .zh = "{host} 使用另一版本的协议"}},
    run_ends(Reason::not_confirmed, "not_confirmed", 16,
             {.en = "the server has not confirmed everything: {detail}",
              .zh = "服务器没有全部确认：{detail}"}),
    run_ends(
        Reason::message_refused, "message_refused", 17,
        {.en = "the server refused the message: {detail}", .zh = "服务器拒绝了消息：{detail}"}),
    run_ends(Reason::no_password_here, "no_password_here", 18,
             {.en = "{host} says that its room has no password, and one was given",
              .zh = "{host} 的聊天室没有口令，但给出了口令"}),
    run_ends(Reason::unconfirmed_key, "unconfirmed_key", 19,
             {.en = "the key of {host} is new, and was not confirmed: if `chatctl fingerprint` "
                    "there says the same, give --fingerprint {detail}",
              .zh = "{host} 的密钥是第一次见到，也没有得到确认：如果服务器上 `chatctl "
                    "fingerprint` 的输出相同，请使用 --fingerprint {detail}"}),
    {.reason = Reason::not_welcome,
     .outcome = Reason::not_welcome,
     .code = "not_welcome",
     .status = 20,
     .refused = RefusalCode::not_welcome,
     .with_text = true,
     .client = {.en = "{host} does not let you in: {detail}",
                .zh = "{host} 不允许你进入：{detail}"}},
    {.reason = Reason::banned,
     .outcome = Reason::banned,
     .code = "banned",
     .status = 21,
     .refuse = RefuseCode::banned,
     .refused = RefusalCode::banned,
     .with_text = true,
     .server = {.en = "You are banned from this server.", .zh = "您已被禁止进入这个服务器。"},
     .client = {.en = "you are banned from {host}: {detail}",
                .zh = "你已被禁止进入 {host}：{detail}"}},
    {.reason = Reason::program_ended,
     .outcome = Reason::program_ended,
     .code = "program_ended",
     .status = 22,
     .bye = ByeReason::ended,
     .client = {.en = "another program of {name} has ended this one",
                .zh = "{name} 的另一个程序结束了这个程序"}},
    run_ends(Reason::timed_out, "timed_out", 23,
             {.en = "the time limit is over: {detail}", .zh = "时间已到：{detail}"}),

    {.reason = Reason::name_empty,
     .outcome = Reason::name_refused,
     .server = {.en = "No name was given. Choose a name; with nc: L alice",
                .zh = "没有名字。请另选一个名字；用 nc 时：L alice"},
     .client = {.en = "it is empty", .zh = "名字是空的"}},
    {.reason = Reason::name_too_long,
     .outcome = Reason::name_refused,
     .server = {.en = "That name is too long: at most 32 characters and 64 bytes. Choose another "
                      "name.",
                .zh = "名字太长：最多 32 个字符、64 字节。请另选一个名字。"},
     .client = {.en = "it is longer than 32 characters", .zh = "超过 32 个字符"}},
    {.reason = Reason::name_not_utf8,
     .outcome = Reason::name_refused,
     .server = {.en = "That name is not UTF-8. Set your terminal to UTF-8, or choose another name.",
                .zh = "名字不是 UTF-8。请把终端设为 UTF-8，或另选一个名字。"},
     .client = {.en = "it is not UTF-8", .zh = "不是 UTF-8"}},
    {.reason = Reason::name_has_space,
     .outcome = Reason::name_refused,
     .server = {.en = "A name has no spaces. Choose another name of one word, such as alice_b.",
                .zh = "名字里不能有空格。请另选一个名字，例如 alice_b。"},
     .client = {.en = "a name has no spaces", .zh = "名字里不能有空格"}},
    {.reason = Reason::name_not_printable,
     .outcome = Reason::name_refused,
     .server = {.en = "That name has characters that cannot be seen. Choose another name of "
                      "letters and digits.",
                .zh = "名字里有看不见的字符。请另选一个由文字和数字组成的名字。"},
     .client = {.en = "it has characters that do not show", .zh = "含有无法显示的字符"}},
    {.reason = Reason::name_reserved,
     .outcome = Reason::name_refused,
     .server = {.en = "That name is kept for the server; choose another name.",
                .zh = "这个名字留给服务器用，请另选一个名字。"},
     .client = {.en = "it is the server's own", .zh = "这是服务器保留的名字"}},
    {.reason = Reason::name_like_a_mark,
     .outcome = Reason::name_refused,
     .server = {.en = "A name does not begin with - * ! [ or ~ and does not end in : or >. Choose "
                      "another name.",
                .zh = "名字不能以 - * ! [ ~ 开头，也不能以 : > 结尾。请另选一个名字。"},
     .client = {.en = "a name does not begin with - * ! [ or ~ and does not end in : or >",
                .zh = "名字不能以 - * ! [ ~ 开头，也不能以 : > 结尾"}},
    {.reason = Reason::already_named,
     .outcome = Reason::name_refused,
     .server = {.en = "You are in the room already. To change your name, send Q, then L and the "
                      "new name.",
                .zh = "您已经在聊天室里。要改名，请先发送 Q，再发送 L 加新名字。"}},

    {.reason = Reason::address_full,
     .outcome = Reason::room_full,
     .code = "address_full",
     .refused = RefusalCode::address_full,
     .with_text = true,
     .server = {.en = "Too many members use your address. When one of them has left with Q, send L "
                      "again.",
                .zh = "您的地址上成员太多。等其中一位用 Q 退出后，请再发送 L。"}},
    {.reason = Reason::elsewhere, .outcome = Reason::replaced, .refused = RefusalCode::elsewhere},
    {.reason = Reason::handshake_unknown,
     .outcome = Reason::no_answer,
     .refuse = RefuseCode::handshake},
    {.reason = Reason::busy, .outcome = Reason::no_answer, .refuse = RefuseCode::busy},

    refused_message(Reason::text_empty, "empty", {.en = "There is nothing to be seen in it."},
                    {.en = "there is nothing to be seen in it", .zh = "其中没有可见的内容"}),
    refused_message(
        Reason::text_not_utf8, "not_utf8",
        {.en = "Not sent: the message is not UTF-8. Set your terminal to UTF-8, then send "
               "it again.",
         .zh = "没有发出：消息不是 UTF-8。请把终端设为 UTF-8 再发送。"},
        {.en = "it is not UTF-8", .zh = "不是 UTF-8"}),
    {.reason = Reason::text_too_long,  // the server's sentence has figures: render_too_long()
     .outcome = Reason::message_refused,
     .code = "too_long",
     .client = {.en = "it is too long for this server", .zh = "超过服务器允许的长度"}},
    refused_message(Reason::no_such_member, "no_such_member",
                    {.en = "Nobody of that name is here."},
                    {.en = "nobody named {name} is here", .zh = "这里没有 {name}"}),
    refused_message(
        Reason::not_native, "not_native",
        {.en = "That member has a text client: no direct messages, other rooms or roles."},
        {.en = "that member has a text client: no direct messages, other rooms or roles",
         .zh = "对方使用文本客户端，不支持私信、其他房间和角色"}),
    refused_message(Reason::mailbox_full, "mailbox_full",
                    {.en = "That member has too many unread messages: send it later."},
                    {.en = "that member has too many unread messages: send it later",
                     .zh = "对方未读的消息太多，请稍后再发"}),
    refused_message(Reason::no_such_program, "no_such_program",
                    {.en = "You have no other program of that number here."},
                    {.en = "you have no other program of that number here",
                     .zh = "你在这里没有这个编号的其他程序"}),
    refused_message(Reason::other_person, "other_person",
                    {.en = "Another person has that name now."},
                    {.en = "another person has that name now: send it again to reach that one",
                     .zh = "现在是另一个人在用这个名字：如果要找此人，请再发送一次"}),
    {.reason = Reason::unknown_kind,
     .outcome = Reason::message_refused,
     .code = "unknown_command",
     .server = {.en = "The server does not know this command."}},
    {.reason = Reason::unknown_command,
     .outcome = Reason::message_refused,
     .server = {.en = "Not understood. Send L and a name to enter, C and a text to talk, Q to "
                      "leave.",
                .zh = "看不懂。进入请发送 L 加名字，说话发送 C 加内容，退出发送 Q。"}},
    {.reason = Reason::not_in_room,
     .outcome = Reason::message_refused,
     .server = {.en = "You are not in the room. To enter, send L and a name: L alice",
                .zh = "您还没有进入聊天室。请先发送 L 加名字，例如：L alice"}},
    {.reason = Reason::not_said,
     .outcome = Reason::message_refused,
     .server = {.en = "Not said. Begin with C and a space, such as: C hello. To leave, send Q.",
                .zh = "没有发出。请以 C 加空格开头，例如：C 你好。退出发送 Q。"}},
    refused_message(Reason::no_such_room, "no_such_room", {.en = "There is no such room."},
                    {.en = "there is no such room", .zh = "没有这个房间"}),
    refused_message(Reason::room_exists, "room_exists",
                    {.en = "A room of that name exists already."},
                    {.en = "a room of that name exists already", .zh = "同名的房间已经存在"}),
    refused_message(Reason::too_many_rooms, "too_many_rooms",
                    {.en = "You are in 31 rooms already: leave one first."},
                    {.en = "you are in 31 rooms already: leave one first",
                     .zh = "你已经在 31 个房间里，请先离开一个"}),
    refused_message(
        Reason::rooms_full, "rooms_full", {.en = "This server has no space for another room."},
        {.en = "this server has no space for another room", .zh = "服务器不能再容纳更多房间"}),
    refused_message(Reason::not_in_that_room, "not_in_room", {.en = "You are not in that room."},
                    {.en = "you are not in that room", .zh = "你不在那个房间里"}),
    refused_message(Reason::bad_room_name, "room_name", {.en = "That is not a possible room name."},
                    {.en = "that is not a possible room name", .zh = "不能使用这个房间名"}),
    refused_message(
        Reason::may_not_make, "may_not_make", {.en = "Only the administrator makes rooms here."},
        {.en = "only the administrator makes rooms here", .zh = "这里只有管理员可以创建房间"}),
    refused_message(Reason::made_too_many, "made_too_many",
                    {.en = "You, or your network, have made as many rooms as are allowed."},
                    {.en = "you, or your network, have made as many rooms as are allowed",
                     .zh = "你或你的网络建立的房间已达上限"}),
    refused_message(Reason::muted, "muted",
                    {.en = "You are muted: nobody receives what you write.",
                     .zh = "你已被禁言，没有人会收到你写的内容。"},
                    {.en = "you are muted: nobody receives what you write",
                     .zh = "你已被禁言，没有人会收到你写的内容"}),
    refused_message(Reason::lecture, "lecture",
                    {.en = "Only owners and moderators speak in this room now.",
                     .zh = "这个房间现在只有房主和主持人可以发言。"},
                    {.en = "only owners and moderators speak in this room now",
                     .zh = "这个房间现在只有房主和主持人可以发言"}),
    refused_message(Reason::slow_mode, "slow_mode",
                    {.en = "This room is in slow mode: wait before you write again.",
                     .zh = "这个房间开启了慢速模式，请稍后再发言。"},
                    {.en = "this room is in slow mode: wait before you write again",
                     .zh = "这个房间开启了慢速模式，请稍后再发言"}),
    refused_message(Reason::room_too_fast, "room_too_fast",
                    {.en = "This room receives too many messages: write again later.",
                     .zh = "这个房间消息太多，请稍后再发言。"},
                    {.en = "this room receives too many messages: write again later",
                     .zh = "这个房间消息太多，请稍后再发言"}),
    refused_message(Reason::no_right, "no_right",
                    {.en = "Your role in this room does not permit this.",
                     .zh = "您在这个房间的角色不允许这样做。"},
                    {.en = "your role in this room does not permit this",
                     .zh = "你在这个房间的角色不允许这样做"}),
    refused_message(Reason::higher_role, "higher_role",
                    {.en = "That member has the same role as you, or a higher one.",
                     .zh = "对方的权限与你相同或更高。"},
                    {.en = "that member has the same role as you, or a higher one",
                     .zh = "对方的权限与你相同或更高"}),
    refused_message(
        Reason::last_owner, "last_owner",
        {.en = "The last owner of a room stays its owner.", .zh = "房间的最后一位房主不能取消。"},
        {.en = "the last owner of a room stays its owner", .zh = "房间的最后一位房主不能取消"}),
    refused_message(Reason::no_such_rule, "no_such_rule",
                    {.en = "There is no such ban, mute, invitation or role.",
                     .zh = "没有这样的封禁、禁言、邀请或角色。"},
                    {.en = "there is no such ban, mute, invitation or role",
                     .zh = "没有这样的封禁、禁言、邀请或角色"}),
    refused_message(Reason::banned_here, "banned_here",
                    {.en = "That member is banned in this room; end the ban first.",
                     .zh = "对方在这个房间已被封禁，请先解除封禁。"},
                    {.en = "{name} is banned in this room; /unban ends the ban",
                     .zh = "{name} 在这个房间已被封禁；/unban 可以解除"}),
    refused_message(
        Reason::room_rules_full, "room_rules_full",
        {.en = "This room has as many bans, mutes, invitations and roles as are allowed.",
         .zh = "这个房间的封禁、禁言、邀请和角色已达上限。"},
        {.en = "this room has as many bans, mutes, invitations and roles as are allowed",
         .zh = "这个房间的封禁、禁言、邀请和角色已达上限"}),
    refused_message(Reason::rules_full, "rules_full",
                    {.en = "This server has no space for another ban, mute, invitation or role.",
                     .zh = "服务器不能再容纳更多封禁、禁言、邀请或角色。"},
                    {.en = "this server has no space for another ban, mute, invitation or role",
                     .zh = "服务器不能再容纳更多封禁、禁言、邀请或角色"}),

    {.reason = Reason::quit, .outcome = Reason::done, .code = "quit", .bye = ByeReason::quit},
    {.reason = Reason::idle,
     .outcome = Reason::idle,
     .code = "idle",
     .bye = ByeReason::idle,
     .server = {.en = "You were silent for too long and have left the room. To come back, send L "
                      "and your name.",
                .zh = "您太久没有说话，已退出聊天室。要回来，请发送 L 加名字。"}},
    {.reason = Reason::unreachable, .outcome = Reason::idle, .code = "unreachable"},
    {.reason = Reason::text_closed,
     .outcome = Reason::kicked,
     .server = {.en = "clients like yours are not let in any more",
                .zh = "不再允许此类客户端进入"}},
    {.reason = Reason::missed,
     .outcome = Reason::missed,
     .server = {.en = "You fell too far behind; some lines were lost for you.",
                .zh = "您落后太多，有些消息已经丢失。"}},
}};

consteval bool rows_are_in_order_and_fit() {
  for (std::size_t i = 0; i < kReasonTable.size(); ++i) {
    const ReasonRow& row = kReasonTable[i];
    if (row.reason != static_cast<Reason>(i)) return false;
    if (std::max(row.server.en.size(), row.server.zh.size()) > kMaxPhraseBytes) return false;
  }
  return true;
}
static_assert(rows_are_in_order_and_fit());

}  // namespace

std::span<const ReasonRow> reason_table() noexcept { return kReasonTable; }

const ReasonRow& row_of(Reason reason) noexcept {
  assert(is_known(reason));
  return kReasonTable[static_cast<std::size_t>(reason)];
}

Reason outcome_of(Reason reason) noexcept { return row_of(reason).outcome; }

std::string_view code_of(Reason reason) noexcept {
  const ReasonRow& row = row_of(reason);
  return row.code.empty() ? row_of(row.outcome).code : row.code;
}

RefusalCode refusal_code_of(Reason reason) noexcept {
  const ReasonRow& row = row_of(reason);
  return row.refused.value_or(row_of(row.outcome).refused.value_or(RefusalCode::not_welcome));
}

ByeReason bye_of(Reason reason) noexcept {
  const ReasonRow& row = row_of(reason);
  return row.bye.value_or(row_of(row.outcome).bye.value_or(ByeReason::idle));
}

Reason reason_of(RefusalCode code) noexcept {
  const auto* const row = std::ranges::find(kReasonTable, code, &ReasonRow::refused);
  return row == kReasonTable.end() ? Reason::not_welcome : row->reason;
}

std::optional<Reason> message_refusal_of(std::string_view code) noexcept {
  const auto has_code = [&](const ReasonRow& row) {
    return row.outcome == Reason::message_refused && !row.code.empty() && row.code == code;
  };
  const auto* const row = std::ranges::find_if(kReasonTable, has_code);
  return row == kReasonTable.end() ? std::nullopt : std::optional{row->reason};
}

}  // namespace chatd::wire
