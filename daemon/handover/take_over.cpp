// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/handover/take_over.hpp"

#include <algorithm>
#include <chrono>
#include <expected>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "daemon/handover/snapshot.hpp"
#include "daemon/handover/snapshot_file.hpp"
#include "daemon/handover/snapshot_format.hpp"
#include "daemon/handover/sockets.hpp"
#include "daemon/log/crash_point.hpp"
#include "daemon/state/key_table.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::handover {

using state::Access;
using state::KeyTable;
using state::StateView;

namespace {

constexpr std::chrono::seconds kSoon{10};

// Error: why a kept state cannot be used.
using Attempt = std::expected<Begin, std::string>;

struct Mapped {
  StateView state;
  KeyTable keys;
};

Result<Mapped> map(int state, int keys) {
  auto view = StateView::map(state, Access::writer);
  if (!view) return fail(view.error());
  auto table = KeyTable::map(keys, view->geometry().sessions, Access::writer);
  if (!table) return fail(table.error());
  return Mapped{.state = std::move(*view), .keys = std::move(*table)};
}

Result<Begin> begin_empty(const Wanted& wanted, std::string words) {
  auto region = state::create_region(wanted.geometry, wanted.history_id, wanted.now);
  if (!region) return fail(region.error());
  state::crash_point();
  auto keys = KeyTable::create(wanted.geometry.sessions);
  if (!keys) return fail(keys.error());
  state::crash_point();
  auto mapped = map(region->get(), keys->get());
  if (!mapped) return fail(mapped.error());
  mapped->keys.reset_secret() = wanted.reset_secret;
  renumber_sockets(mapped->state, wanted.sockets);
  return Begin{.state = std::move(*region),
               .keys = std::move(*keys),
               .is_kept = false,
               .words = std::move(words)};
}

Result<Begin> begin_cold(const Wanted& wanted, std::string words) {
  auto begin = begin_empty(wanted, std::move(words));
  if (begin) begin->is_cold = true;
  return begin;
}

// False: too many daemons have died with this state.
bool is_trusted(state::Keeping& keeping, WallTime now) {
  const WallTime last{Micros{keeping.last_take_over_wall}};
  const bool in_order = std::exchange(keeping.handed_over, 0U) != 0;
  state::crash_point();
  if (in_order || now - last > kSoon || now < last) keeping.take_overs = 0;
  state::crash_point();
  if (!in_order) ++keeping.take_overs;
  state::crash_point();
  keeping.last_take_over_wall = now.time_since_epoch().count();
  return keeping.take_overs <= kMaxTakeOvers;
}

// Clears the predecessor's processes, which have ended. The counts of restarts stay: they are the
// service's.
void forget_processes(const StateView& state) {
  for (std::size_t i = 0; i < state::kMaxProcesses; ++i) {
    state::ProcessControl& process = state.process(i);
    process.pid = 0;
    process.state = state::ProcessState::empty;
    state::crash_point();
    process.sleeping = 0;
  }
  for (state::DatabaseFigures* const figures :
       {static_cast<state::DatabaseFigures*>(&state.archive()),
        static_cast<state::DatabaseFigures*>(&state.registry_figures())}) {
    figures->state = state::ArchiveState::off;
    figures->behind_since = 0;
  }
}

// `begin`: new memory.
Attempt restore(Begin begin, std::span<const std::uint8_t> snapshot, const Wanted& wanted) {
  auto mapped = map(begin.state.get(), begin.keys.get());
  if (!mapped) return std::unexpected{mapped.error().message()};
  mapped->keys.reset_secret() = wanted.former_reset_secret;
  const auto restored = read_snapshot(snapshot, mapped->state, mapped->keys, wanted.now);
  if (!restored) return std::unexpected{restored.error().message()};
  state::crash_point();
  renumber_sockets(mapped->state, wanted.sockets);
  state::crash_point();
  begin.sessions = restored->sessions;
  begin.words = fmt::format("took over {} sessions from a snapshot", restored->sessions);
  if (restored->left_out != 0) {
    begin.words += fmt::format("; {} are beyond limits.sessions", restored->left_out);
  }
  if (restored->other_protocol != 0) {
    begin.words += fmt::format("; {} native sessions had another version of the protocol",
                               restored->other_protocol);
  }
  if (restored->rooms_left_out != 0) {
    begin.words += fmt::format("; {} rooms are beyond limits.rooms", restored->rooms_left_out);
  }
  if (restored->rows.left_out != 0) {
    begin.words +=
        fmt::format("; {} rows of owned names and other lists are lost", restored->rows.left_out);
  }
  if (restored->rules_left_out != 0) {
    begin.words +=
        fmt::format("; {} bans, mutes, invitations or roles are lost", restored->rules_left_out);
  }
  return begin;
}

// Can the kept memory be used as it is? Sessions contain socket numbers, and these cannot all be
// changed in one step. So the kept memory stays unchanged, also if only the sockets differ, until a
// new region holds everything.
bool has_shape(const StateView& state, const Wanted& wanted) {
  const state::Keeping& keeping = state.keeping();
  const auto sockets = std::span{keeping.socket}.first(
      std::min<std::size_t>(keeping.sockets, keeping.socket.size()));
  return state.geometry() == wanted.geometry && std::ranges::equal(sockets, wanted.sockets);
}

// New memory is made before the take-over is counted: if there is none, the next start finds the
// state as it was. Errors: there is none.
Result<Attempt> take_over_region(Kept& kept, const Wanted& wanted) {
  auto mapped = map(kept.state.get(), kept.keys.get());
  if (!mapped) return Attempt{std::unexpected{mapped.error().message()}};
  std::optional<Begin> fresh;
  if (!has_shape(mapped->state, wanted)) {
    auto made = begin_empty(wanted, "");
    if (!made) return fail(made.error());
    fresh = std::move(*made);
  }
  if (!is_trusted(mapped->state.keeping(), wanted.now)) {
    return Attempt{std::unexpected{
        fmt::format("{} daemons have died over it, one soon after the other", kMaxTakeOvers)}};
  }
  if (fresh) {
    return restore(std::move(*fresh), write_snapshot(mapped->state, mapped->keys), wanted);
  }
  const std::size_t sessions = mapped->state.counters().sessions_now.load();
  forget_processes(mapped->state);
  mapped->state.set_started(wanted.now);
  state::crash_point();
  return Begin{.state = std::move(kept.state),
               .keys = std::move(kept.keys),
               .is_kept = true,
               .words = "took over the state of a predecessor",
               .sessions = sessions};
}

Result<Attempt> restore_stored(int snapshot, const Wanted& wanted) {
  const auto file = map_snapshot(snapshot);
  if (!file) {
    return Attempt{std::unexpected{"the snapshot cannot be read: " + file.error().message()}};
  }
  state::crash_point();
  auto fresh = begin_empty(wanted, "");
  if (!fresh) return fail(fresh.error());
  return restore(std::move(*fresh), snapshot_in(*file), wanted);
}

}  // namespace

