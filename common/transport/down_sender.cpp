// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/transport/down_sender.hpp"

#include <algorithm>

namespace chatd::transport {

namespace {

// A probe is as long as two datagrams (RFC 9002, 6.2.4).
constexpr std::uint64_t kProbeDatagrams = 2;

std::int64_t micros(MonoTime now) noexcept { return now.time_since_epoch().count(); }

bool is_mailbox(const SendStream& stream) noexcept { return stream.number == wire::kMailboxStream; }
bool is_in_flight(const SendStream& stream) noexcept { return stream.sent > stream.acked; }
std::uint64_t space_for(std::uint64_t in_flight, std::uint64_t window) noexcept {
  return window > in_flight ? window - in_flight : 0;
}

// One call of plan_down().
class Planner {
 public:
  Planner(DownState& state, const Acks& acks, std::span<SendStream> streams, std::uint32_t datagram,
          MonoTime now, DownPlan& plan) noexcept
      : state_{state},
        acks_{acks},
        streams_{streams},
        datagram_{datagram},
        now_{now},
        plan_{plan} {}

  void run() noexcept;

 private:
  // Calls visit(index) for the mailbox and for each room, in turn from the room first_ on.
  template <class Visit>
  void for_each_stream(Visit visit) noexcept {
    const std::size_t count = streams_.size();
    for (std::size_t i = 0; i < count; ++i) {
      std::size_t index = i < rooms_ ? i : i + first_ - rooms_;
      if (index >= count) index -= count - rooms_;
      visit(static_cast<std::uint8_t>(index));
    }
  }
  void look_at_streams() noexcept;
  void choose_first() noexcept;
  bool take_acks() noexcept;
  void take_losses() noexcept;
  void plan_repairs(std::uint8_t index) noexcept;
  [[nodiscard]] Micros extra_ack_time() const noexcept;
  void set_extra_ack_time(Micros time) noexcept;
  void run_timer() noexcept;
  std::uint64_t probe(std::uint8_t index, std::uint64_t bytes) noexcept;
  void probe_all() noexcept;
  void probe_stalled() noexcept;
  void plan_fresh(std::uint8_t index) noexcept;
  [[nodiscard]] std::uint64_t mailbox_probe(const SendStream& stream) const noexcept;
  void remember_first() noexcept;

  DownState& state_;
  const Acks& acks_;
  std::span<SendStream> streams_;
  std::uint32_t datagram_;
  MonoTime now_;
  DownPlan& plan_;

