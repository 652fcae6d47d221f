// SPDX-License-Identifier: GPL-3.0-or-later
// metric.hpp — a row of the table of metrics, see metric_table.hpp.
//
// Runs in:   as figures.hpp. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "daemon/metrics/figures.hpp"

namespace chatd::metrics {

enum class Type : std::uint8_t { counter, gauge, histogram };

// The value 1, with the version of the program as a label.
struct Version {};

// Where the values come from: members of the shared memory, or functions of it. One of the workers
// gives a value for each worker (label `worker`), one of processes a value for each process (labels
// `role` and `index`); a histogram of the workers is the sum over all workers.
using Source =
    std::variant<Version, state::Counter state::GatewayCounters::*,
                 state::Counter state::GatewayFigures::*, state::Counter state::WorkerCounters::*,
                 state::Counter state::ArchiveFigures::*, state::Histogram state::GatewayFigures::*,
                 state::Histogram state::DeliveryLatency::*,
                 double (*)(const state::ProcessControl&), double (*)(const Figures&)>;

struct Metric {
  std::string_view name;
  Type type;
  std::string_view label;  // as in the text, `reason="rate"`; "": none
  Source source;
  // A sentence; "": another value of the metric in the row before.
  std::string_view help;
};

}  // namespace chatd::metrics
