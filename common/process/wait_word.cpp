// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/wait_word.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <limits>

namespace chatd::process {

bool WaitWord::wait(std::uint32_t ticket, const Deadline& deadline) noexcept {
  timespec until{};
  if (!deadline.is_never()) until = deadline.absolute();
  // FUTEX_WAIT_BITSET takes a point in time on CLOCK_MONOTONIC. Not a private futex: the sleepers
  // are in several processes.
  const long woken =
      ::syscall(SYS_futex, &sequence_, FUTEX_WAIT_BITSET, ticket,
                deadline.is_never() ? nullptr : &until, nullptr, FUTEX_BITSET_MATCH_ANY);
  return woken == 0 || errno != ETIMEDOUT;
}

void WaitWord::wake_sleepers() noexcept {
  sequence_.fetch_add(1, std::memory_order_release);
  ::syscall(SYS_futex, &sequence_, FUTEX_WAKE, std::numeric_limits<int>::max(), nullptr, nullptr,
            0);
  may_sleep_.store(0, std::memory_order_relaxed);
}

}  // namespace chatd::process
