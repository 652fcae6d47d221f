// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/report.hpp"

#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace chatd::bench {

namespace {

struct Column {
  std::string_view name;  // in JSON
  std::string_view head;
  Field field;
  int decimals;
  double scale{1};
};

constexpr std::array kMessages{
    Column{"cpu_us", "CPU us", &Figures::cpu_us, 3},
    Column{"p50_ms", "p50 ms", &Figures::p50_ms, 2},
    Column{"p99_ms", "p99 ms", &Figures::p99_ms, 2},
    Column{"p999_ms", "p99.9 ms", &Figures::p999_ms, 2},
    Column{"worst_ms", "worst ms", &Figures::worst_ms, 1},
    Column{"per_second", "per second", &Figures::per_second, 0},
    Column{"lost_share", "lost %", &Figures::lost_share, 2, 100},
    Column{"server_share", "server %", &Figures::server_share, 0, 100},
    Column{"generator_share", "gen. %", &Figures::generator_share, 0, 100},
};
constexpr std::array kJoins{
    Column{"cpu_us", "CPU us", &Figures::cpu_us, 1},
    Column{"per_second", "per second", &Figures::per_second, 0},
};
constexpr std::array kMemory{
    Column{"bytes_each", "bytes", &Figures::bytes_each, 0},
    Column{"kernel_each", "of these kernel", &Figures::kernel_each, 0},
};
constexpr std::array kIdle{
    Column{"server_share", "core %", &Figures::server_share, 3, 100},
};

std::span<const Column> columns_of(const Workload& workload) {
  switch (workload.kind) {
    case Workload::Kind::paced:
    case Workload::Kind::saturated:
      return kMessages;
    case Workload::Kind::joins:
      return kJoins;
    case Workload::Kind::memory:
      return kMemory;
    case Workload::Kind::idle:
      return kIdle;
  }
  return {};
}

std::size_t width_of(const Column& column) { return std::max<std::size_t>(9, column.head.size()); }

Figures medians(const Case& about, const Results& results, std::string_view server) {
  Figures figures;
  for (const Column& column : columns_of(about.workload)) {
    figures.*column.field = results.median(about.workload.name, server, column.field).value_or(0);
  }
  for (const Figures& run : results.runs(about.workload.name, server)) {
    if (!run.fault.empty()) figures.fault = run.fault;
    figures.is_void |= run.is_void;
  }
  return figures;
}

}  // namespace

std::string heading(const Workload& workload) {
  std::string line = fmt::format("{:<18}", workload.name);
  for (const Column& column : columns_of(workload)) {
    line += fmt::format(" {:>{}}", column.head, width_of(column));
  }
  return line;
}

std::string row(const Workload& workload, std::string_view server, const Figures& figures) {
  std::string line = fmt::format("  {:<16}", server);
  for (const Column& column : columns_of(workload)) {
    line += fmt::format(" {:>{}.{}f}", figures.*column.field * column.scale, width_of(column),
                        column.decimals);
  }
  if (!figures.fault.empty()) line += "  " + figures.fault;
  if (figures.is_void) line += "  void: the generator was too busy";
  return line;
}

std::string table(const Case& about, const Results& results) {
  std::string text = heading(about.workload) + "\n";
  for (const std::string_view server : about.servers) {
    if (results.runs(about.workload.name, server).empty()) continue;
    text += row(about.workload, server, medians(about, results, server)) + "\n";
  }
  return text;
}

std::string table(const std::vector<Verdict>& verdicts) {
  std::string text;
  for (const Verdict& verdict : verdicts) {
    text += fmt::format("{:<52} {:>9.3f} {:<5} bar {:>7} reach {:>7}  {}\n", verdict.about,
                        verdict.value, verdict.unit, verdict.bar, verdict.reach, verdict.word());
  }
  return text;
}

std::string json(const std::vector<Case>& cases, const Results& results,
                 const std::vector<Verdict>& verdicts) {
  nlohmann::json all;
  for (const Case& about : cases) {
    for (const std::string_view server : about.servers) {
      for (const Figures& figures : results.runs(about.workload.name, server)) {
        nlohmann::json run{{"workload", about.workload.name}, {"server", server}};
        for (const Column& column : columns_of(about.workload)) {
          run[std::string{column.name}] = figures.*column.field;
        }
        if (!figures.fault.empty()) run["fault"] = figures.fault;
        if (figures.is_void) run["void"] = true;
        all["runs"].push_back(std::move(run));
      }
    }
  }
  for (const Verdict& verdict : verdicts) {
    all["verdicts"].push_back({{"about", verdict.about},
                               {"value", verdict.value},
                               {"unit", verdict.unit},
                               {"bar", verdict.bar},
                               {"reach", verdict.reach},
                               {"verdict", verdict.word()}});
  }
  return all.dump(2) + "\n";
}

std::string columns(const std::vector<Case>& cases, const Results& results) {
  std::string text;
  for (const Case& about : cases) {
    for (const std::string_view server : about.servers) {
      if (results.runs(about.workload.name, server).empty()) continue;
      const Figures figures = medians(about, results, server);
      text += fmt::format("{}\t{}\t{}\t{}\t{}\n", about.workload.name, server, figures.cpu_us,
                          figures.p50_ms, figures.p99_ms);
    }
  }
  return text;
}

}  // namespace chatd::bench
