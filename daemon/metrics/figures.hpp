// SPDX-License-Identifier: GPL-3.0-or-later
// figures.hpp — the memory that the metrics are read from.
//
// Runs in:   any process that maps the beginning of the shared region, up to the archive's figures.
//            Nothing here is about a session or a room.
// Borrows:   the mapping, and the list of processes, which every process has from main().
#pragma once

#include <span>

#include "common/base/time.hpp"
#include "daemon/roles/processes.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::metrics {

struct Figures {
  const state::Header& header;
  const state::GatewayCounters& gateway;
  const state::GatewayFigures& gateway_figures;
  std::span<const state::WorkerCounters> workers;  // one for each worker process
  std::span<const state::DeliveryLatency> latencies;
  std::span<const state::ProcessControl> controls;  // by row of the process table
  std::span<const roles::Process> processes;
  const state::ArchiveFigures& archive;
  MonoTime now;
};

[[nodiscard]] inline Figures figures_of(const state::StateView& state,
                                        std::span<const roles::Process> processes, MonoTime now) {
  const std::size_t workers = roles::count_of(roles::kWorker, processes);
  return {.header = state.header(),
          .gateway = state.counters(),
          .gateway_figures = state.gateway_figures(),
          .workers = {&state.worker_counters(0), workers},
          .latencies = {&state.delivery_latency(0), workers},
          .controls = {&state.process(0), state::kMaxProcesses},
          .processes = processes,
          .archive = state.archive(),
          .now = now};
}

}  // namespace chatd::metrics
