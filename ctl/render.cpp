// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/render.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/log.hpp"
#include "ctl/text.hpp"

namespace chatd::ctl {

namespace {

constexpr auto kRight = Table::Align::right;

std::string line(std::string_view label, std::string_view value) {
  return fmt::format("  {:<10} {}\n", label, escape_controls(value));
}

std::string sessions_text(const wire::StatusReport& report) {
  // A limit of 0 is no limit.
  const std::string limit =
      report.sessions_limit == 0 ? "" : fmt::format(" of {}", report.sessions_limit);
  return fmt::format("{}{}, at most {} so far", report.sessions, limit, report.sessions_peak);
}

// Only counters that are not zero: most counters of a healthy daemon stay zero.
std::string counters_table(const wire::StatusReport& report, const Style& style) {
  const auto counts = [](const auto& counter) { return counter.second != 0; };
  if (std::ranges::none_of(report.counters, counts)) return "";
  Table table{{{"COUNTER"}, {"VALUE", kRight}}};
  for (const auto& [name, value] : report.counters) {
    if (value != 0) table.add({name, std::to_string(value)});
  }
  return "\n" + table.render(style);
}

Tint tint_of(std::string_view state) {
  if (state == "ready") return Tint::good;
  return state == "hung" ? Tint::bad : Tint::busy;
}

std::string process_name(const wire::ProcessRow& row) {
  return row.role == "worker" ? fmt::format("worker {}", row.index) : row.role;
}

std::string users_table(const std::vector<wire::UserRow>& users, const Style& style, WallTime now) {
  Table table{
      {{"NAME"}, {"ADDRESS"}, {"PROTOCOL"}, {"JOINED"}, {"IDLE", kRight}, {"MESSAGES", kRight}}};
  for (const auto& user : users) {
    table.add({user.name, user.address, user.protocol, age_text(user.joined, now),
               duration_text(user.idle), std::to_string(user.messages)});
  }
  return table.render(style);
}

std::string_view kind_of(const wire::RoomRow& room) {
  if (room.is_default) return "default";
  return room.is_kept ? "kept" : "temporary";
}

// " of #lab", if the report is about one room.
std::string of_room(std::string_view room) {
  return room.empty() ? std::string{} : fmt::format(" of #{}", room);
}

}  // namespace

std::string render(const wire::StatusReport& report, const Style& style, WallTime now) {
  const bool complete = report.workers_ready >= report.workers_configured;
  std::string out = emphasized("chatd " + report.version, style) + " is " +
                    tinted("running", complete ? Tint::good : Tint::busy, style) +
                    fmt::format(", pid {}\n", report.pid);
  out += line("started",
              fmt::format("{} ({})", to_rfc3339(report.started), age_text(report.started, now)));
  out += line("sessions", sessions_text(report));
  out += line("messages", std::to_string(report.messages));
  out += line("workers",
              fmt::format("{} of {} ready", report.workers_ready, report.workers_configured));
  out += line("listening", fmt::format("{}", fmt::join(report.listen, ", ")));
  out += line("config", report.config_file.empty() ? "built-in defaults" : report.config_file);
  out += line("language", report.language);
  for (const auto& warning : report.warnings) out += line("warning", warning);
  return out + counters_table(report, style);
}

std::string render(const wire::UsersReport& report, const Style& style, WallTime now) {
  std::string out = users_table(report.users, style, now);
  if (style.legend) out += "\n" + count_text(report.users.size(), "member") + "\n";
  return out;
}

std::string render(const wire::RoomsReport& report, const Style& style, WallTime now) {
  Table table{
      {{"ROOM"}, {"MEMBERS", kRight}, {"KIND"}, {"MADE"}, {"RECORDS", kRight}, {"BYTES", kRight}}};
  for (const auto& room : report.rooms) {
    table.add({"#" + room.name, std::to_string(room.members), std::string{kind_of(room)},
               age_text(room.made, now), std::to_string(room.records),
               std::to_string(room.log_bytes)});
  }
  std::string out = table.render(style);
  if (style.legend) out += "\n" + count_text(report.rooms.size(), "room") + "\n";
  return out;
}

std::string render(const wire::RoomReport& report, const Style& style, WallTime now) {
  const wire::RoomRow& room = report.room;
  const std::string maker = report.maker.empty() ? "" : ", by " + report.maker;
  std::string out = emphasized("#" + room.name, style) +
                    fmt::format(" is {} {} room\n", room.is_default ? "the" : "a", kind_of(room));
  out += line("members", std::to_string(room.members));
  out += line("made",
              fmt::format("{} ({}){}", to_rfc3339(room.made), age_text(room.made, now), maker));
  out += line("records", std::to_string(room.records));
  out += line("log", fmt::format("{} of {} bytes", room.log_bytes, report.log_limit_bytes));
  if (report.users.empty()) return out;
  return out + "\n" + users_table(report.users, style, now);
}

std::string render(const wire::WorkersReport& report, const Style& style, WallTime now) {
  Table table{{{"PROCESS"},
               {"PID", kRight},
               {"STATE"},
               {"SINCE"},
               {"RESTARTS", kRight},
               {"MEMBERS", kRight},
               {"DATAGRAMS", kRight}}};
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
    out += fmt::format("warning: {}\n", escape_controls(warning));
  }
  return out;
}

std::string render(const wire::KickReport& report) {
  const std::string from = report.room.empty() ? "" : " from #" + report.room;
  return escape_controls(fmt::format("kicked {} ({}){}", report.name, report.address, from)) + "\n";
}

std::string render(const wire::AnnounceReport& report) {
  return escape_controls("announced to " + count_text(report.members, "member") +
                         of_room(report.room)) +
         "\n";
}

std::string render(const wire::MadeRoomReport& report) {
  return escape_controls(fmt::format("made #{}", report.name)) + "\n";
}

std::string render(const wire::KeptRoomReport& report) {
  return escape_controls(fmt::format("#{} stays, also without members", report.name)) + "\n";
}

std::string render(const wire::DroppedRoomReport& report) {
  return escape_controls(fmt::format("dropped #{}, which had {}", report.name,
                                     count_text(report.members, "member"))) +
         "\n";
}

std::string render(const wire::UpgradeSummary& report) {
  const std::string versions =
      report.from == report.to ? report.to : report.to + ", which was " + report.from;
  return escape_controls(fmt::format("chatd {} goes on as pid {}, with {}", versions, report.pid,
                                     count_text(report.sessions, "session"))) +
         "\n";
}

std::string render(const wire::FingerprintReport& report) {
  return escape_controls(report.fingerprint) + "\n";
}

std::string render(const wire::StopReport& report) {
  return fmt::format("stopped chatd, which was pid {}\n", report.pid);
}

}  // namespace chatd::ctl