Result<Begin> take_over(Kept kept, const Wanted& wanted) {
  const WipeOnFree wipes;
  if (!kept.state.is_open() && !kept.snapshot.is_open()) return begin_cold(wanted, "");
  std::string why = "the state was not kept";
  if (kept.state.is_open() && kept.keys.is_open()) {
    auto attempt = take_over_region(kept, wanted);
    if (!attempt) return fail(attempt.error());
    if (*attempt) return std::move(**attempt);
    why = std::move(attempt->error());
  }
  if (kept.snapshot.is_open()) {
    auto attempt = restore_stored(kept.snapshot.get(), wanted);
    if (!attempt) return fail(attempt.error());
    if (*attempt) return std::move(**attempt);
    why += "; " + attempt->error();
  }
  auto begin = begin_cold(wanted, "starting with an empty room: " + why);
  if (begin) begin->is_lost = true;
  return begin;
}

Result<> note_handed_over(int state) {
  auto view = StateView::map(state, Access::writer);
  if (!view) return fail(view.error());
  view->keeping().handed_over = 1;
  state::crash_point();
  return {};
}

Result<UniqueFd> make_snapshot(int state, int keys) {
  const WipeOnFree wipes;
  auto mapped = map(state, keys);
  if (!mapped) return fail(mapped.error());
  const auto bytes = write_snapshot(mapped->state, mapped->keys);
  state::crash_point();
  return store_snapshot(bytes);
}

}  // namespace chatd::handover
