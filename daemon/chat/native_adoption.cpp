// SPDX-License-Identifier: GPL-3.0-or-later
// NativeRoom::adopt(): commands whose records are in the log, but whose sender's `uplink` a
// killed gateway could not move any more.
#include <algorithm>
#include <array>
#include <span>

#include "daemon/chat/native_room.hpp"
#include "daemon/state/room_log_reader.hpp"

namespace chatd::chat {

using state::RecordKind;

void NativeRoom::settle_uplink(Slot slot, std::uint64_t generation, std::uint64_t offset) {
  if (!is_session(slot, generation)) return;
  slots_[slot].uplink = std::max(slots_[slot].uplink, offset);
}

void NativeRoom::adopt() {
  using Status = state::RoomLogReader::Status;
  state::RoomLogReader reader{state_};
  for (std::uint64_t at = room_.log_.oldest();;) {
    state::Record record{};
    const auto outcome = reader.read(at, record);
    if (outcome.status == Status::empty) break;
    if (outcome.status == Status::record) {
      room_.note_for_replay(record.kind, at);
      settle_uplink(record.sender.slot, record.sender.generation, record.uplink_offset);
    }
    at = outcome.next;
  }
  for (Slot slot = 0; slot < room_.sessions_.capacity(); ++slot) {
    if (is_native(slot)) adopt_mailbox(slot);
  }
}

// A gateway does one thing at a time: only the last letter can be one whose sender's `uplink`
// it did not move.
void NativeRoom::adopt_mailbox(Slot slot) {
  const std::uint64_t from = slots_[slot].mailbox_last;
  const std::uint64_t to = mailbox_tail(slot);
  std::array<std::byte, state::kMailboxBytes> letter;
  if (from >= to || to - from > letter.size()) return;
  state::Mailbox{state_, slot}.read(from, std::span{letter}.first(to - from));
  const auto record = wire::read_record(std::span{letter}.first(to - from));
  if (!record) return;
  const auto& header = record->header;
  const Slot sender = header.kind == RecordKind::who ? slot : header.sender_slot;
  settle_uplink(sender, header.sender_generation, header.uplink_offset);
}

}  // namespace chatd::chat
