// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/prompt.hpp"

#include <algorithm>

#include "client/words/words.hpp"
#include "common/wire/display_width.hpp"

namespace chatd::client {

namespace {

// The columns of a row that the prompt leaves for the typed text; half of a narrow row.
constexpr std::size_t kColumnsForText = 24;

std::size_t columns_for_prompt(std::size_t columns) {
  return std::max(columns / 2, columns - std::min(columns, kColumnsForText));
}

// "[reconnecting 12 s] ", or without the time; "": it is connected.
std::string link_text(const PromptState& state, bool has_time, wire::Language language) {
  using Link = PromptState::Link;
  if (state.link == Link::connected) return {};
  if (state.link == Link::connecting) return std::string{words(language, Words::connecting)} + ' ';
  return has_time && state.away.count() > 0
             ? words(language, Words::reconnecting_for, state.away.count()) + ' '
             : std::string{words(language, Words::reconnecting)} + ' ';
}

}  // namespace

std::string prompt_text(const PromptState& state, wire::Language language) {
  const std::string sending =
      state.unconfirmed > 0 ? words(language, Words::sending, state.unconfirmed) + ' ' : "";
  const std::string link = link_text(state, true, language) + sending;
  const std::string short_link = link_text(state, false, language) + sending;
  const std::string room = state.room.empty() ? std::string{} : state.room + ' ';
  const std::string short_end = state.room + "> ";
  const std::string long_end = room + state.name + "> ";
  const std::size_t most = columns_for_prompt(state.columns);
  std::vector<std::string> ends;
  for (const std::string& end : {long_end, short_end}) {
    for (const std::string& unread : state.unread) {
      std::string& text = ends.emplace_back(unread);
      text += ' ';
      text += end;
    }
  }
  ends.push_back(long_end);
  for (const std::string& end : ends) {
    for (const std::string& begin : {link, short_link}) {
      if (wire::display_width(begin + end) <= most) return begin + end;
    }
  }
  return short_link + short_end;
}

}  // namespace chatd::client
