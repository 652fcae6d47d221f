// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/worker/member_streams.hpp"

#include <algorithm>
#include <bit>

namespace chatd::worker {

MemberStreams::MemberStreams(const state::StateView& state)
    : state_{state}, room_{state.room_log()} {
  logs_.reserve(streams_.size());
}

void MemberStreams::collect(state::Slot slot, const state::NativePeer& peer,
                            std::uint64_t room_tail) {
  logs_.clear();
  state::NativeSlot& native = state_.native_slots()[slot];
  const auto stream = [&](std::uint8_t number, std::uint64_t tail) {
    return transport::SendStream{.number = number,
                                 .window = peer.window[number],
                                 .tail = tail,
                                 .acked = peer.acked[number],
                                 .state = &native.streams[number]};
  };
  const logs::LogMemory mailbox = state_.mailbox_log(slot);
  add(stream(wire::kMailboxStream, mailbox.tail()), mailbox);
  add(stream(wire::kRoomStream, room_tail), room_);
  // `holes` is in memory that other workers can write.
  streams_[wire::kRoomStream].holes =
      std::span{peer.hole}.first(std::min<std::size_t>(peer.holes, peer.hole.size()));

  const auto subscriptions = state_.subscriptions(slot);
  std::uint32_t bits = native.subscriptions.load(std::memory_order_acquire);
  for (; bits != 0; bits &= bits - 1) {
    const auto at = static_cast<std::size_t>(std::countr_zero(bits));
    if (at < subscriptions.size()) add_room(subscriptions[at], at, peer);
  }
}

void MemberStreams::add_room(state::Subscription& one, std::size_t at,
                             const state::NativePeer& peer) {
  using state::SubscriptionPhase;
  const std::uint64_t word = one.room.load(std::memory_order_acquire);
  const auto place = state::room_place(word);
  if (word == 0 || static_cast<std::uint32_t>(place.index) >= state_.geometry().rooms) return;
  const auto phase = one.phase.load(std::memory_order_acquire);
  if (phase != SubscriptionPhase::entering && phase != SubscriptionPhase::member) return;
  state::SubscriptionAcks& acks = acks_[at];
  acks = state::load_value(one.acks);
  const logs::LogMemory log = state_.room_log(place.index);
  const std::uint64_t tail = log.tail();
  const std::uint64_t entered =
      std::atomic_ref<std::uint64_t>{one.change}.load(std::memory_order_relaxed);
  // All values above are of this room: the row gets another one only after the subscription ended.
  std::atomic_thread_fence(std::memory_order_acquire);
  if (one.room.load(std::memory_order_relaxed) != word) return;
  if (acks.acked >= tail) return;

  if (one.sending_for.load(std::memory_order_relaxed) != word ||
      one.connection != peer.connection) {
    one.sending_for.store(0, std::memory_order_relaxed);
    one.stream.begin(acks.acked);
    // The holes were reported on the previous connection. They are not losses of this connection;
    // the next ACK replaces them.
    if (acks.holes != 0) one.stream.recovery = acks.acked + acks.hole.front().start + 1;
    one.connection = peer.connection;
    one.sending_for.store(word, std::memory_order_release);
  }
  add({.number = static_cast<std::uint8_t>(wire::kFirstRoomStream + at),
       .window = acks.window,
       .tail = tail,
       .acked = acks.acked,
       .holes = std::span{acks.hole}.first(std::min<std::size_t>(acks.holes, acks.hole.size())),
       .state = &one.stream},
      log, entered);
}

}  // namespace chatd::worker
