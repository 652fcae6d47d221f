// SPDX-License-Identifier: GPL-3.0-or-later
// gateway_log.hpp — the log messages that members and unauthenticated peers can cause in the
// gateway. Each kind has a rate limit. Both protocols share one GatewayLog.
//
// Runs in:   gateway.
#pragma once

#include "daemon/limits/flood_log.hpp"
#include "daemon/limits/member_log.hpp"
#include "daemon/limits/refusal_log.hpp"

namespace chatd::gateway {

struct GatewayLog {
  FloodLog floods;
  RefusalLog refusals{floods};
  MemberLog members;

  GatewayLog() = default;
  GatewayLog(const GatewayLog&) = delete;  // `refusals` refers to `floods`
  GatewayLog& operator=(const GatewayLog&) = delete;
  GatewayLog(GatewayLog&&) = delete;
  GatewayLog& operator=(GatewayLog&&) = delete;
  ~GatewayLog() = default;

  // Writes what is due. The gateway calls it about once a second.
  void tick(MonoTime now) {
    floods.tick(now);
    members.tick(now);
  }
  // Writes what is left. Called once, when this process ends.
  void finish(MonoTime now) {
    floods.finish(now);
    members.finish();
  }
};

}  // namespace chatd::gateway
