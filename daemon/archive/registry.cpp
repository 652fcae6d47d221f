// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/registry.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "daemon/handover/registry_text.hpp"
#include "daemon/log/crash_point.hpp"
#include "daemon/store/fault.hpp"
#include "daemon/store/replace_file.hpp"
#include "daemon/store/set_aside.hpp"

namespace chatd::archive {

using state::ArchiveState;
using std::chrono::seconds;
using store::Fault;

namespace {

constexpr seconds kLookAgain{60};
constexpr seconds kCopyAgain{10};
constexpr std::uint64_t kRegistryReserveBytes = std::uint64_t{2} << 20U;

}  // namespace

Registry::Registry(std::string directory, const state::StateView& state, Hooks hooks)
    : state_{state},
      figures_{state.registry_figures()},
      hooks_{std::move(hooks)},
      condition_{
          {.name = "registry", .path = directory + "/registry.db", .words = &state::registry_words},
          figures_},
      reserve_{directory + "/registry.reserve", kRegistryReserveBytes},
      rows_{state} {}

std::uint64_t Registry::version() const noexcept {
  return state_.registry_head().version.load(std::memory_order_acquire);
}

RegistryDb::Meta Registry::meta_of(const RegistryRows::Changes& changes) const {
  return {.epoch = state_.header().epoch,
          .memory = state_.registry_head().memory.load(std::memory_order_relaxed),
          .saved = changes.version,
          .last_rule = changes.last_rule,
          .last_room = changes.last_room};
}

// --- opening -----------------------------------------------------------------------

bool Registry::open() {
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto database = RegistryDb::open(path(), hooks_.alive);
    if (!database) {
      on_fault(database.error());
      return false;
    }
    database_ = std::move(*database);
    auto contents = database_->contents();
    if (!contents) {
      on_fault(contents.error());
      return false;
    }
    if (keep_unread(contents->meta)) {
      database_.reset();
      if (const auto kept = store::set_aside(path(), ".before"); !kept) {
        on_fault(kept.error());
        return false;
      }
      continue;
    }
    meta_ = contents->meta;
    before_ = std::move(*contents);
    rows_.forget();
    return true;
  }
  return false;
}

// True: the rows of the database must be kept in another file. The database was written by an
// earlier service, and the start did not read it, or has left out some of its rows, for which
// limits.names is too small now.
bool Registry::keep_unread(const RegistryDb::Meta& meta) {
  const state::RegistryHead& head = state_.registry_head();
  const bool is_known = meta.memory == 0 || meta.memory == head.memory.load() ||
                        meta.memory == head.loaded_from.load();
  // Nothing of the present service was saved yet, and some rows of the database were left out.
  const bool has_more =
      meta.memory != 0 && meta.memory != head.memory.load() && state_.loaded().rows_left_out != 0;
  if (is_known && !has_more) return false;
  const char* const what = is_known ? "some owned names or other rows" : "the rules and rooms";
  log(LogLevel::warning,
      fmt::format(
          "registry: the service was started without {0} of {1}, which is kept as {1}.before", what,
          path()),
      {{"CHATD_EVENT", "registry"}, {"CHATD_STATE", "ok"}});
  return true;
}

// --- saving ------------------------------------------------------------------------

void Registry::save() {
  // Before a gateway has looked at it, a new memory may be filled by halves.
  if (state_.registry_head().memory.load(std::memory_order_acquire) == 0) return;
  const MonoTime now = hooks_.clock();
  const bool is_behind = !database_ || version() != figures_.saved.load(std::memory_order_relaxed);
  if (is_behind && condition_.behind_since() == MonoTime{}) condition_.note_behind(now);
  has_tried_ = true;
  if (condition_.is_due(now) && (database_ || open())) save_changes(now);
}

void Registry::save_changes(MonoTime now) {
  const bool has_changes = before_ || version() != meta_.saved;
  if (!has_changes && now < look_at_) return condition_.note_behind({});
  auto changes = rows_.read();
  if (!changes) {
    // A row is being written, or waits for a successor of its gateway. All rows are read then.
    return before_ ? void() : read_again();
  }
  look_at_ = now + kLookAgain;
  const std::uint64_t version = changes->version;
  hooks_.alive();
  const MonoTime begun = hooks_.clock();
  if (auto done = store(std::move(*changes)); !done) return on_fault(done.error());
  hooks_.alive();
  before_.reset();
  condition_.note_stored(hooks_.clock() - begun);
  logs::crash_point();
  has_moved_ = true;
  figures_.saved.store(version, std::memory_order_release);
  logs::crash_point();
  condition_.note_behind({});
  (void)reserve_.take();  // a disk without space for it: the next attempt is with the next change
}

void Registry::read_again() {
  auto contents = database_->contents();
  if (!contents) return on_fault(contents.error());
  before_ = std::move(*contents);
}

