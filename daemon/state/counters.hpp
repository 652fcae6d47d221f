// SPDX-License-Identifier: GPL-3.0-or-later
// counters.hpp — the names of the counters, for `chatctl status`.
//
// Runs in:   gateway. One row per member of the counter structs in layout.hpp; a test holds
//            the tables to the structs' sizes.
#pragma once

#include <array>
#include <string_view>

#include "daemon/state/layout.hpp"

namespace chatd::state {

struct GatewayCounterRow {
  std::string_view name;
  Counter GatewayCounters::*member;
};

inline constexpr std::array kGatewayCounters{
    GatewayCounterRow{"datagrams_received", &GatewayCounters::datagrams_received},
    GatewayCounterRow{"datagrams_dropped_foreign", &GatewayCounters::datagrams_dropped_foreign},
    GatewayCounterRow{"datagrams_dropped_malformed",
                      &GatewayCounters::datagrams_dropped_malformed},
    GatewayCounterRow{"datagrams_dropped_empty", &GatewayCounters::datagrams_dropped_empty},
    GatewayCounterRow{"answers_suppressed", &GatewayCounters::answers_suppressed},
    GatewayCounterRow{"messages", &GatewayCounters::messages},
    GatewayCounterRow{"messages_refused_rate", &GatewayCounters::messages_refused_rate},
    GatewayCounterRow{"messages_refused_invalid", &GatewayCounters::messages_refused_invalid},
    GatewayCounterRow{"joins", &GatewayCounters::joins},
    GatewayCounterRow{"leaves", &GatewayCounters::leaves},
    GatewayCounterRow{"logins_refused", &GatewayCounters::logins_refused},
    GatewayCounterRow{"members_unreachable", &GatewayCounters::members_unreachable},
    GatewayCounterRow{"members_idle", &GatewayCounters::members_idle},
    GatewayCounterRow{"members_kicked", &GatewayCounters::members_kicked},
    GatewayCounterRow{"announcements", &GatewayCounters::announcements},
    GatewayCounterRow{"replies_failed", &GatewayCounters::replies_failed},
    GatewayCounterRow{"sessions_now", &GatewayCounters::sessions_now},
    GatewayCounterRow{"sessions_peak", &GatewayCounters::sessions_peak},
};

struct WorkerCounterRow {
  std::string_view name;
  Counter WorkerCounters::*member;
};

// In `status` the sum over all workers.
inline constexpr std::array kWorkerCounters{
    WorkerCounterRow{"datagrams_sent", &WorkerCounters::datagrams_sent},
    WorkerCounterRow{"datagrams_failed", &WorkerCounters::datagrams_failed},
    WorkerCounterRow{"lines_delivered", &WorkerCounters::lines_delivered},
    WorkerCounterRow{"send_blocked", &WorkerCounters::send_blocked},
    WorkerCounterRow{"members_lapped", &WorkerCounters::members_lapped},
    WorkerCounterRow{"passes", &WorkerCounters::passes},
};

static_assert(sizeof(GatewayCounters) == kGatewayCounters.size() * sizeof(Counter));

}  // namespace chatd::state
