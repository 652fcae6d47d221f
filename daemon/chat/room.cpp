// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/room.hpp"

#include <array>

#include "common/wire/field_writer.hpp"

namespace chatd::chat {

void Room::post(const logs::Entry& entry) {
  note(entry.kind, log_.tail());
  if (entry.uplink_offset == 0 || !entry.sender) {
    log_.append(entry);
    return;
  }
  logs::Entry masked = entry;
  masked.uplink_offset =
      masks_.in_room(*entry.sender, id_, log_.next_sequence(), entry.uplink_offset);
  log_.append(masked);
}

state::Telling Room::join(std::uint32_t members, const JoinRates::Joiner& joiner, MonoTime now) {
  if (!join_rates_.admits(joiner, now)) return crowd_.counted_join();
  const state::Telling telling = crowd_.join(members, now);
  if (!telling.is_counted) join_rates_.charge(joiner, now);
  return telling;
}

void Room::tell_crowd(Now now) {
  std::array<std::byte, wire::encoded_bytes(wire::Crowd{})> bytes{};
  wire::ByteWriter out{bytes};
  wire::encode(out, crowd_.begin_telling(now.mono));
  post({.kind = state::RecordKind::crowd,
        .sender = {},
        .name = {},
        .text = {reinterpret_cast<const char*>(bytes.data()), out.written().size()},
        .time = now.wall});
  crowd_.end_telling();
}

state::Offset Room::start_for(const Position& known) const noexcept {
  const state::Offset tail = log_.tail();
  const state::Offset oldest = log_.oldest();
  const bool is_ours = known.history_id == history_id_;
  if (is_ours && known.offset && *known.offset >= oldest && *known.offset <= tail) {
    return state::Offset{*known.offset};
  }
  if (known.history_id == 0 && !known.offset) return tail;
  // Its offset was overwritten: the oldest record is the nearest one.
  if (is_ours) return oldest;
  return replay_.start(oldest, tail);
}

}  // namespace chatd::chat
