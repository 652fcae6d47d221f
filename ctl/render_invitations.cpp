// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of the verbs about invitation codes.
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "ctl/render.hpp"
#include "ctl/text.hpp"

namespace chatd::ctl {

namespace {

std::string in_room(std::string_view room) {
  return room.empty() ? std::string{} : fmt::format(", and lets into #{}", room);
}

std::string time_left(WallTime until, WallTime now) {
  return duration_text(std::chrono::ceil<std::chrono::seconds>(until - now));
}

// The line that says that persons enter without a code, too. "": they do not, or the daemon is an
// older one, which does not say it.
std::string open_door(std::string_view door) {
  return door == "open" ? "The door is open: persons enter without a code, too.\n" : "";
}

// The names of those that a code has admitted.
std::string names_of(const wire::InvitationRow& row) {
  std::string names;
  for (const auto& admitted : row.admitted) names += (names.empty() ? "" : " ") + admitted.name;
  return names;
}

}  // namespace

// The codes alone, one in each line: a caller cuts or prints them.
std::string render(const wire::InvitedReport& report, const Style& style, WallTime now) {
  std::string out;
  for (const auto& row : report.codes) out += line_of("{}", row.code);
  if (!style.legend || report.codes.empty()) return out;
  const std::string ids =
      report.codes.size() == 1
          ? fmt::format("number {}", report.codes.front().id)
          : fmt::format("numbers {} to {}", report.codes.front().id, report.codes.back().id);
  return out + "\n" +
         line_of("{}, {}: each admits {}, until {} ({}){}", count_text(report.codes.size(), "code"),
                 ids, count_text(report.uses, "person"), to_rfc3339(report.until),
                 time_left(report.until, now), in_room(report.room)) +
         "A user starts uchat, and types the code when it asks for it.\n" + open_door(report.door);
}

std::string render(const wire::InvitationsReport& report, const Style& style, WallTime now) {
  std::string out;
  if (!report.invitations.empty()) {
    Table table{{{"ID", Table::Align::right},
                 {"STATE"},
                 {"USED", Table::Align::right},
                 {"ROOM"},
                 {"ENDS"},
                 {"ADMITTED"}}};
    for (const auto& row : report.invitations) {
      table.add({std::to_string(row.id), row.state, fmt::format("{}/{}", row.used, row.uses),
                 row.room.empty() ? "-" : "#" + row.room,
                 row.state == "open" ? "in " + time_left(row.until, now) : "-", names_of(row)});
    }
    out = table.render(style) + "\n";
  }
  if (!style.legend) return out;
  out += count_text(report.invitations.size(), "invitation code") + "\n";
  return out + open_door(report.door);
}

std::string render(const wire::RevokedReport& report) {
  std::string out;
  for (const std::uint32_t id : report.ids) out += line_of("ended the invitation {}", id);
  for (const auto& name : report.removed) out += line_of("{} is not admitted any more", name);
  for (const auto& name : report.still_enter) {
    out += line_of("{} owns a name, and can still enter", name);
  }
  return out;
}

}  // namespace chatd::ctl
