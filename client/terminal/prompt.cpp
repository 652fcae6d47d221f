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
  std::string whole = unusual + room + state.name + "> ";
  if (wire::display_width(whole) <= state.columns / 2) return whole;
  return unusual + state.room + "> ";
}

}  // namespace chatd::client
