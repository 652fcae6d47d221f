// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/rule_text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>

#include <fmt/format.h>

#include "common/wire/message_text.hpp"
#include "common/wire/rule_sentences.hpp"
#include "common/wire/text/phrases.hpp"
#include "common/wire/unicode.hpp"
#include "daemon/state/rule_table.hpp"

namespace chatd::chat {

namespace {

using std::chrono::days;
using std::chrono::minutes;

// A later time, which would have more digits, is shown as no end.
constexpr std::chrono::sys_days kLastDay{std::chrono::year{9999} / 12 / 31};

using TimeBuffer = std::array<char, sizeof "2026-11-29 14:05 UTC">;

std::string_view minute_of(WallTime time, TimeBuffer& buffer) {
  const auto rounded = std::chrono::ceil<minutes>(time);
  const auto day = std::chrono::floor<days>(rounded);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{rounded - day};
  const auto written = fmt::format_to_n(
      buffer.data(), buffer.size(), "{:04}-{:02}-{:02} {:02}:{:02} UTC",
      static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
      static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count());
  return {buffer.data(), std::min(written.size, buffer.size())};
}

}  // namespace

std::string_view rule_text(const state::RuleSlot& rule, wire::Language language,
                           std::span<char> out) noexcept {
  std::array<std::string_view, 5> pieces{};
  pieces[0] =
      (rule.kind == state::RuleKind::mute ? wire::kRuleMuted : wire::kRuleBanned).in(language);
  const WallTime until{Micros{rule.until_wall.load(std::memory_order_relaxed)}};
  TimeBuffer time{};
  if (until != WallTime{} && until < kLastDay) {
    pieces[1] = wire::kRuleUntil.in(language);
    pieces[2] = minute_of(until, time);
  }
  std::array<char, state::kMaxRuleReasonBytes> buffer{};
  const auto reason = wire::clean_text(view_of(rule.reason), buffer.size(), buffer);
  if (reason) {
    pieces[3] = wire::kRuleReason.in(language);
    pieces[4] = *reason;
  }
  return {out.data(), wire::write_cut(pieces, out)};
}

std::string_view refusal_text(const Admission& refused, const Rules& rules, wire::Language language,
                              std::span<char> out) noexcept {
  if (refused.rule) return rule_text(rules.row(*refused.rule), language, out);
  return wire::phrase(language, refused.reason);
}

}  // namespace chatd::chat
