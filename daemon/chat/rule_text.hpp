// SPDX-License-Identifier: GPL-3.0-or-later
// rule_text.hpp — the sentence that a member or a client receives about a ban or a mute.
//
// Runs in: gateway. Pure; nothing allocates.
#pragma once

#include <span>
#include <string_view>

#include "common/wire/language.hpp"
#include "daemon/chat/admission.hpp"
#include "daemon/chat/rules.hpp"
#include "daemon/state/rule_slot.hpp"

namespace chatd::chat {

// Each function returns a text in `out`, or one that lives for ever. If `out` is too short, the
// text is cut between two characters. A text client takes at most wire::kMaxPhraseBytes.

// "banned until 2026-11-29 14:05 UTC: spam", "muted: noise", "banned". The time is rounded up to
// minutes. The reason is cleaned as messages are, and left out if it is not UTF-8.
[[nodiscard]] std::string_view rule_text(const state::RuleSlot& rule, wire::Language language,
                                         std::span<char> out) noexcept;

// For a login that was refused: rule_text(), or the sentence of another reason.
[[nodiscard]] std::string_view refusal_text(const Admission& refused, const Rules& rules,
                                            wire::Language language, std::span<char> out) noexcept;

}  // namespace chatd::chat
