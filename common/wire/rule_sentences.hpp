// SPDX-License-Identifier: GPL-3.0-or-later
// rule_sentences.hpp — the parts of the server's text about a ban or a mute: "banned until
// 2026-11-29 14:05 UTC: spam".
//
// Runs in:   gateway (writes the text), both processes of uchat (read it). Pure.
// Invariant: a server and a uchat of different versions read the same text: a part is never
//            changed.
// See:       chatd-protocol(7), which has the form of the text.
#pragma once

#include "common/wire/reasons.hpp"

namespace chatd::wire {

inline constexpr Sentence kRuleBanned{.en = "banned", .zh = "已被封禁"};
inline constexpr Sentence kRuleMuted{.en = "muted", .zh = "已被禁言"};
inline constexpr Sentence kRuleUntil{.en = " until ", .zh = "，至 "};  // the time follows
inline constexpr Sentence kRuleReason{.en = ": ", .zh = "："};         // the reason follows

}  // namespace chatd::wire
