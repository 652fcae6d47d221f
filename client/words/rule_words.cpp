// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/rule_words.hpp"

#include <algorithm>

#include "client/words/local_time.hpp"
#include "client/words/shown_words.hpp"
#include "client/words/words.hpp"
#include "common/base/possible_time.hpp"
#include "common/wire/removal_sentences.hpp"
#include "common/wire/rfc3339.hpp"
#include "common/wire/rule_sentences.hpp"

namespace chatd::client {

namespace {

using wire::Language;
using wire::Sentence;

constexpr std::string_view kTime = "0000-00-00 00:00 UTC";  // each 0 is a digit

struct Rule {
  std::string_view until{};   // "": without end
  std::string_view reason{};  // may be empty
};

bool is_time(std::string_view text) {
  return std::ranges::equal(text, kTime, [](char c, char shape) {
    return shape == '0' ? c >= '0' && c <= '9' : c == shape;
  });
}

bool take(std::string_view& text, std::string_view part) {
  if (!text.starts_with(part)) return false;
  text.remove_prefix(part.size());
  return true;
}

// "2026-11-29 15:05", in the time zone of the user. A time that does not exist stays as it is.
std::string local_time(std::string_view utc) {
  std::string text{utc.substr(0, kTime.find(" UTC"))};
  text[kTime.find(' ')] = 'T';
  const auto time = wire::parse_rfc3339(text + ":00Z");
  return time && is_possible(*time) ? minute_of(*time) : std::string{utc};
}

std::optional<Rule> read_rule(std::string_view text, const Sentence& word, Language language) {
  Rule rule;
  if (!take(text, word.in(language))) return std::nullopt;
  if (take(text, wire::kRuleUntil.in(language))) {
    rule.until = text.substr(0, kTime.size());
    if (!is_time(rule.until)) return std::nullopt;
    text.remove_prefix(kTime.size());
  }
  if (take(text, wire::kRuleReason.in(language))) {
    rule.reason = text;
  } else if (!text.empty()) {
    return std::nullopt;
  }
  return rule;
}

std::optional<std::string> details(Language language, std::string_view text, const Sentence& word) {
  auto rule = read_rule(text, word, Language::en);
  if (!rule) rule = read_rule(text, word, Language::zh);
  if (!rule) return std::nullopt;
  std::string shown;
  if (!rule->until.empty()) shown += words(language, Words::until, local_time(rule->until));
  if (!rule->reason.empty()) shown += words(language, Words::because, rule->reason);
  return shown;
}

}  // namespace

std::string removal_text(Language language, std::string_view text) {
  const auto* const row = std::ranges::find(wire::kRemovals, text, &Sentence::en);
  if (row != wire::kRemovals.end()) return std::string{row->in(language)};
  std::string_view rest = text;
  if (!take(rest, wire::kRemovedBy)) return std::string{text};
  const std::string_view reason_mark = wire::kRuleReason.in(Language::en);
  const std::string_view who = rest.substr(0, rest.find(reason_mark));
  const bool is_name = !who.empty() && !who.contains(' ');  // a name has no blanks
  if (!is_name && who != wire::kRemovingAdministrator) return std::string{text};
  std::string shown =
      filled(kRemovedBy, language, is_name ? who : words(language, Words::administrator));
  rest.remove_prefix(who.size());
  if (take(rest, reason_mark)) shown += words(language, Words::because, rest);
  return shown;
}

std::optional<std::string> ban_details(Language language, std::string_view text) {
  return details(language, text, wire::kRuleBanned);
}

std::optional<std::string> mute_details(Language language, std::string_view text) {
  return details(language, text, wire::kRuleMuted);
}

}  // namespace chatd::client
