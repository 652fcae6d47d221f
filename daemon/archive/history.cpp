// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/history.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "daemon/store/fault.hpp"
#include "daemon/store/set_aside.hpp"

namespace chatd::archive {

using state::ArchiveState;
using std::chrono::milliseconds;
using std::chrono::seconds;
using store::Fault;

namespace {

constexpr std::uint64_t kReserveBytes = std::uint64_t{16} << 20U;
constexpr seconds kReserveAgain{60};
// A line may be kept for so much longer than history.max_age.
constexpr seconds kExpireAgain{60};
constexpr std::chrono::hours kForgetAgain{24};
// Deleting goes on at so much of max_bytes.
constexpr std::uint64_t kFullPerCent = 90;
constexpr std::size_t kRowsAtOnce = 200;
constexpr std::size_t kRowsWhenFull = 200;
// Lines are indexed so many at once, which takes the disk for some 10 ms, and fewer after this
// time: a search looks through those that wait.
constexpr std::size_t kIndexAtOnce = 1024;
constexpr seconds kIndexAfter{5};

std::string_view words_of(ArchiveState state) noexcept { return state::row_of(state).words; }

}  // namespace

History::History(Settings settings, LogReader& reader, state::ArchiveFigures& figures, Hooks hooks)
    : settings_{std::move(settings)},
      reader_{reader},
      figures_{figures},
      hooks_{std::move(hooks)},
      condition_{
          {.name = "history", .path = settings_.directory + "/history.db", .words = &words_of},
          figures},
      reserve_{settings_.directory + "/history.reserve",
               std::min(kReserveBytes, settings_.max_bytes / 16)},
      retention_{figures} {}

// --- opening -----------------------------------------------------------------------

bool History::open() {
  auto database = HistoryDb::open(path(), settings_.epoch, settings_.max_bytes, hooks_.alive);
  if (!database) {
    on_fault(database.error());
    return false;
  }
  database_ = std::move(*database);
  is_expired_ = are_rooms_expired_ = false;
  if (auto begun = begin(); !begun) {
    on_fault(begun.error());
    return false;
  }
  ++opened_;
  if (auto done = repeat_erasures(); !done) {
    on_fault(done.error());
    return false;
  }
  condition_.enter(ArchiveState::ok, "");
  return true;
}

// Erasures of lines that are too old themselves. The list is read whole for it.
Result<> History::forget_erasures(const Clock& now) {
  if (settings_.max_age.count() == 0) return {};
  forget_at_ = now.mono + kForgetAgain;
  return database_->erasing().forget(retention_.now(now.mono, now.wall) - settings_.max_age);
}

// A database that is older than some erasures has lost what was erased before anybody reads it.
Result<> History::repeat_erasures() {
  if (auto done = forget_erasures(hooks_.clock()); !done) return done;
  const auto lines = database_->erasing().repeat(*database_);
  if (!lines) return fail(lines.error());
  if (*lines == 0) return {};
  note_deleted(*lines);
  log(LogLevel::notice,
      fmt::format("history: {} lines that were erased are in {}, and are erased again", *lines,
                  path()),
      {{"CHATD_EVENT", "history"}, {"CHATD_STATE", "ok"}});
  return {};
}

Result<> History::begin() {
  const auto figures = database_->figures();
  if (!figures) return fail(figures.error());
  figures_.stored.store(figures->lines, std::memory_order_relaxed);
  const auto rooms = database_->rooms();
  if (!rooms) return fail(rooms.error());
  reader_.begin(*rooms);
  const auto base = database_->default_base();
  if (!base) return fail(base.error());
  figures_.default_base.store(*base, std::memory_order_relaxed);
  note_size();
  note_unindexed();
  return {};
}

void History::note_size() {
  const auto size = database_->size();
  if (size) figures_.bytes.store(size->bytes, std::memory_order_relaxed);
}

void History::note_unindexed() {
  const auto lines = database_->unindexed();
  if (lines) figures_.unindexed.store(*lines, std::memory_order_relaxed);
}

// --- storing -----------------------------------------------------------------------

bool History::store() {
  if (!settings_.is_enabled) return false;
  const MonoTime now = hooks_.clock().mono;
  // First, because a disk that hangs does so while the database is opened, too.
  if (condition_.behind_since() == MonoTime{} && reader_.has_news()) condition_.note_behind(now);
  const bool waits = !condition_.is_due(now) || (!database_ && !open());
  if (waits || !reader_.has_news()) {
    if (!waits) condition_.note_behind({});
    return false;
  }
  const Batch batch = reader_.read(hooks_.clock().wall);
  reader_.publish_lost(batch);
  if (!batch.rooms.empty()) {
    hooks_.alive();
    const MonoTime begun = hooks_.clock().mono;
    const auto saved = database_->save(batch);
    hooks_.alive();
    if (!saved) {
      on_fault(saved.error(), batch.lines);
      return condition_.is_due(now);
    }
    note_stored(batch, hooks_.clock().mono - begun);
  }
  has_moved_ = reader_.publish_stored(batch) || has_moved_;
  if (batch.is_full) return true;
  condition_.note_behind({});
  return false;
}

void History::note_stored(const Batch& batch, Micros time) {
  was_full_ = false;
  state::count(figures_.stored, batch.lines);
  state::count(figures_.unindexed, batch.lines);
  note_gaps(batch);
  note_erased(batch);
  note_size();
  condition_.note_stored(time);
}

void History::note_gaps(const Batch& batch) {
  for (const RoomPart& part : batch.rooms) {
    for (const Line& line : part.lines) {
      if (line.kind != kGap) continue;
      state::count(figures_.gaps);
      const std::string to = line.last == 0 ? std::string{" on"} : fmt::format(" to {}", line.last);
      log(LogLevel::warning,
          fmt::format("history: messages of {} are not stored, from number {}{}: they were "
                      "overwritten in memory before",
                      part.name, line.sequence, to),
          {{"CHATD_EVENT", "history_gap"}, {"CHATD_ROOM", part.name}});
    }
  }
}

bool History::index() {
  const MonoTime now = hooks_.clock().mono;
  const std::uint64_t waiting = figures_.unindexed.load(std::memory_order_relaxed);
  if (!database_ || !condition_.is_due(now)) return false;
  if (database_->is_index_damaged()) return rebuild_index("a search has found it damaged");
  if (waiting == 0) {
    index_at_ = {};
    return false;
  }
  if (index_at_ == MonoTime{}) index_at_ = now + kIndexAfter;
  if (waiting < kIndexAtOnce && now < index_at_) return false;
  index_at_ = {};
  hooks_.alive();
  const auto has_more = database_->index(kIndexAtOnce);
  hooks_.alive();
  if (!has_more) {
    on_fault(has_more.error());
    return false;
  }
  note_unindexed();
  note_size();
  return *has_more;
}

// A member has taken lines back.
void History::note_erased(const Batch& batch) {
  const bool has_erased = std::ranges::any_of(batch.rooms, [](const RoomPart& part) {
    return std::ranges::find(part.lines, kErased, &Line::kind) != part.lines.end();
  });
  if (!has_erased) return;
  has_deleted_ = has_unused_ = true;
  note_lines();
}

void History::finish(milliseconds limit) {
  const MonoTime end = hooks_.clock().mono + limit;
  condition_.try_now();
  while (hooks_.clock().mono < end && store()) {
  }
  database_.reset();
}

// --- faults ------------------------------------------------------------------------

// `lines`: of the batch that was not stored.
void History::on_fault(const Error& error, std::size_t lines) {
  const Fault fault = store::fault_of(error);
  if (fault == Fault::index && rebuild_index(error.message())) return;
  if (fault == Fault::full && database_) {
    if (!make_space(lines)) {
      condition_.enter(ArchiveState::full, error.message());
      condition_.pause(hooks_.clock().mono);
    }
    // The batch that was not stored is read again.
    if (begin()) return;
  }
  if (fault == Fault::full && !database_) {
    reserve_at_ = hooks_.clock().mono + kReserveAgain;
    (void)reserve_.give_up();
  }
  database_.reset();
  condition_.on_fault(error, hooks_.clock().mono);
}

// The lines are whole, and only searching takes longer until they are indexed again.
bool History::rebuild_index(std::string_view why) {
  if (!database_ || !database_->rebuild_index()) return false;
  log(LogLevel::warning, fmt::format("history: the index for searching is built anew: {}", why),
      {{"CHATD_EVENT", "history"}, {"CHATD_STATE", "ok"}});
  note_unindexed();
  return begin().has_value();
}

// The oldest messages make place for new ones. False: the disk is full, or that was not enough.
bool History::make_space(std::size_t lines) {
  const auto size = database_->size();
  const bool is_at_limit = size && size->bytes + kPagesAtOnce * store::Database::kPageBytes >=
                                       database_->limit_of_lines();
  if (!is_at_limit) {
    reserve_at_ = hooks_.clock().mono + kReserveAgain;
    (void)reserve_.give_up();
  }
  database_->file().end_backups();  // the journal takes space
  (void)database_->checkpoint();
  const auto deleted = database_->delete_oldest(std::max(kRowsWhenFull, 2 * lines));
  (void)database_->checkpoint();
  has_unused_ = true;
  if (!is_at_limit) return false;
  if (deleted && !std::exchange(was_full_, true)) return true;
  // The index grows by lines that are deleted, until its parts are merged.
  return figures_.unindexed.load(std::memory_order_relaxed) <
             figures_.stored.load(std::memory_order_relaxed) &&
         rebuild_index("it does not leave place for messages");
}

// --- deleting ----------------------------------------------------------------------

bool History::maintain() {
  const MonoTime now = hooks_.clock().mono;
  if (!database_ || !condition_.is_due(now)) return false;
  const auto has_more = delete_old();
  if (!has_more) {
    on_fault(has_more.error());
    return false;
  }
  if (*has_more) return true;
  if (now >= reserve_at_) {
    reserve_at_ = now + kReserveAgain;
    (void)reserve_.take();  // a disk without space for it: the next attempt is in a minute
  }
  return false;
}

// A step of deleting lines that are too old. After the last one, expire_at_ says when to look
// again.
Result<Deleted> History::expire(const Clock& now) {
  const WallTime time = retention_.now(now.mono, now.wall);
  Deleted deleted;
  if (settings_.max_age.count() == 0) is_expired_ = true;
  if (!is_expired_) {
    const auto done = database_->expire(time - settings_.max_age, now.wall, kRowsAtOnce);
    if (!done) return done;
    deleted.add(*done);
    is_expired_ = done->is_last;
  }
  if (!are_rooms_expired_) {
    const auto done = database_->expire_rooms(time, kRowsAtOnce);
    if (!done) return done;
    deleted.add(*done);
    are_rooms_expired_ = done->is_last;
  }
  if (is_expired_ && are_rooms_expired_) {
    expire_at_ = now.mono + kExpireAgain;
    is_expired_ = are_rooms_expired_ = false;
    if (now.mono >= forget_at_) {
      if (auto done = forget_erasures(now); !done) return fail(std::move(done).error());
    }
  }
  return deleted;
}

// Deletes lines that are too old or too many. Returns true if there may be more of them.
Result<bool> History::delete_lines(const store::Database::Size& size) {
  const Clock now = hooks_.clock();
  Deleted deleted;
  if (now.mono >= expire_at_) {
    const auto done = expire(now);
    if (!done) return fail(done.error());
    deleted.add(*done);
  }
  const bool is_expired = now.mono < expire_at_;
  if (size.bytes - size.unused > settings_.max_bytes / 100 * kFullPerCent) {
    const auto done = database_->delete_oldest(kRowsAtOnce);
    if (!done) return fail(done.error());
    deleted.add(*done);
  }
  if (deleted.rows == 0) return !is_expired;
  note_deleted(deleted.lines);
  return true;
}

void History::note_deleted(std::size_t lines) {
  has_deleted_ = has_unused_ = true;
  unclean_ += lines;
  const std::uint64_t stored = figures_.stored.load(std::memory_order_relaxed);
  figures_.stored.store(stored - std::min<std::uint64_t>(lines, stored), std::memory_order_relaxed);
}

void History::note_lines() {
  const auto figures = database_->figures();
  if (figures) figures_.stored.store(figures->lines, std::memory_order_relaxed);
}

Result<> History::erase(const std::vector<EraseDb::Found>& lines, const std::string& by) {
  hooks_.alive();
  auto done = database_->erasing().erase(*database_, lines, hooks_.clock().wall, by);
  hooks_.alive();
  if (done) {
    note_deleted(lines.size());
  } else if (store::fault_of(done.error()) == Fault::full) {
    reserve_at_ = hooks_.clock().mono + kReserveAgain;
    (void)reserve_.give_up();
    (void)database_->checkpoint();
  }
  return done;
}

// A step of deleting authors and rooms without lines. There may be more to do after it.
Result<bool> History::delete_unused() {
  const auto done = database_->delete_unused(
      kRowsAtOnce,
      [this](state::RoomId room, std::uint64_t born) { return reader_.exists(room, born); });
  if (!done) return fail(done.error());
  has_unused_ = *done;
  return true;
}

Result<bool> History::delete_old() {
  hooks_.alive();
  const auto size = database_->size();
  if (!size) return fail(size.error());
  auto has_more = delete_lines(*size);
  if (!has_more || *has_more) return has_more;
  if (has_unused_) return delete_unused();
  if (const auto cleans = clean_index(); !cleans || *cleans) return cleans;
  if (!has_deleted_) return clean();
  if (database_->file().is_backed_up()) return false;
  if (size->unused >= kPagesAtOnce * store::Database::kPageBytes) {
    if (auto done = database_->shrink(kPagesAtOnce); !done) return fail(done.error());
    note_size();
    return true;
  }
  // Deleted text is in the journal as well.
  has_deleted_ = false;
  if (auto done = database_->checkpoint(); !done) return fail(done.error());
  return clean();
}

}  // namespace chatd::archive
