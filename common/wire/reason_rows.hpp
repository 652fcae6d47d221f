// SPDX-License-Identifier: GPL-3.0-or-later
// reason_rows.hpp — rows of the table of reasons that are alike.
//
// Runs in:   gateway, worker, both processes of uchat. For reasons.cpp.
#pragma once

#include <string_view>

#include "common/wire/reasons.hpp"
#include "common/wire/refusal_sentences.hpp"

namespace chatd::wire {

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
constexpr ReasonRow refused_message(Reason reason, std::string_view code,
                                    const RefusalSentences& sentences) {
  return refused_message(reason, code, sentences.server, sentences.client);
}

// The sentences of a refusal because something is full, or about the history that is stored.
struct RefusalSentences {
  Sentence server;
  Sentence client;
};
constexpr ReasonRow refused_message(Reason reason, std::string_view code,
                                    const RefusalSentences& sentences) {
  return refused_message(reason, code, sentences.server, sentences.client);
}

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
inline constexpr RefusalSentences kNoHistory{
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

}  // namespace chatd::wire
