// SPDX-License-Identifier: GPL-3.0-or-later
// history_fixture.hpp — a History that reads the rooms of a test, with a clock that the test sets.
//
// Runs in:   test programs.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "daemon/archive/history.hpp"
#include "tests/daemon/archive/batches.hpp"
#include "tests/daemon/archive/rooms_to_read.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::test {

using archive::History;
using archive::LogReader;

class HistoryFixture : public RoomsToRead {
 protected:
  [[nodiscard]] History make(std::uint64_t max_bytes = kLargeDatabase,
                             std::chrono::seconds max_age = std::chrono::seconds{0}) {
    return {{.directory = directory_.path(),
             .epoch = follower_.header().epoch,
             .max_bytes = max_bytes,
             .max_age = max_age},
            reader_,
            state_.archive(),
            {.clock = [this] { return clock_; }, .alive = [this] { ++beats_; }}};
  }
  [[nodiscard]] state::ArchiveState state() const { return state_.archive().state.load(); }
  [[nodiscard]] std::string path() const { return directory_ / "history.db"; }
  void pass(std::chrono::seconds time) {
    clock_.mono += time;
    clock_.wall += time;
  }

  static void maintain_all(History& history) {
    while (history.maintain()) {
    }
  }
  TempDir directory_;
  LogReader reader_{follower_, "chat"};
  History::Clock clock_{.mono = mono_at(std::chrono::seconds{100}),
                        .wall = wall_at(std::chrono::seconds{100})};
  int beats_{0};
};

}  // namespace chatd::test
