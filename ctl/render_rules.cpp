// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of the verbs about bans and mutes.
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "common/wire/rfc3339.hpp"
#include "ctl/render.hpp"
#include "ctl/text.hpp"

namespace chatd::ctl {

namespace {

// "banned", or of a dry run "would ban".
std::string_view done_of(const wire::RuleRow& rule, bool is_dry_run) {
  if (rule.kind == "mute") return is_dry_run ? "would mute" : "muted";
  return is_dry_run ? "would ban" : "banned";
}

std::string in_room(const wire::RuleRow& rule) {
  return rule.room.empty() ? std::string{} : fmt::format(" in #{}", rule.room);
}

// "until 2026-11-29T14:05:00.000Z (2 h)", "without end"
std::string end_text(const wire::RuleRow& rule, WallTime now) {
  if (rule.until.empty()) return "without end";
  const auto until = wire::parse_rfc3339(rule.until);
  if (!until) return "until " + rule.until;
  return fmt::format("until {} ({})", rule.until,
                     duration_text(std::chrono::ceil<std::chrono::seconds>(*until - now)));
}

// A ban removes the sessions that it hits.
std::string_view hit_of(bool is_mute, bool is_dry_run) {
  if (is_mute) return is_dry_run ? "would mute" : "muted";
  return is_dry_run ? "would remove" : "removed";
}

std::string hits_text(const wire::PlacedReport& report, bool is_mute) {
  if (report.hit.empty()) {
    return report.is_dry_run ? "It would hit no member that is here now.\n"
                             : "It hits no member that is here now.\n";
  }
  std::string out;
  for (const auto& hit : report.hit) {
    out += line_of("{} {} ({})", hit_of(is_mute, report.is_dry_run), hit.name, hit.address);
  }
  return out;
}

}  // namespace

std::string rules_table(const std::vector<wire::RuleRow>& rules, const Style& style, WallTime now) {
  Table table{{{"KIND"},
               {"TYPE"},
               {"TARGET"},
               {"ROOM"},
               {"BY"},
               {"ENDS"},
               {"HITS", Table::Align::right},
               {"REASON"},
               {"UNDO"}}};
  for (const auto& rule : rules) {
    const std::string note = rule.note.empty() ? "" : fmt::format(" [{}]", rule.note);
    const auto until = wire::parse_rfc3339(rule.until);
    table.add({rule.kind, rule.by_what, rule.target, rule.room.empty() ? "-" : "#" + rule.room,
               rule.by.empty() ? "[admin]" : rule.by,
               until ? "in " + duration_text(std::chrono::ceil<std::chrono::seconds>(*until - now))
                     : "without end",
               std::to_string(rule.hits), rule.reason + note, rule.undo});
  }
  return table.render(style);
}

std::string render(const wire::RulesReport& report, const Style& style, WallTime now) {
  std::string out;
  if (!report.rules.empty()) out = rules_table(report.rules, style, now) + "\n";
  if (style.legend) {
    out += report.rules.empty() ? "no bans, no mutes\n"
                                : count_text(report.rules.size(), "rule") + "\n";
  }
  return out;
}

std::string render(const wire::PlacedReport& report, const Style& /*style*/, WallTime now) {
  std::string out;
  bool is_mute = false;
  for (const auto& rule : report.rules) {
    is_mute = rule.kind == "mute";
    out += line_of("{} the {} {}{}, {}", done_of(rule, report.is_dry_run), rule.by_what,
                   rule.target, in_room(rule), end_text(rule, now));
  }
  out += hits_text(report, is_mute);
  for (const std::uint32_t id : report.closed_invitations) {
    out += line_of("{} the invitation {}, by which the person came",
                   report.is_dry_run ? "would end" : "ended", id);
  }
  for (const auto& rule : report.rules) {
    if (!rule.undo.empty()) out += line_of("undo it with: {}", rule.undo);
  }
  if (report.is_dry_run) out += "Nothing was changed.\n";
  return out;
}

std::string render(const wire::LiftedReport& report) {
  std::string out;
  for (const auto& rule : report.rules) {
    out +=
        line_of("un{} the {} {}{}", done_of(rule, false), rule.by_what, rule.target, in_room(rule));
  }
  return out;
}

}  // namespace chatd::ctl
