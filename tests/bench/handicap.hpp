// SPDX-License-Identifier: GPL-3.0-or-later
// handicap.hpp — leaves a server about a sixth of its core, so that at saturation the server is the
// bottleneck, and not the load generator on the other core.
//
// Runs in:   benchmarks.
// Owns:      a process on the server's core that only spins, with a higher priority.
#pragma once

#include <sys/types.h>

namespace chatd::bench {

class Handicap {
 public:
  explicit Handicap(pid_t server);
  ~Handicap();
  Handicap(const Handicap&) = delete;
  Handicap& operator=(const Handicap&) = delete;

 private:
  pid_t idler_;
};

}  // namespace chatd::bench
