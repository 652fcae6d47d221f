// SPDX-License-Identifier: GPL-3.0-or-later
// The packets of native members: opened, and their frames carried out.
#include <algorithm>

#include "common/crypto/random.hpp"
#include "common/crypto/ratchet.hpp"
#include "common/io/datagram_batch.hpp"
#include "common/transport/packet_seal.hpp"
#include "common/transport/phase_keys.hpp"
#include "common/wire/native/native_record.hpp"
#include "daemon/chat/rule_text.hpp"
#include "daemon/gateway/address_bans.hpp"
#include "daemon/gateway/native_service.hpp"
#include "daemon/state/counters.hpp"

namespace chatd::gateway {

using chat::Slot;
using state::count;

namespace {

template <class... Fs>
struct Cases : Fs... {
  using Fs::operator()...;
};

}  // namespace

void NativeService::on_sealed(wire::Bytes datagram, const From& from, chat::Now now) {
  const auto header = wire::read_sealed(datagram);
  if (!header) return count(counters_.datagrams_dropped_malformed);
  const Slot slot{wire::slot_of(header->connection)};
  if (!sessions_.is_member(slot, state::SessionKind::native) ||
      state::peer_of(slots_[slot]).connection != header->connection) {
    return reset(*header, from, now);
  }
  // To drop a packet costs less than to send it; to open it costs more.
  if (!limits_.may_open(slot, now.mono)) return;
  const bool newest = header->counter >= keys_.slot(slot).replay.next;
  const auto frames = open(slot, *header, datagram, now.mono);
  if (!frames) return count(counters_.packets_refused);
  limits_.opened(slot, now.mono);
  take({.slot = slot, .from = from, .newest = newest, .now = now}, *frames, *header);
}

std::optional<wire::Bytes> NativeService::open(Slot slot, const wire::SealedHeader& header,
                                               wire::Bytes datagram, MonoTime now) {
  const state::KeySlot& keys = keys_.slot(slot);
  if (!keys.replay.is_fresh(header.counter)) return std::nullopt;
  const bool is_far_ahead = wire::key_phase_of(header.counter) > keys.rx_key_phase + 1;
  if (is_far_ahead && !limits_.may_look_ahead(slot, now)) return std::nullopt;
  const auto key = keys_.rx_key(slot, header.counter);
  if (!key) return std::nullopt;
  wire::Bytes frames;
  if (!transport::open_packet(aead_, *key, header.counter, datagram, opened_, frames)) {
    return std::nullopt;
  }
  keys_.opened(slot, header.counter);
  return frames;
}

void NativeService::reset(const wire::SealedHeader& header, const From& from, chat::Now now) {
  count(counters_.packets_unknown);
  constexpr std::size_t kResetBytes = 24;
  // A RESET is shorter than the packet that caused it, so that two servers cannot loop; a BYE is at
  // most three times as long, and no server answers it.
  if (from.bytes <= kResetBytes) return;
  // A client that was removed gets its BYE again in a flood, too: else it would log in again.
  const wire::Bytes goodbye = goodbyes_.find(state::ConnectionId{header.connection});
  if (goodbye.empty() && !unauthenticated_.admit(now.mono)) return;
  if (!unauthenticated_.may_answer(from.peer.address, Proof::none, now.mono)) return;
  if (!goodbye.empty() && goodbye.size() <= 3 * from.bytes) {
    return outbox_.put_bytes(from.reply_to(), goodbye);
  }
  std::array<std::byte, kResetBytes> bytes{};
  wire::ByteWriter out{bytes};
  wire::write_reset(out, {.connection = header.connection,
                          .token = crypto::reset_token(keys_.reset_secret(), header.connection)});
  outbox_.put_bytes(from.reply_to(), out.written());
}

namespace {

// The header of the newest packet has the client's clock and an echo of the server's: they give the
// offset of the client's clock and the round-trip time.
void note_clock(state::NativeSlot& native, const wire::SealedHeader& header, MonoTime now) {
  const std::uint32_t clock = transport::clock_value(now);
  state::update_peer(native, [&](state::NativePeer& peer) {
    peer.clock_offset = header.time - clock;
    transport::Rtt rtt{.smoothed = peer.srtt_us, .variance = peer.rttvar_us};
    if (header.echo != 0) rtt.add(clock - header.echo);
    peer.srtt_us = rtt.smoothed;
    peer.rttvar_us = rtt.variance;
  });
}

}  // namespace

void NativeService::take(const Opened& opened, wire::Bytes frames,
                         const wire::SealedHeader& header) {
  state::NativeSlot& native = slots_[opened.slot];
  sessions_.heard(opened.slot, opened.now.mono);
  const bool was_away = state::peer_of(native).attached == 0;
  if (opened.newest) note_clock(native, header, opened.now.mono);
  const bool awaited =
      opened.newest && native.wanted.load(std::memory_order_relaxed) == state::Wanted::word;
  if (was_away || awaited) {
    sessions_.attach(opened.slot);
    if (was_away) chat_.waiting.serve(opened.slot);
    called_.add_worker_of(opened.slot);
  }
  if (opened.newest) look_at_path(opened);
  Asked asked;
  const state::Sender session = sessions_.sender(opened.slot);
  wire::ByteReader in{frames};
  for (std::size_t read = 0; read < wire::kMaxFrames; ++read) {
    const auto frame = wire::next_frame(in);
    if (!frame) break;
    on_frame(opened, *frame, asked);
    if (!sessions_.is_member(session)) return;  // it has left
  }
  answer(opened, asked);
}

// One answer of each kind for a packet, however many PINGs, PATH_CHALLENGEs and SAVEDs are in it.
// Only the answer to a PING may be longer than its packet: it has the HEAD of each stream, and goes
// to the member's validated address. A brief session learns from it nothing about its rooms.
void NativeService::answer(const Opened& opened, const Asked& asked) {
  if (asked.path && limits_.may_answer(opened.slot, opened.now.mono)) {
    send(opened.slot, {wire::PathResponse{.value = *asked.path}}, opened.now);
  }
  if (asked.saved && limits_.may_answer(opened.slot, opened.now.mono)) {
    saved_.ask(opened.slot, *asked.saved);
  }
  if (!asked.size || !limits_.may_answer(opened.slot, opened.now.mono)) return;
  std::array<wire::Frame, 4 + wire::kMaxRoomStreams> frames{
      wire::PongFrame{.size = *asked.size}, limits(),
      wire::HeadFrame{.stream = wire::kMailboxStream, .tail = chat_.mailboxes.tail(opened.slot)},
      wire::HeadFrame{.stream = wire::kRoomStream, .tail = chat_.room.tail()}};
  std::size_t used = 4;
  if (state::is_brief(sessions_.session(opened.slot))) {
    used = 3;
  } else {
    chat_.room_streams.for_each(opened.slot, [&](std::uint8_t stream, state::Offset tail) {
      frames[used++] = wire::HeadFrame{.stream = stream, .tail = tail};
    });
  }
  send_to(opened.slot, state::peer_of(slots_[opened.slot]).delivery, std::span{frames}.first(used),
          opened.now);
}

void NativeService::on_frame(const Opened& opened, const wire::Frame& frame, Asked& asked) {
  const Slot slot = opened.slot;
  std::visit(
      Cases{
          [&](const wire::DataFrame& data) { on_commands(opened, data); },
          [&](const wire::AckFrame& ack) { on_ack(slot, ack, opened.now); },
          [&](const wire::PingFrame& ping) { asked.size = ping.size; },
          [&](const wire::PongFrame& pong) { on_pong(slot, pong); },
          [&](const wire::PathChallenge& challenge) { asked.path = challenge.value; },
          [&](const wire::PathResponse& response) { on_path_response(opened, response.value); },
          [&](const wire::SavedFrame& saved) { asked.saved = saved.offset; },
          [&](const wire::ByeFrame&) { on_bye(opened); },
          // Frames that only a client receives, and frames of a newer client.
          [](const auto& /*ignored*/) {},
      },
      frame);
}

// The client waits for the BYE of the server.
void NativeService::on_bye(const Opened& opened) {
  say_bye(opened.slot, opened.from.reply_to(), {.reason = wire::ByeReason::quit, .text = {}},
          opened.now);
  leave(opened.slot, state::LeaveKind::quit, {}, opened.now);
}

void NativeService::on_pong(Slot slot, const wire::PongFrame& pong) {
  if (pong.size <= state::peer_of(slots_[slot]).datagram_bytes) return;
  if (!std::ranges::binary_search(transport::kProbeSizes, pong.size)) return;
  sizes_[slot].answered();
  state::update_peer(slots_[slot],
                     [&](state::NativePeer& peer) { peer.datagram_bytes = pong.size; });
}

// Longer datagrams help when more bytes are pending than fit into one of the current size.
void NativeService::look_at_size(Slot slot, std::uint64_t waiting, chat::Now now) {
  state::NativeSlot& native = slots_[slot];
  const std::uint16_t size = state::peer_of(native).datagram_bytes;
  if (size != wire::kBaseDatagram && native.black_hole.load(std::memory_order_relaxed) == size) {
    sizes_[slot].give_up(now.mono);
    state::update_peer(native,
                       [](state::NativePeer& peer) { peer.datagram_bytes = wire::kBaseDatagram; });
  }
  if (waiting <= size) return;
  if (const std::uint16_t next = sizes_[slot].due(size, now.mono)) probe(slot, next, now);
}

void NativeService::probe(Slot slot, std::uint16_t size, chat::Now now) {
  std::array<std::byte, wire::kMaxDatagram> frames{};
  wire::ByteWriter out{std::span{frames}.first(size - wire::kSealedOverhead)};
  wire::write_frame(out, wire::PingFrame{.size = size});
  out.put_zeros(out.left());
  std::array<std::byte, wire::kMaxDatagram> packet{};
  const state::Delivery& to = state::peer_of(slots_[slot]).delivery;
  const std::size_t sealed = seal(slot, out.written(), packet, now);
  // If a network on the path refuses or drops it, there is no answer.
  if (sealed != 0 && to.socket < sockets_.size()) {
    io::DatagramWriter writer{1};
    writer.add_run(to.peer, to.local, std::span{packet}.first(sealed), 0);
    (void)writer.send(sockets_[to.socket]);
  }
}

// The ACK of a further room. One that is older than the last one, for a stream that the member does
// not have, or beyond what its log holds, changes nothing.
void NativeService::on_room_ack(Slot slot, const wire::AckFrame& ack, chat::Now now) {
  using NotTaken = chat::RoomStreams::NotTaken;
  const auto fresh = chat_.room_streams.acknowledge(slot, ack);
  if (!fresh) {
    if (fresh.error() == NotTaken::impossible) count(counters_.acks_refused);
    return;
  }
  ack_times_.note(slot, ack.stream, ack.cumulative - *fresh, ack.cumulative, now.wall);
  state::update_peer(slots_[slot], [&](state::NativePeer& peer) {
    peer.acked_bytes += *fresh;
    ++peer.ack_serial;
  });
  const bool waited = slots_[slot].wanted.load(std::memory_order_relaxed) == state::Wanted::ack;
  if (ack.holes != 0 || waited) called_.add_worker_of(slot);
  look_at_size(slot, chat_.room_streams.waiting(slot, ack.stream), now);
}

void NativeService::on_ack(Slot slot, wire::AckFrame ack, chat::Now now) {
  if (ack.stream != wire::kMailboxStream && state::is_brief(sessions_.session(slot))) {
    ack.window = 0;
  }
  if (ack.stream >= wire::kDownStreams) return on_room_ack(slot, ack, now);
  state::NativeSlot& native = slots_[slot];
  const std::uint64_t tail =
      ack.stream == wire::kRoomStream ? chat_.room.tail() : chat_.mailboxes.tail(slot);
  // A client cannot have received bytes that are not written.
  if (ack.cumulative > tail) return count(counters_.acks_refused);
  const std::uint64_t acked = state::peer_of(native).acked[ack.stream];
  if (ack.cumulative < acked) return;
  // Of the mailbox only whole records count: another client of the member, which does not have the
  // first half of a record, must be able to begin there.
  const std::uint64_t whole = ack.stream == wire::kRoomStream
                                  ? ack.cumulative
                                  : chat_.mailboxes.last_boundary(slot, ack.cumulative);
  if (ack.stream == wire::kRoomStream) ack_times_.note(slot, ack.stream, acked, whole, now.wall);
  state::update_peer(native, [&](state::NativePeer& peer) {
    peer.acked_bytes += whole - peer.acked[ack.stream];
    peer.acked[ack.stream] = whole;
    peer.window[ack.stream] = ack.window;
    ++peer.ack_serial;
    if (ack.stream != wire::kRoomStream) return;
    peer.holes = ack.holes;
    std::ranges::copy(ack.hole, peer.hole.begin());
  });
  if (ack.stream == wire::kMailboxStream) {
    if (questions_ != nullptr && !questions_->is_idle()) questions_->go_on(slot, now);
    chat_.waiting.serve(slot);
  }
  const bool waited = native.wanted.load(std::memory_order_relaxed) == state::Wanted::ack;
  if (ack.holes != 0 || waited) called_.add_worker_of(slot);
  look_at_size(slot, tail - ack.cumulative, now);
}

// --- paths -----------------------------------------------------------------------------

void NativeService::look_at_path(const Opened& opened) {
  const state::NativePeer& peer = state::peer_of(slots_[opened.slot]);
  if (peer.delivery.peer == opened.from.peer && peer.delivery.socket == opened.from.socket) {
    paths_.erase(opened.slot);
    return;
  }
  // The member itself can forge the source address of its packet.
  if (!limits_.may_answer(opened.slot, opened.now.mono)) return;
  Path& path = paths_[opened.slot];
  const state::Delivery to = opened.from.reply_to();
  if (path.challenge == 0 || !(path.to.peer == to.peer)) {
    path.to = to;
    crypto::fill_random(std::as_writable_bytes(std::span{&path.challenge, 1}));
  }
  // One small packet for each packet from there: never more than three times its size.
  const std::array<wire::Frame, 1> challenge{wire::PathChallenge{.value = path.challenge}};
  send_to(opened.slot, to, challenge, opened.now);
}

void NativeService::on_path_response(const Opened& opened, std::uint64_t value) {
  const auto found = paths_.find(opened.slot);
  if (found == paths_.end() || found->second.challenge != value) return;
  if (!(found->second.to.peer == opened.from.peer)) return;
  const state::Delivery to = found->second.to;
  paths_.erase(found);
  sizes_[opened.slot] = {};
  sessions_.move(opened.slot, to);
  count(counters_.members_moved);
  called_.add_worker_of(opened.slot);
  if (const auto ban = ban_at(chat_.rules, to.peer.address, opened.now.wall)) {
    std::array<char, wire::kMaxPhraseBytes> text{};
    chat_.rules.hit(*ban, opened.now.wall);
    remove(opened.slot, state::LeaveKind::kicked,
           chat::rule_text(chat_.rules.row(*ban), wire::Language::en, text), opened.now);
  }
}

}  // namespace chatd::gateway
