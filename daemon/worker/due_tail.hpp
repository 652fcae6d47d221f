// SPDX-License-Identifier: GPL-3.0-or-later
// due_tail.hpp — up to where members are served now: who comes and goes may wait for company.
//
// Runs in:   worker. Pure.
// Invariant: never goes back, and lags behind the log for kPause at the longest; whoever
//            relies on it must look again at due_at().
//
// In a big room, news of one newcomer costs a datagram for everybody, and when many come at
// once they come one by one. One alone goes out at once; what comes within kPause of anything
// that went out waits for its end, and travels together.
#pragma once

#include <cstdint>

#include "common/base/time.hpp"

namespace chatd::worker {

class DueTail {
 public:
  // Less than anybody notices of a name in a list, and at most fifty passes a second.
  static constexpr Micros kPause{20'000};

  // At each look at the log. `may_wait`: nothing from seen() on is worth hurrying for. True if
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
