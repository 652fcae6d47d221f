// SPDX-License-Identifier: GPL-3.0-or-later
// History: text that was erased leaves the files.
#include <utility>

#include "daemon/archive/history.hpp"
#include "daemon/store/set_aside.hpp"

namespace chatd::archive {

namespace {

// After a cleaning, the next one waits for so many times the duration of the last one.
constexpr int kRestOfCleaning = 9;

}  // namespace

// Erased text is in no row any more: it leaves the index, the journal, and what was set aside.
// Returns true if there is more to do.
Result<bool> History::clean() {
  EraseDb& erasing = database_->erasing();
  if (erasing.is_clean() || database_->file().is_backed_up()) return false;
  if (cleaning_ != erasing.applied() && !is_cleaning_ && !begin_cleaning()) return false;
  if (is_first_step_ || is_cleaning_) {
    const auto has_more =
        database_->clean_index(kPagesAtOnce, std::exchange(is_first_step_, false));
    if (!has_more) return has_more;
    is_cleaning_ = *has_more;
    unclean_ = 0;
    if (*has_more) return true;
  }
  if (cleaning_ != erasing.applied()) return true;  // lines were erased since it began
  if (auto done = database_->checkpoint(); !done) return fail(done.error());
  if (auto done = store::remove_set_aside(path()); !done) return fail(std::move(done).error());
  if (auto done = erasing.note_clean(); !done) return fail(std::move(done).error());
  end_cleaning();
  cleaning_.reset();
  is_clean_awaited_ = false;
  return false;
}

// False: the rest after the last one is not over. A cleaning writes all of the index, so members
// that erase again and again must not cause one after the other.
bool History::begin_cleaning() {
  if (cleaning_) end_cleaning();
  const MonoTime now = hooks_.clock().mono;
  if (!is_clean_awaited_ && now < clean_at_) return false;
  cleaning_ = database_->erasing().applied();
  clean_begun_ = now;
  is_first_step_ = true;
  return true;
}

void History::end_cleaning() {
  if (!clean_begun_) return;
  const MonoTime now = hooks_.clock().mono;
  clean_at_ = now + kRestOfCleaning * (now - *clean_begun_);
  clean_begun_.reset();
}

// When an eighth of the lines was deleted, their tokens are removed from the index.
Result<bool> History::clean_index() {
  const bool is_first = !is_cleaning_;
  if (is_first && unclean_ <= figures_.stored.load(std::memory_order_relaxed) / 8) return false;
  const auto has_more = database_->clean_index(kPagesAtOnce, is_first);
  if (!has_more) return has_more;
  is_cleaning_ = *has_more;
  unclean_ = 0;
  has_deleted_ = true;
  return true;
}

}  // namespace chatd::archive
