// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/render.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ctl/text.hpp"

namespace chatd::ctl {

namespace {

Tint tint_of(std::string_view state) {
  if (state == "ready") return Tint::good;
  return state == "hung" ? Tint::bad : Tint::busy;
}

std::string process_name(const wire::ProcessRow& row) {
  return row.role == "worker" ? fmt::format("worker {}", row.index) : row.role;
}

// " of #lab", if the report is about one room.
std::string of_room(std::string_view room) {
  return room.empty() ? std::string{} : fmt::format(" of #{}", room);
}

// "native, 2 programs, away"
std::string protocol_text(const wire::UserRow& user) {
  const std::string programs =
      user.programs > 1 ? fmt::format(", {} programs", user.programs) : std::string{};
  return user.protocol + programs + (user.is_owned ? ", owned" : "") +
         (user.is_away ? ", away" : "");
}

}  // namespace

std::string users_table(const std::vector<wire::UserRow>& users, const Style& style, WallTime now) {
  Table table{{{"NAME"},
               {"ADDRESS"},
               {"PROTOCOL"},
               {"JOINED"},
               {"IDLE", Table::Align::right},
               {"MESSAGES", Table::Align::right}}};
  for (const auto& user : users) {
    table.add({user.name, user.address, protocol_text(user), age_text(user.joined, now),
               duration_text(user.idle), std::to_string(user.messages)});
  }
  return table.render(style);
}

std::string render(const wire::UsersReport& report, const Style& style, WallTime now) {
  std::string out = users_table(report.users, style, now);
  if (style.legend) out += "\n" + count_text(report.users.size(), "member") + "\n";
  return out;
}

std::string render(const wire::WorkersReport& report, const Style& style, WallTime now) {
  Table table{{{"PROCESS"},
               {"PID", Table::Align::right},
               {"STATE"},
               {"SINCE"},
               {"RESTARTS", Table::Align::right},
               {"SESSIONS", Table::Align::right},
               {"DATAGRAMS", Table::Align::right}}};
  for (const auto& row : report.processes) {
    table.add({process_name(row),
               row.pid > 0 ? std::to_string(row.pid) : "-",
               {row.state, tint_of(row.state)},
               age_text(row.since, now),
               std::to_string(row.restarts),
               std::to_string(row.members),
               std::to_string(row.datagrams)});
  }
  return table.render(style);
}

std::string render(const wire::ReloadReport& report) {
  std::string out = report.changed.empty()
                        ? "reloaded: nothing has changed\n"
                        : fmt::format("reloaded, changed: {}\n", fmt::join(report.changed, ", "));
  if (!report.needs_restart.empty()) {
    out += fmt::format("only after a restart: {}\n", fmt::join(report.needs_restart, ", "));
  }
  for (const auto& warning : report.warnings) {
    out += line_of("warning: {}", warning);
  }
  return out;
}

std::string render(const wire::EventsReport& report) {
  std::string out;
  if (report.missed != 0) {
    out += fmt::format("... {} missed\n", count_text(report.missed, "event"));
  }
  for (const auto& event : report.events) {
    out += line_of("{} {}", to_rfc3339(event.time), event.message);
  }
  return out;
}

std::string render(const wire::KickReport& report) {
  const std::string from = report.room.empty() ? "" : " from #" + report.room;
  return line_of("kicked {} ({}){}", report.name, report.address, from);
}

std::string render(const wire::AnnounceReport& report) {
  return line_of("announced to {}{}", count_text(report.members, "member"), of_room(report.room));
}

std::string render(const wire::UpgradeSummary& report) {
  const std::string versions =
      report.from == report.to ? report.to : report.to + ", which was " + report.from;
  return line_of("chatd {} goes on as pid {}, with {}", versions, report.pid,
                 count_text(report.sessions, "session"));
}

std::string render(const wire::FingerprintReport& report) {
  return line_of("{}", report.fingerprint);
}

std::string render(const wire::KeyReport& report) {
  std::string out = labelled("identity", report.fingerprint);
  out += labelled("", report.has_identity ? "its secret half is on this machine"
                                          : "its secret half is kept elsewhere");
  out += labelled("key", report.key);
  out += labelled("serial", std::to_string(report.serial));
  out += labelled("until", report.end);
  if (report.request.empty()) return out;
  out += "\nThe key is not changed yet. Where identity.key is, run:\n";
  out += line_of("  chatd --identity identity.key --certify {}", report.request);
  return out + "and here, with the line that it prints: chatctl key install\n";
}

std::string render(const wire::StopReport& report) {
  return fmt::format("stopped chatd, which was pid {}\n", report.pid);
}

}  // namespace chatd::ctl
