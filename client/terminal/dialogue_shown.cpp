// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the conversation that is shown.
#include "client/terminal/dialogue.hpp"
#include "client/words/shown_words.hpp"

namespace chatd::client {

void Dialogue::set_quiet(const SetQuiet& input) {
  lines_.set_quiet(input.quiet.value_or(!lines_.is_quiet()));
  const wire::Sentence& sentence = lines_.is_quiet() ? kIsQuiet : kIsNotQuiet;
  text_ += painter_.remark(sentence.in(settings_.language));
}

}  // namespace chatd::client
