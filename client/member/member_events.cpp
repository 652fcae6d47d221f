// SPDX-License-Identifier: GPL-3.0-or-later
// Records become events; commands are confirmed or refused.
#include <algorithm>
#include <cstring>

#include "client/member/member_impl.hpp"

namespace chatd::client {

using wire::RecordKind;

void Member::Impl::drain(MonoTime now) {
  while (!ended) {
    const auto item = downlink.next();
    if (!item) break;
    if (item->stream == wire::kRoomStream) {
      on_room_record(*item);
    } else {
      on_mailbox_record(*item, now);
    }
  }
  if (ended) return;
  if (downlink.is_broken()) {
    end(End::other_version);
    return;
  }
  settle_old_commands(now);
  confirm();
}

bool Member::Impl::is_own(const wire::RecordHeader& header) const {
  return header.sender_slot == slot && header.sender_generation == generation;
}

void Member::Impl::on_room_record(const Downlink::Item& item) {
  const auto& header = item.record.header;
  Line line{.record = header.kind,
            .name = std::string{item.record.name},
            .text = std::string{item.record.text},
            .time = WallTime{Micros{header.wall_time}},
            .replay = item.end <= live_offset,
            .own = is_own(header)};
  if (old && header.sender_slot == old->slot && header.sender_generation == old->generation) {
    line.own = true;
    // The server had carried it out; its number is still stored under the old offsets.
    if (header.uplink_offset != 0) {
      if (const auto number = uplink.number_at(header.uplink_offset)) {
        emit(Confirmed{.number = *number});
        uplink.forget(*number);
      }
    }
  }
  emit(std::move(line));
}

void Member::Impl::settle_old_commands(MonoTime now) {
  if (!old || downlink.room_next() < old->settled_at) return;
  uplink.restart(old->uplink_offset, old->pace, now);
  old.reset();
}

void Member::Impl::on_mailbox_record(const Downlink::Item& item, MonoTime now) {
  const auto& record = item.record;
  switch (record.header.kind) {
    case RecordKind::letter:
      emit(Line{.record = RecordKind::letter,
                .name = std::string{record.name},
                .text = std::string{record.text},
                .time = WallTime{Micros{record.header.wall_time}},
                .own = is_own(record.header)});
      return;
    case RecordKind::notice:
      return on_notice(item, now);
    case RecordKind::who:
      return on_users(item);
    default:
      return;  // a kind that only a newer client knows
  }
}

void Member::Impl::on_notice(const Downlink::Item& item, MonoTime now) {
  const auto& record = item.record;
  const auto number = uplink.number_at(record.header.uplink_offset);
  uplink.on_ack(record.header.uplink_offset, link->rtt(), now);  // the server has read up to there
  // The commands before it were carried out: they are reported first.
  while (number && uplink.first_unconfirmed() < *number) {
    const auto done = uplink.take_confirmed(record.header.uplink_offset);
    if (!done) break;
    emit(Confirmed{.number = done->number});
  }
  emit(Refused{
      .number = number, .code = std::string{record.name}, .text = std::string{record.text}});
  if (number) uplink.forget(*number);
}

void Member::Impl::on_users(const Downlink::Item& item) {
  const auto& record = item.record;
  if (!users.empty() && !record.text.empty()) users += '\n';
  users += record.text;
  // The largest room has 2^24 members in theory; only a hostile server sends a list that long.
  constexpr std::size_t kMaxUsersBytes = std::size_t{8} << 20U;
  if (users.size() > kMaxUsersBytes) return end(End::other_version);
  if (record.header.sender_slot == wire::kNobody) {
    emit(Users{.list = std::exchange(users, {})});
    return;
  }
  const std::uint32_t next = record.header.sender_slot;
  std::array<char, sizeof next> bytes{};
  std::memcpy(bytes.data(), &next, sizeof next);
  command(wire::CommandKind::who, {}, {bytes.data(), bytes.size()});
}

void Member::Impl::confirm() {
  // A refusal arrives in the mailbox: nothing is known until the mailbox is read up to its tail.
  if (old || downlink.mailbox_next() < mailbox_tail) return;
  while (const auto done = uplink.take_confirmed(uplink_acked)) {
    if (done->kind != wire::CommandKind::who) {
      emit(Confirmed{.number = done->number});
    }
  }
}

}  // namespace chatd::client
