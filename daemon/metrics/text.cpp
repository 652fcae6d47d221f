// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/metrics/text.hpp"

#include <iterator>
#include <string>
#include <type_traits>

#include <fmt/format.h>

#include "common/base/version.hpp"
#include "daemon/metrics/metric_table.hpp"

namespace chatd::metrics {

namespace {

std::uint64_t value_of(const state::Counter& counter) {
  return counter.load(std::memory_order_relaxed);
}

// The values of one row of the table, appended to `out`.
struct Samples {
  const Metric& metric;
  const Figures& figures;
  std::string& out;

  // chatd_messages_refused_total{reason="rate"} 3
  void add(std::string_view ending, std::string_view labels, auto value) const {
    const std::string_view open = labels.empty() ? "" : "{";
    const std::string_view close = labels.empty() ? "" : "}";
    fmt::format_to(std::back_inserter(out), "{}{}{}{}{} {}\n", metric.name, ending, open, labels,
                   close, value);
  }
  void add(auto value) const { add("", metric.label, value); }

  // `histogram_of(i)`, for i from 0 to `parts`, in one.
  void add_histogram(std::size_t parts, auto histogram_of) const {
    std::uint64_t count = 0;
    std::uint64_t sum = 0;
    for (std::size_t part = 0; part < parts; ++part) sum += value_of(histogram_of(part).sum);
    const std::string before = metric.label.empty() ? "" : fmt::format("{},", metric.label);
    for (std::size_t bucket = 0; bucket <= state::kLatencyBounds.size(); ++bucket) {
      for (std::size_t part = 0; part < parts; ++part) {
        count += value_of(histogram_of(part).buckets[bucket]);
      }
      const bool is_last = bucket == state::kLatencyBounds.size();
      const std::string bound =
          is_last ? "+Inf"
                  : fmt::format("{}", static_cast<double>(state::kLatencyBounds[bucket]) / 1e6);
      add("_bucket", fmt::format("{}le=\"{}\"", before, bound), count);
    }
    add("_sum", metric.label, static_cast<double>(sum) / 1e6);
    add("_count", metric.label, count);
  }

  void operator()(Version /*source*/) const { add("", fmt::format("version=\"{}\"", kVersion), 1); }
  void operator()(state::Counter state::GatewayCounters::*member) const {
    add(value_of(figures.gateway.*member));
  }
  void operator()(state::Counter state::GatewayFigures::*member) const {
    add(value_of(figures.gateway_figures.*member));
  }
  void operator()(state::Counter state::ArchiveFigures::*member) const {
    add(value_of(figures.archive.*member));
  }
  void operator()(state::Counter state::WorkerCounters::*member) const {
    for (std::size_t i = 0; i < figures.workers.size(); ++i) {
      add("", fmt::format("worker=\"{}\"", i), value_of(figures.workers[i].*member));
    }
  }
  void operator()(state::Histogram state::GatewayFigures::*member) const {
    add_histogram(
        1, [&](std::size_t /*part*/) -> auto& { return figures.gateway_figures.*member; });
  }
  void operator()(state::Histogram state::DeliveryLatency::*member) const {
    add_histogram(
        figures.latencies.size(), [&](std::size_t part) -> auto& {
          return figures.latencies[part].*member;
        });
  }
  void operator()(double (*of)(const state::ProcessControl&)) const {
    for (const roles::Process& process : figures.processes) {
      add("", fmt::format("role=\"{}\",index=\"{}\"", process.role, process.index),
          of(figures.controls[process.row]));
    }
  }
  void operator()(double (*of)(const Figures&)) const { add(of(figures)); }
};

std::string_view name_of(Type type) {
  switch (type) {
    case Type::counter:
      return "counter";
    case Type::gauge:
      return "gauge";
    case Type::histogram:
      return "histogram";
  }
  return "untyped";
}

}  // namespace

std::string text(const Figures& figures) {
  std::string out;
  for (const Metric& metric : all()) {
    if (!metric.help.empty()) {
      fmt::format_to(std::back_inserter(out), "# HELP {0} {1}\n# TYPE {0} {2}\n", metric.name,
                     metric.help, name_of(metric.type));
    }
    std::visit(Samples{metric, figures, out}, metric.source);
  }
  return out;
}

}  // namespace chatd::metrics
