// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/usable_cores.hpp"

#include <algorithm>
#include <thread>

#include <sched.h>

namespace chatd::sys {

unsigned usable_cores() noexcept {
  cpu_set_t cores;
  if (::sched_getaffinity(0, sizeof cores, &cores) < 0) {
    // More than the 1024 processors that fit, or a forbidden call.
    return std::max(std::thread::hardware_concurrency(), 1U);
  }
  return static_cast<unsigned>(std::max(CPU_COUNT(&cores), 1));
}

}  // namespace chatd::sys
