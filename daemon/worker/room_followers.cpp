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
      waiting_(members_.size(), 0) {
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

void RoomFollowers::resume() noexcept {
  if (!has_waiting_) return;
  for (std::size_t word = 0; word < members_.size(); ++word) {
    members_[word] |= std::exchange(waiting_[word], 0);
  }
  has_members_ = true;
  has_waiting_ = false;
}

void RoomFollowers::clear() noexcept {
  if (has_members_) std::ranges::fill(members_, 0);
  if (has_waiting_) std::ranges::fill(waiting_, 0);
  has_members_ = has_waiting_ = false;
}

}  // namespace chatd::worker
