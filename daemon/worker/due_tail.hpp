// SPDX-License-Identifier: GPL-3.0-or-later
// due_tail.hpp — the log offset up to which members are served now: joins and leaves may be
// coalesced.
//
// Runs in:   worker. Pure.
// Invariant: never moves back, and lags behind the log for kPause at most; the caller must call
//            look() again at due_at().
//
// In a big room, each join costs a datagram for every member, and many joins at one time arrive
// one by one. A single join is sent at once; records that follow within kPause after a send are
// sent together when the pause ends.
#pragma once

#include <cstdint>

#include "common/base/time.hpp"

namespace chatd::worker {

class DueTail {
 public:
  // Not noticeable as the delay of a name in a list, and at most 50 passes a second.
  static constexpr Micros kPause{20'000};

  // Called when the log was read. `may_wait`: all records from seen() on may be delayed. True if
  // there is more to send now.
  bool look(std::uint64_t tail, bool may_wait, MonoTime now) noexcept {
    seen_ = tail;
    if (offset_ == tail || (may_wait && now < moved_ + kPause)) return false;
    offset_ = tail;
    moved_ = now;
    return true;
  }
  [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }
  [[nodiscard]] std::uint64_t seen() const noexcept { return seen_; }
  [[nodiscard]] bool is_behind() const noexcept { return offset_ != seen_; }
  [[nodiscard]] MonoTime due_at() const noexcept {
    return is_behind() ? moved_ + kPause : MonoTime::max();
  }

 private:
  std::uint64_t offset_{0};
  std::uint64_t seen_{0};
  MonoTime moved_{};
};

}  // namespace chatd::worker
