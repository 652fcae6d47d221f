// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of `status` and `metrics`.
#include <algorithm>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ctl/counter_texts.hpp"
#include "ctl/render.hpp"
#include "ctl/text.hpp"

namespace chatd::ctl {

namespace {

std::string sessions_text(const wire::StatusReport& report) {
  // A limit of 0 is no limit.
  const std::string limit =
      report.sessions_limit == 0 ? "" : " of " + number_text(report.sessions_limit);
  return fmt::format("{}{}, at most {} so far", number_text(report.sessions), limit,
                     number_text(report.sessions_peak));
}

std::string minute_text(const wire::LastMinute& figures) {
  return fmt::format("{}, {}, {}, {}", count_text(figures.messages, "message"),
                     count_text(figures.joins, "join"), count_text(figures.leaves, "leave"),
                     count_text(figures.logins_refused, "refused login"));
}

std::string door_text(const wire::StatusReport& report) {
  std::string door = report.door == "invited" ? "invited persons only" : report.door;
  if (report.open_codes == 0) return door;
  return fmt::format("{}, {}, see chatctl invites", door,
                     count_text(report.open_codes, "open code"));
}

// "12.3", "0"; at 100 and above without a fraction.
std::string rate_text(double rate) {
  if (rate == 0) return "0";
  return rate < 100 ? fmt::format("{:.1f}", rate) : number_text(static_cast<std::uint64_t>(rate));
}

std::string rates_text(const Rates& rates) {
  return fmt::format("{} messages, {} joins, {} leaves, {} datagrams received, {} sent",
                     rate_text(rate_of(rates, "messages")), rate_text(rate_of(rates, "joins")),
                     rate_text(rate_of(rates, "leaves")),
                     rate_text(rate_of(rates, "datagrams_received")),
                     rate_text(rate_of(rates, "datagrams_sent")));
}

// The table has the counters that are not zero and that no line above shows: most counters of a
// healthy daemon are zero.
std::string counters_table(const wire::StatusReport& report, const Style& style,
                           const Rates& rates) {
  std::vector<Table::Column> columns{{"COUNTER"}, {"VALUE", Table::Align::right}, {"MEANING"}};
  if (!rates.empty())
    columns.insert(columns.end() - 1, Table::Column{"PER SECOND", Table::Align::right});
  Table table{std::move(columns)};
  bool is_empty = true;
  for (const auto& [name, value] : report.counters) {
    const CounterText* const text = find_counter_text(name);
    if (value == 0 || (text != nullptr && text->text.empty())) continue;
    std::vector<Table::Cell> cells{name, number_text(value)};
    if (!rates.empty()) cells.push_back(rate_text(rate_of(rates, name)));
    cells.emplace_back(text == nullptr ? "" : std::string{text->text});
    table.add(std::move(cells));
    is_empty = false;
  }
  return is_empty ? "" : "\n" + table.render(style);
}

// The first line of the status, and a line for each problem.
std::string verdict(const wire::StatusReport& report, const Style& style) {
  const bool is_complete = report.workers_ready >= report.workers_configured;
  const bool is_well = is_complete && report.problems.empty();
  std::string out =
      emphasized("chatd " + report.version, style) + fmt::format(" is running, pid {}", report.pid);
  if (is_well) {
    out += ": " + tinted("all is well", Tint::good, style);
    if (!report.warnings.empty()) out += ", with " + count_text(report.warnings.size(), "warning");
    return out + '\n';
  }
  out += ", but " + tinted("not all is well", Tint::bad, style) + ":\n";
  for (const auto& problem : report.problems) out += line_of("  ! {}", problem);
  // An older daemon does not report its problems.
  if (report.problems.empty()) out += "  ! not every worker is ready\n";
  return out;
}

}  // namespace

// For a program: as the daemon wrote it, but for control characters.
std::string render(const wire::MetricsReport& report) {
  std::string out;
  std::istringstream lines{report.text};
  for (std::string line; std::getline(lines, line);) out += escape_controls(line) + '\n';
  return out;
}

std::string render(const wire::StatusReport& report, const Style& style, WallTime now,
                   const Rates& rates) {
  std::string out = verdict(report, style);
  out += labelled(
      "started", fmt::format("{} ({})", to_rfc3339(report.started), age_text(report.started, now)));
  out += labelled("sessions", sessions_text(report));
  if (report.last_minute.span.count() != 0) {
    out += labelled(report.last_minute.span >= std::chrono::minutes{1}
                        ? "last min"
                        : fmt::format("last {} s", report.last_minute.span.count()),
                    minute_text(report.last_minute));
  }
  if (!rates.empty()) out += labelled("per second", rates_text(rates));
  out += labelled("messages", number_text(report.messages));
  if (report.rooms_limit != 0) {
    out +=
        labelled("rooms", fmt::format("{} of {} beside the default one", number_text(report.rooms),
                                      number_text(report.rooms_limit)));
  }
  if (report.rules != 0) {
    out += labelled(
        "rules", fmt::format("{} (bans and mutes), see chatctl bans", number_text(report.rules)));
  }
  if (!report.door.empty()) out += labelled("door", door_text(report));
  out += labelled("workers",
                  fmt::format("{} of {} ready", report.workers_ready, report.workers_configured));
  out += labelled("listening", fmt::format("{}", fmt::join(report.listen, ", ")));
  if (!report.web.empty()) {
    std::string page;
    for (const auto& where : report.web)
      page += fmt::format("{}http://{}/", page.empty() ? "" : ", ", where);
    out += labelled("page", page);
  }
  out += labelled("config", report.config_file.empty() ? "built-in defaults" : report.config_file);
  out += labelled("language", report.language);
  for (const auto& warning : report.warnings) out += labelled("warning", warning);
  return out + counters_table(report, style, rates);
}

}  // namespace chatd::ctl
