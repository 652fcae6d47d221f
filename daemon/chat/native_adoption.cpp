// SPDX-License-Identifier: GPL-3.0-or-later
// NativeCommands::adopt(): moves the `uplink` of senders whose record is in a log, but whose
// gateway was killed before it moved `uplink`.
#include <algorithm>

#include "daemon/chat/native_commands.hpp"

namespace chatd::chat {

using state::RecordKind;

namespace {

// Calls take(record, offset) for each record from the oldest one to the tail.
template <class Take>
void for_each_record(const logs::LogMemory& log, logs::RecordBuffer& buffer, Take take) {
  logs::LogFollower follower{log, buffer, log.oldest()};
  for (;;) {
    const logs::Offset at = follower.cursor();
    wire::RecordView record{};
    const auto status = follower.next(record);
    if (status == logs::LogFollower::Status::empty) return;
    if (status == logs::LogFollower::Status::record) take(record, at);
  }
}

}  // namespace

void NativeCommands::settle_uplink(const std::optional<logs::Sender>& sender,
                                   std::uint64_t offset) {
  // A record of a text session, or of no command, has no offset.
  if (offset == 0 || !sender || !sessions_.is_member(*sender)) return;
  std::uint64_t& uplink = slots_[sender->slot].uplink;
  uplink = std::max(uplink, offset);
}

void NativeCommands::adopt() {
  logs::RecordBuffer buffer;
  for_each_record(state_.room_log(), buffer, [&](const wire::RecordView& record, logs::Offset at) {
    room_.note(record.header.kind, at);
    settle_uplink(logs::sender_of(record.header), record.header.uplink_offset);
  });
  // A gateway executes one command at a time: of the further rooms only this one can have a record
  // whose sender's `uplink` was not moved.
  if (const auto room = rooms_.table().appending()) {
    for_each_record(state_.room_log(*room), buffer, [&](const wire::RecordView& record, auto) {
      settle_uplink(logs::sender_of(record.header), record.header.uplink_offset);
    });
  }
  for (const Slot slot : sessions_.members(state::SessionKind::native)) {
    adopt_mailbox(slot, buffer);
  }
}

// A gateway executes one command at a time: only a mailbox's last record can be one whose sender's
// `uplink` was not moved. The other records change nothing.
void NativeCommands::adopt_mailbox(Slot slot, logs::RecordBuffer& buffer) {
  for_each_record(state_.mailbox_log(slot), buffer, [&](const wire::RecordView& record, auto) {
    auto sender = logs::sender_of(record.header);
    // A list is from the mailbox's own session; its `sender_slot` is where the list continues.
    if (record.header.kind == RecordKind::who || record.header.kind == RecordKind::rooms) {
      sender = logs::Sender{.slot = slot,
                            .generation = logs::Generation{record.header.sender_generation}};
    }
    settle_uplink(sender, record.header.uplink_offset);
  });
}

}  // namespace chatd::chat
