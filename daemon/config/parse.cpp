// SPDX-License-Identifier: GPL-3.0-or-later
// From TOML to a Config, or to all problems of the file.
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "daemon/config/rules.hpp"
#include "daemon/config/settings.hpp"

namespace chatd::config {
namespace {

// At most so many problems are shown: the first ones must stay visible on a terminal.
constexpr std::size_t kMaxProblems{100};

struct Finding {
  std::string key;
  std::string why;
};
// The problems by line, 0 if there is none; those of one line in the order in which they were
// found.
using Findings = std::multimap<std::uint32_t, Finding>;
using Keys = std::set<std::string_view>;
using Lines = std::map<std::string_view, std::uint32_t>;

// Text clients cannot be asked for the password, so a room with a password admits them only if
// text.enabled is written.
void close_text_for_password(Config& config, const Lines& lines) {
  if (config.room.password_file.empty() || lines.contains("text.enabled")) return;
  config.text.enabled = false;
  config.text.closed_by_password = true;
}

// A page is opened to everybody whom the room lets in, so a room that does not let everybody in has
// none unless web.enabled is written.
void close_web_for_door(Config& config, const Lines& lines) {
  const bool is_open = config.room.password_file.empty() && config.server.door == WhoEnters::anyone;
  if (is_open || lines.contains("web.enabled")) return;
  config.web.enabled = false;
  config.web.closed_by_door = true;
}

// Checks ranges, then combinations of values in range. `refused` are settings whose value in the
// file is not in the Config, so the Config's value is not checked.
void check(const Config& config, Keys refused, const Lines& lines, Findings& findings) {
  const auto line_of = [&](std::string_view key) {
    const auto line = lines.find(key);
    return line == lines.end() ? 0 : line->second;
  };
  for (const Setting& setting : settings()) {
    if (refused.contains(setting.key)) continue;
    if (auto why = setting.kind->check(config)) {
      findings.insert({line_of(setting.key), {std::string{setting.key}, std::move(*why)}});
      refused.insert(setting.key);
    }
  }
  for (const Rule& rule : rules()) {
    if (refused.contains(rule.key) || refused.contains(rule.other)) continue;
    if (auto why = rule.broken(config)) {
      const std::uint32_t line = line_of(rule.key);
      findings.insert(
          {line > 0 ? line : line_of(rule.other), {std::string{rule.key}, std::move(*why)}});
    }
  }
}

// True for the line [limits] with nothing below it.
bool is_mere_table(const Entry& entry) { return entry.name.empty() && is_table(entry.table); }

std::string why_no_setting(const Entry& entry) {
  if (entry.table.empty() && is_table(entry.name)) {
    return fmt::format("found {}, expected a table: a line [{}] and its settings below it",
                       describe(entry.value), entry.name);
  }
  return why_unknown(entry);
}

std::vector<Problem> to_problems(const Findings& findings, std::string_view source) {
  std::vector<Problem> problems;
  for (const auto& [line, finding] : findings) {
    if (problems.size() == kMaxProblems) {
      const std::size_t hidden = findings.size() - kMaxProblems;
      problems.push_back({std::string{source}, "", fmt::format("and {} more problems", hidden)});
      break;
    }
    std::string where{source};
    if (line > 0) where += fmt::format(":{}", line);
    problems.push_back({std::move(where), finding.key, finding.why});
  }
  return problems;
}

}  // namespace

std::expected<Config, std::vector<Problem>> parse(std::string_view toml, std::string_view source) {
  Findings findings;
  const auto entries = read_document(toml);
  if (!entries) {
    findings.insert({entries.error().line, {"", entries.error().why}});
    return std::unexpected{to_problems(findings, source)};
  }
  Config config;
  Lines lines;
  Keys refused;
  std::size_t unknown = 0;
  for (const Entry& entry : *entries) {
    const std::string key = entry.key();
    const Setting* setting = find_setting(key);
    if (setting == nullptr) {
      if (is_mere_table(entry)) continue;
      // A problem that is not shown is only counted: the search for the nearest name takes time.
      const bool may_be_shown = ++unknown <= kMaxProblems;
      findings.insert({entry.value.line, {key, may_be_shown ? why_no_setting(entry) : ""}});
      continue;
    }
    lines[setting->key] = entry.value.line;
    if (auto complaint = setting->kind->read(entry.value, config)) {
      findings.insert({complaint->line, {key, std::move(complaint->why)}});
      refused.insert(setting->key);
    }
  }
  close_text_for_password(config, lines);
  close_web_for_door(config, lines);
  check(config, std::move(refused), lines, findings);
  if (findings.empty()) return config;
  return std::unexpected{to_problems(findings, source)};
}

std::vector<Problem> validate(const Config& config, std::string_view source) {
  Findings findings;
  check(config, {}, {}, findings);
  return to_problems(findings, source);
}

}  // namespace chatd::config
