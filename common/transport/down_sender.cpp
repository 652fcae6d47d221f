// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/transport/down_sender.hpp"

#include <algorithm>

namespace chatd::transport {

namespace {

constexpr std::uint8_t kMailbox = wire::kMailboxStream;
constexpr std::uint8_t kRoom = wire::kRoomStream;

std::int64_t micros(MonoTime now) noexcept { return now.time_since_epoch().count(); }

// An acknowledgement can lie above `sent`: a worker was killed after it had sent and before it
// stored that, or the peer is hostile.
std::uint64_t in_flight(const DownState& state, const Acks& acks) noexcept {
  std::uint64_t bytes = 0;
  for (std::size_t stream = 0; stream < wire::kDownStreams; ++stream) {
    if (state.sent[stream] > acks.acked[stream]) bytes += state.sent[stream] - acks.acked[stream];
  }
  return bytes;
}

void take_acks(DownState& state, const Acks& acks) noexcept {
  if (acks.serial == state.serial) return;
  state.serial = acks.serial;
  if (state.probes > kMaxProbes) {  // the member is back: a probe is due at once
    state.probes = 0;
    state.timer = 1;
  }
  const std::uint64_t acked = acks.acked[kMailbox] + acks.acked[kRoom];
  if (acked > state.acked_bytes) {
    const std::uint64_t fresh = acked - state.acked_bytes;
    state.acked_bytes = acked;
    state.probes = 0;
    state.timer = 0;
    if (state.held_back != 0) {
      state.congestion.on_acked(
          static_cast<std::uint32_t>(std::min<std::uint64_t>(fresh, kMaxWindow)));
    }
  }
  if (!acks.holes.empty()) {
    state.congestion.on_loss(acks.acked[kRoom] + acks.holes.front().start, state.sent[kRoom]);
  }
}

void plan_repairs(DownPlan& plan, DownState& state, const Acks& acks, MonoTime now) noexcept {
  const bool again = micros(now) >= state.repaired_at + acks.rtt.repair_time().count();
  std::uint64_t repaired_to = state.repaired_to;
  for (const wire::Hole& hole : acks.holes) {
    const std::uint64_t from = acks.acked[kRoom] + hole.start;
    const std::uint64_t to = std::min(from + hole.bytes, state.sent[kRoom]);
    if (from >= to || (to <= state.repaired_to && !again)) continue;
    plan.add({.stream = kRoom, .fresh = false, .from = from, .to = to});
    repaired_to = std::max(repaired_to, to);
  }
  if (plan.ranges == 0) return;
  state.repaired_to = repaired_to;
  state.repaired_at = micros(now);
}

// The end of the sent bytes, so that one round trip repairs the usual case, a lost last datagram;
// and all of the mailbox, whose holes are not reported.
void plan_probe(DownPlan& plan, const DownState& state, const Acks& acks,
                std::uint32_t datagram) noexcept {
  plan.add({.stream = kMailbox,
            .fresh = false,
            .from = acks.acked[kMailbox],
            .to = std::min(state.sent[kMailbox], acks.acked[kMailbox] + datagram)});
  const std::uint64_t last =
      state.sent[kRoom] > datagram ? state.sent[kRoom] - datagram : std::uint64_t{0};
  plan.add({.stream = kRoom,
            .fresh = false,
            .from = std::max(acks.acked[kRoom], last),
            .to = state.sent[kRoom]});
}

void plan_fresh(DownPlan& plan, const DownState& state, const Acks& acks, const DownOffsets& tails,
                std::uint32_t datagram) noexcept {
  std::uint64_t unacknowledged = in_flight(state, acks);
  for (const std::uint8_t stream : {kMailbox, kRoom}) {
    const std::uint64_t sent = state.sent[stream];
    if (tails[stream] <= sent) continue;
    const std::uint64_t pending = tails[stream] - sent;
    const std::uint64_t end = acks.acked[stream] + acks.window[stream];
    const std::uint64_t window = state.congestion.window;
    const std::uint64_t allowed = std::min(end > sent ? end - sent : 0,
                                           window > unacknowledged ? window - unacknowledged : 0);
    std::uint64_t size = std::min(pending, allowed);
    // No small segments: while bytes are in flight, wait for a whole datagram.
    if (size < pending && size < datagram) {
      size = unacknowledged == 0
                 ? std::min<std::uint64_t>({pending, datagram, end > sent ? end - sent : 0})
                 : 0;
    }
    if (size < pending) plan.waits_for_ack = true;
    plan.add({.stream = stream, .fresh = true, .from = sent, .to = sent + size});
    unacknowledged += size;
  }
}

// 0 where packets were lost lately, where the window may be full soon, or where the mailbox, which
// is small, holds records: there an acknowledgement must not be a second old.
Micros extra_ack_time_for(const DownState& state, const Acks& acks, const DownOffsets& tails,
                          MonoTime now) noexcept {
  constexpr Micros kLately{10'000'000};
  const bool lost_lately =
      state.repaired_at != 0 && micros(now) - state.repaired_at < kLately.count();
  const bool has_records = tails[kMailbox] != acks.acked[kMailbox];
  const bool has_space = in_flight(state, acks) < state.congestion.window / 4;
  const bool accepts_late_acks = acks.is_steady && acks.holes.empty() && state.probes == 0 &&
                                 !lost_lately && !has_records && has_space;
  return accepts_late_acks ? kSteadyAckDelay - kMaxAckDelay : Micros{0};
}

// When later acknowledgements are not wished any more, the timer begins again with the usual time.
void set_extra_ack_time(DownPlan& plan, DownState& state, Micros time, const Acks& acks,
                        MonoTime now) noexcept {
  plan.extra_ack_time = time;
  const bool accepts_late_acks = time != Micros{0};
  if (state.accepts_late_acks != 0 && !accepts_late_acks && state.timer != 0) {
    state.timer = micros(now + acks.rtt.probe_timeout(state.probes));
  }
  state.accepts_late_acks = accepts_late_acks ? 1 : 0;
}

void run_timer(DownPlan& plan, DownState& state, const Acks& acks, std::uint32_t datagram,
               MonoTime now) noexcept {
  const bool waiting = in_flight(state, acks) != 0;
  if (!waiting) {
    state.timer = 0;
    state.probes = 0;
    return;
  }
  if (state.timer != 0 && micros(now) >= state.timer + plan.extra_ack_time.count()) {
    ++state.probes;
    state.timer = 0;
    if (state.probes == kProbesToSilence) state.congestion.on_silence();
    if (state.probes <= kMaxProbes) plan_probe(plan, state, acks, datagram);
  }
}

}  // namespace

DownPlan plan_down(DownState& state, const Acks& acks, const DownOffsets& tails,
                   std::uint32_t datagram, MonoTime now) noexcept {
  DownPlan plan;
  take_acks(state, acks);
  for (std::size_t stream = 0; stream < wire::kDownStreams; ++stream) {
    // A predecessor was killed after it had sent these bytes and before it stored that.
    if (acks.acked[stream] > state.sent[stream] && acks.acked[stream] <= tails[stream]) {
      state.sent[stream] = acks.acked[stream];
    }
  }
  if (state.probes > kMaxProbes) {
    plan.waits_for_packet = true;
    return plan;
  }
  plan_repairs(plan, state, acks, now);
  set_extra_ack_time(plan, state, extra_ack_time_for(state, acks, tails, now), acks, now);
  run_timer(plan, state, acks, datagram, now);
  if (state.probes <= kMaxProbes) plan_fresh(plan, state, acks, tails, datagram);
  plan.waits_for_packet = state.probes > kMaxProbes;
  state.held_back = plan.waits_for_ack ? 1 : 0;
  const bool waiting = in_flight(state, acks) != 0 || plan.ranges != 0;
  if (waiting && state.timer == 0 && state.probes <= kMaxProbes) {
    state.timer = micros(now + acks.rtt.probe_timeout(state.probes));
  }
  return plan;
}

}  // namespace chatd::transport
