// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/deadline.hpp"

#include <poll.h>

#include <algorithm>

namespace chatd::process {
namespace {

timespec to_timespec(std::chrono::nanoseconds time) noexcept {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return {.tv_sec = static_cast<time_t>(seconds.count()),
          .tv_nsec = static_cast<long>((time - seconds).count())};
}

}  // namespace

Deadline::Deadline(Timeout timeout) noexcept {
  // A longer timeout has no end: milliseconds::max() would overflow the clock's nanoseconds.
  constexpr std::chrono::milliseconds kBeyondAnyUptime = std::chrono::hours{24 * 365 * 50};
  if (!timeout || *timeout >= kBeyondAnyUptime) return;
  at_ = std::chrono::steady_clock::now() + std::max(*timeout, std::chrono::milliseconds{0});
}

bool Deadline::has_passed() const noexcept {
  return at_ && std::chrono::steady_clock::now() >= *at_;
}

timespec Deadline::remaining() const noexcept {
  const auto left = *at_ - std::chrono::steady_clock::now();
  return to_timespec(std::max(left, std::chrono::steady_clock::duration{0}));
}

Deadline Deadline::within(std::chrono::milliseconds limit) const noexcept {
  const Deadline sooner{limit};
  return !at_ || (sooner.at_ && *sooner.at_ < *at_) ? sooner : *this;
}

timespec Deadline::absolute() const noexcept { return to_timespec(at_->time_since_epoch()); }

Result<bool> wait_for_events(int fd, short events, const Deadline& deadline) {
  pollfd watched{.fd = fd, .events = events, .revents = 0};
  for (;;) {
    timespec left{};
    if (!deadline.is_never()) left = deadline.remaining();
    const int ready = ::ppoll(&watched, 1, deadline.is_never() ? nullptr : &left, nullptr);
    if (ready > 0) return true;
    if (ready == 0) return false;
    if (errno != EINTR) return fail(Error::from_errno("poll"));
  }
}

Error timed_out(std::string_view doing) { return Error::from_errno(doing, ETIMEDOUT); }

}  // namespace chatd::process
