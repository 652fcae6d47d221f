// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/status_rates.hpp"

#include <algorithm>

namespace chatd::ctl {

namespace {

// No such counter, as in the report of a daemon that was upgraded: its rate is not known.
std::optional<std::uint64_t> value_of(const wire::Counters& counters, const std::string& name) {
  const auto found = std::ranges::find(counters, name, &wire::Counters::value_type::first);
  if (found == counters.end()) return std::nullopt;
  return found->second;
}

}  // namespace

double rate_of(const Rates& rates, std::string_view counter) noexcept {
  const auto found = std::ranges::find(rates, counter, &Rates::value_type::first);
  return found == rates.end() ? 0 : found->second;
}

Rates StatusRates::take(const wire::StatusReport& report, MonoTime now) {
  const auto before = std::exchange(before_, report);
  const double seconds = std::chrono::duration<double>{now - std::exchange(at_, now)}.count();
  if (!before || before->started != report.started || seconds <= 0) return {};
  Rates rates;
  for (const auto& [name, value] : report.counters) {
    const auto last = value_of(before->counters, name);
    if (!last || *last > value) continue;
    rates.emplace_back(name, static_cast<double>(value - *last) / seconds);
  }
  return rates;
}

}  // namespace chatd::ctl