  std::size_t rooms_{0};        // index of the first room
  std::size_t first_{0};        // index of the room that is served first
  std::uint64_t in_flight_{0};  // bytes of all streams
  std::uint64_t in_rooms_{0};   // of them, bytes of further rooms
  std::uint64_t pending_{0};    // bytes that were not sent yet
  bool has_holes_{false};       // in any stream
  bool has_records_{false};     // in the mailbox
  bool probes_now_{false};      // the timer has expired
};

// An acknowledgement can lie above `sent`: a worker was killed after it had sent and before it
// stored that, or the peer is hostile. One above the tail is wrong: nothing is sent of that stream.
void Planner::look_at_streams() noexcept {
  for (SendStream& stream : streams_) {
    const std::uint64_t sent = stream.state->sent.load(std::memory_order_relaxed);
    stream.sent = std::min(std::max(sent, stream.acked), stream.tail);
    if (is_in_flight(stream)) {
      in_flight_ += stream.sent - stream.acked;
      if (stream.number >= wire::kFirstRoomStream) in_rooms_ += stream.sent - stream.acked;
    }
    pending_ += stream.tail - stream.sent;
    has_holes_ |= !stream.holes.empty();
  }
  if (streams_.empty() || !is_mailbox(streams_.front())) return;
  has_records_ = streams_.front().tail != streams_.front().acked;
  rooms_ = first_ = 1;
}

void Planner::choose_first() noexcept {
  for (std::size_t i = rooms_; i < streams_.size(); ++i) {
    if (streams_[i].number <= state_.first_served) continue;
    first_ = i;
    return;
  }
}

// True if bytes were acknowledged.
bool Planner::take_acks() noexcept {
  if (acks_.serial == state_.serial) return false;
  state_.serial = acks_.serial;
  if (state_.probes > kMaxProbes) {  // the member is back: a probe is due at once
    state_.probes = 0;
    state_.timer = 1;
  }
  const bool has_progress = acks_.acked_bytes > state_.acked_bytes;
  if (has_progress) {
    const std::uint64_t fresh = acks_.acked_bytes - state_.acked_bytes;
    state_.acked_bytes = acks_.acked_bytes;
    state_.probes = 0;
    state_.timer = 0;
    if (state_.held_back != 0) {
      state_.congestion.on_acked(
          static_cast<std::uint32_t>(std::min<std::uint64_t>(fresh, kMaxWindow)));
    }
  }
  if (has_holes_) take_losses();
  return has_progress;
}

// The window is reduced once, whatever is missing of the bytes that are in flight now.
void Planner::take_losses() noexcept {
  const bool is_new = std::ranges::any_of(streams_, [](const SendStream& stream) {
    return !stream.holes.empty() &&
           stream.acked + stream.holes.front().start >= stream.state->recovery;
  });
  if (!is_new) return;
  for (SendStream& stream : streams_) stream.state->recovery = stream.sent;
  state_.congestion.on_loss();
}

void Planner::plan_repairs(std::uint8_t index) noexcept {
  const SendStream& stream = streams_[index];
  if (!is_in_flight(stream)) return;
  StreamState& kept = *stream.state;
  const bool again = micros(now_) >= kept.repaired_at + acks_.rtt.repair_time().count();
  const std::uint64_t done = again ? 0 : kept.repaired_to;
  std::uint64_t repaired_to = done;
  for (const wire::Hole& hole : stream.holes) {
    const std::uint64_t from = stream.acked + hole.start;
    const std::uint64_t to = std::min(from + hole.bytes, stream.sent);
    if (to <= done || !plan_.add({.stream = index, .fresh = false, .from = from, .to = to})) {
      continue;
    }
    repaired_to = std::max(repaired_to, to);
  }
  if (repaired_to == done) return;
  kept.repaired_to = repaired_to;
  kept.repaired_at = state_.repaired_at = micros(now_);
}

// 0 where packets were lost lately, where the window may be full soon, or where the mailbox, which
// is small, holds records: there an acknowledgement must not be a second old.
Micros Planner::extra_ack_time() const noexcept {
  constexpr Micros kLately{10'000'000};
  const bool lost_lately =
      state_.repaired_at != 0 && micros(now_) - state_.repaired_at < kLately.count();
  const bool has_space = in_flight_ < state_.congestion.window / 4;
  const bool accepts_late_acks = acks_.is_steady && !has_holes_ && state_.probes == 0 &&
                                 !lost_lately && !has_records_ && has_space;
  return accepts_late_acks ? kSteadyAckDelay - kMaxAckDelay : Micros{0};
}

// When later acknowledgements are not wished any more, the timer begins again with the usual time.
void Planner::set_extra_ack_time(Micros time) noexcept {
  plan_.extra_ack_time = time;
  const bool accepts_late_acks = time != Micros{0};
  if (state_.accepts_late_acks != 0 && !accepts_late_acks && state_.timer != 0) {
    state_.timer = micros(now_ + acks_.rtt.probe_timeout(state_.probes));
  }
  state_.accepts_late_acks = accepts_late_acks ? 1 : 0;
}

void Planner::run_timer() noexcept {
  if (in_flight_ == 0) {
    state_.timer = 0;
    state_.probes = 0;
    return;
  }
  if (state_.timer != 0 && micros(now_) >= state_.timer + plan_.extra_ack_time.count()) {
    ++state_.probes;
    state_.timer = 0;
    if (state_.probes == kProbesToSilence) state_.congestion.on_silence();
    probes_now_ = state_.probes <= kMaxProbes;
    if (probes_now_) probe_all();
  }
}

// Plans to repeat bytes in flight, at most one datagram and at most `bytes`. Returns their number.
// For a room they are the last sent bytes: one round trip repairs the usual case, a lost last
// datagram. For the mailbox, whose holes are not reported, they are the first bytes in flight.
// Inline, so that the compiler can keep the members of the Planner in registers.
inline std::uint64_t Planner::probe(std::uint8_t index, std::uint64_t bytes) noexcept {
  const SendStream& stream = streams_[index];
  if (!is_in_flight(stream)) return 0;
  const std::uint64_t size =
      std::min<std::uint64_t>({bytes, datagram_, stream.sent - stream.acked});
  const std::uint64_t from = is_mailbox(stream) ? stream.acked : stream.sent - size;
  return plan_.add({.stream = index, .fresh = false, .from = from, .to = from + size}) ? size : 0;
}

void Planner::probe_all() noexcept {
  std::uint64_t left = kProbeDatagrams * datagram_;
  for_each_stream([&](std::uint8_t index) { left -= probe(index, left); });
}

// The streams share the timer, and an acknowledgement of one restarts it. A stream that has made no
// progress meanwhile, and has no hole, lost its last bytes.
void Planner::probe_stalled() noexcept {
  if (micros(now_) < state_.next_look) return;
  state_.next_look = micros(now_ + acks_.rtt.probe_timeout(0) + plan_.extra_ack_time);
  std::uint64_t left = kProbeDatagrams * datagram_;
  for_each_stream([&](std::uint8_t index) {
    const SendStream& stream = streams_[index];
    const std::uint64_t seen = is_in_flight(stream) ? stream.acked : StreamState::kIdle;
    if (stream.state->seen_acked == seen && stream.holes.empty()) left -= probe(index, left);
    stream.state->seen_acked = seen;
  });
}

// A client ignores the bytes of a further room until it has read the record `joined` in its
// mailbox. These bytes can fill the window before that record is sent: then only this lets it out.
std::uint64_t Planner::mailbox_probe(const SendStream& stream) const noexcept {
  if (!probes_now_ || !is_mailbox(stream) || is_in_flight(stream)) return 0;
  return std::min<std::uint64_t>(datagram_,
                                 space_for(in_flight_ - in_rooms_, state_.congestion.window));
}

void Planner::plan_fresh(std::uint8_t index) noexcept {
  const SendStream& stream = streams_[index];
  const std::uint64_t pending = stream.tail - stream.sent;
  if (pending == 0) return;
  const std::uint64_t end = stream.acked + stream.window;
  const std::uint64_t allowed = end > stream.sent ? end - stream.sent : 0;
  std::uint64_t size =
      std::min({pending, allowed, space_for(in_flight_, state_.congestion.window)});
  // No small segments: while bytes are in flight, wait for a whole datagram.
  if (size < pending && size < datagram_) {
    size = in_flight_ == 0 ? std::min<std::uint64_t>({pending, datagram_, allowed})
                           : std::min({pending, allowed, mailbox_probe(stream)});
  }
  if (size < pending) plan_.waits_for_ack = true;
  const Range range{.stream = index, .fresh = true, .from = stream.sent, .to = stream.sent + size};
  if (plan_.add(range)) in_flight_ += size;
}

// A room that gets fresh bytes first was served first: it took from the window before the others.
void Planner::remember_first() noexcept {
  const auto planned = std::span{plan_.range}.first(plan_.ranges);
  const auto is_room = [&](const Range& range) { return range.stream >= rooms_; };
  auto found = std::ranges::find_if(
      planned, [&](const Range& range) { return range.fresh && is_room(range); });
  if (found == planned.end()) found = std::ranges::find_if(planned, is_room);
  if (found != planned.end()) state_.first_served = streams_[found->stream].number;
}

void Planner::run() noexcept {
  look_at_streams();
  const bool has_many_rooms = streams_.size() > rooms_ + 1;
  if (has_many_rooms) choose_first();
  const bool has_progress = take_acks();
  if (state_.probes > kMaxProbes) {
    plan_.waits_for_packet = true;
    return;
  }
  if (has_holes_) for_each_stream([&](std::uint8_t index) { plan_repairs(index); });
  set_extra_ack_time(extra_ack_time());
  run_timer();
  if (has_progress) probe_stalled();
  const bool is_waiting = in_flight_ != 0;
  plan_.waits_for_packet = state_.probes > kMaxProbes;
  if (pending_ != 0 && !plan_.waits_for_packet) {
    for_each_stream([&](std::uint8_t index) { plan_fresh(index); });
  }
  state_.held_back = plan_.waits_for_ack ? 1 : 0;
  if ((is_waiting || plan_.ranges != 0) && state_.timer == 0 && !plan_.waits_for_packet) {
    state_.timer = micros(now_ + acks_.rtt.probe_timeout(state_.probes));
  }
  if (has_many_rooms) remember_first();
}

}  // namespace

DownPlan plan_down(DownState& state, const Acks& acks, std::span<SendStream> streams,
                   std::uint32_t datagram, MonoTime now) noexcept {
  DownPlan plan;
  Planner{state, acks, streams, datagram, now, plan}.run();
  return plan;
}

}  // namespace chatd::transport
