// SPDX-License-Identifier: GPL-3.0-or-later
// native_members.hpp — native members of chatd, which run the code of the real client.
//
// Runs in:   benchmarks.
#pragma once

#include "tests/bench/members.hpp"
#include "tests/support/native_crowd.hpp"

namespace chatd::bench {

class NativeMembers : public Members {
 public:
  explicit NativeMembers(const MembersOptions& options);

  bool enter(std::chrono::seconds timeout) override;
  void publish(const Payload& payload) override;
  void pump(Clock::time_point until) override;
  void lose(double share) override { crowd_.lose(share); }
  // All members: a publisher receives its own messages, in the order of the room.
  std::uint64_t receivers() const override { return options().all(); }

 private:
  test::NativeCrowd crowd_;
};

}  // namespace chatd::bench
