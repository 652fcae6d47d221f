// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/rule_words.hpp"

#include <algorithm>

#include "client/words/words.hpp"
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
  if (!rule->until.empty()) shown += words(language, Words::until, rule->until);
  if (!rule->reason.empty()) shown += words(language, Words::because, rule->reason);
  return shown;
}

}  // namespace

std::optional<std::string> ban_details(Language language, std::string_view text) {
  return details(language, text, wire::kRuleBanned);
}

std::optional<std::string> mute_details(Language language, std::string_view text) {
  return details(language, text, wire::kRuleMuted);
}

}  // namespace chatd::client
