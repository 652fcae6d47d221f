// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/chaos/history.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/wire/native/native_room.hpp"
#include "common/wire/native/record_name.hpp"

namespace chatd::test {

namespace {

const char* to_text(History::Fate fate) {
  switch (fate) {
    case History::Fate::confirmed:
      return "confirmed";
    case History::Fate::refused:
      return "refused";
    case History::Fate::unknown:
      break;
  }
  return "unknown";
}

}  // namespace

std::string to_text(const Heard& heard) {
  return fmt::format("{} {} {} \"{}\"", to_rfc3339(heard.time), wire::name_of(heard.kind),
                     heard.name, readable(heard.kind, heard.text));
}

std::string readable(wire::RecordKind kind, const std::string& text) {
  const auto setting = wire::read_setting(text);
  if (kind == wire::RecordKind::set && setting) {
    return fmt::format(
        "{} {}", wire::name_of(setting->property),
        setting->name.empty() ? std::to_string(setting->value) : std::string{setting->name});
  }
  const auto change = wire::read_moderation(text);
  if (kind != wire::RecordKind::moderated || !change) return text;
  return fmt::format("{} {}: {}", wire::name_of(change->action), change->name, change->reason);
}

std::size_t History::begin_reader(std::string name, Dialect dialect) {
  readers_.push_back({.name = std::move(name), .dialect = dialect});
  return readers_.size() - 1;
}

void History::sent(std::size_t reader, std::uint64_t number, Sent what) {
  readers_[reader].sent.insert_or_assign(number, std::move(what));
}

// A command that is no message (such as the query for users) has no entry.
void History::confirmed(std::size_t reader, std::uint64_t number) {
  const auto found = readers_[reader].sent.find(number);
  if (found != readers_[reader].sent.end()) found->second.fate = Fate::confirmed;
}

void History::refused(std::size_t reader, std::uint64_t number, std::string why) {
  const auto found = readers_[reader].sent.find(number);
  if (found == readers_[reader].sent.end()) return;
  found->second.fate = Fate::refused;
  found->second.why = std::move(why);
}

void History::heard(std::size_t reader, Heard what, bool is_replay) {
  Reader& receiver = readers_[reader];
  if (is_replay) receiver.replayed.insert(receiver.heard.size());
  receiver.heard.push_back(std::move(what));
}

void History::earlier(std::size_t reader, Heard what) {
  readers_[reader].earlier.push_back(std::move(what));
}

void History::letter(std::size_t reader, Heard what) {
  readers_[reader].letters.push_back(std::move(what));
}

void History::line(std::size_t reader, std::string line) {
  readers_[reader].lines.push_back(std::move(line));
}

void History::complaint(std::size_t reader, std::string what) {
  readers_[reader].complaints.push_back(std::move(what));
}

void History::over(std::size_t reader) { readers_[reader].is_over = true; }

void History::left(std::size_t reader) { readers_[reader].has_left = true; }

void History::removed(std::size_t reader) { readers_[reader].is_removed = true; }

void History::announced(Announced what) { announced_.push_back(std::move(what)); }

void History::confirm_announced(const std::string& text) {
  const auto found = std::ranges::find_if(announced_, [&](const Announced& announced) {
    return announced.text == text && !announced.is_confirmed;
  });
  if (found != announced_.end()) found->is_confirmed = true;
}

void History::write(std::ostream& out) const {
  for (const Announced& announced : announced_) {
    out << fmt::format("announced \"{}\" {}\n", readable(announced.kind, announced.text),
                       announced.is_confirmed ? "confirmed" : "unknown");
  }
  for (std::size_t i = 0; i < readers_.size(); ++i) {
    const Reader& reader = readers_[i];
    out << fmt::format("reader {} {}{}{}\n", i, reader.name, reader.has_left ? " (left)" : "",
                       reader.is_over ? " (over)" : "");
    for (const auto& [number, sent] : reader.sent) {
      out << fmt::format("  {} sent {} \"{}\"{} {}{}\n", i, number, readable(sent.kind, sent.text),
                         sent.to.empty() ? "" : " to " + sent.to, to_text(sent.fate),
                         sent.why.empty() ? "" : ": " + sent.why);
    }
    for (const Heard& heard : reader.earlier) {
      out << fmt::format("  {} from before: {}\n", i, to_text(heard));
    }
    for (const Heard& heard : reader.heard) out << fmt::format("  {} {}\n", i, to_text(heard));
    for (const Heard& heard : reader.letters) out << fmt::format("  {} {}\n", i, to_text(heard));
    for (const auto& line : reader.lines) out << fmt::format("  {} read \"{}\"\n", i, line);
    for (const auto& what : reader.complaints) out << fmt::format("  {} complains: {}\n", i, what);
  }
}

}  // namespace chatd::test
