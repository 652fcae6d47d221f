// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/worker/native_feed.hpp"

#include <algorithm>
#include <utility>

#include "common/transport/packet_seal.hpp"
#include "common/transport/phase_keys.hpp"
#include "common/wire/native/native_frame.hpp"

namespace chatd::worker {

using state::count;

namespace {

// A member that is far behind must not delay the others.
constexpr std::size_t kDatagramsPerTurn = 16;
// Of one run, which the kernel cuts into datagrams: at most one IP packet.
constexpr std::size_t kMaxRunBytes = 65'000;
// A smaller rest of a packet is filled with zeros. A GAP frame fits into this.
constexpr std::size_t kMinLeft = 32;

// A plan has at most one range of fresh bytes for each stream.
static_assert(transport::DownPlan::kMaxRanges <= Lane::kMaxMarks);

// The size of a datagram. Falls back to the base size when larger ones seem to be lost; the gateway
// then probes the path.
std::uint16_t size_for(state::NativeSlot& native, const state::NativePeer& peer,
                       const transport::DownState& down) noexcept {
  constexpr std::uint16_t kBase = wire::kBaseDatagram;
  if (peer.datagram_bytes == kBase) {
    native.black_hole.store(0, std::memory_order_relaxed);
    return kBase;
  }
  if (down.probes >= transport::kProbesToSilence) {
    native.black_hole.store(peer.datagram_bytes, std::memory_order_relaxed);
  }
  return native.black_hole.load(std::memory_order_relaxed) == peer.datagram_bytes
             ? kBase
             : peer.datagram_bytes;
}

state::Wanted wanted_by(const transport::DownPlan& plan) noexcept {
  if (plan.waits_for_packet) return state::Wanted::word;
  return plan.waits_for_ack ? state::Wanted::ack : state::Wanted::nothing;
}

wire::AckWish wish_of(const transport::DownPlan& plan) noexcept {
  if (plan.waits_for_ack) return wire::AckWish::hurry;
  return plan.extra_ack_time != Micros{0} ? wire::AckWish::later : wire::AckWish::usual;
}

}  // namespace

// The state of serving one member.
struct NativeFeed::Job {
  state::Slot slot;
  state::NativeSlot& native;
  const state::NativePeer& peer;
  Lane& lane;
  state::WorkerCounters& counters;
  MonoTime now;
  wire::AckWish wish;
  std::span<const transport::SendStream> streams;
  std::span<const logs::LogMemory> sources;  // the log of each stream
  std::int64_t timed_from;                   // see NativeSlot

  std::span<std::byte> run{};  // buffer for the next packets, all of one size except the last
  std::size_t run_bytes{0};    // of it, in finished packets
  std::size_t packets{0};      // in this turn
  std::size_t run_packets{0};
  std::optional<wire::ByteWriter> frames{};  // of the packet that is being filled
  std::size_t marks{0};                      // of the run
  std::int64_t appended{0};                  // the oldest message in the run; 0: it is not timed

