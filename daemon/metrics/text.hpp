// SPDX-License-Identifier: GPL-3.0-or-later
// text.hpp — the metrics in the text format of Prometheus, version 0.0.4.
//
// Runs in:   as figures.hpp: for `chatctl metrics` in the gateway.
// Invariant: pure. A figure that another process changes meanwhile is the old or the new one.
#pragma once

#include <string>
#include <string_view>

#include "daemon/metrics/figures.hpp"

namespace chatd::metrics {

inline constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

[[nodiscard]] std::string text(const Figures& figures);

}  // namespace chatd::metrics
