// SPDX-License-Identifier: GPL-3.0-or-later
// ended_clients.hpp — clients that were killed or have ended: no reader may show what they did
// last, as a join.
//
// Runs in:   chaos.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <string>

#include "common/base/time.hpp"

namespace chatd::test {

class EndedClients {
 public:
  // The effect of a client's last datagrams may be received so much later: gateway and worker may
  // be suspended, and are killed for that after 5 s.
  static constexpr std::chrono::seconds kReadLate{12};
  // The times between which a client ran.
  struct Life {
    MonoTime begun;
    MonoTime ended;
  };

  void add(const std::string& user, Life life) { lives_.emplace(user, life); }
  // Whether one of the user may have done what was received first at this time.
  [[nodiscard]] bool may_have_done(const std::string& user, MonoTime received) const {
    const auto [begin, end] = lives_.equal_range(user);
    return std::any_of(begin, end, [received](const auto& entry) {
      return received >= entry.second.begun && received <= entry.second.ended + kReadLate;
    });
  }

 private:
  std::multimap<std::string, Life> lives_;  // by user
};

}  // namespace chatd::test
