// SPDX-License-Identifier: GPL-3.0-or-later
// results.hpp — the figures of all runs, and their medians.
//
// Runs in:   benchmarks. Pure.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/workload.hpp"

namespace chatd::bench {

using Field = double Figures::*;

class Results {
 public:
  void add(const std::string& workload, std::string_view server, const Figures& figures) {
    runs_[{workload, std::string{server}}].push_back(figures);
  }
  [[nodiscard]] const std::vector<Figures>& runs(const std::string& workload,
                                                 std::string_view server) const {
    static const std::vector<Figures> kNone;
    const auto found = runs_.find({workload, std::string{server}});
    return found == runs_.end() ? kNone : found->second;
  }
  // The median of the valid runs; nullopt if there is none.
  [[nodiscard]] std::optional<double> median(const std::string& workload, std::string_view server,
                                             Field field) const {
    std::vector<double> values;
    for (const Figures& figures : runs(workload, server)) {
      if (counts(figures)) values.push_back(figures.*field);
    }
    return median_of(std::move(values));
  }
  struct Of {
    std::string workload;
    std::string server;
    Field field;
  };
  // The median of the ratios of each round: a slow minute of the machine affects both figures.
  [[nodiscard]] std::optional<double> median_ratio(const Of& of, const Of& to) const {
    const auto& above = runs(of.workload, of.server);
    const auto& below = runs(to.workload, to.server);
    std::vector<double> values;
    for (std::size_t i = 0; i < std::min(above.size(), below.size()); ++i) {
      const double divisor = below[i].*to.field;
      if (!counts(above[i]) || !counts(below[i]) || divisor <= 0) continue;
      values.push_back(above[i].*of.field / divisor);
    }
    return median_of(std::move(values));
  }
  [[nodiscard]] bool has_fault() const {
    return std::ranges::any_of(runs_, [](const auto& entry) {
      return std::ranges::any_of(entry.second,
                                 [](const Figures& figures) { return !figures.fault.empty(); });
    });
  }

 private:
  static bool counts(const Figures& figures) { return figures.fault.empty() && !figures.is_void; }
  static std::optional<double> median_of(std::vector<double> values) {
    if (values.empty()) return std::nullopt;
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 != 0 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }

  std::map<std::pair<std::string, std::string>, std::vector<Figures>> runs_;
};

}  // namespace chatd::bench
