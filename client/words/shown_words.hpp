// SPDX-License-Identifier: GPL-3.0-or-later
// shown_words.hpp — the sentences about what a conversation shows and keeps, in both languages.
//
// Runs in: uchat's terminal process.
// Shape:   behind each one the values that stand for its {}; see filled().
#pragma once

#include <string>

#include <fmt/format.h>

#include "common/wire/language.hpp"
#include "common/wire/reasons.hpp"

namespace chatd::client {

inline constexpr wire::Sentence kNewLines{"new", "新消息"};  // over the lines that were not read
inline constexpr wire::Sentence kIsQuiet{"joins and leaves are not shown from now on",
                                         "不再显示进入和退出"};
inline constexpr wire::Sentence kIsNotQuiet{"joins and leaves are shown from now on",
                                            "现在显示进入和退出"};

inline constexpr wire::Sentence kKeyKept{"the key of the server is kept in {}",
                                         "服务器的密钥已保存在 {}"};               // {}: file
inline constexpr wire::Sentence kTryingAgain{"{}; trying again", "{}；正在重试"};  // {}: why

// The head of a list of members; {}: their number, and that of text members.
inline constexpr wire::Sentence kUsersHere{"{} here:", "在线 {} 人："};
inline constexpr wire::Sentence kUsersHereText{"{} here, {} without a key (~), not encrypted:",
                                               "在线 {} 人，其中 {} 人没有密钥（~），未加密："};
inline constexpr wire::Sentence kUserAway{"(away)", "（离开）"};  // behind a name

inline constexpr wire::Sentence kRemovedBy{"by {}", "执行者 {}"};  // {}: name; a reason may follow

// A line at the end of a session; {}: line.
inline constexpr wire::Sentence kPerhapsSent{"not confirmed, perhaps sent: {}",
                                             "未确认，可能已发出：{}"};

// Another person has a name; {}: name.
inline constexpr wire::Sentence kOtherKey{
    "{} has another key than before: it may be another person",
    "{} 的密钥与之前的不同：可能是另一个人"};
inline constexpr wire::Sentence kHasNoKey{
    "{} had a key before and has none now: it may be another person",
    "{} 之前有密钥，现在没有：可能是另一个人"};
inline constexpr wire::Sentence kOthersToo{"; further names of other persons: {}",
                                           "；另有 {} 人也是如此"};  // {}: number

// The same, if the person before was seen in an earlier run only; {}: name, date.
inline constexpr wire::Sentence kOtherKeySince{
    "{} has another key than on {}: it may be another person",
    "{} 的密钥与 {} 时的不同：可能是另一个人"};
inline constexpr wire::Sentence kHasNoKeySince{
    "{} had a key on {} and has none now: it may be another person",
    "{} 在 {} 时有密钥，现在没有：可能是另一个人"};
// The file of the users that were seen.
inline constexpr wire::Sentence kUsersUnread{
    "names are not compared with those of earlier runs: {}",
    "不与以前运行时的名字比较：{}"};  // {}: why
inline constexpr wire::Sentence kUserLineBroken{
    "{}:{}: no server's key, time, name and number; lines that are ignored: {}",
    "{}:{}: 不是服务器密钥、时间、名字和编号；忽略的行数：{}"};  // {}: file, line, number
inline constexpr wire::Sentence kUsersNotKept{
    "the names seen here cannot be kept for the next run: {}",
    "无法为下次运行保存这里的名字：{}"};  // {}: why

// The user is not in the room that is selected; {}: room.
inline constexpr wire::Sentence kNotInRoom{"(not in {})", "（不在 {}）"};  // in the prompt
inline constexpr wire::Sentence kWriteToFirst{"; /1 writes to {}",
                                              "；/1 在 {} 中发言"};  // {}: room; behind a reason
// The user has asked to join it.
inline constexpr wire::Sentence kJoinUnderWay{
    "the server has not answered yet whether you can join {}", "服务器还没有答复你能否加入 {}"};

// Rooms with unread messages, in the prompt; {}: number.
inline constexpr wire::Sentence kOneRoom{"{} room", "{} 个房间"};
inline constexpr wire::Sentence kSomeRooms{"{} rooms", "{} 个房间"};

// Over lines that are shown again; {}: text.
inline constexpr wire::Sentence kLastLines{"the last lines:", "最近的内容："};
inline constexpr wire::Sentence kLinesWith{"the last lines with \"{}\":", "最近含有“{}”的内容："};
inline constexpr wire::Sentence kMentions{"the lines that mention you:", "提到你的内容："};
inline constexpr wire::Sentence kNoMentions{"no line since you joined mentions you",
                                            "你进入以来没有提到你的内容"};
inline constexpr wire::Sentence kNoLines{"there are no lines yet", "还没有内容"};
inline constexpr wire::Sentence kNoLinesWith{"there is no line with \"{}\"", "没有含有“{}”的行"};

// In front of a direct message that has waited; {}: name {}: when it was sent.
inline constexpr wire::Sentence kDirectWaited{"[from {}, sent {}]", "[来自 {}，发送于 {}]"};

// The log of the conversation.
inline constexpr wire::Sentence kLogNotAFile{"{} is no file", "{} 不是普通文件"};  // {}: path
inline constexpr wire::Sentence kLogInUse{"another program writes to the log {}",
                                          "另一个程序正在写入日志 {}"};  // {}: path
inline constexpr wire::Sentence kLogMissing{"-- lines that could not be written: {}",
                                            "-- 未能写入的行数：{}"};  // {}: number
inline constexpr wire::Sentence kLogFailed{
    "the log cannot be written, and lines will be missing in it: {}",
    "无法写入日志，其中会缺少一些行：{}"};  // {}: why
inline constexpr wire::Sentence kLogWithoutTerminal{
    "--log is for a conversation on a terminal; otherwise write standard output to a file",
    "--log 只用于终端上的对话；否则请把标准输出写入文件"};

// The text with its values.
template <class... Values>
[[nodiscard]] std::string filled(const wire::Sentence& sentence, wire::Language language,
                                 const Values&... values) {
  return fmt::format(fmt::runtime(sentence.in(language)), values...);
}

}  // namespace chatd::client
