// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/presence_words.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <span>

#include <fmt/format.h>

#include "client/words/own_words.hpp"
#include "client/words/shown_words.hpp"
#include "client/words/text.hpp"
#include "client/words/words.hpp"
#include "common/wire/native/record_text.hpp"
#include "common/wire/reasons.hpp"

namespace chatd::client {

namespace {

using wire::Language;
using wire::Sentence;

// {}: members.
constexpr Sentence kJoinedAndLeft{"{} joined and left", "{} 进入后又退出了聊天室"};
constexpr Sentence kCameBack{"{} left and came back", "{} 退出后又回到了聊天室"};
// {}: name {}: new name.
constexpr Sentence kRenamed{"{} is now {}", "{} 改名为 {}"};
// {}: members.
constexpr Sentence kAlsoRenamed{"{} changed their names", "{} 改了名字"};
constexpr Sentence kBetweenSentences{"; ", "；"};

// Between names; {0}: names {1}: the last name.
constexpr Sentence kBetweenNames{", ", "、"};
constexpr Sentence kLastName{"{0} and {1}", "{0} 和 {1}"};
// {0}: names {1}: number of the other members {2}: number of all members.
constexpr Sentence kOneOther{"{0} and 1 other", "{0} 等 {2} 人"};
constexpr Sentence kOthers{"{0} and {1} others", "{0} 等 {2} 人"};
// {}: number.
constexpr Sentence kOneMember{"1 other", "另外 1 人"};
constexpr Sentence kMembers{"{} others", "另外 {} 人"};

std::string joined_names(Language language, std::span<const std::string> names) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += kBetweenNames.in(language);
    text += name;
  }
  return text;
}

std::string members_text(Language language, const SomeMembers& members) {
  const std::span<const std::string> names{members.names};
  const std::uint64_t all = names.size() + members.others;
  const auto fill = [language](const Sentence& sentence, const auto&... values) {
    return fmt::format(fmt::runtime(sentence.in(language)), values...);
  };
  if (names.empty()) return fill(all == 1 ? kOneMember : kMembers, all);
  if (all == 1) return names.front();
  if (all == names.size() && all <= kShownNames) {
    return fill(kLastName, joined_names(language, names.first(names.size() - 1)), names.back());
  }
  const auto shown = names.first(std::min(names.size(), kShownNames - 1));
  const std::uint64_t others = all - shown.size();
  return fill(others == 1 ? kOneOther : kOthers, joined_names(language, shown), others, all);
}

// Of members that the server has only counted. The brackets are part of the sentence: no name
// begins with one, so that no member can imitate it.
std::string counted_text(Language language, std::uint64_t joined, std::uint64_t left) {
  if (left == 0) return joined == 0 ? "" : words(language, Words::crowd_joined, joined);
  if (joined == 0) return words(language, Words::crowd_left, left);
  return words(language, Words::crowd_both, joined, left);
}

void add_sentence(Language language, std::string& text, std::string_view sentence) {
  if (!text.empty()) text += kBetweenSentences.in(language);
  text += sentence;
}

std::string renames_text(Language language, std::span<const Renamed> renamed) {
  std::string text;
  for (const Renamed& one : renamed.first(std::min(renamed.size(), kShownNames))) {
    add_sentence(language, text,
                 fmt::format(fmt::runtime(kRenamed.in(language)), one.before, one.name));
  }
  if (renamed.size() > kShownNames) {
    const std::string others = members_text(language, {.others = renamed.size() - kShownNames});
    add_sentence(language, text, fmt::format(fmt::runtime(kAlsoRenamed.in(language)), others));
  }
  return text;
}

}  // namespace

void SomeMembers::add_others(std::uint64_t number) noexcept {
  others += std::min(number, std::numeric_limits<std::uint64_t>::max() - others);
}

void JoinsAndLeaves::add_crowd(const Line& crowd) noexcept {
  const auto numbers = wire::read_crowd(crowd.text);
  if (!numbers) return;
  joined.add_others(numbers->joined);
  left.add_others(numbers->left);
}

std::string presence_text(Language language, const JoinsAndLeaves& changes) {
  struct Part {
    const SomeMembers& members;
    std::string_view sentence;
  };
  const std::array parts{Part{changes.joined, words(language, Words::joined)},
                         Part{changes.came_back, kCameBack.in(language)},
                         Part{changes.joined_and_left, kJoinedAndLeft.in(language)},
                         Part{changes.left, words(language, Words::left)}};
  const auto is_unnamed = [](const Part& part) { return part.members.names.empty(); };
  if (changes.renamed.empty() && std::ranges::all_of(parts, is_unnamed)) {
    return counted_text(language, changes.joined.others, changes.left.others);
  }
  std::string text = renames_text(language, changes.renamed);
  for (const Part& part : parts) {
    if (part.members.is_empty()) continue;
    add_sentence(language, text,
                 fmt::format(fmt::runtime(part.sentence), members_text(language, part.members)));
  }
  return text;
}

std::string user_text(Language language, const UserRow& user) {
  std::string text = shown_name(user.name, user.is_text);
  if (user.is_owner) text.append(" ").append(kUserOwns.in(language));
  if (user.is_away) text.append(" ").append(kUserAway.in(language));
  return text;
}

}  // namespace chatd::client
