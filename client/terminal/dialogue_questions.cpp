// SPDX-License-Identifier: GPL-3.0-or-later
// The questions to the user during a session: about lines that were pasted, and about the owned
// name.
#include <string_view>
#include <utility>

#include "client/terminal/dialogue.hpp"
#include "client/words/own_words.hpp"
#include "client/words/typed_words.hpp"

namespace chatd::client {

bool Dialogue::is_asking() const noexcept {
  return login_.is_asking() || paste_.is_asking() || own_.is_asking();
}

// False: the line is no answer. Pasted lines are none to a question about the owned name.
bool Dialogue::answer_question(std::string_view line, Now now) {
  if (paste_.is_asking()) {
    const auto answer = PasteQuestion::read(line);
    if (answer == PasteQuestion::Answer::yes) say_lines(paste_.take());
    if (answer == PasteQuestion::Answer::no) (void)paste_.take();
    if (answer == PasteQuestion::Answer::unclear) {
      show_unsent(words(settings_.language, TypedWords::answer_lines), line);
    }
    return true;
  }
  if (!own_.takes_answer(now.mono) || line.contains('\n')) return false;
  const auto answer = OwnQuestions::read(line);
  if (answer == OwnQuestions::Answer::unclear) {
    show_unsent(kAnswerYesOrNo.in(settings_.language), line);
  } else if (auto order = own_.take(answer == OwnQuestions::Answer::yes)) {
    outbox_.post(*std::move(order));
  }
  return true;
}

bool Dialogue::drop_question() {
  if (!paste_.is_asking() && !own_.is_asking()) return false;
  if (paste_.is_asking()) {
    (void)paste_.take();
  } else if (auto order = own_.take(false)) {
    outbox_.post(*std::move(order));
  }
  set_drafting(false);
  return true;
}

// While the user types a line, the question waits: the line is for the room.
void Dialogue::ask_waiting(MonoTime now) {
  if (!own_.is_due() || is_drafting_ || is_asking()) return;
  text_ += painter_.remarks(device_lines(settings_.language, own_.show_device(now)));
}

void Dialogue::pass_time(MonoTime now) {
  text_ += lines_.paint_due(now);
  ask_waiting(now);
}

}  // namespace chatd::client
