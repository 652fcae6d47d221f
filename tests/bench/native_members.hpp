// SPDX-License-Identifier: GPL-3.0-or-later
// native_members.hpp — members of chatd as its own client is one: encrypted and acknowledged.
//
// Runs in:   benchmarks.
#pragma once

#include "tests/bench/members.hpp"
#include "tests/support/native_crowd.hpp"

namespace chatd::bench {

class NativeMembers : public Members {
 public:
  explicit NativeMembers(const MembersOptions& options);

  bool enter(std::chrono::seconds patience) override;
  void publish(const Payload& payload) override;
  void pump(Clock::time_point until) override;
  void lose(double share) override { crowd_.lose(share); }
  // Everybody hears it, as a publisher sees its own words in the room's order.
  std::uint64_t hearers() const override { return options().all(); }

 private:
  test::NativeCrowd crowd_;
};

}  // namespace chatd::bench
