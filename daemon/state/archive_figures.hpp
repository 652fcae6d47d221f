// SPDX-License-Identifier: GPL-3.0-or-later
// archive_figures.hpp — the state of the archive and its figures, for `chatctl status` and
// `chatctl archive`.
//
// Runs in:   archive (writes), gateway (reads). Part of the shared layout.
// Invariant: a text is whole whenever the archive is killed: there are two copies, of which it
//            writes the unused one. A reader that is overtaken twice shows a mixed text once.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/time.hpp"
#include "daemon/state/counters.hpp"
#include "daemon/state/short_text.hpp"

namespace chatd::state {

enum class ArchiveState : std::uint32_t {
  off,     // there is no archive, or it has not opened its database yet
  ok,      // all is stored within a second
  slow,    // messages wait for the disk
  full,    // the disk is full, or the limit of the database's size is reached
  locked,  // another process has the database open
  newer,   // the database is of a later version of this program
  broken,  // reading or writing failed
};

struct ArchiveStateRow {
  ArchiveState state;
  std::string_view name;   // in `chatctl archive` and the journal
  std::string_view words;  // its meaning
  bool is_problem;         // nothing is stored
};
inline constexpr std::array kArchiveStates{
    ArchiveStateRow{ArchiveState::off, "off", "nothing is stored", false},
    ArchiveStateRow{ArchiveState::ok, "ok", "messages are stored", false},
    ArchiveStateRow{ArchiveState::slow, "slow", "the disk is slow", false},
    ArchiveStateRow{ArchiveState::full, "full", "the disk is full, or history.max_bytes is reached",
                    true},
    ArchiveStateRow{ArchiveState::locked, "locked", "another process has the database open", true},
    ArchiveStateRow{ArchiveState::newer, "newer", "the database is of a later version of chatd",
                    true},
    ArchiveStateRow{ArchiveState::broken, "broken", "the database cannot be used", true},
};

[[nodiscard]] constexpr const ArchiveStateRow& row_of(ArchiveState state) noexcept {
  const auto* const row = std::ranges::find(kArchiveStates, state, &ArchiveStateRow::state);
  return row == kArchiveStates.end() ? kArchiveStates.front() : *row;
}

// The same for the registry.
[[nodiscard]] constexpr std::string_view registry_words(ArchiveState state) noexcept {
  if (state == ArchiveState::ok) return "changes are saved";
  if (state == ArchiveState::full) return "the disk is full";
  return row_of(state).words;
}

inline constexpr std::size_t kMaxArchiveErrorBytes = 240;

// The condition of one database. Written by: archive.
struct DatabaseFigures {
  alignas(kCacheLine) std::atomic<ArchiveState> state;
  // Monotonic, microseconds: since when something waits to be stored; 0: nothing waits.
  std::atomic<std::int64_t> behind_since;
  Counter set_aside;  // damaged databases since the service began
  // The number in the database of the default room's first line in memory, less its sequence
  // number.
  std::atomic<std::uint64_t> default_base;
  std::atomic<std::uint64_t> error_serial;
  std::array<ShortText<kMaxArchiveErrorBytes>, 2> errors;  // [error_serial % 2] is in use
};

// Of the messages. Written by: archive. All zero: there never was one.
struct ArchiveFigures : DatabaseFigures {
  Counter stored;     // messages in the database
  Counter unindexed;  // those of them that are not in the index for searching yet
  Counter bytes;      // of the database
  Counter gaps;       // since the service began
  // Behind the tail of the default room's log when messages of any room were found to be lost; 0:
  // never. Messages of sessions that began there or later are not among them.
  std::atomic<std::uint64_t> lost_tail;
  // Microseconds, see RetentionClock: the time by which messages become too old, the monotonic time
  // at which that was so, since when the clock is ahead of it (0: it is not), and the least by
  // which it was ahead since then.
  std::atomic<std::int64_t> retention_wall;
  std::atomic<std::int64_t> retention_mono;
  std::atomic<std::int64_t> ahead_since;
  std::atomic<std::int64_t> ahead_by;
};

// The time by which messages become too old, for other processes than the archive. nullopt: the
// archive has not worked it out yet.
[[nodiscard]] inline std::optional<WallTime> retention_time(const ArchiveFigures& figures,
                                                            MonoTime now) {
  const Micros last{figures.retention_mono.load(std::memory_order_relaxed)};
  if (last.count() == 0) return std::nullopt;
  const WallTime time{Micros{figures.retention_wall.load(std::memory_order_relaxed)}};
  return time + (now.time_since_epoch() - last);
}

// Of the rules, kept rooms and properties. Written by: archive.
struct RegistryFigures : DatabaseFigures {
  // All changes up to this one are on disk, see RegistryHead::version.
  std::atomic<std::uint64_t> saved;
};
inline constexpr std::size_t kRegistryFiguresOffset = 2048;  // on the page of the ArchiveFigures

inline void set_error(DatabaseFigures& figures, std::string_view text) noexcept {
  const std::uint64_t serial = figures.error_serial.load(std::memory_order_relaxed) + 1;
  assign(figures.errors[serial % 2], text);
  figures.error_serial.store(serial, std::memory_order_release);
}

// The last error; "": none.
[[nodiscard]] inline std::string error_of(const DatabaseFigures& figures) {
  return std::string{
      view_of(figures.errors[figures.error_serial.load(std::memory_order_acquire) % 2])};
}

}  // namespace chatd::state
