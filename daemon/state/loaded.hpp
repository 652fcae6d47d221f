// SPDX-License-Identifier: GPL-3.0-or-later
// loaded.hpp — counts of all that a cold start has read from the disk, for the log and `chatctl
// status`.
//
// Runs in:   daemon/restore (writes, before the other processes are forked), supervisor and gateway
//            (read). Part of the shared layout.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace chatd::state {

// The file that rooms and rules were read from.
enum class LoadSource : std::uint32_t {
  none,      // the service did not begin cold, or there was no file
  database,  // registry.db
  document,  // registry.json, because registry.db is missing or cannot be read
  nothing,   // neither could be read, and registry.required is false
  refused,   // neither could be read: the service does not start
};

// registry: the file is read; document: registry.json only, because the process that read
// registry.db has died. rows: what was read is written into the region.
enum class LoadStage : std::uint32_t { none, registry, document, rows, history, done };

// Written by: the loader. All zero: it never ran.
struct Loaded {
  static constexpr std::size_t kMaxWords = 700;
  struct Words {
    std::uint16_t bytes;
    std::array<char, kMaxWords> text;
  };
  std::atomic<LoadStage> stage;
  std::atomic<LoadSource> source;
  std::atomic<std::uint64_t> steps;  // grows while it works
  std::uint32_t rooms;
  std::uint32_t rooms_left_out;  // without a row in memory
  std::uint32_t rules;
  std::uint32_t rules_left_out;   // without a row in memory, or damaged
  std::uint32_t rows;             // of kept tables: owned names, their keys, ...
  std::uint32_t rows_left_out;    // without a row in memory, or damaged
  std::uint32_t damaged;          // rows that cannot be read; of rules, only those that are no JSON
  std::uint32_t history_rooms;    // rooms that got lines of the database
  std::uint32_t history_lines;    // that were filled in
  std::uint32_t history_skipped;  // rooms that got none, because a limit was reached
  std::int64_t began_wall;        // microseconds since 1970; a restart with this memory keeps it
  Words registry_words;           // the fault of the registry; empty: none
  Words history_words;            // and of history.db
};

inline constexpr std::size_t kLoadedOffset = 2048;  // on the header's page, behind Keeping
static_assert(kLoadedOffset + sizeof(Loaded) <= 4096);

[[nodiscard]] inline std::string_view view_of(const Loaded::Words& words) noexcept {
  return {words.text.data(), std::min<std::size_t>(words.bytes, words.text.size())};
}
// As much of the text as fits.
inline void assign(Loaded::Words& to, std::string_view text) noexcept {
  to.bytes = static_cast<std::uint16_t>(text.copy(to.text.data(), to.text.size()));
}

}  // namespace chatd::state
