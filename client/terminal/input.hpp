// SPDX-License-Identifier: GPL-3.0-or-later
// input.hpp — parses a line that was typed on a terminal.
//
// Runs in:   uchat's terminal process.
// Invariant: pure. kCommands is the one list: parsing, /help, completion and uchat(1) follow it.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "client/session/message.hpp"
#include "client/terminal/command_row.hpp"
#include "client/terminal/typed_input.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

template <wire::ModerateAction action>
[[nodiscard]] Input moderate(Arguments typed) {
  return Moderate{.action = action,
                  .name = std::move(typed.name),
                  .seconds = typed.seconds,
                  .reason = std::move(typed.text)};
}
[[nodiscard]] Input set_topic(Arguments typed);
[[nodiscard]] Input set_property(Arguments typed);
[[nodiscard]] Input erase(Arguments typed);
[[nodiscard]] Input set_role(Arguments typed);
[[nodiscard]] Input programs(Arguments typed);
[[nodiscard]] Input quiet(Arguments typed);
[[nodiscard]] Input last(Arguments typed);
[[nodiscard]] Input block(Arguments typed);
[[nodiscard]] Input take_direct(Arguments typed);
[[nodiscard]] Input history(Arguments typed);
[[nodiscard]] Input help(Arguments typed);
[[nodiscard]] Input own_name(Arguments typed);               // own_input.cpp
[[nodiscard]] std::string typed_own(const OwnOrder& order);  // the line, or the answer
[[nodiscard]] Input search(Arguments typed);
[[nodiscard]] Input select_room(std::string_view digits);
[[nodiscard]] std::string room_name(std::string_view typed);   // without '#'
[[nodiscard]] bool is_about_a_room(std::string_view command);  // one that the user can be in

