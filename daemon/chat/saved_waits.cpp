// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/saved_waits.hpp"

#include <algorithm>

namespace chatd::chat {

using state::Stored;

SavedWaits::SavedWaits(const state::StateView& state, const Sessions& sessions, bool has_archive)
    : state_{state}, sessions_{sessions}, rooms_{state}, has_archive_{has_archive} {}

// --- sessions ----------------------------------------------------------------------

// Commands of a predecessor may be in any room, also in one that their sender has left since, or
// that is gone.
void SavedWaits::adopt() {
  const auto note = [this](const Place& place) {
    if (stored(place) == Stored::not_yet) adopted_.push_back(place);
  };
  for (const Slot session : sessions_.with_mailbox()) {
    if (sessions_.native(session).wants_saved != 0) adopt(session);
  }
  if (waiting_.empty()) return;
  note({.room = std::nullopt, .offset = state_.room_log().tail()});
  if (const Place rows = rows_now(); rows.rows != 0) note(rows);
  for (std::uint32_t row = 0; row < state_.geometry().rooms; ++row) {
    const state::RoomPlace room = rooms_.place(state::RoomIndex{row});
    if (room.id == state::kDefaultRoom) continue;  // no room was ever here
    note({.room = room, .offset = state_.room_log(room.index).tail()});
  }
  (void)look();
}

void SavedWaits::adopt(Slot session) {
  Wait& wait = waits_[session];
  wait = {.generation = sessions_.sender(session).generation, .entries = {}};
  const std::uint64_t end = sessions_.native(session).uplink;
  if (!has_archive_ || end == 0) return;
  // Commands before the last one without history may have a history or not.
  const std::uint64_t not_kept = std::min(sessions_.native(session).not_kept_to, end);
  if (not_kept != 0) {
    wait.entries.push_back({.end = not_kept, .place = std::nullopt, .is_unknown = true});
  }
  if (not_kept != end) wait.entries.push_back({.end = end, .place = std::nullopt});
  wait_for(session, wait);
}

SavedWaits::Wait* SavedWaits::find(Slot session) {
  const auto found = waits_.find(session);
  if (found == waits_.end()) return nullptr;
  const bool is_same = sessions_.is_member(session) &&
                       found->second.generation == sessions_.sender(session).generation;
  return is_same ? &found->second : nullptr;
}

void SavedWaits::begin(Slot session, bool wants_saved) {
  if (!wants_saved) return end(session);
  if (find(session) != nullptr) return;
  // The places of earlier commands were not kept.
  waits_[session] = {.generation = sessions_.sender(session).generation,
                     .entries = {},
                     .unknown_to = sessions_.native(session).uplink};
}

void SavedWaits::end(Slot session) {
  if (waits_.empty()) return;
  waits_.erase(session);
}

// --- commands ----------------------------------------------------------------------

// Behind the last record of the room. A command that was refused has none, and waits for others'.
// nullopt: the command writes in no room, or not in one that its sender is in.
std::optional<SavedWaits::Place> SavedWaits::place_of(Slot session,
                                                      const wire::CommandView& command) const {
  const bool is_message =
      command.kind == wire::CommandKind::say || command.kind == wire::CommandKind::action;
  if (!is_message) return std::nullopt;
  if (command.name.empty()) {
    return Place{.room = std::nullopt, .offset = state_.room_log().tail()};
  }
  const auto id = wire::room_of(command);
  const auto at = id ? rooms_.find(session, state::RoomId{*id}) : std::nullopt;
  const auto room = at ? rooms_.place_of(session, *at) : std::nullopt;
  if (!room) return std::nullopt;
  return Place{.room = room, .offset = state_.room_log(room->index).tail()};
}

bool SavedWaits::is_not_kept(const Place& place) const {
  if (place.rows != 0) return false;
  const auto row = place.room ? std::optional{place.room->index} : std::nullopt;
  return state_.properties(row).history.load(std::memory_order_relaxed) == wire::kHistoryOff;
}

void SavedWaits::add(Wait& wait, std::uint64_t end, const Place& place, bool is_not_kept) {
  if (wait.entries.size() < kMaxEntries) {
    wait.entries.push_back({.end = end, .place = place, .is_not_kept = is_not_kept});
    return;
  }
  // The last entry stands for this command, too, and is reported later.
  Entry& last = wait.entries.back();
  last.end = end;
  if (is_not_kept && last.is_not_kept) return;
  const auto same = std::ranges::find_if(wait.entries, [&](const Entry& entry) {
    return !entry.is_not_kept && entry.place && entry.place->is_like(place);
  });
  if (!is_not_kept && !last.is_not_kept && same != wait.entries.end()) {
    same->place = place;
  } else {
    last.is_unknown = true;
    last.is_not_kept = false;
  }
}

void SavedWaits::will_carry_out(Slot session, const wire::CommandView& command, std::uint64_t end) {
  if (!has_archive_ || sessions_.native(session).wants_saved == 0) return;
  const auto place = place_of(session, command);
  if (place && is_not_kept(*place)) state_.native_slots()[session].not_kept_to = end;
}

void SavedWaits::carried_out(Slot session, const wire::CommandView& command, std::uint64_t end,
                             bool has_changed_rows) {
  Wait* const wait = find(session);
  if (wait == nullptr) return;
  auto place = has_archive_ ? place_of(session, command) : std::nullopt;
  if (has_archive_ && !place && has_changed_rows) place = rows_now();
  if (place) {
    add(*wait, end, *place, is_not_kept(*place));
    wait_for(session, *wait);
  } else if (wait->entries.empty()) {
    make_due(session, *wait);
  }
}

void SavedWaits::ask(Slot session, std::uint64_t offset) {
  Wait* const wait = find(session);
  if (wait != nullptr && offset <= handled(session, *wait)) make_due(session, *wait);
}

// --- answers -----------------------------------------------------------------------

void SavedWaits::wait_for(Slot session, Wait& wait) {
  if (!std::exchange(wait.is_waiting, true)) waiting_.push_back(session);
}

void SavedWaits::make_due(Slot session, Wait& wait) {
  if (!std::exchange(wait.is_due, true)) due_.push_back(session);
}

// Everything that ends there or below has been decided.
std::uint64_t SavedWaits::handled(Slot session, const Wait& wait) const {
  return wait.entries.empty() ? sessions_.native(session).uplink : wait.entries.front().end - 1;
}

SavedWaits::Place SavedWaits::rows_now() const {
  return {.room = std::nullopt,
          .offset = {},
          .rows = state_.registry_head().version.load(std::memory_order_relaxed)};
}

Stored SavedWaits::stored(const Place& place) const {
  if (place.rows != 0) {
    const auto saved = state_.registry_figures().saved.load(std::memory_order_acquire);
    return saved >= place.rows ? Stored::yes : Stored::not_yet;
  }
  if (!place.room) {
    return state::stored(state_.stored_place(std::nullopt), state::kDefaultRoom, place.offset);
  }
  return state::stored(state_.stored_place(place.room->index), place.room->id, place.offset);
}

Stored SavedWaits::stored(const state::Sender& session, const Entry& entry) const {
  if (entry.is_not_kept) return Stored::yes;
  if (entry.place) {
    const Stored at = stored(*entry.place);
    return at == Stored::yes && entry.is_unknown ? Stored::unknown : at;
  }
  if (!adopted_.empty()) return Stored::not_yet;
  const std::uint64_t lost = state_.archive().lost_tail.load(std::memory_order_acquire);
  const bool is_later = sessions_.session(session.slot).start_offset >= lost;
  return (lost == 0 || is_later) && !entry.is_unknown ? Stored::yes : Stored::unknown;
}

// If something was lost, ArchiveFigures::lost_tail says so before the place moves.
void SavedWaits::look_at_adopted() {
  std::erase_if(adopted_, [this](const Place& place) { return stored(place) != Stored::not_yet; });
}

bool SavedWaits::look(Slot session, Wait& wait) {
  bool has_moved = false;
  while (!wait.entries.empty()) {
    const Stored state = stored(sessions_.sender(session), wait.entries.front());
    const Entry& first = wait.entries.front();
    if (state == Stored::not_yet) break;
    // Commands before it are on disk: the client is told so first.
    if (first.is_not_kept && has_moved) break;
    if (first.is_not_kept) wait.not_kept_to = first.end;
    if (state == Stored::unknown) wait.unknown_to = first.end;
    wait.entries.pop_front();
    has_moved = true;
  }
  if (has_moved) make_due(session, wait);
  return has_moved;
}

bool SavedWaits::look() {
  if (waiting_.empty()) return false;
  look_at_adopted();
  bool has_moved = false;
  std::erase_if(waiting_, [&](Slot session) {
    Wait* const wait = find(session);
    if (wait == nullptr) return true;
    has_moved = look(session, *wait) || has_moved;
    if (!wait->entries.empty()) return false;
    wait->is_waiting = false;
    return true;
  });
  return has_moved;
}

std::size_t SavedWaits::take_answer(Slot session, std::span<wire::Frame> frames) {
  using wire::SavedState;
  Wait* const wait = find(session);
  if (wait == nullptr || !std::exchange(wait->is_due, false)) return 0;
  const std::uint64_t handled = this->handled(session, *wait);
  if (!has_archive_) {
    frames[0] = wire::SavedFrame{.offset = handled, .state = SavedState::no_history};
    return 1;
  }
  std::size_t count = 0;
  std::array states{
      wire::SavedFrame{.offset = std::min(wait->unknown_to, handled), .state = SavedState::unknown},
      wire::SavedFrame{.offset = std::min(wait->not_kept_to, handled),
                       .state = SavedState::no_history},
      wire::SavedFrame{.offset = handled, .state = SavedState::saved}};
  // In the order of the commands: the state of a frame does not hold for those of the frame before.
  if (states[1].offset < states[0].offset) std::swap(states[0], states[1]);
  std::uint64_t end = 0;
  for (const wire::SavedFrame& frame : states) {
    if (frame.offset <= end) continue;
    end = frame.offset;
    frames[count++] = frame;
  }
  return count;
}

}  // namespace chatd::chat
