// SPDX-License-Identifier: GPL-3.0-or-later
// talking_crowd.hpp — native members that talk in turn, and how soon everybody hears them.
//
// Runs in:   test programs, beside whatever trouble the test makes.
// Owns:      the crowd.
// Invariant: a line that a member did not hear, or an end of a session, fails the test.
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
  // One message each `between`, by the next member each time. Returns the 99th percentile of the
  // time from when a message was due until a member heard it.
  [[nodiscard]] Micros talk(Micros time, Micros between);

 private:
  std::map<std::string, MonoTime> said_at_;
  std::vector<Micros> delays_;
  std::size_t said_{0};
  NativeCrowd crowd_;
};

}  // namespace chatd::test
