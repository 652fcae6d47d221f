// SPDX-License-Identifier: GPL-3.0-or-later
// find_words.hpp — the sentences about the search for servers in the local network, in both
// languages.
//
// Runs in: uchat, before it forks.
// Shape:   behind each one the values that stand for its {}; see filled() in shown_words.hpp.
#pragma once

#include "common/wire/reasons.hpp"

namespace chatd::client {

inline constexpr wire::Sentence kLooking{"looking for servers in the local network",
                                         "正在本地网络中寻找服务器"};
inline constexpr wire::Sentence kNoneFound{"no server in the local network has answered",
                                           "本地网络中没有服务器应答"};
inline constexpr wire::Sentence kNoNetwork{"this machine is in no local network",
                                           "本机不在任何本地网络中"};
// Behind one of the last two; {}: how to write it.
inline constexpr wire::Sentence kSayWhereInstead{"{}; say where to go: {}", "{}；请说明去哪里：{}"};
inline constexpr wire::Sentence kFound{"found {} at {}",
                                       "在 {1} 找到 {0}"};           // {}: room {}: address
inline constexpr wire::Sentence kFoundServer{"a server", "服务器"};  // not a room's name
inline constexpr wire::Sentence kSomeFound{"servers in the local network:", "本地网络中的服务器："};
// The state of a server, in a list.
inline constexpr wire::Sentence kServerKnown{"known as {}", "已知：{}"};  // {}: its name
inline constexpr wire::Sentence kServerNew{"new", "未知"};
inline constexpr wire::Sentence kServerPassword{"password", "需要口令"};
inline constexpr wire::Sentence kServerInvitation{"invitation", "需要邀请"};

inline constexpr wire::Sentence kWhichServer{"which one? its number, or Enter for none: ",
                                             "选哪一个？请输入编号，直接按回车则不选："};
inline constexpr wire::Sentence kNoSuchNumber{"a number from 1 to {}, please",
                                              "请输入 1 到 {} 之间的编号"};  // {}: number

}  // namespace chatd::client
