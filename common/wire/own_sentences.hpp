// SPDX-License-Identifier: GPL-3.0-or-later
// own_sentences.hpp — the sentences about logins and commands that are refused because of an
// owned name.
//
// Runs in:   as reasons.hpp. Private to reasons.cpp.
#pragma once

#include "common/wire/refusal_sentences.hpp"

namespace chatd::wire {

// Of a login.
inline constexpr Sentence kNameOwned{
    .en =
        "the name {name} belongs to somebody; if it is yours: /own add on your other device, "
        "then here: uchat own {name}@{host} CODE",
    .zh =
        "名字 {name} 属于别人；如果是你的：先在另一台设备上输入 /own add，再在这里运行：uchat own "
        "{name}@{host} CODE"};
inline constexpr RefusalSentences kClaimClosed{
    {.en = "Only the administrator gives names here."},
    {.en = "only the administrator gives names here", .zh = "这里只有管理员可以分配名字"}};
inline constexpr RefusalSentences kTooNew{
    {.en = "Your key is too new: it can own a name when the server has known it for a day."},
    {.en = "your key is too new: it can own a name when the server has known it for a day",
     .zh = "你的密钥太新：服务器认识它满一天之后，才能拥有名字"}};
inline constexpr RefusalSentences kTooManyClaims{
    {.en = "Your network has claimed five names today: claim one tomorrow."},
    {.en = "your network has claimed five names today: claim one tomorrow",
     .zh = "你的网络今天已经登记了五个名字，请明天再来"}};
inline constexpr RefusalSentences kLookAlike{
    {.en = "That name looks like one that belongs to somebody."},
    {.en = "that name looks like one that belongs to somebody",
     .zh = "这个名字和别人拥有的名字看起来一样"}};
inline constexpr RefusalSentences kHasOne{{.en = "You own a name already: release it first."},
                                          {.en = "you own a name already: /own release gives it up",
                                           .zh = "你已经拥有一个名字：/own release 可以放弃它"}};
inline constexpr RefusalSentences kOtherName{
    {.en = "That key belongs to another name, or was dropped from one."},
    {.en = "that key belongs to another name, or was dropped from one",
     .zh = "这个密钥属于另一个名字，或曾从某个名字中移除"}};
inline constexpr RefusalSentences kNamesFull{
    {.en = "This server has no space for another owned name."},
    {.en = "this server has no space for another owned name", .zh = "服务器不能再登记更多名字"}};
inline constexpr RefusalSentences kOwnsNone{
    {.en = "You own no name."},
    {.en = "you own no name: /own makes the one that you have yours",
     .zh = "你没有拥有名字：/own 可以登记你现在的名字"}};
inline constexpr RefusalSentences kBadCode{
    {.en = "That code is not valid, or not valid any more."},
    {.en = "that code is not valid, or not valid any more", .zh = "这个代码无效，或已经失效"}};
inline constexpr RefusalSentences kKeysFull{
    {.en = "A name has at most eight keys: drop one first."},
    {.en = "a name has at most eight keys: drop one first",
     .zh = "一个名字最多有八个密钥，请先移除一个"}};
inline constexpr RefusalSentences kNoSuchKey{
    {.en = "Your name has no such key."},
    {.en = "your name has no such key", .zh = "你的名字没有这个密钥"}};
inline constexpr RefusalSentences kYounger{
    {.en = "A key of your name that is older than yours decides this."},
    {.en = "a key of your name that is older than yours decides this",
     .zh = "这要由你的名字中比你的更早的密钥决定"}};
inline constexpr RefusalSentences kRestricted{
    {.en = "You are banned or muted here: your keys stay one person until that ends."},
    {.en = "you are banned or muted here: your keys stay one person until that ends",
     .zh = "你在这里被封禁或禁言：解除之前，你的密钥仍属于同一个人"}};
inline constexpr RefusalSentences kLastKey{
    {.en = "The last key of a name cannot be dropped: release the name."},
    {.en = "the last key of a name cannot be dropped: /own release gives the name up",
     .zh = "名字的最后一个密钥不能移除：/own release 可以放弃名字"}};
inline constexpr RefusalSentences kNoDevice{
    {.en = "No such device waits for your answer."},
    {.en = "no such device waits for your answer", .zh = "没有这样的设备在等你的回答"}};

}  // namespace chatd::wire
