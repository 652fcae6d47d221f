// SPDX-License-Identifier: GPL-3.0-or-later
// fill_history.hpp — the last lines of history.db as records of the rooms' logs, and the numbers
// and rights that belong to them.
//
// Runs in:   the loader; forget_lines() and set_rights() also in the supervisor, while no child
//            runs.
// Borrows:   the database, the StateView.
// Shape:     a record has the number, the time, the name and the text of the line. Its sender is no
//            session: kNobody, with the number of the person in place of the generation; or, of a
//            line whose author had no key, slot 0 with the generation 0, which no session has.
// Invariant: no number of a stored line is used again: a room's log goes on behind the last one.
//            The archive reads from RoomHead::begin_offset on, and does not store the lines again.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "daemon/archive/history_db.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::restore {

struct FillLimits {
  std::size_t lines{0};  // of a room
  // Bytes of records.
  std::size_t default_bytes{std::size_t{256} << 10U};
  std::size_t room_bytes{std::size_t{16} << 10U};
  std::size_t all_bytes{std::size_t{64} << 20U};
  MonoTime end;                    // rooms that are looked at later get no lines
  std::chrono::seconds max_age{};  // no older lines, as state::kept_for(); 0: no limit
  WallTime now{};
};
struct Filled {
  std::size_t rooms{0};  // with lines
  std::size_t lines{0};
  std::size_t skipped{0};  // rooms that were said something in, and get no lines
};
// The default room first, then the others in the order of their rows. Errors: those of the
// database; some rooms may have lines then.
[[nodiscard]] Result<Filled> fill_history(archive::HistoryDb& database,
                                          const state::StateView& state, const FillLimits& limits,
                                          const std::function<void()>& alive);

// Empties all logs. `unread`: there is a history.db that was not read. No line of it is to share a
// number with one that is said from now on, so that the numbers begin with the time in seconds: no
// room has had a line in each second since 1970.
void forget_lines(const state::StateView& state, bool unread, WallTime now);

// Translates the numbers from which on members may read a room into offsets of its log.
void set_rights(const state::StateView& state);

}  // namespace chatd::restore
