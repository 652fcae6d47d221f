// SPDX-License-Identifier: GPL-3.0-or-later
// metric_table.hpp — the table of metrics.
//
// Runs in:   as figures.hpp. A test holds chatd(8) to it, and another one the dashboard and the
//            alert rules in packaging.
// Invariant: no label names a member, an address or a room. The rows of a metric follow each other,
//            the first one has the help. Each counter of daemon/state/counters.hpp has one row.
// See:       prometheus.io/docs/practices/naming
#pragma once

#include <span>

#include "daemon/metrics/metric.hpp"

namespace chatd::metrics {

[[nodiscard]] std::span<const Metric> all();

}  // namespace chatd::metrics
