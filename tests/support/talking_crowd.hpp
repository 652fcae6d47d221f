// SPDX-License-Identifier: GPL-3.0-or-later
// talking_crowd.hpp — native members that send messages in turn, and the delay until all members
// have received each one.
//
// Runs in:   test programs that disturb the daemon meanwhile.
// Owns:      the crowd.
// Invariant: a line that a member does not receive, or the end of a session, fails the test.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/support/native_crowd.hpp"

namespace chatd::test {

class TalkingCrowd {
 public:
  TalkingCrowd(const Endpoint& server, std::size_t size);

  [[nodiscard]] bool enter() { return crowd_.enter(); }
  // Sends a message every `between` for `time`, each from the next member. Returns the 99th
  // percentile of the delay from when a message was due until a member received it.
  [[nodiscard]] Micros talk(Micros time, Micros between);

 private:
  std::map<std::string, MonoTime> said_at_;
  std::vector<Micros> delays_;
  std::size_t said_{0};
  NativeCrowd crowd_;
};

}  // namespace chatd::test
