// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/worker/native_feed.hpp"

#include <algorithm>

#include "common/transport/epoch_keys.hpp"
#include "common/transport/packet_seal.hpp"
#include "common/wire/native_frame.hpp"
#include "daemon/state/words.hpp"

namespace chatd::worker {

using state::count;

namespace {

// One that is far behind must not keep the others waiting.
constexpr std::size_t kDatagramsPerTurn = 16;

}  // namespace

// One member's turn.
struct NativeFeed::Job {
  std::uint32_t slot;
  state::NativeSlot& native;
  const state::NativePeer& peer;
  transport::DownState& down;
  Lane& lane;
  state::WorkerCounters& counters;
  MonoTime now;

  std::span<std::byte> run{};  // room for the packets to come, all of one size but the last
  std::size_t run_bytes{0};    // of it, in finished packets
  std::size_t packets{0};      // in this turn
  std::size_t run_packets{0};
  std::optional<wire::ByteWriter> frames{};  // of the packet that is being filled
  Handed handed{};
};

NativeFeed::NativeFeed(const state::StateView& state, const state::KeyTable& keys)
    : slots_{state.native_slots()}, keys_{keys}, room_{state}, mailbox_{state} {}

NativeFeed::Served NativeFeed::serve(std::uint32_t slot, std::uint64_t generation,
                                     std::uint64_t room_tail, std::span<Lane> lanes,
                                     state::WorkerCounters& counters, MonoTime now) {
  state::NativeSlot& native = slots_[slot];
  const auto peer = state::read_peer(native);
  if (!peer || peer->attached == 0 || peer->delivery.socket >= lanes.size()) return {};
  Lane& lane = lanes[peer->delivery.socket];
  if (lane.is_blocked()) return {};

  transport::DownState down = state::load_sending(native, generation);
  const transport::Acks acks{.serial = peer->ack_serial,
                             .acked = {peer->acked[0], peer->acked[1]},
                             .window = {peer->window[0], peer->window[1]},
                             .rtt = {.smoothed = peer->srtt_us, .variance = peer->rttvar_us},
                             .holes = std::span{peer->hole}.first(peer->holes)};
  const std::uint32_t payload =
      peer->datagram_bytes - std::uint32_t{wire::kSealedOverhead + wire::kDataFrameBytes};
  const auto plan =
      transport::plan_down(down, acks, {mailbox_.tail(slot), room_tail}, payload, now);
  // Before anything is sent: an acknowledgement that comes at once must find the flag.
  native.sending.wants_ack.store(plan.waits_for_ack ? 1 : 0, std::memory_order_relaxed);

  Job job{.slot = slot,
          .native = native,
          .peer = *peer,
          .down = down,
          .lane = lane,
          .counters = counters,
          .now = now};
  bool more = false;
  for (const auto& range : std::span{plan.range}.first(plan.ranges)) {
    if (!put(job, range)) {
      more = true;
      break;
    }
  }
  end_packet(job);
  end_run(job);
  state::store_sending(native, generation, down);
  return {.more = more && !lane.is_blocked(),
          .again_at = down.timer == 0 ? MonoTime::max() : MonoTime{Micros{down.timer}}};
}

bool NativeFeed::begin_packet(Job& job) {
  if (job.packets == kDatagramsPerTurn) return false;
  const std::size_t size = job.peer.datagram_bytes;
  if (job.run.size() < job.run_bytes + size) {
    end_run(job);
    const std::size_t most =
        std::min(size * (kDatagramsPerTurn - job.packets), std::size_t{65'000});
    job.run = job.lane.room(std::max(most / size, std::size_t{1}) * size);
    if (job.run.empty() || job.lane.is_full()) {
      job.lane.flush(job.counters);
      if (job.lane.is_blocked()) return false;
      job.run = job.lane.room(most / size * size);
    }
  }
  job.frames.emplace(
      job.run.subspan(job.run_bytes + wire::kSealedHeaderBytes, size - wire::kSealedOverhead));
  ++job.packets;
  return true;
}

void NativeFeed::end_packet(Job& job) {
  if (!job.frames) return;
  const std::uint64_t counter = job.native.packet_counter.fetch_add(1, std::memory_order_relaxed);
  const auto key = keys_.tx_key(job.slot, wire::key_epoch_of(counter));
  const std::uint32_t clock = transport::clock_word(job.now);
  const wire::SealedHeader header{
      .connection = job.peer.connection,
      .counter = counter,
      .time = clock,
      .echo = job.peer.clock_offset == 0 ? 0 : std::max(clock + job.peer.clock_offset, 1U)};
  const std::size_t size = transport::seal_packet(aead_, key, header, job.frames->written(),
                                                  job.run.subspan(job.run_bytes));
  job.frames.reset();
  job.run_bytes += size;
  ++job.run_packets;
  // Only the last of a run may be shorter.
  if (size < job.peer.datagram_bytes) end_run(job);
}

void NativeFeed::end_run(Job& job) {
  if (job.run_bytes != 0) {
    job.handed.datagrams = job.run_packets;
    job.lane.keep(job.run_bytes);
    job.lane.add(job.peer.delivery.peer, job.peer.delivery.local, job.run.first(job.run_bytes),
                 job.peer.datagram_bytes, job.handed);
  }
  job.handed = {};
  job.run = {};
  job.run_bytes = 0;
  job.run_packets = 0;
}

bool NativeFeed::put(Job& job, const transport::Range& range) {
  for (std::uint64_t from = range.from; from < range.to;) {
    if (!job.frames && !begin_packet(job)) return false;
    if (job.frames->left() <= wire::kDataFrameBytes) {
      // All of a run have one size, whatever the frames leave.
      job.frames->put_zeros(job.frames->left());
      end_packet(job);
      continue;
    }
    from += put_some(job, range, from);
    if (!range.fresh) continue;
    const bool room = range.stream == wire::kRoomStream;
    auto& mark = room ? job.handed.room : job.handed.mailbox;
    mark = {.word = &job.native.sending.sent[range.stream], .value = from};
  }
  return true;
}

// One frame, as long as fits; how far it brings the stream.
std::size_t NativeFeed::put_some(Job& job, const transport::Range& range, std::uint64_t from) {
  wire::ByteWriter& out = *job.frames;
  const std::size_t most =
      std::min<std::uint64_t>(range.to - from, out.left() - wire::kDataFrameBytes);
  std::array<std::byte, wire::kMaxDatagram> bytes;
  const auto copied = range.stream == wire::kRoomStream
                          ? room_.read_bytes(from, std::span{bytes}.first(most))
                          : mailbox_.read_bytes(job.slot, from, std::span{bytes}.first(most));
  if (copied.lapped) {
    count(job.counters.members_lapped);
    wire::write_frame(out, wire::GapFrame{.stream = range.stream, .from = from, .to = copied.next});
    return copied.next - from;
  }
  wire::write_frame(
      out, wire::DataFrame{
               .stream = range.stream, .offset = from, .bytes = wire::Bytes{bytes}.first(most)});
  return most;
}

}  // namespace chatd::worker
