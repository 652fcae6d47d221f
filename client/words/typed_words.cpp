// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/typed_words.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "common/wire/reasons.hpp"

namespace chatd::client {

namespace {

struct TypedRow {
  TypedWords which;
  wire::Sentence text;
};

constexpr std::array kTypedTable{
    TypedRow{TypedWords::unknown_meant,
             {.en = "there is no command {}; did you mean {}? /help lists them",
              .zh = "没有命令 {}；是否要输入 {}？/help 列出命令"}},
    TypedRow{TypedWords::no_direct_yet,
             {.en = "nobody has sent a direct message to you", .zh = "还没有人给你发过私信"}},
    TypedRow{TypedWords::now_named, {.en = "you are {} now", .zh = "你现在的名字是 {}"}},
    TypedRow{TypedWords::still_named, {.en = "{}; you are still {}", .zh = "{}；你的名字仍是 {}"}},
    TypedRow{TypedWords::named_already, {.en = "you are {} already", .zh = "你的名字已经是 {}"}},
    TypedRow{TypedWords::name_under_way,
             {.en = "the server has not answered yet whether you can be {}",
              .zh = "服务器还没有答复你能否改名为 {}"}},
    TypedRow{TypedWords::ask_lines,
             {.en = "send {} lines? Enter sends them, Ctrl-C clears them: ",
              .zh = "发送 {} 行吗？回车发送，Ctrl-C 清除："}},
    TypedRow{TypedWords::answer_lines,
             {.en = "type yes or no, or press Enter or Ctrl-C",
              .zh = "请输入 yes 或 no，或按回车或 Ctrl-C"}},
    TypedRow{TypedWords::ignored_now,
             {.en = "messages of {} are not shown", .zh = "不再显示 {} 的消息"}},
    TypedRow{TypedWords::ignored_no_more,
             {.en = "messages of {} are shown again", .zh = "重新显示 {} 的消息"}},
    TypedRow{TypedWords::ignored_are,
             {.en = "messages are not shown of: {}", .zh = "不显示这些人的消息：{}"}},
    TypedRow{TypedWords::nobody_ignored,
             {.en = "messages of all members are shown", .zh = "显示所有人的消息"}},
    TypedRow{TypedWords::not_ignored,
             {.en = "too many members are ignored: {} is shown", .zh = "屏蔽的人太多：仍显示 {}"}},
    TypedRow{TypedWords::was_not_ignored,
             {.en = "messages of {} are shown already", .zh = "{} 的消息本来就显示"}},
    TypedRow{
        TypedWords::help_of_owners,
        {.en = "Commands of owners and moderators of the room:", .zh = "房主和主持人的命令："}},
    TypedRow{TypedWords::help_of_users,
             {.en = "Commands about users whose messages you do not want:",
              .zh = "不想看到某些人的消息时用的命令："}},
    TypedRow{TypedWords::help_of_lines,
             {.en = "Commands about earlier lines:", .zh = "与以前的消息有关的命令："}},
    TypedRow{TypedWords::typed_wrong, {.en = "not done: {} ({})", .zh = "未执行：{}（{}）"}},
    TypedRow{
        TypedWords::waits_for,
        {.en = "{} is away and gets it when it comes back", .zh = "{} 不在，回来时会收到这条消息"}},
    TypedRow{TypedWords::blocked_now,
             {.en = "{} is blocked: the server takes no direct messages for you from there",
              .zh = "已屏蔽 {}：服务器不再为你接收其私信"}},
    TypedRow{TypedWords::blocked_no_more,
             {.en = "{} is not blocked any more", .zh = "不再屏蔽 {}"}},
    TypedRow{TypedWords::blocked_are, {.en = "you have blocked: {}", .zh = "你屏蔽了：{}"}},
    TypedRow{TypedWords::nobody_blocked,
             {.en = "you have blocked nobody", .zh = "你没有屏蔽任何人"}},
    TypedRow{TypedWords::direct_taken,
             {.en = "you take direct messages from {}", .zh = "你接收{}的私信"}},
    TypedRow{TypedWords::from_anyone, {.en = "anyone", .zh = "所有人"}},
    TypedRow{TypedWords::from_same_room,
             {.en = "members of rooms that you are in", .zh = "与你同在一个房间的人"}},
    TypedRow{TypedWords::from_owned,
             {.en = "users who own their name", .zh = "名字属于自己的用户"}},
};
static_assert(kTypedTable.size() == static_cast<std::size_t>(TypedWords::last_one));

}  // namespace

std::string_view words(wire::Language language, TypedWords which) noexcept {
  return std::ranges::find(kTypedTable, which, &TypedRow::which)->text.in(language);
}

}  // namespace chatd::client
