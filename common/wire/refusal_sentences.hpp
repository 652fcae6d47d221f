// SPDX-License-Identifier: GPL-3.0-or-later
// refusal_sentences.hpp — the sentences about commands that are refused because something is full,
// and about the history that is stored.
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

}  // namespace chatd::wire
