// SPDX-License-Identifier: GPL-3.0-or-later
// native_members.hpp — native members of chatd, which run the code of the real client.
//
// Runs in:   benchmarks.
#pragma once

#include <string>
#include <vector>

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
  // The publisher of a message receives it, too, at its place in the order of the room.
  std::uint64_t receivers() const override {
    return options().rooms == 0 ? options().all() : options().room_members;
  }

 private:
  void on_line(std::size_t member, const client::Line& line);
  [[nodiscard]] bool enter_rooms(std::chrono::seconds timeout);

  std::vector<std::string> rooms_;  // the names of the further rooms
  std::size_t joined_{0};           // number of members that have joined their further room
  test::NativeCrowd crowd_;
};

}  // namespace chatd::bench
