// SPDX-License-Identifier: GPL-3.0-or-later
// history.hpp — the database of messages in all its conditions: it is opened again after a fault,
// a damaged file is set aside, a full one is made smaller.
//
// Runs in:   archive. The clock is an argument.
// Borrows:   the LogReader, and the figures in shared memory.
// Owns:      the database while it is open, and the reserve.
// Invariant: after a fault the reading of the logs begins again behind what is on disk.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "daemon/archive/condition.hpp"
#include "daemon/archive/history_db.hpp"
#include "daemon/archive/log_reader.hpp"
#include "daemon/archive/reserve.hpp"
#include "daemon/archive/retention_clock.hpp"
#include "daemon/state/archive_figures.hpp"

namespace chatd::archive {

class History {
 public:
  struct Settings {
    bool is_enabled{true};  // false: nothing is stored, and no file is made
    std::string directory;  // without a symbolic link in its path
    std::uint64_t epoch{};  // of the history in memory
    std::uint64_t max_bytes{};
    std::chrono::seconds max_age{};  // 0: no limit
  };
  struct Clock {
    MonoTime mono;
    WallTime wall;
  };
  struct Hooks {
    std::function<Clock()> clock;
    std::function<void()> alive;             // called now and then while the disk is waited for
    std::function<bool()> clean_registry{};  // see Registry::clean()
  };
  History(Settings settings, LogReader& reader, state::ArchiveFigures& figures, Hooks hooks);

  // Opens the database if that is due, and stores what the logs have: at most one batch. Returns
  // true if there is more to store at once.
  bool store();
  // Whether a StoredPlace has moved since the last call.
  [[nodiscard]] bool take_moved() noexcept { return std::exchange(has_moved_, false); }
  // Whether all that was said until now is on disk.
  [[nodiscard]] bool is_up_to_date() const noexcept {
    return !settings_.is_enabled || (database_ && !reader_.has_news());
  }
  [[nodiscard]] bool is_enabled() const noexcept { return settings_.is_enabled; }
  // A step of indexing what is stored, when there is enough of it or it has waited. Returns true if
  // there is more to do.
  bool index();
  // A step of deleting what is too old or too much. Returns true if there is more to do.
  bool maintain();
  // Deletes the lines, see EraseDb::erase(). On a full disk the reserve is given up, and the next
  // attempt may succeed.
  [[nodiscard]] Result<> erase(const std::vector<EraseDb::Found>& lines, const std::string& by);
  // True: no file of the state directory has text of lines that were erased. maintain() sees to it.
  [[nodiscard]] bool is_clean() const noexcept {
    return database_ && database_->erasing().is_clean();
  }
  [[nodiscard]] bool is_registry_clean() {
    return !hooks_.clean_registry || hooks_.clean_registry();
  }
  // The next cleaning begins without a rest, because somebody waits until is_clean().
  void await_clean() noexcept { is_clean_awaited_ = true; }
  // How often the database was opened.
  [[nodiscard]] std::uint64_t opened() const noexcept { return opened_; }
  // Stores what is left, for at most `limit`, and closes the database.
  void finish(std::chrono::milliseconds limit);

  // Null: it is not open.
  [[nodiscard]] HistoryDb* database() noexcept { return database_ ? &*database_ : nullptr; }
  [[nodiscard]] const std::string& path() const { return condition_.path(); }

 private:
  static constexpr unsigned kPagesAtOnce = 64;  // of the file, in a step
  bool open();
  [[nodiscard]] Result<> begin();
  void note_stored(const Batch& batch, Micros time);
  void note_gaps(const Batch& batch);
  void note_erased(const Batch& batch);
  void note_size();
  void note_unindexed();
  [[nodiscard]] Result<Deleted> expire(const Clock& now);
  [[nodiscard]] Result<bool> delete_lines(const store::Database::Size& size);
  [[nodiscard]] Result<bool> clean_index();
  [[nodiscard]] Result<bool> delete_unused();
  [[nodiscard]] Result<bool> delete_old();
  void note_deleted(std::size_t lines);
  void note_lines();
  [[nodiscard]] Result<> forget_erasures(const Clock& now);
  [[nodiscard]] Result<> repeat_erasures();
  [[nodiscard]] Result<bool> clean();
  [[nodiscard]] bool begin_cleaning();
  void end_cleaning();
  void on_fault(const Error& error, std::size_t lines = 0);
  [[nodiscard]] bool make_space(std::size_t lines);
  bool rebuild_index(std::string_view why);

  Settings settings_;
  LogReader& reader_;
  state::ArchiveFigures& figures_;
  Hooks hooks_;
  Condition condition_;
  Reserve reserve_;
  RetentionClock retention_;
  std::optional<HistoryDb> database_;
  MonoTime reserve_at_{};  // when the reserve is taken again
  MonoTime expire_at_{};   // when the ages of lines are looked at again
  MonoTime forget_at_{};   // and those of erasures
  // Of this look: all lines were looked at, and those of rooms with a limit of their own.
  bool is_expired_{false};
  bool are_rooms_expired_{false};
  MonoTime index_at_{};       // when lines are indexed although they are few; 0: none waits
  bool has_moved_{false};     // a StoredPlace
  bool was_full_{false};      // at the last attempt to store
  bool has_deleted_{false};   // since the last checkpoint
  std::uint64_t unclean_{0};  // deleted lines whose tokens may still be in the file
  bool is_cleaning_{false};   // the index
  bool has_unused_{true};     // there may be authors or rooms without lines
  std::uint64_t opened_{0};
  std::optional<std::uint64_t> cleaning_{};  // the erasure up to which clean() has begun
  std::optional<MonoTime> clean_begun_{};    // nullopt: its end was noted
  MonoTime clean_at_{};                      // the next one does not begin before
  bool is_first_step_{false};                // of clean()
  bool is_clean_awaited_{false};
};

}  // namespace chatd::archive