  [[nodiscard]] bool is_mailbox(std::size_t stream) const noexcept {
    return streams[stream].number == wire::kMailboxStream;
  }
};

NativeFeed::NativeFeed(const state::StateView& state, const state::KeyTable& keys,
                       state::Histogram& latency, WallClock clock)
    : slots_{state.native_slots()},
      keys_{keys},
      streams_{state},
      latency_{latency},
      clock_{std::move(clock)} {}

// Messages that are appended from now on are sent at once; older ones waited for the member.
void NativeFeed::time_from_now(state::NativeSlot& native) {
  native.timed_from.store(clock_().time_since_epoch().count(), std::memory_order_relaxed);
}

NativeFeed::Served NativeFeed::serve(state::Slot slot, const Room& room, std::span<Lane> lanes,
                                     state::WorkerCounters& counters, MonoTime now) {
  state::NativeSlot& native = slots_[slot];
  auto peer = state::read_peer(native);
  if (!peer) return {.more = true};  // the gateway changed the row during each read
  if (peer->attached == 0 || state::is_new_connection(native, *peer)) time_from_now(native);
  if (peer->attached == 0 || peer->delivery.socket >= lanes.size()) return {};
  Lane& lane = lanes[peer->delivery.socket];
  if (lane.is_blocked()) return {};

  transport::DownState down = state::load_sending(native, *peer);
  peer->datagram_bytes = size_for(native, *peer, down);
  const transport::Acks acks{.serial = peer->ack_serial,
                             .acked_bytes = peer->acked_bytes,
                             .rtt = {.smoothed = peer->srtt_us, .variance = peer->rttvar_us},
                             .is_steady = room.is_steady};
  streams_.collect(slot, *peer, room.tail);
  const std::uint32_t payload =
      peer->datagram_bytes -
      std::uint32_t{wire::kSealedOverhead + wire::kAckWishBytes + wire::kDataFrameBytes};
  const auto plan = transport::plan_down(down, acks, streams_.streams(), payload, now);
  // Before anything is sent: the gateway reads it when an acknowledgement arrives.
  native.wanted.store(wanted_by(plan), std::memory_order_relaxed);

  Job job{.slot = slot,
          .native = native,
          .peer = *peer,
          .lane = lane,
          .counters = counters,
          .now = now,
          .wish = wish_of(plan),
          .streams = streams_.streams(),
          .sources = streams_.logs(),
          .timed_from = native.timed_from.load(std::memory_order_relaxed)};
  bool more = false;
  for (const auto& range : std::span{plan.range}.first(plan.ranges)) {
    if (more) break;
    more = !put(job, range);
  }
  end_packet(job);
  end_run(job);
  native.down = down;
  const MonoTime again_at =
      down.timer == 0 ? MonoTime::max() : MonoTime{Micros{down.timer} + plan.extra_ack_time};
  return {.more = (more || plan.is_cut) && !lane.is_blocked(), .again_at = again_at};
}

// Gets a buffer for the packets that this turn may still send; flushes the lane first if its
// arena is full.
bool NativeFeed::begin_run(Job& job) {
  end_run(job);
  const std::size_t size = job.peer.datagram_bytes;
  const std::size_t packets =
      std::clamp(kMaxRunBytes / size, std::size_t{1}, kDatagramsPerTurn - job.packets);
  if (!job.lane.is_full()) job.run = job.lane.room(packets * size);
  if (job.run.empty()) {
    job.lane.flush(job.counters);
    if (job.lane.is_blocked()) return false;
    job.run = job.lane.room(packets * size);
  }
  return true;
}

bool NativeFeed::begin_packet(Job& job) {
  if (job.packets == kDatagramsPerTurn) return false;
  const std::size_t size = job.peer.datagram_bytes;
  if (job.run.size() < job.run_bytes + size && !begin_run(job)) return false;
  job.frames.emplace(
      job.run.subspan(job.run_bytes + wire::kSealedHeaderBytes, size - wire::kSealedOverhead));
  if (job.packets++ == 0) write_gaps(job);
  if (job.wish != wire::AckWish::usual) {
    wire::write_frame(*job.frames, wire::AckWishFrame{.wish = job.wish});
  }
  return true;
}

// Repeated in every turn that sends, until the member's acknowledgement is past it: a member that
// lost the first GAP would wait forever for bytes that do not exist.
void NativeFeed::write_gaps(Job& job) {
  for (std::size_t i = 0; i < job.streams.size(); ++i) {
    if (job.is_mailbox(i)) continue;  // keeps what the member has not acknowledged
    const transport::SendStream& stream = job.streams[i];
    const std::uint64_t oldest = job.sources[i].oldest();
    if (stream.acked >= oldest) continue;
    wire::write_frame(*job.frames,
                      wire::GapFrame{.stream = stream.number, .from = stream.acked, .to = oldest});
  }
}

void NativeFeed::end_packet(Job& job) {
  if (!job.frames) return;
  const auto seal = keys_.take(job.slot, job.native.packet_counter);
  const wire::Bytes frames = job.frames->written();
  job.frames.reset();
  if (!seal) {
    // The session is being replaced, or a gateway was killed before it installed keys; installing
    // them makes a call. The ranges of this packet are planned again, or no longer needed.
    job.marks = 0;
    return;
  }
  const std::uint32_t clock = transport::clock_value(job.now);
  const std::uint32_t offset = job.peer.clock_offset;
  const wire::SealedHeader header{.connection = job.peer.connection,
                                  .counter = seal->counter,
                                  .time = clock,
                                  .echo = offset == 0 ? 0 : std::max(clock + offset, 1U)};
  const std::size_t size =
      transport::seal_packet(aead_, seal->key, header, frames, job.run.subspan(job.run_bytes));
  job.run_bytes += size;
  ++job.run_packets;
  // Only the last of a run may be shorter.
  if (size < job.peer.datagram_bytes) end_run(job);
}

void NativeFeed::end_run(Job& job) {
  if (job.run_bytes != 0) {
    job.lane.keep(job.run_bytes);
    job.lane.add(job.peer.delivery.peer, job.peer.delivery.local, job.run.first(job.run_bytes),
                 job.peer.datagram_bytes,
                 {.marks = std::span{marks_}.first(job.marks),
                  .datagrams = job.run_packets,
                  .appended = job.appended,
                  .latency = job.appended != 0 ? &latency_ : nullptr});
  }
  job.marks = 0;
  job.appended = 0;
  job.run = {};
  job.run_bytes = 0;
  job.run_packets = 0;
}

bool NativeFeed::put(Job& job, const transport::Range& range) {
  for (std::uint64_t from = range.from; from < range.to;) {
    if (!job.frames && !begin_packet(job)) return false;
    if (job.frames->left() < kMinLeft) {
      // All packets of a run have one size: the rest is zeros.
      job.frames->put_zeros(job.frames->left());
      end_packet(job);
      continue;
    }
    if (range.fresh && from == range.from) time(job, range);
    from += put_some(job, range, from);
    if (range.fresh) mark(job, job.streams[range.stream].state->sent, from);
  }
  return true;
}

// Messages of rooms are timed, in the range where they begin.
void NativeFeed::time(Job& job, const transport::Range& range) {
  if (job.is_mailbox(range.stream) || range.from < streams_.live_from(range.stream)) return;
  const auto appended = times_.oldest(job.sources[range.stream], range.from, range.to);
  if (!appended || *appended <= job.timed_from) return;
  job.appended = job.appended == 0 ? *appended : std::min(job.appended, *appended);
}

// When the run is sent, every byte below `offset` is.
void NativeFeed::mark(Job& job, std::atomic<std::uint64_t>& sent, std::uint64_t offset) {
  if (job.marks == 0 || marks_[job.marks - 1].sent != &sent) ++job.marks;
  marks_[job.marks - 1] = {.sent = &sent, .value = offset};
}

// Writes one frame, as long as fits; returns the bytes of the stream that it covers.
std::size_t NativeFeed::put_some(Job& job, const transport::Range& range, std::uint64_t from) {
  wire::ByteWriter& out = *job.frames;
  const std::size_t most =
      std::min<std::uint64_t>(range.to - from, out.left() - wire::kDataFrameBytes);
  std::array<std::byte, wire::kMaxDatagram> bytes;
  const auto part = std::span{bytes}.first(most);
  const std::uint8_t number = job.streams[range.stream].number;
  const logs::LogMemory& log = job.sources[range.stream];
  if (job.is_mailbox(range.stream)) {
    log.copy(logs::Offset{from}, part);
  } else if (const auto copied = logs::read_bytes(log, logs::Offset{from}, part); copied.lapped) {
    if (range.fresh) count(job.counters.members_lapped);
    wire::write_frame(out, wire::GapFrame{.stream = number, .from = from, .to = copied.next});
    return copied.next - from;
  }
  wire::write_frame(out, wire::DataFrame{.stream = number, .offset = from, .bytes = part});
  return most;
}

}  // namespace chatd::worker
