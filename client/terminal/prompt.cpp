// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/prompt.hpp"

#include "client/words/words.hpp"
#include "common/wire/display_width.hpp"

namespace chatd::client {

std::string prompt_text(const PromptState& state, wire::Language language) {
  std::string unusual;
  if (state.link == PromptState::Link::connecting) {
    unusual += words(language, Words::connecting);
    unusual += ' ';
  }
  if (state.link == PromptState::Link::reconnecting) {
    unusual += state.away.count() > 0 ? words(language, Words::reconnecting_for, state.away.count())
                                      : std::string{words(language, Words::reconnecting)};
    unusual += ' ';
  }
  if (state.unconfirmed > 0) unusual += words(language, Words::sending, state.unconfirmed) + ' ';
  const std::string room = state.room.empty() ? std::string{} : state.room + ' ';
  const std::string short_end = state.room + "> ";
  const std::string long_end = room + state.name + "> ";
  const auto fits = [&](const std::string& prompt) {
    return wire::display_width(prompt) <= state.columns / 2;
  };
  for (const std::string& unread : state.unread) {
    for (const std::string& end : {long_end, short_end}) {
      std::string whole = std::string{unusual}.append(unread).append(" ").append(end);
      if (fits(whole)) return whole;
    }
  }
  return fits(unusual + long_end) ? unusual + long_end : unusual + short_end;
}

}  // namespace chatd::client
