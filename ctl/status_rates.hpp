// SPDX-License-Identifier: GPL-3.0-or-later
// status_rates.hpp — how fast the counters of `status --watch` grow.
//
// Runs in:   chatctl. Pure: the time is an argument.
// Owns:      the last report.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "common/wire/control/status_reports.hpp"

namespace chatd::ctl {

// Of each counter, by its name in the report, per second. Empty: not known.
using Rates = std::vector<std::pair<std::string, double>>;

// 0 if there is no such counter.
[[nodiscard]] double rate_of(const Rates& rates, std::string_view counter) noexcept;

class StatusRates {
 public:
  // Between the last report and this one, which replaces it. Empty: it is the first one, or the
  // daemon has started again meanwhile.
  [[nodiscard]] Rates take(const wire::StatusReport& report, MonoTime now);

 private:
  std::optional<wire::StatusReport> before_;
  MonoTime at_{};
};

}  // namespace chatd::ctl
