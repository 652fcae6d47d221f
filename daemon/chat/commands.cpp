// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/commands.hpp"

namespace chatd::chat {

using state::count;
using state::RecordKind;

Commands::Commands(const state::StateView& state, const config::Config& config, Room& room,
                   Sessions& sessions, Mailboxes& mailboxes)
    : counters_{state.counters()},
      room_{room},
      sessions_{sessions},
      mailboxes_{mailboxes},
      message_bytes_{config.limits.message_bytes},
      clean_(wire::kMaxMessageBytes) {}

std::expected<std::string_view, wire::TextFault> Commands::clean(std::string_view text) {
  auto shown = wire::clean_text(text, message_bytes_, clean_);
  if (!shown) {
    count(shown.error() == wire::TextFault::empty ? counters_.datagrams_dropped_empty
                                                  : counters_.messages_refused_invalid);
  }
  return shown;
}

std::expected<void, wire::TextFault> Commands::say(const By& by, RecordKind kind,
                                                   std::string_view text) {
  const auto clean = this->clean(text);
  if (!clean) return std::unexpected{clean.error()};
  room_.post({.kind = kind,
              .sender = sessions_.sender(by.slot),
              .name = sessions_.name(by.slot),
              .text = *clean,
              .time = by.time,
              .uplink_offset = by.end});
  ++sessions_.session(by.slot).messages;
  count(counters_.messages);
  return {};
}

std::expected<Slot, wire::Reason> Commands::say_to(const By& by, std::string_view to,
                                                   std::string_view text) {
  const auto clean = this->clean(text);
  if (!clean) return std::unexpected{reason_of(clean.error())};
  const auto target = sessions_.find_name(to);
  if (!target) return std::unexpected{wire::Reason::no_such_member};
  // A text member has no mailbox.
  if (!sessions_.is_member(*target, state::SessionKind::native)) {
    return std::unexpected{wire::Reason::not_native};
  }
  const bool taken = mailboxes_.deliver(*target, {.kind = RecordKind::letter,
                                                  .sender = sessions_.sender(by.slot),
                                                  .name = sessions_.name(by.slot),
                                                  .text = *clean,
                                                  .time = by.time,
                                                  .uplink_offset = by.end});
  if (!taken) return std::unexpected{wire::Reason::mailbox_full};
  count(counters_.letters);
  return *target;
}

std::expected<std::uint64_t, wire::TextFault> Commands::announce(std::string_view text, Now now) {
  const auto shown = wire::clean_text(text, message_bytes_, clean_);
  if (!shown) return std::unexpected{shown.error()};
  room_.post(
      {.kind = RecordKind::announce, .sender = {}, .name = {}, .text = *shown, .time = now.wall});
  count(counters_.announcements);
  return sessions_.size();
}

Commands::Listed Commands::list(Slot from, std::span<char> out) const {
  std::size_t used = 0;
  auto slot = sessions_.next_member(from);
  for (; slot; slot = sessions_.next_member(Slot{*slot + 1})) {
    const std::string_view name = sessions_.name(*slot);
    const std::string_view mark = sessions_.is_away(*slot) ? "\taway" : "";
    if (used + 1 + name.size() + mark.size() > out.size()) break;
    if (used != 0) out[used++] = '\n';
    used += name.copy(out.data() + used, name.size());
    used += mark.copy(out.data() + used, mark.size());
  }
  return {.bytes = used, .next = slot};
}

}  // namespace chatd::chat
