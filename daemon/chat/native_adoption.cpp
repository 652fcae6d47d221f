// SPDX-License-Identifier: GPL-3.0-or-later
// NativeCommands::adopt(): moves the `uplink` of senders whose record is in a log, but whose
// gateway was killed before it moved `uplink`.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/wire/native/native_command.hpp"
#include "daemon/chat/native_commands.hpp"
#include "daemon/log/log_follower.hpp"

namespace chatd::chat {

using state::RecordKind;

namespace {

bool is_list(RecordKind kind) {
  return kind == RecordKind::who || kind == RecordKind::rooms || kind == RecordKind::about ||
         kind == RecordKind::programs || kind == RecordKind::whois || kind == RecordKind::blocks;
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

// Of a sender that is in. An offset that was masked with another key is random: a server whose key
// was replaced since then must not take it for a command.
bool NativeCommands::is_unfinished(const logs::Sender& sender, std::uint64_t end) const {
  const std::uint64_t uplink = slots_[sender.slot].uplink;
  return end > uplink && end - uplink <= wire::kMaxCommandBytes;
}

void NativeCommands::adopt_room(const std::optional<wire::RecordHeader>& last, state::RoomId room) {
  if (!last) return;
  const logs::Sender sender = logs::sender_of(*last).value();
  if (!sessions_.is_member(sender)) return;
  const std::uint64_t end =
      masks_.in_room(sender, room, logs::Sequence{last->sequence}, last->uplink_offset);
  if (is_unfinished(sender, end)) slots_[sender.slot].uplink = end;
}

// A gateway executes one command at a time: of a log only the last command can be one whose
// sender's `uplink` was not moved, and of the further rooms only one has such a record.
void NativeCommands::adopt() {
  logs::RecordBuffer buffer;
  std::optional<wire::RecordHeader> last;
  const auto note_command = [&](const wire::RecordHeader& header) {
    if (wire::has_command(header) && logs::sender_of(header)) last = header;
  };
  logs::for_each_record(state_.room_log(), buffer,
                        [&](const wire::RecordView& record, logs::Offset at) {
                          room_.note(record.header.kind, at);
                          note_command(record.header);
                        });
  adopt_room(last, state::kDefaultRoom);
  if (const auto room = rooms_.table().appending()) {
    last.reset();
    logs::for_each_record(
        state_.room_log(*room), buffer,
        [&](const wire::RecordView& record, logs::Offset) { note_command(record.header); });
    adopt_room(last, rooms_.table().place(*room).id);
  }
  Unfinished unfinished;
  for (const Slot slot : sessions_.with_mailbox()) {
    adopt_mailbox(slot, buffer, unfinished);
  }
  if (const auto& message = unfinished.message) {
    programs_.finish({.kind = RecordKind::direct,
                      .sender = message->sender,
                      .name = message->name,
                      .text = message->text,
                      .time = message->time,
                      .uplink_offset = message->end},
                     message->to);
  }
  adopt_waiting(unfinished);
  for (const auto& [sender, end] : unfinished.commands) {
    std::uint64_t& uplink = slots_[sender.slot].uplink;
    uplink = std::max(uplink, end);
  }
}

// Only the last message that waits can be one whose sender was not told.
void NativeCommands::adopt_waiting(Unfinished& unfinished) {
  waiting_.for_each_sent([&](const state::WaitingRow& row) {
    const logs::Sender sender = Waiting::sender_of(row);
    if (!is_unfinished(sender, row.command_end)) return;
    const std::string_view receiver = names_.name_of(row.receiver).value_or(std::string_view{});
    const WallTime time{Micros{row.said_wall}};
    programs_.finish_sent({.kind = RecordKind::sent,
                           .sender = sender,
                           .name = receiver,
                           .text = message_of(row),
                           .time = time,
                           .uplink_offset = row.command_end});
    const logs::Entry answer = waits_entry(
        {.slot = sender.slot, .end = row.command_end, .now = {.mono = {}, .wall = time}}, receiver);
    if (!programs_.has(sender.slot, answer)) (void)mailboxes_.deliver(sender.slot, answer);
    unfinished.commands.emplace_back(sender, row.command_end);
  });
}

// A gateway executes one command at a time: only a mailbox's last record can be one whose sender's
// `uplink` was not moved. The other records change nothing.
void NativeCommands::adopt_mailbox(Slot slot, logs::RecordBuffer& buffer, Unfinished& unfinished) {
  const auto note = [&](const wire::RecordView& record, logs::Offset at) {
    auto sender = logs::sender_of(record.header);
    // A list is from the mailbox's own session; its `sender_slot` is where the list continues.
    if (is_list(record.header.kind)) {
      sender = logs::Sender{.slot = slot,
                            .generation = logs::Generation{record.header.sender_generation}};
    }
    if (!sender || !sessions_.is_member(*sender)) return;
    const std::uint64_t offset = mailboxes_.command_of(slot, record.header, at);
    if (!is_unfinished(*sender, offset)) return;
    unfinished.commands.emplace_back(*sender, offset);
    if (record.header.kind != RecordKind::direct || unfinished.message) return;
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
