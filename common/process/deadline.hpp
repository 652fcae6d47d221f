// SPDX-License-Identifier: GPL-3.0-or-later
// deadline.hpp — the time limit of a blocking call in common/process and common/toolkit.
//
// Runs in:   every process.
// Units:     a Timeout is a duration from the moment of the call, on CLOCK_MONOTONIC:
//            nullopt waits without a limit, zero (or less) does not wait at all.
// Errors:    a call that ran out of time fails with code ETIMEDOUT, see is_timeout().
#pragma once

#include <cerrno>
#include <chrono>
#include <ctime>
#include <optional>
#include <string_view>

#include "common/base/result.hpp"

namespace chatd::process {

using Timeout = std::optional<std::chrono::milliseconds>;

inline constexpr Timeout kForever{};
inline constexpr Timeout kNoWait{std::chrono::milliseconds{0}};

// A Timeout converted to a point in time, so that a call that waits in several steps takes no
// longer than one that waits once.
class Deadline {
 public:
  explicit Deadline(Timeout timeout) noexcept;

  [[nodiscard]] bool is_never() const noexcept { return !at_; }
  [[nodiscard]] bool has_passed() const noexcept;
  // The time that is left, zero when it has passed. Not for a deadline that is_never().
  [[nodiscard]] timespec remaining() const noexcept;
  // The earlier of this deadline and `limit` from now.
  [[nodiscard]] Deadline within(std::chrono::milliseconds limit) const noexcept;
  // The point in time on CLOCK_MONOTONIC. Not for a deadline that is_never().
  [[nodiscard]] timespec absolute() const noexcept;

 private:
  std::optional<std::chrono::steady_clock::time_point> at_;
};

// poll(2) for one descriptor. True: one of `events`, an error or a hang-up is there. False: the
// deadline passed first.
[[nodiscard]] Result<bool> wait_for_events(int fd, short events, const Deadline& deadline);

// The error of a call that ran out of time.
[[nodiscard]] Error timed_out(std::string_view doing);
[[nodiscard]] inline bool is_timeout(const Error& error) noexcept {
  return error.code() == ETIMEDOUT;
}

}  // namespace chatd::process
