// SPDX-License-Identifier: GPL-3.0-or-later
// NativeCommands::adopt(): moves the `uplink` of senders whose record is in a log, but whose
// gateway was killed before it moved `uplink`.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "daemon/chat/native_commands.hpp"
#include "daemon/log/log_follower.hpp"

namespace chatd::chat {

using state::RecordKind;

namespace {

bool is_list(RecordKind kind) {
  return kind == RecordKind::who || kind == RecordKind::rooms || kind == RecordKind::about ||
         kind == RecordKind::programs;
}

}  // namespace

struct NativeCommands::Unfinished {
  // A direct message that may not be in the mailboxes of all programs that get it.
  struct Message {
    Slot to;
    logs::Sender sender;
    std::string name;
    std::string text;
    WallTime time;
    std::uint64_t end;
  };
  std::optional<Message> message;
  // Commands that were carried out: the sender, and where the command ends in its stream.
  std::vector<std::pair<logs::Sender, std::uint64_t>> commands;
};

void NativeCommands::settle_uplink(const std::optional<logs::Sender>& sender,
                                   std::uint64_t offset) {
  // A record of a text session, or of no command, has no offset.
  if (offset == 0 || !sender || !sessions_.is_member(*sender)) return;
  std::uint64_t& uplink = slots_[sender->slot].uplink;
  uplink = std::max(uplink, offset);
}

void NativeCommands::adopt() {
  logs::RecordBuffer buffer;
  logs::for_each_record(
      state_.room_log(), buffer, [&](const wire::RecordView& record, logs::Offset at) {
        room_.note(record.header.kind, at);
        settle_uplink(logs::sender_of(record.header), record.header.uplink_offset);
      });
  // A gateway executes one command at a time: of the further rooms only this one can have a record
  // whose sender's `uplink` was not moved.
  if (const auto room = rooms_.table().appending()) {
    logs::for_each_record(
        state_.room_log(*room), buffer, [&](const wire::RecordView& record, logs::Offset) {
          settle_uplink(logs::sender_of(record.header), record.header.uplink_offset);
        });
  }
  Unfinished unfinished;
  for (const Slot slot : sessions_.all(state::SessionKind::native)) {
    adopt_mailbox(slot, buffer, unfinished);
  }
  if (const auto& message = unfinished.message) {
    programs_.finish({.kind = RecordKind::letter,
                      .sender = message->sender,
                      .name = message->name,
                      .text = message->text,
                      .time = message->time,
                      .uplink_offset = message->end},
                     message->to);
  }
  for (const auto& [sender, end] : unfinished.commands) settle_uplink(sender, end);
}

// A gateway executes one command at a time: only a mailbox's last record can be one whose sender's
// `uplink` was not moved. The other records change nothing.
void NativeCommands::adopt_mailbox(Slot slot, logs::RecordBuffer& buffer, Unfinished& unfinished) {
  const auto note = [&](const wire::RecordView& record, logs::Offset) {
    auto sender = logs::sender_of(record.header);
    // A list is from the mailbox's own session; its `sender_slot` is where the list continues.
    if (is_list(record.header.kind)) {
      sender = logs::Sender{.slot = slot,
                            .generation = logs::Generation{record.header.sender_generation}};
    }
    const std::uint64_t offset = record.header.uplink_offset;
    if (!sender || !sessions_.is_member(*sender) || offset <= slots_[sender->slot].uplink) return;
    unfinished.commands.emplace_back(*sender, offset);
    if (record.header.kind != RecordKind::letter || unfinished.message) return;
    unfinished.message = Unfinished::Message{.to = slot,
                                             .sender = *sender,
                                             .name = std::string{record.name},
                                             .text = std::string{record.text},
                                             .time = WallTime{Micros{record.header.wall_time}},
                                             .end = offset};
  };
  logs::for_each_record(state_.mailbox_log(slot), buffer, note);
}

}  // namespace chatd::chat
