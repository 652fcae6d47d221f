// SPDX-License-Identifier: GPL-3.0-or-later
// refusal_log.hpp — log messages about refused logins: address, port, reason. The same for both
// protocols.
//
// Runs in:   gateway. Pure but for log(): the time is an argument.
// Borrows:   the FloodLog, which counts the refusals by a limit of the room, and those that get
//            no line because of the rate limit.
// Invariant: a burst of at most kAtOnce lines, then one line a second. The requested name is logged
//            only if a member could have it: an unauthenticated peer chooses it freely.
#pragma once

#include <string_view>

#include "common/base/address.hpp"
#include "common/base/rate_limit.hpp"
#include "common/wire/text/phrases.hpp"
#include "daemon/limits/flood_log.hpp"

namespace chatd::gateway {

class RefusalLog {
 public:
  // The number of lines that may be logged without a pause.
  static constexpr std::uint32_t kAtOnce = 10;

  explicit RefusalLog(FloodLog& floods) : floods_{floods} {}

  // A login from `peer` was refused; `why` is the text that the peer gets. `name` is the requested
  // name; "": not known.
  void refused(const Endpoint& peer, std::string_view name, wire::Reason why, MonoTime now);
  // A native handshake from `peer` failed because of its password.
  void refused_password(const Endpoint& peer, MonoTime now);

 private:
  // False: the rate limit is reached, nothing was logged.
  bool write(const Endpoint& peer, std::string_view name, wire::Reason why, MonoTime now);

  FloodLog& floods_;
  RateLimit limit_{1, kAtOnce};
  std::int64_t arrival_{0};
};

}  // namespace chatd::gateway
