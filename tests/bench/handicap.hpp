// SPDX-License-Identifier: GPL-3.0-or-later
// handicap.hpp — leaves a server about a sixth of its core, so that at saturation it, and not the
// load generator on the other one, is what everything waits for.
//
// Runs in:   benchmarks.
// Owns:      a process on the server's core that does nothing, at a better priority.
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
