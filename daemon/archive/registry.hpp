// SPDX-License-Identifier: GPL-3.0-or-later
// registry.hpp — saves what administrators and owners have changed: registry.db, and registry.json
// beside it, a copy that people and other programs can read, and a service whose database is lost.
//
// Runs in:   archive. The clock is an argument.
// Borrows:   the StateView.
// Owns:      the database while it is open, and the reserve.
// Invariant: RegistryFigures::saved is stored after the transaction is on disk. A service that
//            has not read the registry on disk does not overwrite it: the registry is kept as
//            registry.db.before.
// Time:      a change is saved at the next call. The counts of hits alone are saved once a minute,
//            the copy at most once in 10 s.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "daemon/archive/condition.hpp"
#include "daemon/archive/registry_db.hpp"
#include "daemon/archive/registry_rows.hpp"
#include "daemon/archive/reserve.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::archive {

class Registry {
 public:
  struct Hooks {
    std::function<MonoTime()> clock;
    std::function<void()> alive;  // called now and then while the disk is waited for
  };
  // `directory`: without a symbolic link in its path.
  Registry(std::string directory, const state::StateView& state, Hooks hooks);

  // Opens the database if that is due, and saves what has changed.
  void save();
  // True if RegistryFigures::saved has moved since the last call.
  [[nodiscard]] bool take_moved() noexcept { return std::exchange(has_moved_, false); }
  // True: no file has the text of a direct message that waits no more, also none that was set
  // aside. Called for an erasure whose end is waited for; without one save_copy() empties the
  // journal now and then.
  [[nodiscard]] bool clean();
  // Writes the copy, if that is due.
  void save_copy();
  // Saves what is left, also the copy, and closes the database.
  void finish();

  // Null: it is not open.
  [[nodiscard]] RegistryDb* database() noexcept { return database_ ? &*database_ : nullptr; }
  [[nodiscard]] const std::string& path() const noexcept { return condition_.path(); }

 private:
  [[nodiscard]] bool open();
  [[nodiscard]] bool keep_unread(const RegistryDb::Meta& meta);
  void save_changes(MonoTime now);
  void read_again();
  [[nodiscard]] Result<> store(RegistryRows::Changes changes);
  void leave_out_same_rows(std::vector<KeptRow>& rows);
  void on_fault(const Error& error);
  [[nodiscard]] bool empty_journal();
  [[nodiscard]] std::optional<std::string> document() const;
  [[nodiscard]] RegistryDb::Meta meta_of(const RegistryRows::Changes& changes) const;
  [[nodiscard]] std::uint64_t version() const noexcept;

  const state::StateView& state_;
  state::RegistryFigures& figures_;
  Hooks hooks_;
  Condition condition_;
  Reserve reserve_;
  RegistryRows rows_;
  std::optional<RegistryDb> database_;
  std::optional<RegistryDb::Contents> before_;  // of the database as it was opened
  RegistryDb::Meta meta_;                       // as it is in the database
  MonoTime look_at_{};                          // when hits are saved
  MonoTime copy_at_{};                          // the copy is not written before
  std::optional<std::uint64_t> copied_;         // the version that the copy has
  bool has_copy_failed_{false};
  bool has_tried_{false};    // to open the database
  bool has_deleted_{false};  // rows, since the journal was emptied
  bool has_moved_{false};    // RegistryFigures::saved
};

}  // namespace chatd::archive
