// SPDX-License-Identifier: GPL-3.0-or-later
// phrases.hpp — the sentences that the server sends to one text member.
//
// Runs in:   gateway, worker.
// Invariant: a phrase is at most kMaxPhraseBytes. It says what is wrong and what would be right.
// See:       reasons.hpp, whose table has those without figures.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

#include "common/wire/language.hpp"
#include "common/wire/reasons.hpp"

namespace chatd::wire {

// The server's sentence for a reason; "" if it has none.
[[nodiscard]] std::string_view phrase(Language language, Reason reason) noexcept;

// Phrases with figures in them. Each returns the bytes written, cut between characters if
// `out` is short; the first two never need more than kMaxPhraseBytes.

// Names the limit and how long to wait.
std::size_t render_rate_notice(Language language, double per_second, std::chrono::milliseconds wait,
                               std::span<char> out) noexcept;
std::size_t render_too_long(Language language, std::size_t bytes, std::size_t limit,
                            std::span<char> out) noexcept;
// For a member that was removed by the administrator. `reason` may be empty.
std::size_t render_removed(Language language, std::string_view reason,
                           std::span<char> out) noexcept;

}  // namespace chatd::wire
