// SPDX-License-Identifier: GPL-3.0-or-later
// The error text for an unknown setting name.
#include <algorithm>

#include <fmt/format.h>

#include "common/base/nearest.hpp"
#include "daemon/config/settings.hpp"

namespace chatd::config {
namespace {

std::vector<std::string_view> words_of(std::string_view (Setting::*word)() const) {
  std::vector<std::string_view> words;
  for (const Setting& setting : settings()) {
    const std::string_view next = (setting.*word)();
    if (std::ranges::find(words, next) == words.end()) words.push_back(next);
  }
  return words;
}

std::string listed(const std::vector<std::string_view>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

std::vector<std::string_view> names_in(std::string_view table) {
  std::vector<std::string_view> names;
  for (const Setting& setting : settings()) {
    if (setting.table() == table) names.push_back(setting.name());
  }
  return names;
}

// The setting that is probably meant. Searched first in the same table, where most typing errors
// happen; then by the full name; then by the name in any table, for a line below the wrong table
// header.
const Setting* meant_by(const Entry& entry) {
  if (is_table(entry.table)) {
    if (const auto name = nearest(entry.name, names_in(entry.table))) {
      return find_setting(entry.table + "." + std::string{*name});
    }
  }
  std::vector<std::string_view> keys;
  for (const Setting& setting : settings()) keys.push_back(setting.key);
  if (const auto key = nearest(entry.key(), keys)) return find_setting(*key);
  const auto name = nearest(entry.name, words_of(&Setting::name));
  if (!name) return nullptr;
  return &*std::ranges::find(settings(), *name, &Setting::name);
}

}  // namespace

std::string why_unknown(const Entry& entry) {
  if (entry.name.empty() || std::holds_alternative<Value::Other>(entry.value.content)) {
    const std::string& table = entry.name.empty() ? entry.table : entry.name;
    const auto meant = nearest(table, words_of(&Setting::table));
    if (meant) return fmt::format("unknown table; did you mean [{}]?", *meant);
    if (entry.name.empty()) {
      return "unknown table; there are " + listed(words_of(&Setting::table));
    }
  }
  if (const Setting* meant = meant_by(entry)) {
    return fmt::format("unknown key; did you mean {}?", meant->key);
  }
  if (is_table(entry.table)) {
    return fmt::format("unknown key; [{}] has {}", entry.table, listed(names_in(entry.table)));
  }
  return "unknown key; there are the tables " + listed(words_of(&Setting::table));
}

}  // namespace chatd::config
