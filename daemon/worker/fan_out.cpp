// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/worker/fan_out.hpp"

#include <algorithm>
#include <bit>
#include <optional>

namespace chatd::worker {

using state::count;

// The values of a text member that a pass uses, copied whole or not at all.
struct FanOut::Member {
  state::Generation generation;
  std::uint64_t sent;
  std::int64_t joined;  // microseconds since 1970
  state::Delivery delivery;
};

std::optional<FanOut::Member> FanOut::look_at(state::SessionSlot& slot) {
  Member member{};
  member.generation = state::Generation{slot.generation.load(std::memory_order_acquire)};
  if (member.generation % 2 == 0) return std::nullopt;
  member.delivery = state::load_value(slot.delivery);
  const std::uint64_t start =
      std::atomic_ref<std::uint64_t>{slot.start_offset}.load(std::memory_order_relaxed);
  member.joined = std::atomic_ref<std::int64_t>{slot.joined_wall}.load(std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_acquire);
  if (slot.generation.load(std::memory_order_relaxed) != member.generation) return std::nullopt;

  if (slot.sent_generation.load(std::memory_order_relaxed) != member.generation) {
    // A new session in this slot: `sent` is the last session's.
    slot.sent.store(start, std::memory_order_relaxed);
    slot.sent_generation.store(member.generation, std::memory_order_release);
  }
  member.sent = slot.sent.load(std::memory_order_relaxed);
  return member;
}

FanOut::FanOut(const state::StateView& state, state::ProcessControl& control,
               const state::KeyTable& keys, std::span<const int> sockets, std::uint32_t index,
               std::uint32_t workers, wire::Language language,
               std::uint32_t unproved_bytes_per_second, WallClock clock)
    : slots_{state.slots()},
      active_{state.active()},
      counters_{state.worker_counters(index)},
      latency_{state.delivery_latency(index)},
      control_{control},
      buffer_{std::make_unique<logs::RecordBuffer>()},
      log_{state.room_log(), *buffer_, logs::Offset{}},
      common_{state.room_log(), *buffer_, language},
      own_{state.room_log(), *buffer_, language},
      natives_{state, keys, latency_.native, clock},
      unproved_{unproved_bytes_per_second, workers},
      mine_(active_.size(), 0),
      served_(active_.size(), 0),
      rooms_{state, mine_} {
  lanes_.reserve(sockets.size());
  for (const int socket : sockets) lanes_.emplace_back(socket, clock);
  // Sessions of browsers are served by web.
  for (std::uint64_t slot = index; slot < state.geometry().first_web_slot(); slot += workers) {
    mine_[slot / 64] |= 1ULL << (slot % 64);
  }
}

bool FanOut::has_news() const noexcept {
  if (log_.log().tail() != due_.seen() ||
      control_.calls.load(std::memory_order_relaxed) != calls_ || rooms_.has_news()) {
    return true;
  }
  if (due_.is_behind()) return false;  // a pass follows at due_at(), and it serves all members
  return has_new_members();
}

bool FanOut::has_new_members() const noexcept {
  for (std::size_t word = 0; word < active_.size(); ++word) {
    const std::uint64_t now = active_[word].load(std::memory_order_relaxed) & mine_[word];
    if ((now & ~served_[word]) != 0) return true;
  }
  return false;
}

FanOut::Outcome FanOut::pass(MonoTime now) {
  const std::uint64_t calls = control_.calls.load(std::memory_order_acquire);
  const bool is_called = calls != calls_;
  calls_ = calls;
  const std::uint64_t tail = log_.log().tail();
  const bool has_grown = due_.look(tail, may_wait(tail), now);
  steadiness_.look(has_grown, now);
  const bool has_lost_news = rooms_.look();
  if (now >= natives_again_at_) resume_waiting(now);
  const bool is_quiet = !is_called && !last_.more && now < last_.again_at;
  // While joins and leaves are coalesced, new members are served when the coalescing ends.
  const bool is_for_all =
      has_grown || has_lost_news || !is_quiet || (!due_.is_behind() && has_new_members());
  if (is_for_all) {
    last_ = serve_all(now);
  } else if (rooms_.has_members()) {
    serve_due(now);
  }
  return {.more = last_.more || rooms_.has_members(),
          .again_at = std::min({last_.again_at, natives_again_at_, due_.due_at()})};
}

// When a steady stream of messages has ended, late acknowledgements are not accepted any more: all
// timers that run begin again with the usual time.
void FanOut::resume_waiting(MonoTime now) noexcept {
  if (accepted_late_acks_ && !steadiness_.holds(now)) {
    accepted_late_acks_ = false;
    rooms_.resume_all();
    natives_again_at_ = MonoTime::max();
  } else {
    natives_again_at_ = steadiness_.limit(rooms_.resume(now), now);
  }
}

void FanOut::serve_due(MonoTime now) {
  rooms_.serve(active_, [&](state::Slot slot) {
    // A text member is in no further room; the slot was a native member's before.
    if (slots_[slot].kind == state::SessionKind::text) return false;
    return serve_native(slot, now).more;
  });
  natives_again_at_ = steadiness_.limit(natives_again_at_, now);
  flush_all();
  count(counters_.passes);
}

// True in a big room, if all new records are joins and leaves. In a small room no record is read.
bool FanOut::may_wait(std::uint64_t tail) {
  if (hurries_ || members_ < kManyMembers) return false;
  log_.seek(logs::Offset{due_.seen()});
  while (log_.cursor() < tail) {
    wire::RecordView record{};
    if (log_.next(record) != logs::LogFollower::Status::record) return false;
    const state::RecordKind kind = record.header.kind;
    if (kind != state::RecordKind::join && kind != state::RecordKind::leave) return false;
  }
  return true;
}

FanOut::Outcome FanOut::serve_all(MonoTime now) {
  rooms_.clear();
  natives_again_at_ = MonoTime::max();
  accepted_late_acks_ = false;
  unproved_.begin_pass(now);
  common_.forget();
  own_.forget();
  Outcome outcome;
  members_ = 0;
  for (std::size_t word = 0; word < active_.size(); ++word) {
    std::uint64_t bits = active_[word].load(std::memory_order_acquire) & mine_[word];
    served_[word] = bits;
    members_ += static_cast<std::uint64_t>(std::popcount(bits));
    for (; bits != 0; bits &= bits - 1) {
      const auto bit = static_cast<std::uint32_t>(std::countr_zero(bits));
      const state::Slot slot{static_cast<std::uint32_t>(word * 64) + bit};
      if (slots_[slot].kind != state::SessionKind::text) {
        outcome.more |= serve_native(slot, now).more;
        continue;
      }
      const auto served = serve(slot);
      outcome.more |= served.more;
      outcome.again_at = std::min(outcome.again_at, served.again_at);
    }
  }
  natives_again_at_ = steadiness_.limit(natives_again_at_, now);
  flush_all();
  counters_.members.store(members_, std::memory_order_relaxed);
  count(counters_.passes);
  return outcome;
}

NativeFeed::Served FanOut::serve(state::Slot slot) {
  const auto member = look_at(slots_[slot]);
  // A session that joined during coalescing starts past due_.offset(): nothing to send yet. An
  // offset beyond the log is corrupt; render() continues at the tail.
  if (!member || (member->sent >= due_.offset() && member->sent <= due_.seen())) return {};
  const std::size_t lane = member->delivery.socket;
  if (lane >= lanes_.size() || lanes_[lane].is_blocked()) return {};
  if (member->delivery.unproved != 0 && !unproved_.is_open()) {
    return {.again_at = unproved_.open_at()};
  }

  const LineBatch& batch =
      batch_for(member->sent, {.slot = slot, .generation = member->generation});
  hand_over(slot, *member, batch);
  if (batch.lapped()) count(counters_.members_lapped);
  return {.more = batch.end() < due_.offset()};
}

NativeFeed::Served FanOut::serve_native(state::Slot slot, MonoTime now) {
  const bool is_steady = steadiness_.holds(now);
  accepted_late_acks_ |= is_steady;
  const auto served =
      natives_.serve(slot, {.tail = due_.offset(), .is_steady = is_steady}, lanes_, counters_, now);
  if (served.again_at == MonoTime::max()) {
    rooms_.end_wait(slot);
  } else {
    rooms_.wait(slot, served.again_at);
    natives_again_at_ = std::min(natives_again_at_, served.again_at);
  }
  return served;
}

const LineBatch& FanOut::batch_for(std::uint64_t sent, const state::Sender& self) {
  if (!common_.starts_at(sent)) {
    flush_all();  // the lanes still point into the batch that is rendered again
    common_.render(sent, std::nullopt);
  }
  if (!common_.is_from(self)) return common_;
  flush_all();
  own_.render(sent, self);
  return own_;
}

// Lines from before its join are a replay to the member, and are not timed.
void FanOut::hand_over(state::Slot slot, const Member& member, const LineBatch& batch) {
  const state::Delivery& to = member.delivery;
  Lane& lane = lanes_[to.socket];
  for (std::size_t i = 0; i < batch.datagrams(); ++i) {
    if (lane.is_full()) flush(lane);
    if (lane.is_blocked()) return;  // this member continues when the socket is writable
    const std::string_view bytes = batch.datagram(i, to.newline != 0);
    if (to.unproved != 0) unproved_.spend(bytes.size());
    const Mark mark{.sent = &slots_[slot].sent, .value = batch.end_of(i)};
    const std::int64_t appended = batch.appended(i);
    lane.add(to.peer, to.local, std::as_bytes(std::span{bytes}), 0,
             {.marks = {&mark, 1},
              .lines = batch.lines_of(i),
              .appended = appended,
              .latency = appended > member.joined ? &latency_.text : nullptr});
  }
  // No record of the range was for this member: its own messages, for example.
  if (batch.datagrams() == 0) slots_[slot].sent.store(batch.end(), std::memory_order_relaxed);
}

void FanOut::flush(Lane& lane) {
  lane.flush(counters_);
  // A pass over thousands of members takes long, and is not a hang.
  count(control_.heartbeat);
}

void FanOut::flush_all() {
  for (Lane& lane : lanes_) {
    if (!lane.is_empty()) flush(lane);
  }
}

}  // namespace chatd::worker
