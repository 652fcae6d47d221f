// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the conversation that is shown.
#include "client/terminal/dialogue.hpp"
#include "client/terminal/input.hpp"
#include "client/words/file_words.hpp"
#include "client/words/local_time.hpp"
#include "client/words/shown_words.hpp"
#include "client/words/text.hpp"
#include "client/words/word_wrap.hpp"
#include "client/words/words.hpp"

namespace chatd::client {

void Dialogue::set_quiet(const SetQuiet& input) {
  lines_.set_quiet(input.quiet.value_or(!lines_.is_quiet()));
  const wire::Sentence& sentence = lines_.is_quiet() ? kIsQuiet : kIsNotQuiet;
  text_ += painter_.remark(sentence.in(settings_.language));
}

// Shows the messages that a session has left behind; the server may have received some of them.
void Dialogue::show_unconfirmed() {
  for (const Message& message : std::exchange(early_, {})) {
    show_unsent(words(settings_.language, Words::not_connected_yet), as_typed(message));
  }
  for (const Message& message : outbox_.take_held()) {
    show_unsent(words(settings_.language, Words::not_confirmed), as_typed(message));
  }
  for (const Message& message : outbox_.take_unconfirmed()) {
    text_ += painter_.warning(filled(kPerhapsSent, settings_.language, as_typed(message)));
  }
}

void Dialogue::on_draft_left(std::string_view draft) {
  if (*outcome_ == Outcome::done) return;
  const std::string not_sent = paste_.take();
  if (!not_sent.empty()) show_unsent(words(settings_.language, Words::not_entered), not_sent);
  if (is_blank(draft)) return;
  show_unsent(words(settings_.language, Words::not_entered), draft);
}

std::string Dialogue::mark_of(std::size_t lines) const {
  return lines == 1 ? "[...] " : words(settings_.language, Words::lines_typed, lines) + ' ';
}

void Dialogue::on_server_stopped() {
  link_.on_server_stopped();
  text_ += painter_.warning(words(settings_.language, Words::server_stopped));
}

void Dialogue::on_log_failed(std::string_view why) {
  text_ += painter_.warning(filled(kLogFailed, settings_.language, why));
}

void Dialogue::on_users_not_kept(const Error& why) {
  text_ += painter_.warning(
      filled(kUsersNotKept, settings_.language, file_error(settings_.language, why)));
}

void Dialogue::show_last(const ShowLast& input) {
  const auto fill = [this](const wire::Sentence& sentence, const auto&... values) {
    return filled(sentence, settings_.language, values...);
  };
  const bool has_text = !input.text.empty();
  const KeptLines& kept = input.mentions ? lines_.with_mention() : lines_.kept();
  const auto lines = has_text           ? kept.with(input.text)
                     : input.mentions   ? kept.last(KeptLines::kFound)
                     : input.lines != 0 ? kept.last(input.lines)
                                        : kept.last();
  const wire::Sentence& none = has_text ? kNoLinesWith : input.mentions ? kNoMentions : kNoLines;
  const wire::Sentence& head = has_text ? kLinesWith : input.mentions ? kMentions : kLastLines;
  text_ += painter_.remark(fill(lines.empty() ? none : head, input.text));
  for (const KeptLines::Kept& line : lines) {
    const std::string time = date_and_time(line.time) + ' ';
    text_ += wrapped(time + line.text, columns_, time.size()) + '\n';
  }
}

}  // namespace chatd::client
