// SPDX-License-Identifier: GPL-3.0-or-later
// The facts about a user, and who is away, as lines for people.
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "client/member/member_facts.hpp"
#include "client/terminal/painter.hpp"
#include "client/words/local_time.hpp"
#include "client/words/outcome.hpp"
#include "client/words/own_words.hpp"
#include "client/words/room_words.hpp"
#include "client/words/text.hpp"
#include "client/words/words.hpp"

namespace chatd::client {

namespace {

// The program of a member that is not away sends something at least every 20 s.
constexpr std::uint32_t kShownSilence = 60;

// "since 2026-11-20 23:15, programs: 2"; "" if neither is known.
std::string presence_text(wire::Language language, const MemberFacts& facts,
                          const std::string& since) {
  std::string text = facts.since ? words(language, Words::program_since, since) : std::string{};
  if (!facts.programs) return text;
  if (!text.empty()) text += language == wire::Language::zh ? "，" : ", ";
  return text + words(language, Words::whois_programs, *facts.programs);
}

std::string silence_text(wire::Language language, const MemberFacts& facts) {
  const std::uint32_t seconds = facts.silent_seconds.value_or(0);
  if (seconds < kShownSilence) return {};
  return words(language, Words::program_silent, duration_text(language, seconds));
}

// "bob is away: lunch"
std::string absence_text(wire::Language language, std::string_view name, std::string_view text) {
  return text.empty() ? words(language, Words::is_away, name)
                      : words(language, Words::is_away_text, name, text);
}

// "in #lab, #pub and 3 more"
std::string rooms_text(wire::Language language, const MemberFacts& facts) {
  if (facts.rooms.empty()) return {};
  std::string all;
  for (const std::string& room : facts.rooms) {
    if (!all.empty()) all += language == wire::Language::zh ? "、" : ", ";
    all.append("#").append(room);
  }
  if (facts.more_rooms != 0) all += words(language, Words::whois_more_rooms, facts.more_rooms);
  return words(language, Words::whois_rooms, all);
}

}  // namespace

std::string Painter::member(const MemberAbout& about) const {
  const wire::Language language = style_.language;
  if (!about.code.empty() || !about.text.empty()) {
    return warning(why_refused(language, {.code = about.code, .text = about.text}, about.name));
  }
  const MemberFacts facts = read_member_facts(about.list);
  const std::string& name = facts.name.empty() ? about.name : facts.name;
  std::string out = remark(shown_name(name, facts.is_text));
  const auto add = [&](std::string_view text) {
    if (!text.empty()) out += in_rows("   " + safe_text(text), kBehindDashes);
  };
  if (!facts.key.empty()) add(words(language, Words::whois_key, facts.key));
  if (facts.is_owner) add(kOwnsName.in(language));
  if (facts.is_text) add(words(language, Words::whois_text));
  add(presence_text(language, facts, facts.since ? minute_of(*facts.since) : std::string{}));
  if (facts.is_away) add(absence_text(language, name, facts.away));
  add(silence_text(language, facts));
  add(rooms_text(language, facts));
  return out;
}

std::string Painter::away(const MemberAway& away) const {
  const wire::Language language = style_.language;
  if (!away.name.empty()) return remark(absence_text(language, away.name, away.text));
  return remark(away.text.empty() ? std::string{words(language, Words::you_are_away)}
                                  : words(language, Words::you_are_away_text, away.text));
}

std::string Painter::back() const { return remark(words(style_.language, Words::you_are_back)); }

}  // namespace chatd::client
