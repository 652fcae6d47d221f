// SPDX-License-Identifier: GPL-3.0-or-later
// Direct messages, and what the server has confirmed.
#include <variant>

#include "client/terminal/dialogue.hpp"
#include "client/words/typed_words.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

namespace {

bool is_about_blocks(const Message& message) {
  return std::holds_alternative<Block>(message) || std::holds_alternative<TakeDirect>(message);
}

}  // namespace

void Dialogue::reply(const Reply& input) {
  if (!last_direct_) {
    const std::string_view why = words(settings_.language, TypedWords::no_direct_yet);
    return show_unsent(why, "/r " + input.text);
  }
  say(Direct{.name = last_direct_->name, .text = input.text, .person = last_direct_->person});
}

// Notes who has sent a direct message to this member. While the user types, an answer stays for the
// member that it was begun for.
void Dialogue::note_direct(const Line& line) {
  if (line.record != wire::RecordKind::direct || line.own) return;
  (is_drafting_ && last_direct_ ? next_direct_ : last_direct_) = line;
}

// A direct message is not in the room's log: it is shown when the server has confirmed it. One to
// oneself is in the mailbox as well, and is shown when it arrives there.
void Dialogue::on_confirmed(const Confirmed& confirmed, Now now) {
  const auto message = outbox_.confirm(confirmed.number);
  if (!message) return;
  if (is_about_blocks(*message)) return on_blocks_changed(*message);
  const auto* direct = std::get_if<Direct>(&*message);
  if (direct == nullptr) return;
  if (wire::folded_name(direct->name) == wire::folded_name(login_.name())) return;
  text_ += lines_.paint(Line{.record = wire::RecordKind::direct,
                             .name = direct->name,
                             .text = direct->text,
                             .time = now.wall,
                             .own = true},
                        now.mono, now.wall);
  if (confirmed.waits_for.empty()) return;
  text_ += painter_.remark(words(settings_.language, TypedWords::waits_for, confirmed.waits_for));
}

}  // namespace chatd::client
