// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/native_commands.hpp"

#include <array>

#include "common/wire/text/phrases.hpp"

namespace chatd::chat {

using state::RecordKind;

namespace {

constexpr std::size_t kWhoBytes = 2000;  // of one part of the member list

Commands::By by(const NativeCommands::Order& order) {
  return {.slot = order.slot, .time = order.now.wall, .end = order.end};
}

}  // namespace

NativeCommands::NativeCommands(const state::StateView& state, const config::Config& config,
                               Room& room, Sessions& sessions, Mailboxes& mailboxes,
                               Commands& commands)
    : state_{state},
      room_{room},
      sessions_{sessions},
      mailboxes_{mailboxes},
      commands_{commands},
      message_bytes_{config.limits.message_bytes},
      slots_{state.native_slots()} {}

void NativeCommands::done(const Order& order) {
  state::crash_point();
  slots_[order.slot].uplink = order.end;
  state::crash_point();
}

void NativeCommands::refuse(const Order& order, wire::Reason reason, std::size_t bytes) {
  // uchat has a sentence of its own for each code.
  std::array<char, wire::kMaxPhraseBytes> words{};
  std::string_view why = wire::phrase(wire::Language::en, reason);
  if (reason == wire::Reason::text_too_long) {
    why = {words.data(), wire::render_too_long(wire::Language::en, bytes, message_bytes_, words)};
  }
  const bool taken = mailboxes_.deliver(order.slot, {.kind = RecordKind::notice,
                                                     .sender = sessions_.sender(order.slot),
                                                     .name = wire::code_of(reason),
                                                     .text = why,
                                                     .time = order.now.wall,
                                                     .uplink_offset = order.end});
  if (taken) done(order);
}

void NativeCommands::speak(const Order& order, RecordKind kind, std::string_view text) {
  sessions_.heard(order.slot, order.now.mono);
  const auto said = commands_.say(by(order), kind, text);
  if (!said) return refuse(order, reason_of(said.error()), text.size());
  done(order);
}

void NativeCommands::say(const Order& order, std::string_view text) {
  speak(order, RecordKind::say, text);
}

void NativeCommands::act(const Order& order, std::string_view text) {
  speak(order, RecordKind::action, text);
}

std::optional<Slot> NativeCommands::say_to(const Order& order, std::string_view to,
                                           std::string_view text) {
  sessions_.heard(order.slot, order.now.mono);
  const auto target = commands_.say_to(by(order), to, text);
  if (!target) {
    refuse(order, target.error(), text.size());
    return std::nullopt;
  }
  done(order);
  return *target;
}

void NativeCommands::list_members(const Order& order, Slot from) {
  std::array<char, kWhoBytes> text{};
  const auto listed = commands_.list(from, text);
  const bool taken = mailboxes_.deliver(
      order.slot, {.kind = RecordKind::who,
                   .sender = state::Sender{.slot = listed.next.value_or(Slot{wire::kNobody}),
                                           .generation = sessions_.sender(order.slot).generation},
                   .name = {},
                   .text = {text.data(), listed.bytes},
                   .time = order.now.wall,
                   .uplink_offset = order.end});
  if (taken) done(order);
}

void NativeCommands::refuse_unknown(const Order& order) {
  refuse(order, wire::Reason::unknown_kind);
}

}  // namespace chatd::chat
