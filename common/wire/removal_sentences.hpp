// SPDX-License-Identifier: GPL-3.0-or-later
// removal_sentences.hpp — the server's texts about the removal of a member from a room, which are
// English, and what uchat shows for them.
//
// Runs in:   gateway (writes the text), both processes of uchat (read it). Pure.
// Invariant: a server and a uchat of different versions read the same text: an English text is
//            never changed.
#pragma once

#include <array>
#include <string_view>

#include "common/wire/reasons.hpp"

namespace chatd::wire {

inline constexpr Sentence kRoomDropped{.en = "the room was dropped", .zh = "房间已被删除"};
inline constexpr Sentence kRoomUnused{
    .en = "the server has no space for more rooms, and nobody has written in this one",
    .zh = "服务器不能再容纳更多房间，而且没有人在这个房间发言"};
inline constexpr Sentence kSessionTakenOver{
    .en = "another program of yours has taken over this session", .zh = "你的另一个程序接管了会话"};
// If the reason is not known, or the mailbox has no space for it.
inline constexpr Sentence kRemoved{.en = "removed", .zh = "已被移出"};
inline constexpr std::array kRemovals{kRoomDropped, kRoomUnused, kSessionTakenOver, kRemoved};

// "by ada", "by the administrator"; kRuleReason and the reason may follow.
inline constexpr std::string_view kRemovedBy = "by ";
inline constexpr std::string_view kByAdministrator = "by the administrator";
inline constexpr std::string_view kRemovingAdministrator =
    kByAdministrator.substr(kRemovedBy.size());

}  // namespace chatd::wire
