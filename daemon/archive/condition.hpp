// SPDX-License-Identifier: GPL-3.0-or-later
// condition.hpp — the condition of one database: its state as `chatctl archive` and the log show
// it, and when it is tried again after a fault.
//
// Runs in:   archive. The time is an argument.
// Borrows:   its figures in shared memory.
// Invariant: each change of the state is logged once. A damaged database is set aside.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "daemon/state/archive_figures.hpp"

namespace chatd::archive {

class Condition {
 public:
  struct Database {
    std::string_view name;  // in log messages, and the value of CHATD_EVENT
    std::string path;
    std::string_view (*words)(state::ArchiveState) noexcept;  // the meaning of a state
  };
  Condition(Database database, state::DatabaseFigures& figures)
      : database_{std::move(database)}, figures_{figures} {}

  [[nodiscard]] const std::string& path() const noexcept { return database_.path; }
  [[nodiscard]] bool is_due(MonoTime now) const noexcept { return now >= try_at_; }
  // The next attempt does not wait for the end of a pause.
  void try_now() noexcept { try_at_ = {}; }
  // No attempt for some time, which doubles with each call up to a minute.
  void pause(MonoTime now);

  // Since when something waits to be stored; 0: nothing waits.
  [[nodiscard]] MonoTime behind_since() const noexcept { return behind_since_; }
  void note_behind(MonoTime since);

  // `why`: of a fault.
  void enter(state::ArchiveState state, std::string_view why);
  // Something was stored; the transaction took so long.
  void note_stored(Micros time);
  // The database is closed, and cannot be used for now.
  void on_fault(const Error& error, MonoTime now);

 private:
  void set_damaged_aside();

  Database database_;
  state::DatabaseFigures& figures_;
  MonoTime try_at_{};  // nothing is tried before
  std::chrono::milliseconds pause_{0};
  MonoTime behind_since_{};
};

}  // namespace chatd::archive
