// SPDX-License-Identifier: GPL-3.0-or-later
// refusal_sentences.hpp — the sentences about commands that are refused because something is full,
// about direct messages, and about the history that is stored.
//
// Runs in:   as reasons.hpp. Private to reasons.cpp.
#pragma once

#include "common/wire/reasons.hpp"

namespace chatd::wire {

struct RefusalSentences {
  Sentence server;
  Sentence client;
};

inline constexpr RefusalSentences kRoomRulesFull{
    {.en = "This room has as many bans, mutes, invitations and roles as are allowed.",
     .zh = "这个房间的封禁、禁言、邀请和角色已达上限。"},
    {.en = "this room has as many bans, mutes, invitations and roles as are allowed",
     .zh = "这个房间的封禁、禁言、邀请和角色已达上限"}};
inline constexpr RefusalSentences kRulesFull{
    {.en = "This server has no space for another ban, mute, invitation or role.",
     .zh = "服务器不能再容纳更多封禁、禁言、邀请或角色。"},
    {.en = "this server has no space for another ban, mute, invitation or role",
     .zh = "服务器不能再容纳更多封禁、禁言、邀请或角色"}};
inline constexpr RefusalSentences kNothingStored{
    {.en = "This server keeps no history."},
    {.en = "this server keeps no history", .zh = "服务器不保存历史消息"}};
inline constexpr RefusalSentences kHistoryDown{
    {.en = "The history cannot be read now: ask again later."},
    {.en = "the history cannot be read now: ask again later",
     .zh = "现在无法读取历史消息，请稍后再试"}};
inline constexpr RefusalSentences kQuestionsFull{
    {.en = "Too many questions wait for an answer: ask again later."},
    {.en = "too many questions wait for an answer: ask again later",
     .zh = "等待回答的查询太多，请稍后再试"}};
inline constexpr RefusalSentences kBadSearch{
    {.en = "Search for words, \"phrases\", from:NAME or since:TIME."},
    {.en = "search for words, \"phrases\", from:NAME or since:TIME",
     .zh = "请搜索词语、\"短语\"、from:名字 或 since:时间"}};
inline constexpr RefusalSentences kNeedsTls{
    {.en = "This needs an encrypted connection (https), also at the other end.",
     .zh = "这需要加密的连接（https），对方也一样。"},
    {.en = "this needs an encrypted connection at both ends: the member uses a page without https",
     .zh = "这需要双方都使用加密的连接：对方的页面没有使用 https"}};
inline constexpr RefusalSentences kMailboxFull{
    {.en = "That member has too many unread messages: send it later."},
    {.en = "that member has too many unread messages: send it later",
     .zh = "对方未读的消息太多，请稍后再发"}};
inline constexpr RefusalSentences kOtherPerson{
    {.en = "Another person has that name now."},
    {.en = "another person has that name now: send it again to reach that one",
     .zh = "现在是另一个人在用这个名字：如果要找此人，请再发送一次"}};
inline constexpr RefusalSentences kNotTaken{
    {.en = "That member takes no direct messages from you."},
    {.en = "{name} takes no direct messages from you", .zh = "{name} 不接收你的私信"}};
inline constexpr RefusalSentences kWaitsFull{
    {.en = "Too many messages wait for that member: send it later."},
    {.en = "too many messages wait for {name} already: send it later",
     .zh = "等待 {name} 的消息太多，请稍后再发"}};
inline constexpr RefusalSentences kBlocksFull{
    {.en = "As many users are blocked as are allowed."},
    {.en = "as many users are blocked as are allowed", .zh = "屏蔽的用户已达上限"}};
inline constexpr RefusalSentences kNotBlocked{
    {.en = "That user is not blocked."},
    {.en = "{name} is not blocked", .zh = "{name} 没有被屏蔽"}};

}  // namespace chatd::wire
