// SPDX-License-Identifier: GPL-3.0-or-later
// counters.hpp — what is counted, and under which names `chatctl status` shows it.
//
// Runs in:   gateway and workers count, the gateway shows. Part of the shared layout.
// Invariant: one writer per counter; one row of a table per counter.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace chatd::state {

inline constexpr std::size_t kCacheLine = 64;

using Counter = std::atomic<std::uint64_t>;
static_assert(Counter::is_always_lock_free, "shared between processes");

// A counter with one writer needs no locked instruction.
inline void count(Counter& counter, std::uint64_t by = 1) noexcept {
  counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

// Written by: gateway. The names are those of `chatctl status --json`.
struct GatewayCounters {
  Counter datagrams_received;
  Counter datagrams_dropped_foreign;    // from outside of text.networks
  Counter datagrams_dropped_malformed;  // no protocol of ours
  Counter datagrams_dropped_empty;      // a message without text
  Counter datagrams_dropped_overload;   // more came, of strangers or of one member, than is read
  Counter answers_suppressed;           // strangers asked, or came in, or a member asked, too fast
  Counter messages;
  Counter messages_refused_rate;
  Counter messages_refused_invalid;
  Counter joins;
  Counter leaves;
  Counter logins_refused;
  Counter members_unreachable;
  Counter members_idle;
  Counter members_kicked;
  Counter announcements;
  Counter replies_failed;
  Counter letters;
  Counter packets_refused;  // did not authenticate, or were here before
  Counter packets_unknown;  // of no session
  Counter members_moved;    // to another address
  Counter handshakes_failed;
  Counter sessions_now;
  Counter sessions_peak;
};

// Written by: the worker of that index.
struct alignas(kCacheLine) WorkerCounters {
  Counter datagrams_sent;
  Counter datagrams_failed;
  Counter lines_delivered;
  Counter send_blocked;
  Counter members_lapped;
  Counter passes;
  Counter members;  // sessions in its hands at the last pass
};

struct GatewayCounterRow {
  std::string_view name;
  Counter GatewayCounters::*member;
};

inline constexpr std::array kGatewayCounters{
    GatewayCounterRow{"datagrams_received", &GatewayCounters::datagrams_received},
    GatewayCounterRow{"datagrams_dropped_foreign", &GatewayCounters::datagrams_dropped_foreign},
    GatewayCounterRow{"datagrams_dropped_malformed", &GatewayCounters::datagrams_dropped_malformed},
    GatewayCounterRow{"datagrams_dropped_empty", &GatewayCounters::datagrams_dropped_empty},
    GatewayCounterRow{"datagrams_dropped_overload", &GatewayCounters::datagrams_dropped_overload},
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
    GatewayCounterRow{"letters", &GatewayCounters::letters},
    GatewayCounterRow{"packets_refused", &GatewayCounters::packets_refused},
    GatewayCounterRow{"packets_unknown", &GatewayCounters::packets_unknown},
    GatewayCounterRow{"members_moved", &GatewayCounters::members_moved},
    GatewayCounterRow{"handshakes_failed", &GatewayCounters::handshakes_failed},
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
