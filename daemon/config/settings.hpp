// SPDX-License-Identifier: GPL-3.0-or-later
// settings.hpp — the one table of settings.
//
// Runs in:   every process that reads or prints the configuration.
// Owns:      the table, made at first use.
// Invariant: reading, checking, printing, suggestions and changed_keys() know a setting
//            by its row only; tests compare packaging/chatd.toml and man/chatd.toml.5 with
//            the same rows. A new setting is a member of Config and one row.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "daemon/config/kinds.hpp"

namespace chatd::config {

enum class Applied : std::uint8_t { by_reload, by_restart };

// A row of the table.
struct Setting {
  std::string_view key;  // "limits.burst"
  Applied applied;
  std::string_view help;  // one sentence
  KindPtr kind;

  [[nodiscard]] std::string_view table() const;    // "limits"
  [[nodiscard]] std::string_view name() const;     // "burst"
  [[nodiscard]] std::string default_text() const;  // as TOML
};

[[nodiscard]] std::span<const Setting> settings();
[[nodiscard]] const Setting* find_setting(std::string_view key);
[[nodiscard]] bool is_table(std::string_view name);

// The error for an unknown setting name, with the nearest known one: "unknown key; did you mean
// limits.burst?"
[[nodiscard]] std::string why_unknown(const Entry& entry);

}  // namespace chatd::config
