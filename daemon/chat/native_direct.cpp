// SPDX-License-Identifier: GPL-3.0-or-later
// NativeCommands: direct messages, and the command `block`.
#include <array>

#include "common/wire/native/native_block.hpp"
#include "daemon/chat/native_commands.hpp"

namespace chatd::chat {

using state::RecordKind;

std::optional<Slot> NativeCommands::say_to(const Order& order, std::string_view to,
                                           std::string_view text) {
  sessions_.heard(order.slot, order.now.mono);
  presence_.back(order.slot, order.now.wall);
  const Commands::By by{.slot = order.slot, .now = order.now, .end = order.end};
  const auto receiver = commands_.receiver_of(by, to);
  if (!receiver) {
    refuse(order, receiver.error());
    return std::nullopt;
  }
  const bool waits = !receiver->slot;
  // Without space for the answer nothing is done, and the command is sent again.
  const logs::Entry answer = waits_entry(order, receiver->name);
  if (waits && !mailboxes_.has_space(order.slot, answer)) return std::nullopt;
  const auto said = commands_.say_to(by, *receiver, text);
  if (!said) {
    refuse(order, said.error(), text.size());
    return std::nullopt;
  }
  if (waits) {
    (void)mailboxes_.deliver(order.slot, answer);
  } else {
    presence_.tell_sender(order.slot, *receiver->slot, order.now.wall);
  }
  done(order);
  return receiver->slot;
}

// The answer to a direct message that waits.
logs::Entry NativeCommands::waits_entry(const Order& order, std::string_view receiver) const {
  return {.kind = RecordKind::waits,
          .sender = sessions_.sender(order.slot),
          .name = receiver,
          .text = {},
          .time = order.now.wall,
          .uplink_offset = order.end};
}

// A request whose answer has no space is sent again, and carried out a second time.
void NativeCommands::block(const Order& order, std::string_view name, std::string_view request) {
  const auto read = wire::read_block(request);
  if (!read) return refuse_unknown(order);
  constexpr std::size_t kPartBytes = 2000;  // of one part of the list
  std::array<char, kPartBytes> text{};
  const auto listed = blocks_.carry_out(order.slot, name, *read, text, order.now.wall);
  if (!listed) return refuse(order, listed.error());
  answer_list(order, RecordKind::blocks, name_of(blocks_.from(order.slot)),
              {.bytes = listed->bytes,
               .next = listed->next ? std::optional{Slot{*listed->next}} : std::nullopt},
              text.data());
}

}  // namespace chatd::chat
