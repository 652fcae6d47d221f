// SPDX-License-Identifier: GPL-3.0-or-later
// process_control.hpp — the row of a process in the shared region: its state, its heartbeat, and
// whether it sleeps.
//
// Runs in:   supervisor, gateway, worker. Part of the shared layout.
// See:       layout.hpp; wake.hpp for `sleeping` and `calls`.
#pragma once

#include <atomic>
#include <cstdint>

#include "daemon/state/counters.hpp"

namespace chatd::state {

enum class ProcessState : std::uint32_t { empty, starting, ready, hung, waiting, stopping };

struct ProcessControl {
  // Written by: supervisor.
  alignas(kCacheLine) std::atomic<std::int32_t> pid;
  std::atomic<ProcessState> state;
  std::atomic<std::uint64_t> restarts;     // exits that were not requested
  std::atomic<std::int64_t> started_wall;  // microseconds since 1970
  // The start of the last process that replaced one after such an exit. Not that of a reload.
  std::atomic<std::int64_t> replaced_wall;
  // Written by: the process itself.
  alignas(kCacheLine) Counter heartbeat;
  Counter cpu_micros;      // processor time, of the process that runs now
  Counter resident_bytes;  // memory in use
  // Written by: worker (1 before it waits) and gateway (0 when it rings the bell).
  alignas(kCacheLine) std::atomic<std::uint32_t> sleeping;
  // Written by: gateway. A changed number: this worker has work, although the log may not have
  // grown.
  std::atomic<std::uint64_t> calls;
};
static_assert(sizeof(ProcessControl) == 3 * kCacheLine);

}  // namespace chatd::state
