// SPDX-License-Identifier: GPL-3.0-or-later
// From TOML to a Config, or to everything that is wrong with it.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "daemon/config/rules.hpp"
#include "daemon/config/settings.hpp"

namespace chatd::config {
namespace {

// A file that is no configuration at all shall not scroll its first problem away.
constexpr std::size_t kMostProblems{100};

struct Finding {
  std::uint32_t line{0};  // 0: none
  std::string key;
  std::string why;
};
using Keys = std::set<std::string_view>;
using Lines = std::map<std::string_view, std::uint32_t>;

// Ranges, then combinations of what is in range. `refused` are settings whose value in the
// file did not get into the Config, so that the Config says nothing about them.
std::vector<Finding> check(const Config& config, Keys refused, const Lines& lines) {
  std::vector<Finding> findings;
  const auto line_of = [&](std::string_view key) {
    const auto line = lines.find(key);
    return line == lines.end() ? 0 : line->second;
  };
  for (const Setting& setting : settings()) {
    if (refused.contains(setting.key)) continue;
    if (auto why = setting.kind->check(config)) {
      findings.push_back({line_of(setting.key), std::string{setting.key}, std::move(*why)});
      refused.insert(setting.key);
    }
  }
  for (const Rule& rule : rules()) {
    if (refused.contains(rule.key) || refused.contains(rule.other)) continue;
    if (auto why = rule.broken(config)) {
      const std::uint32_t line = line_of(rule.key);
      findings.push_back(
          {line > 0 ? line : line_of(rule.other), std::string{rule.key}, std::move(*why)});
    }
  }
  return findings;
}

// The line [limits] with nothing below it.
bool is_mere_table(const Entry& entry) { return entry.name.empty() && is_table(entry.table); }

std::string why_no_setting(const Entry& entry) {
  if (entry.table.empty() && is_table(entry.name)) {
    return fmt::format("found {}, expected a table: a line [{}] and its settings below it",
                       describe(entry.value), entry.name);
  }
  return why_unknown(entry);
}

std::vector<Problem> to_problems(std::vector<Finding> findings, std::string_view source) {
  std::ranges::stable_sort(findings, {}, &Finding::line);
  std::vector<Problem> problems;
  const std::size_t hidden = findings.size() - std::min(findings.size(), kMostProblems);
  findings.resize(findings.size() - hidden);
  for (Finding& finding : findings) {
    std::string where{source};
    if (finding.line > 0) where += fmt::format(":{}", finding.line);
    problems.push_back({std::move(where), std::move(finding.key), std::move(finding.why)});
  }
  if (hidden > 0) {
    problems.push_back({std::string{source}, "", fmt::format("and {} more problems", hidden)});
  }
  return problems;
}

}  // namespace

std::expected<Config, std::vector<Problem>> parse(std::string_view toml, std::string_view source) {
  const auto entries = read_document(toml);
  if (!entries) {
    return std::unexpected{to_problems({{entries.error().line, "", entries.error().why}}, source)};
  }
  Config config;
  Lines lines;
  Keys refused;
  std::vector<Finding> findings;
  for (const Entry& entry : *entries) {
    const std::string key = entry.key();
    const Setting* setting = find_setting(key);
    if (setting == nullptr) {
      if (is_mere_table(entry)) continue;
      // What will not be shown is only counted: looking for the nearest key costs time.
      const bool shown = findings.size() < kMostProblems;
      findings.push_back({entry.value.line, key, shown ? why_no_setting(entry) : ""});
      continue;
    }
    lines[setting->key] = entry.value.line;
    if (auto complaint = setting->kind->read(entry.value, config)) {
      findings.push_back({complaint->line, key, std::move(complaint->why)});
      refused.insert(setting->key);
    }
  }
  std::ranges::move(check(config, std::move(refused), lines), std::back_inserter(findings));
  if (findings.empty()) return config;
  return std::unexpected{to_problems(std::move(findings), source)};
}

std::vector<Problem> validate(const Config& config, std::string_view source) {
  return to_problems(check(config, {}, {}), source);
}

}  // namespace chatd::config
