// SPDX-License-Identifier: GPL-3.0-or-later
// loader.hpp — a start of the service without a predecessor's memory: rooms that are kept, rules
// and the last lines come back from the disk.
//
// Runs in:   supervisor, before any of its processes is forked. A short-lived child does the work,
//            so that a disk that hangs, or a damaged file, cannot hold up or end the supervisor,
//            and so that the supervisor keeps no memory for it.
// Borrows:   the shared memory, which is new and empty.
// Owns:      the child, until it has ended.
//            A child that dies while it reads registry.db is followed by one that reads
//            registry.json instead.
// Invariant: all rules are in memory before the first client is answered, or the service does not
//            start. The history is never a reason not to start: if it cannot be read, rooms begin
//            without lines.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::restore {

struct Settings {
  std::string directory;  // of the databases
  bool registry_required{true};
  bool history{true};  // history.enabled
  std::uint64_t history_max_bytes{std::uint64_t{1} << 30U};
  std::chrono::seconds history_max_age{0};  // 0: no limit
  std::uint32_t replay{0};                  // lines of a room
  bool without_database{false};             // registry.json is read, and not registry.db
  std::chrono::milliseconds history_limit{3000};
  // How long a lock of another process is waited for.
  std::chrono::milliseconds lock_limit{5000};
  // A child that shows no progress for so long is killed.
  std::chrono::milliseconds hang_limit{10'000};
  // For tests: called when the child begins a stage.
  std::function<void(state::LoadStage)> on_stage{};
};

// Reads the files into the region, in a child; StateView::loaded() says what it has done. Errors:
// the registry was not read to its end, since the disk hangs or a process could not be made.
[[nodiscard]] Result<> load(int region, const state::StateView& state, const Settings& settings,
                            WallTime now);

// The work of the child. Separate for tests.
void load_here(const state::StateView& state, const Settings& given, WallTime now);

}  // namespace chatd::restore
