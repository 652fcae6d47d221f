// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/wake.hpp"

#include <unistd.h>

#include <cstdint>

namespace chatd::state {

void ring_bell(std::atomic<std::uint32_t>& sleeping, int eventfd) noexcept {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (sleeping.load(std::memory_order_relaxed) == 0) return;
  sleeping.store(0, std::memory_order_relaxed);
  crash_point();
  ring_own_bell(eventfd);
}

void ring_own_bell(int eventfd) noexcept {
  const std::uint64_t one = 1;
  // Fails only by an overflow, and then the worker is being woken already.
  [[maybe_unused]] const ssize_t written = ::write(eventfd, &one, sizeof one);
}

void silence_bell(int eventfd) noexcept {
  std::uint64_t rings = 0;
  [[maybe_unused]] const ssize_t got = ::read(eventfd, &rings, sizeof rings);
}

}  // namespace chatd::state