Result<> Registry::store(RegistryRows::Changes changes) {
  const RegistryDb::Meta meta = meta_of(changes);
  if (before_) leave_out_same_rows(changes.rows);
  // The ids of temporary rooms and of their rules change often: they are saved with the next row,
  // or in a minute, as the hits.
  const bool is_same = changes.rows.empty() && meta.memory == meta_.memory &&
                       meta.last_rule == meta_.last_rule && meta.last_room == meta_.last_room;
  if (!is_same) {
    for (const KeptRow& row : changes.rows) has_deleted_ = has_deleted_ || !row.text;
    if (auto done = database_->save(changes.rows, meta); !done) return done;
  }
  meta_ = meta;
  return {};
}

// The first changes after the database was opened are all rows: those that it has as they are need
// not be written, and those that memory has no more are deleted.
void Registry::leave_out_same_rows(std::vector<KeptRow>& rows) {
  auto& stored = before_->rows;
  std::erase_if(rows, [&stored](const KeptRow& row) {
    const auto found = stored.find(row.place);
    const bool is_same = found != stored.end() && row.text == found->second;
    if (found != stored.end()) stored.erase(found);
    return is_same;
  });
  for (auto& [place, text] : stored) rows.push_back({.place = place, .text = std::nullopt});
  stored.clear();
}

void Registry::finish() {
  condition_.try_now();
  copy_at_ = {};
  save();
  database_.reset();
  save_copy();
}

// --- deleted text ------------------------------------------------------------------

// The pages of a row that was deleted were overwritten (secure_delete); the journal still has them.
bool Registry::empty_journal() {
  if (!has_deleted_) return true;
  if (!database_ || database_->file().is_backed_up()) return false;
  hooks_.alive();
  if (const auto done = database_->file().checkpoint(); !done) {
    on_fault(done.error());
    return false;
  }
  has_deleted_ = false;
  return true;
}

bool Registry::clean() {
  save();
  if (!database_ || meta_.saved != version() || !empty_journal()) return false;
  return store::remove_set_aside(path()).has_value() &&
         store::remove_set_aside(path(), ".before").has_value();
}

// --- faults ------------------------------------------------------------------------

void Registry::on_fault(const Error& error) {
  database_.reset();
  before_.reset();
  const bool is_full = store::fault_of(error) == Fault::full;
  condition_.on_fault(error, hooks_.clock());
  if (is_full && reserve_.give_up()) condition_.try_now();
}

// --- the copy ----------------------------------------------------------------------

// A later program may have written more into it than this one knows.
void Registry::save_copy() {
  const MonoTime now = hooks_.clock();
  const std::uint64_t version = this->version();
  const bool is_newer = figures_.state.load(std::memory_order_relaxed) == ArchiveState::newer;
  const bool is_named = state_.registry_head().memory.load(std::memory_order_acquire) != 0;
  // Before the database was looked at, nobody knows whether a later program has written it.
  if (!has_tried_ || copied_ == version || now < copy_at_ || is_newer || !is_named) return;
  const auto text = document();
  if (!text) return;  // a row is being written
  copy_at_ = now + kCopyAgain;
  (void)empty_journal();
  hooks_.alive();
  const auto done =
      store::replace_file(path().substr(0, path().rfind('/')) + "/registry.json", *text);
  hooks_.alive();
  if (done) {
    copied_ = version;
  } else if (!has_copy_failed_) {
    log(LogLevel::warning,
        fmt::format("registry: the copy is not written: {}", done.error().message()),
        {{"CHATD_EVENT", "registry"}, {"CHATD_STATE", "broken"}});
  }
  has_copy_failed_ = !done;
}

std::optional<std::string> Registry::document() const {
  RegistryRows all{state_};
  const auto changes = all.read();
  if (!changes) return std::nullopt;
  const RegistryDb::Meta meta = meta_of(*changes);
  std::string text = fmt::format(
      R"({{"version":{},"epoch":{},"memory":{},"saved":{},"last_rule":{},"last_room":{})",
      handover::kRegistryFormat, meta.epoch, meta.memory, meta.saved, meta.last_rule,
      meta.last_room);
  std::vector<KeptList> lists{KeptList::rooms, KeptList::rules};
  for (std::size_t table = 0; table < state::KeptTables::kCount; ++table) {
    if (state::KeptTables::kIsInCopy[table]) lists.push_back(list_of_table(table));
  }
  for (const KeptList list : lists) {
    text += fmt::format(",\n\"{}\":[", name_of(list));
    bool is_first = true;
    for (const KeptRow& row : changes->rows) {
      if (row.place.list != list || !row.text) continue;
      text += std::exchange(is_first, false) ? "\n" : ",\n";
      text += *row.text;
    }
    text += ']';
  }
  for (const KeptRow& row : changes->rows) {
    if (row.place.list == KeptList::properties && row.text) {
      text += fmt::format(",\n\"properties\":{}", *row.text);
    }
  }
  return text + "}\n";
}

}  // namespace chatd::archive
