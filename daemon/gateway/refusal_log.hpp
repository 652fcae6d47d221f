// SPDX-License-Identifier: GPL-3.0-or-later
// refusal_log.hpp — who was not let into the room and why, in the service's log; the same for
// every protocol.
//
// Runs in:   gateway. Pure but for log(): the time is an argument.
// Borrows:   the FloodLog, which counts the refusals by limits of the room, and those beyond
//            what is worth a line each.
// Invariant: at most kAtOnce lines at once, and one more each second. The name that was asked
//            for is not logged: a stranger may write into it what it likes.
#pragma once

#include <string_view>

#include "common/base/address.hpp"
#include "common/base/rate_limit.hpp"
#include "common/wire/phrases.hpp"
#include "daemon/gateway/flood_log.hpp"

namespace chatd::gateway {

class RefusalLog {
 public:
  static constexpr std::uint32_t kAtOnce = 10;

  explicit RefusalLog(FloodLog& floods) : floods_{floods} {}

  void refused(const Endpoint& peer, wire::Phrase why, MonoTime now);
  void refused_password(const Endpoint& peer, MonoTime now);

 private:
  // False: there were enough lines.
  bool write(const Endpoint& peer, std::string_view code, std::string_view why, MonoTime now);

  FloodLog& floods_;
  RateLimit limit_{1, kAtOnce};
  std::int64_t arrival_{0};
};

}  // namespace chatd::gateway
