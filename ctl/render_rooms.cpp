// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of `rooms` and of the verbs that begin with `room`.
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ctl/render.hpp"
#include "ctl/text.hpp"

namespace chatd::ctl {

namespace {

std::string_view kind_of(const wire::RoomRow& room) {
  if (room.is_default) return "default";
  return room.is_kept ? "kept" : "temporary";
}

// "messages are stored for at most 30 days", of "30d"
std::string stored_for(std::string_view history) {
  const std::string_view days = history.substr(0, history.size() - 1);
  return fmt::format("messages are stored for at most {} day{}", days, days == "1" ? "" : "s");
}

// The properties that are not as in a new room.
std::string properties_text(const wire::RoomReport& report) {
  std::vector<std::string> all;
  if (report.is_invited) all.emplace_back("only invited members join");
  if (report.enter == "known") all.emplace_back("only persons known for a day join");
  if (report.enter == "owned") all.emplace_back("only owners of a name join");
  if (report.is_hidden) all.emplace_back("hidden");
  if (report.is_lecture) all.emplace_back("lecture: only owners and moderators speak");
  if (report.slow_seconds != 0) {
    all.push_back(fmt::format("slow: one message in {} s", report.slow_seconds));
  }
  if (report.history == "off") all.emplace_back("messages are not stored");
  if (report.history.ends_with('d')) all.push_back(stored_for(report.history));
  return fmt::format("{}", fmt::join(all, ", "));
}

std::string topic_text(const wire::RoomReport& report) {
  return fmt::format("{} (by {}, {})", report.topic,
                     report.topic_by.empty() ? "the administrator" : report.topic_by,
                     report.topic_set);
}

// "12 within the last minute; at most 50 a second after 200 at once: 3 were refused"
std::string rate_text(const wire::RoomReport& report) {
  std::string text = report.messages ? fmt::format("{} within the last minute", *report.messages)
                                     : "not counted, because the log is large";
  if (report.per_second == 0) return text;
  text += fmt::format("; at most {} a second after {} at once", report.per_second, report.at_once);
  if (report.too_fast != 0) {
    text += fmt::format(": {} refused since the gateway was started", report.too_fast);
  }
  return text;
}

}  // namespace

std::string render(const wire::RoomsReport& report, const Style& style, WallTime now) {
  Table table{{{"ROOM"},
               {"MEMBERS", Table::Align::right},
               {"KIND"},
               {"MADE"},
               {"RECORDS", Table::Align::right},
               {"BYTES", Table::Align::right}}};
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
  out += labelled("members", std::to_string(room.members));
  out += labelled("made",
                  fmt::format("{} ({}){}", to_rfc3339(room.made), age_text(room.made, now), maker));
  out += labelled("records", std::to_string(room.records));
  out += labelled("log", fmt::format("{} of {} bytes", room.log_bytes, report.log_limit_bytes));
  out += labelled("messages", rate_text(report));
  if (!report.topic.empty()) out += labelled("topic", topic_text(report));
  if (!report.owners.empty()) {
    out += labelled("owners", fmt::format("{}", fmt::join(report.owners, ", ")));
  }
  if (!report.moderators.empty()) {
    out += labelled("moderators", fmt::format("{}", fmt::join(report.moderators, ", ")));
  }
  if (const auto properties = properties_text(report); !properties.empty()) {
    out += labelled("properties", properties);
  }
  if (report.invitations != 0) {
    out += labelled("invited", count_text(report.invitations, "person"));
  }
  if (!report.rules.empty()) out += "\n" + rules_table(report.rules, style, now);
  if (report.users.empty()) return out;
  return out + "\n" + users_table(report.users, style, now);
}

std::string render(const wire::MadeRoomReport& report) { return line_of("made #{}", report.name); }

std::string render(const wire::KeptRoomReport& report) {
  return line_of("#{} stays, also without members", report.name);
}

std::string render(const wire::DroppedRoomReport& report) {
  return line_of("dropped #{}, which had {}", report.name, count_text(report.members, "member"));
}

std::string render(const wire::RenamedRoomReport& report) {
  return line_of("#{} is #{} now", report.from, report.to);
}

std::string render(const wire::RoomSetReport& report) {
  if (report.property == "topic" && report.value.empty()) {
    return line_of("#{} has no topic now", report.room);
  }
  return line_of("{} of #{} is now: {}", report.property, report.room, report.value);
}

std::string render(const wire::RoomRoleReport& report) {
  if (report.role == "none") {
    return line_of("{} has no role in #{} now", report.name, report.room);
  }
  return line_of("{} is {} {} of #{} now", report.name, report.role == "owner" ? "an" : "a",
                 report.role, report.room);
}

}  // namespace chatd::ctl
