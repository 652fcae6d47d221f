// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of the verbs about owned names.
#include <chrono>
#include <string>

#include <fmt/format.h>

#include "common/wire/rfc3339.hpp"
#include "ctl/render.hpp"
#include "ctl/text.hpp"

namespace chatd::ctl {

namespace {

std::string state_of(const wire::OwnedNameReport& name, WallTime now) {
  const auto until = wire::parse_rfc3339(name.rests_until);
  if (!until) return "owned";
  return fmt::format("{} for {}", name.is_released ? "released, rests" : "rests",
                     duration_text(std::chrono::ceil<std::chrono::seconds>(*until - now)));
}

}  // namespace

std::string render(const wire::NamesReport& report, const Style& style, WallTime now) {
  std::string out;
  Table table{{{"NAME"},
               {"STATE"},
               {"SINCE"},
               {"SEEN"},
               {"WAITING", Table::Align::right},
               {"KEY"},
               {"DEVICE"}}};
  for (const auto& name : report.names) {
    std::string shown = name.name;
    std::string state = state_of(name, now);
    std::string since = age_text(name.since, now);
    std::string seen = age_text(name.seen, now);
    std::string waiting = number_text(name.waiting);
    if (name.keys.empty()) {
      table.add({shown, state, since, seen, waiting, std::string{"-"}, std::string{"-"}});
    }
    for (const auto& key : name.keys) {
      table.add({shown, state, since, seen, waiting, key.key, key.label.empty() ? "-" : key.label});
      // A further key has only its own columns.
      shown = state = since = seen = waiting = "";
    }
  }
  if (!report.names.empty()) out = table.render(style) + "\n";
  if (style.legend) {
    out += report.names.empty() ? "no owned names\n"
                                : count_text(report.names.size(), "owned name") + "\n";
  }
  return out;
}

std::string render(const wire::ChangedNameReport& report) {
  if (report.change == "given") return line_of("{} belongs to {}", report.name, report.key);
  if (report.change == "taken") return line_of("{} is free", report.name);
  return line_of("{} rests for 30 days", report.name);
}

// The token alone: a caller writes it into a file.
std::string render(const wire::TokenReport& report) {
  if (report.change == "made") return line_of("{}", report.token);
  return line_of("the token of {} is ended, and the name is free", report.name);
}

}  // namespace chatd::ctl