inline constexpr std::array kCommands{
    CommandRow{"/users", "", "list who is in the room", "列出聊天室成员",
               [](Arguments /*none*/) -> Input { return AskUsers{}; }, "/names"},
    CommandRow{"/me", "TEXT", "say what you do", "描述自己的动作",
               [](Arguments typed) -> Input { return Act{std::move(typed.text)}; }},
    CommandRow{"/msg", "NAME TEXT", "write to one member only", "只发给一个人",
               [](Arguments typed) -> Input {
                 return Direct{.name = std::move(typed.name), .text = std::move(typed.text)};
               },
               "/w"},
    CommandRow{"/r", "TEXT", "answer the last direct message", "回复最近收到的私信",
               [](Arguments typed) -> Input { return Reply{std::move(typed.text)}; }},
    CommandRow{"/whois", "NAME", "show what is known of a user", "显示一个用户的信息",
               [](Arguments typed) -> Input { return AskMember{std::move(typed.name)}; }},
    CommandRow{"/rooms", "", "list the rooms", "列出房间",
               [](Arguments /*none*/) -> Input { return AskRooms{}; }, "/list"},
    CommandRow{"/make", "NAME", "make a room and join it", "创建并进入房间",
               [](Arguments typed) -> Input { return MakeRoom{room_name(typed.name)}; }},
    CommandRow{"/join", "NAME", "join a room, or write to it", "进入房间，或在其中发言",
               [](Arguments typed) -> Input { return JoinRoom{room_name(typed.name)}; }, "/j"},
    CommandRow{"/leave", "[NAME]", "leave a room", "离开房间",
               [](Arguments typed) -> Input { return LeaveRoom{room_name(typed.name)}; }, "/part"},
    CommandRow{"/room", "", "show what is known of the room", "显示房间的信息",
               [](Arguments /*none*/) -> Input { return AskAbout{}; }},
    CommandRow{"/topic", "[TEXT]", "show or set the topic; - removes it",
               "显示或设置房间的主题；- 表示删除", &set_topic},
    CommandRow{"/set",
               "invited|hidden|lecture|slow|enter|history "
               "yes|no|SECONDS|anyone|known|owned|DAYS|off|default",
               "change the room; history: 1d to 3650d, off or default",
               "更改房间；history 为 1d 到 3650d、off 或 default", &set_property, "",
               HelpPart::owners},
    CommandRow{"/invite", "NAME", "let a member join the room", "邀请成员进入房间",
               &moderate<wire::ModerateAction::invite>, "", HelpPart::owners},
    CommandRow{"/uninvite", "NAME", "withdraw an invitation", "撤回邀请",
               &moderate<wire::ModerateAction::uninvite>, "", HelpPart::owners},
    CommandRow{"/kick", "NAME [REASON]", "remove a member from the room", "把成员移出房间",
               &moderate<wire::ModerateAction::kick>, "", HelpPart::owners},
    CommandRow{"/ban", "NAME [TIME] [REASON]", "remove and keep out, for 30m, 2h, 7d or ever",
               "移出并封禁成员，时间如 30m、2h、7d", &moderate<wire::ModerateAction::ban>, "",
               HelpPart::owners},
    CommandRow{"/unban", "NAME", "end a ban", "解除封禁", &moderate<wire::ModerateAction::unban>,
               "", HelpPart::owners},
    CommandRow{"/mute", "NAME [TIME] [REASON]", "keep a member from writing in the room",
               "禁言成员，时间如 30m、2h、7d", &moderate<wire::ModerateAction::mute>, "",
               HelpPart::owners},
    CommandRow{"/unmute", "NAME", "end a mute", "解除禁言", &moderate<wire::ModerateAction::unmute>,
               "", HelpPart::owners},
    CommandRow{"/role", "NAME owner|moderator|none", "make a member an owner or a moderator",
               "设置成员的角色：房主或主持人", &set_role, "", HelpPart::owners},
    CommandRow{"/programs", "[end NUMBER]", "list your programs, or end another one",
               "列出你的程序，或结束另一个", &programs},
    CommandRow{"/nick", "NAME", "go on under another name", "换一个名字继续聊天",
               [](Arguments typed) -> Input { return ChangeName{std::move(typed.name)}; }},
    CommandRow{"/own", "[add|keys|drop|release|CODE] [KEY]", "own your name, on your devices",
               "登记你的名字，用于你的设备", &own_name},
    CommandRow{"/ignore", "[NAME]", "do not show messages of a member", "不显示某人的消息",
               [](Arguments typed) -> Input { return Ignore{std::move(typed.name)}; }, "",
               HelpPart::users},
    CommandRow{"/unignore", "NAME", "show them again", "重新显示某人的消息",
               [](Arguments typed) -> Input { return StopIgnoring{std::move(typed.name)}; }, "",
               HelpPart::users},
    CommandRow{"/block", "[NAME]", "take no direct messages of a user any more",
               "不再接收某人的私信", &block, "/blocks", HelpPart::users},
    CommandRow{"/unblock", "NAME", "take them again", "重新接收某人的私信",
               [](Arguments typed) -> Input {
                 return Block{.name = std::move(typed.name), .remove = true};
               },
               "", HelpPart::users},
    CommandRow{"/direct", "anyone|same-room|owned|default", "from whom to take direct messages",
               "接收哪些人的私信", &take_direct, "", HelpPart::users},
    CommandRow{"/away", "[TEXT]", "be away; alone again: be back", "设为离开，或回来",
               [](Arguments typed) -> Input { return SetAway{std::move(typed.text)}; }},
    CommandRow{kSelectRoom, "", "write to this room; so does Alt-NUMBER",
               "在该编号的房间发言；也可按 Alt-编号",
               [](Arguments typed) -> Input { return select_room(typed.name); }},
    CommandRow{"/quiet", "[on|off]", "show no joins and leaves, or show them again",
               "不显示进入和退出，或重新显示", &quiet},
    CommandRow{"/last", "[NUMBER|TEXT]", "show the last lines again, or those with TEXT",
               "重新显示最近的内容，或其中含有 TEXT 的", &last, "", HelpPart::lines},
    CommandRow{"/mentions", "", "show the lines again that mention you", "重新显示提到你的内容",
               [](Arguments /*none*/) -> Input { return ShowLast{.mentions = true}; }, "",
               HelpPart::lines},
    CommandRow{"/history", "[since|after|around|NUMBER] [WHEN]", "show older lines that are stored",
               "显示保存的更早的消息", &history, "", HelpPart::lines},
    CommandRow{"/erase", "[NUMBER]", "take back your last line", "撤回自己的最后一行", &erase, "",
               HelpPart::lines},
    CommandRow{"/search", "[TEXT]", "search stored lines, or go on", "搜索保存的消息", &search, "",
               HelpPart::lines},
    CommandRow{"/quit", "", "leave; so does quit alone", "退出；单独输入 quit 也可以",
               [](Arguments /*none*/) -> Input { return Quit{}; }, "/q /exit"},
    CommandRow{"/help", "[owners|lines|users]", "list the commands, or a part of them",
               "列出命令，或一部分", &help, "/h /?"},
};

// Parses one line. "//" at its beginning stands for a text that begins with a slash.
[[nodiscard]] Input parse_input(std::string_view line);
[[nodiscard]] std::string as_typed(const Message& message);  // the line that sends it

}  // namespace chatd::client
