// SPDX-License-Identifier: GPL-3.0-or-later
// unproved_bytes.hpp — limits the bytes a second that a worker sends to all its unproved members.
//
// Runs in:   worker. Pure: the time is an argument.
// Why:       their addresses may be spoofed, so that the bytes go to a victim.
//            text.listeners_bytes_per_second is for all workers; each has an equal share.
// Invariant: over a time t at most (1 s + t) * share, and the bytes of one pass: the limit is
//            checked once a pass, so that in each pass all of them are served or none is, and the
//            first ones take nothing from the others. A member that waits keeps its offset in the
//            log.
#pragma once

#include <algorithm>
#include <cstdint>

#include "common/base/time.hpp"

namespace chatd::worker {

class UnprovedBytes {
 public:
  // Ethernet, IPv4 and UDP, as a link sees it.
  static constexpr std::size_t kHeaders = 14 + 20 + 8;

  // `per_second` 0: no limit.
  UnprovedBytes(std::uint32_t per_second, std::uint32_t workers) noexcept
      : per_second_{per_second / std::max<std::uint32_t>(workers, 1)} {}

  // Once a pass: decides whether unproved members are served in it.
  void begin_pass(MonoTime now) noexcept {
    now_ = now;
    open_ = per_second_ == 0 || now >= open_at();
  }
  [[nodiscard]] bool is_open() const noexcept { return open_; }
  // The time from which a pass is open.
  [[nodiscard]] MonoTime open_at() const noexcept { return paid_until_ - kAtOnce; }
  // A datagram of that size is sent in this pass.
  void spend(std::size_t bytes) noexcept {
    if (per_second_ == 0) return;
    const auto micros = static_cast<std::int64_t>((bytes + kHeaders) * 1'000'000 / per_second_);
    paid_until_ = std::max(paid_until_, now_) + Micros{micros};
  }

 private:
  static constexpr Micros kAtOnce = std::chrono::seconds{1};

  std::uint32_t per_second_;
  MonoTime paid_until_{};
  MonoTime now_{};
  bool open_{true};
};

}  // namespace chatd::worker
