// SPDX-License-Identifier: GPL-3.0-or-later
// room_followers.hpp — the sessions of this worker that are to be served because a further room
// that they are in has news, or because their timer expires.
//
// Runs in:   worker. Borrows: the StateView.
// Owns:      the number of news that were read, and for each session two bits and the end of its
//            timer. A session is due if the next serve() visits it; it waits if resume() makes it
//            due. Nothing is allocated after construction.
// Invariant: what is appended to a room before look() reads the news is found by it. News that were
//            overwritten before they were read are news of all rooms. For a message in a room, a
//            pass visits the room's members, and reads one bit for each 4,096 sessions and one
//            64-bit word for each 64 sessions.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "common/base/time.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::worker {

class RoomFollowers {
 public:
  // `mine`: for each word of the bitmap of sessions, the bits of this worker.
  RoomFollowers(const state::StateView& state, std::span<const std::uint64_t> mine);

  // Reads the news. Returns true if news were overwritten: all members are to be served then.
  bool look() noexcept;
  [[nodiscard]] bool has_news() const noexcept { return is_open() && count() != seen_; }

  // True if a session is due.
  [[nodiscard]] bool has_members() const noexcept { return has_members_; }
  // Calls serve(session) for each session that is due and has its bit in `active`. If serve()
  // returns true, the session is due again.
  template <class Serve>
  void serve(std::span<const std::atomic<std::uint64_t>> active, Serve serve) {
    has_members_ = false;
    for (std::size_t word = 0; word < members_.size(); ++word) {
      if (members_[word] == 0) continue;
      std::uint64_t bits = members_[word] & active[word].load(std::memory_order_acquire);
      members_[word] = 0;
      for (; bits != 0; bits &= bits - 1) {
        const auto bit = static_cast<std::uint32_t>(std::countr_zero(bits));
        if (!serve(state::Slot{static_cast<std::uint32_t>(word * 64) + bit})) continue;
        members_[word] |= 1ULL << bit;
        has_members_ = true;
      }
    }
  }
  // The session waits, because its timer runs until `end`. serve() may call this.
  void wait(state::Slot slot, MonoTime end) noexcept {
    waiting_[slot / 64] |= 1ULL << (slot % 64);
    ends_[slot] = end;
    earliest_[slot / 64] = std::min(earliest_[slot / 64], end);
    has_waiting_ = true;
  }
  // The session waits no more: it was served, and its timer does not run. serve() may call this.
  void end_wait(state::Slot slot) noexcept { waiting_[slot / 64] &= ~(1ULL << (slot % 64)); }
  // Timers that end at most so long after the first one are served with it. Most of their sessions
  // have acknowledged everything by then, and the worker wakes once for all of them.
  static constexpr Micros kTogether{10'000};
  // If timers have ended, their sessions and those of the next kTogether become due. Returns when
  // the first timer of the others ends.
  MonoTime resume(MonoTime now) noexcept;
  // All sessions that wait become due.
  void resume_all() noexcept;
  // No session is due, and none waits.
  void clear() noexcept;

 private:
  [[nodiscard]] bool is_open() const noexcept { return rooms_ != 0; }
  [[nodiscard]] std::uint64_t count() const noexcept {
    return state_.room_news().count.load(std::memory_order_acquire);
  }
  void add(std::uint32_t room) noexcept;
  void resume_word(std::size_t word, MonoTime end) noexcept;
  MonoTime resume_until(MonoTime end) noexcept;

  const state::StateView& state_;
  std::span<const std::uint64_t> mine_;
  std::uint32_t rooms_;
  std::uint64_t seen_{0};
  std::vector<std::uint64_t> members_;
  std::vector<std::uint64_t> waiting_;
  std::vector<MonoTime> ends_;      // of each session's timer; valid if the session waits
  std::vector<MonoTime> earliest_;  // for each word of waiting_: no timer ends before
  bool has_members_{false};
  bool has_waiting_{false};  // a session may wait
};

}  // namespace chatd::worker
