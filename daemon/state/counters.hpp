// SPDX-License-Identifier: GPL-3.0-or-later
// counters.hpp — the counters, and the names under which `chatctl status` shows them.
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
  Counter datagrams_dropped_foreign;    // from a network whose datagrams of this kind are refused
  Counter datagrams_dropped_malformed;  // of no known protocol
  Counter datagrams_dropped_empty;      // a message without text
  Counter datagrams_dropped_overload;   // above the limit of unauthenticated peers or of a member
  Counter answers_suppressed;           // requests or logins above a rate: no answer
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
  Counter direct_messages;
  Counter packets_refused;  // did not authenticate, or were received before
  Counter packets_unknown;  // of no session
  Counter acks_refused;     // of a stream, or of bytes, that its sender does not have
  Counter offsets_refused;  // DATA of another stream than that of commands; positions in no log
  // Of a room that their sender is not in. A few are usual: it was removed while the command was
  // on its way, or a `leave` was sent again because the gateway was killed.
  Counter commands_not_in_room;
  Counter members_moved;  // to another address
  Counter handshakes_failed;
  Counter sessions_now;
  Counter sessions_peak;
  Counter rooms_now;  // beside the default one
  Counter events;     // of `chatctl events`
  Counter seeks_answered;
};

// Written by: the worker of that index.
struct alignas(kCacheLine) WorkerCounters {
  Counter datagrams_sent;
  Counter datagrams_failed;
  Counter lines_delivered;
  Counter send_blocked;
  Counter members_lapped;
  Counter passes;
  Counter members;  // sessions that it served at the last pass
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
    GatewayCounterRow{"direct_messages", &GatewayCounters::direct_messages},
    GatewayCounterRow{"packets_refused", &GatewayCounters::packets_refused},
    GatewayCounterRow{"packets_unknown", &GatewayCounters::packets_unknown},
    GatewayCounterRow{"acks_refused", &GatewayCounters::acks_refused},
    GatewayCounterRow{"offsets_refused", &GatewayCounters::offsets_refused},
    GatewayCounterRow{"commands_not_in_room", &GatewayCounters::commands_not_in_room},
    GatewayCounterRow{"members_moved", &GatewayCounters::members_moved},
    GatewayCounterRow{"handshakes_failed", &GatewayCounters::handshakes_failed},
    GatewayCounterRow{"sessions_now", &GatewayCounters::sessions_now},
    GatewayCounterRow{"sessions_peak", &GatewayCounters::sessions_peak},
    GatewayCounterRow{"rooms_now", &GatewayCounters::rooms_now},
    GatewayCounterRow{"events", &GatewayCounters::events},
    GatewayCounterRow{"seeks_answered", &GatewayCounters::seeks_answered},
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
