// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/worker/room_followers.hpp"

#include <algorithm>
#include <utility>

namespace chatd::worker {

using state::kNewsEntries;

RoomFollowers::RoomFollowers(const state::StateView& state, std::span<const std::uint64_t> mine)
    : state_{state},
      mine_{mine},
      rooms_{state.geometry().rooms},
      members_(state.geometry().active_words(), 0),
      waiting_(members_.size(), 0),
      ends_(members_.size() * 64),
      earliest_(members_.size(), MonoTime::max()) {
  // The first pass, which serves all members, serves older news, too.
  if (is_open()) seen_ = count();
}

bool RoomFollowers::look() noexcept {
  if (!is_open()) return false;
  const std::uint64_t from = seen_;
  const std::uint64_t to = count();
  seen_ = to;
  if (to - from >= kNewsEntries) return true;
  std::uint32_t last = rooms_;
  for (std::uint64_t at = from; at != to; ++at) {
    const std::uint32_t room =
        state_.room_news().room[at % kNewsEntries].load(std::memory_order_relaxed);
    if (room == last || room >= rooms_) continue;
    add(room);
    last = room;
  }
  // Entries may have been overwritten while they were read: one more than `count` says is written.
  std::atomic_thread_fence(std::memory_order_acquire);
  return count() - from >= kNewsEntries;
}

void RoomFollowers::add(std::uint32_t room) noexcept {
  const auto members = state_.room_members(state::RoomIndex{room});
  for (std::size_t i = 0; i < members.summary.size(); ++i) {
    std::uint64_t words = members.summary[i].load(std::memory_order_acquire);
    for (; words != 0; words &= words - 1) {
      const std::size_t word = i * 64 + static_cast<std::size_t>(std::countr_zero(words));
      if (word >= members_.size()) return;
      const std::uint64_t bits =
          members.sessions[word].load(std::memory_order_acquire) & mine_[word];
      members_[word] |= bits;
      has_members_ |= bits != 0;
    }
  }
}

// The sessions of the word whose timers end at `end` or before become due.
void RoomFollowers::resume_word(std::size_t word, MonoTime end) noexcept {
  earliest_[word] = MonoTime::max();
  for (std::uint64_t bits = waiting_[word]; bits != 0; bits &= bits - 1) {
    const auto bit = static_cast<std::size_t>(std::countr_zero(bits));
    const MonoTime session_end = ends_[word * 64 + bit];
    if (session_end > end) {
      earliest_[word] = std::min(earliest_[word], session_end);
      continue;
    }
    waiting_[word] &= ~(1ULL << bit);
    members_[word] |= 1ULL << bit;
    has_members_ = true;
  }
}

// The same for all sessions. Returns when the first of the other timers ends. Reads the sessions of
// a word only if one of them may be due.
MonoTime RoomFollowers::resume_until(MonoTime end) noexcept {
  MonoTime next = MonoTime::max();
  for (std::size_t word = 0; word < waiting_.size(); ++word) {
    if (earliest_[word] <= end) resume_word(word, end);
    next = std::min(next, earliest_[word]);
  }
  return next;
}

MonoTime RoomFollowers::resume(MonoTime now) noexcept {
  const bool had_members = std::exchange(has_members_, false);
  MonoTime next = resume_until(now);
  if (has_members_) next = resume_until(now + kTogether);
  has_members_ |= had_members;
  return next;
}

void RoomFollowers::resume_all() noexcept {
  for (std::size_t word = 0; word < waiting_.size(); ++word) {
    has_members_ |= waiting_[word] != 0;
    members_[word] |= std::exchange(waiting_[word], 0);
    earliest_[word] = MonoTime::max();
  }
}

void RoomFollowers::clear() noexcept {
  if (std::exchange(has_members_, false)) std::ranges::fill(members_, 0);
  if (!std::exchange(has_waiting_, false)) return;
  std::ranges::fill(waiting_, 0);
  std::ranges::fill(earliest_, MonoTime::max());
}

}  // namespace chatd::worker
