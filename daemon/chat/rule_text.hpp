// SPDX-License-Identifier: GPL-3.0-or-later
// rule_text.hpp — the sentence for a member or a client that a ban or a mute refuses something.
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

// Each function writes into `out`, cuts between two characters if it is short, and returns what was
// written or a text that lives for ever. A text member's client takes wire::kMaxPhraseBytes.

// "banned until 2026-11-29 14:05 UTC: spam", "muted: noise", "banned". The time is rounded up to
// minutes. The reason is cleaned as messages are; one that is not UTF-8 is left out.
[[nodiscard]] std::string_view rule_text(const state::RuleSlot& rule, wire::Language language,
                                         std::span<char> out) noexcept;

// Of a login that was refused: rule_text(), or the sentence of another reason.
[[nodiscard]] std::string_view refusal_text(const Admission& refused, const Rules& rules,
                                            wire::Language language, std::span<char> out) noexcept;

}  // namespace chatd::chat
