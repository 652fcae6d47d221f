// SPDX-License-Identifier: GPL-3.0-or-later
// gateway_log.hpp — all that members and strangers can make the gateway log, each with its
// bound. One for both protocols.
//
// Runs in:   gateway.
#pragma once

#include "daemon/gateway/flood_log.hpp"
#include "daemon/gateway/member_log.hpp"
#include "daemon/gateway/refusal_log.hpp"

namespace chatd::gateway {

struct GatewayLog {
  FloodLog floods;
  RefusalLog refusals{floods};
  MemberLog members;

  GatewayLog() = default;
  GatewayLog(const GatewayLog&) = delete;  // `refusals` refers to its neighbour
  GatewayLog& operator=(const GatewayLog&) = delete;
  GatewayLog(GatewayLog&&) = delete;
  GatewayLog& operator=(GatewayLog&&) = delete;
  ~GatewayLog() = default;

  // About once a second.
  void tick(MonoTime now) {
    floods.tick(now);
    members.tick(now);
  }
  // This process ends.
  void finish(MonoTime now) {
    floods.finish(now);
    members.finish();
  }
};

}  // namespace chatd::gateway
