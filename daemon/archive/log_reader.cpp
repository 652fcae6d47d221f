// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/log_reader.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include "daemon/log/crash_point.hpp"

namespace chatd::archive {

using logs::LogFollower;
using state::kNewsEntries;
using state::RoomId;
using state::RoomIndex;
using state::RoomPhase;

namespace {

// A room's place is also stored when so many bytes of joins and leaves were read since.
constexpr std::uint64_t kStoreEvery = std::uint64_t{64} << 10U;

// Where the log begins in this history: behind what was filled in from the database.
Place beginning_of(RoomId room, const state::RoomHead& head) {
  const std::uint64_t offset = logs::load_value(head.begin_offset);
  return {.offset = offset == 0 ? std::uint64_t{state::first_offset(room)} : offset,
          .sequence = logs::load_value(head.begin_sequence)};
}

// A row that is made again for another room has a log elsewhere.
bool is_within(RoomId room, std::uint64_t offset) {
  const std::uint64_t first = state::first_offset(room);
  return offset >= first && offset - first < (std::uint64_t{1} << state::kRoomOffsetBits);
}

}  // namespace

LogReader::LogReader(const state::StateView& state, std::string default_name, Limits limits)
    : state_{state},
      default_name_{std::move(default_name)},
      limits_{limits},
      authors_{state},
      cursors_(std::size_t{state.geometry().rooms} + 1),
      due_(cursors_.size(), true) {}

void LogReader::begin(std::span<const Stored> stored) {
  begun_.clear();
  for (const Stored& room : stored) begun_.emplace(room.room, room);
  std::ranges::fill(cursors_, Cursor{});
  const Place begin = beginning_of(state::kDefaultRoom, state_.room_head());
  const auto found = begun_.find(state::kDefaultRoom);
  const bool is_stored = found != begun_.end();
  const Place at = is_stored ? found->second.place : begin;
  cursors_.back() = {.room = state::kDefaultRoom,
                     .name = default_name_,
                     .at = at,
                     .stored = at.offset,
                     .begin = begin.sequence,
                     .history = is_stored ? std::optional{found->second.history} : std::nullopt,
                     .is_over = false};
  std::fill(due_.begin(), due_.end(), true);
  has_due_ = true;
  seen_ = news();
  publish_begin();
}

state::StoredPlace& LogReader::place_of(std::size_t row) const noexcept {
  if (row == default_row()) return state_.stored_place(std::nullopt);
  return state_.stored_place(RoomIndex{static_cast<std::uint32_t>(row)});
}

// The database may be another one than before. That of a further room follows when its log is read.
void LogReader::publish_begin() const noexcept {
  for (std::size_t row = 0; row < default_row(); ++row) {
    auto& offset = place_of(row).offset;
    offset.store(state::beginning_of_room(offset.load(std::memory_order_relaxed)),
                 std::memory_order_release);
  }
  place_of(default_row()).offset.store(cursors_.back().at.offset, std::memory_order_release);
}

void LogReader::publish_lost(const Batch& batch) const noexcept {
  for (const ReadTo& read : batch.read) {
    if (read.lost != 0) place_of(read.row).lost.store(read.lost, std::memory_order_release);
    logs::crash_point();
  }
  if (!batch.has_lost) return;
  state_.archive().lost_tail.store(state_.room_log().tail() + 1, std::memory_order_release);
}

bool LogReader::publish_stored(const Batch& batch) const noexcept {
  bool has_moved = false;
  for (const ReadTo& read : batch.read) {
    auto& offset = place_of(read.row).offset;
    has_moved = has_moved || offset.load(std::memory_order_relaxed) != read.offset;
    offset.store(read.offset, std::memory_order_release);
    logs::crash_point();
  }
  return has_moved;
}

std::uint64_t LogReader::news() const noexcept {
  return state_.geometry().rooms == 0 ? 0
                                      : state_.room_news().count.load(std::memory_order_acquire);
}

bool LogReader::has_news() const noexcept {
  return has_due_ || news() != seen_ || state_.room_log().tail() != cursors_.back().at.offset;
}

bool LogReader::exists(RoomId room, std::uint64_t born) const noexcept {
  if (room == state::kDefaultRoom) return true;
  return std::ranges::any_of(state_.room_slots(), [&](const state::RoomSlot& row) {
    return row.phase.load(std::memory_order_acquire) != RoomPhase::free &&
           RoomId{row.id.load(std::memory_order_relaxed)} == room &&
           logs::load_value(row.born) == born;
  });
}

// As in the workers: news that were overwritten before they were read are news of all rooms.
void LogReader::look() noexcept {
  due_.back() = true;
  const std::uint64_t from = std::exchange(seen_, news());
  bool are_lost = seen_ - from >= kNewsEntries;
  for (std::uint64_t at = from; at != seen_ && !are_lost; ++at) {
    const std::uint32_t row =
        state_.room_news().room[at % kNewsEntries].load(std::memory_order_relaxed);
    if (row < default_row()) due_[row] = true;
  }
  std::atomic_thread_fence(std::memory_order_acquire);
  are_lost = are_lost || news() - from >= kNewsEntries;
  if (are_lost) std::fill(due_.begin(), due_.end(), true);
}

Batch LogReader::read(WallTime now) {
  Batch batch;
  look();
  has_due_ = false;
  for (std::size_t row = 0; row < due_.size(); ++row) {
    if (!due_[row]) continue;
    if (batch.is_full) {
      has_due_ = true;
      break;
    }
    due_[row] = !(row == default_row() ? read_default(now, batch) : read_further(row, now, batch));
    has_due_ = has_due_ || due_[row];
  }
  return batch;
}

// The numbers from `first` to `end` - 1. An `end` that is not known is not above `first`.
void LogReader::add_gap(RoomPart& part, std::uint64_t first, std::uint64_t end, WallTime now) {
  part.lines.push_back({.sequence = first,
                        .at = now.time_since_epoch().count(),
                        .kind = kGap,
                        .author = {},
                        .text = {},
                        .last = end > first ? end - 1 : 0});
}

bool LogReader::read_default(WallTime now, Batch& batch) {
  return read_log(default_row(), state_.room_log(), state_.room_head(), now, batch);
}

// Without lines.
RoomPart LogReader::part_of(const Cursor& cursor) {
  return {.room = cursor.room,
          .name = cursor.name,
          .place = cursor.at,
          .lines = {},
          .born = cursor.born,
          .begin = cursor.begin};
}

// The row has another room than at the last look.
void LogReader::change_room(std::size_t row, RoomId room, bool is_gone, WallTime now,
                            Batch& batch) {
  Cursor& cursor = cursors_[row];
  // Of the former room nothing is known any more, as soon as the place is for this one.
  ReadTo& read = batch.read.emplace_back(
      ReadTo{.row = row, .offset = state::first_offset(room), .lost = state::first_offset(room)});
  // How much the former room had at its end is not known any more, nor whether its history was
  // changed since the last look.
  if (!cursor.is_over && cursor.history != wire::kHistoryOff) {
    RoomPart& part = batch.rooms.emplace_back(part_of(cursor));
    add_gap(part, cursor.at.sequence, 0, now);
    batch.has_lost = true;
    ++batch.lines;
  }
  const auto stored = begun_.find(room);
  const state::RoomSlot& slot = state_.room_slot(RoomIndex{static_cast<std::uint32_t>(row)});
  const Place first = beginning_of(room, slot.head);
  const bool is_stored = stored != begun_.end();
  const Place begin = is_stored ? stored->second.place : first;
  const auto history = is_stored ? std::optional{stored->second.history} : std::nullopt;
  // A room that was gone before the archive knew of it.
  const bool is_unknown = is_gone && !is_stored && cursor.room == RoomId{};
  if (is_unknown) {
    const bool was_off = kept_of(row).history == wire::kHistoryOff;
    read.offset = read.lost = state_.room_log(RoomIndex{static_cast<std::uint32_t>(row)}).tail();
    batch.has_lost = batch.has_lost || (slot.has_lines != 0 && !was_off);
  }
  if (is_stored) begun_.erase(stored);
  cursor = {.room = room,
            .name = {},
            .at = begin,
            .stored = begin.offset,
            .born = logs::load_value(slot.born),
            .begin = first.sequence,
            .history = history,
            .is_over = is_unknown};
}

// The whole log of a room that is gone was read. Its place is stored: for a successor, the leaves
// at its end are no gap. Of a room in which nothing was said, nothing was stored, and a successor
// does not know it.
void LogReader::end_room(Cursor& cursor, Batch& batch) {
  cursor.is_over = true;
  if (cursor.stored == state::first_offset(cursor.room)) return;
  if (std::exchange(cursor.stored, cursor.at.offset) == cursor.at.offset) return;
  batch.rooms.push_back(part_of(cursor));
}

bool LogReader::read_further(std::size_t row, WallTime now, Batch& batch) {
  const state::RoomSlot& slot = state_.room_slot(RoomIndex{static_cast<std::uint32_t>(row)});
  const bool is_gone = slot.phase.load(std::memory_order_acquire) == RoomPhase::free;
  const RoomId room{slot.id.load(std::memory_order_acquire)};
  if (room == state::kDefaultRoom) return true;  // no room was ever here
  Cursor& cursor = cursors_[row];
  if (cursor.room != room) change_room(row, room, is_gone, now, batch);
  if (cursor.is_over) return true;
  if (!is_gone || cursor.name.empty()) cursor.name = name_of(slot);
  const Cursor before = cursor;
  const std::size_t read = batch.read.size();
  const std::size_t parts = batch.rooms.size();
  const std::size_t lines = batch.lines;
  const bool is_read = read_log(row, state_.room_log(RoomIndex{static_cast<std::uint32_t>(row)}),
                                slot.head, now, batch);
  std::atomic_thread_fence(std::memory_order_acquire);
  if (RoomId{slot.id.load(std::memory_order_relaxed)} != room ||
      !is_within(room, cursor.at.offset)) {
    // The row is being given to another room, and it is not known whose bytes were read. The next
    // look sees the other room.
    cursor = before;
    batch.read.resize(read);
    batch.rooms.resize(parts);
    batch.lines = lines;
    return false;
  }
  if (is_gone && is_read) end_room(cursor, batch);
  return is_read;
}

LogReader::Kept LogReader::kept_of(std::size_t row) const noexcept {
  const auto index = row == default_row()
                         ? std::nullopt
                         : std::optional{RoomIndex{static_cast<std::uint32_t>(row)}};
  const state::RoomProperties& room = state_.properties(index);
  const std::uint16_t history = room.history.load(std::memory_order_acquire);
  return {.history = history, .since = room.history_since.load(std::memory_order_relaxed)};
}

void LogReader::take(const wire::RecordView& record, const Kept& kept, RoomPart& part,
                     Batch& batch) {
  authors_.note(record.header);
  const bool is_erasure = record.header.kind == wire::RecordKind::erased;
  const bool is_kept = is_stored(record.header.kind) && kept.has(record.header.sequence);
  if (wire::is_erased(record) || (!is_kept && !is_erasure)) return;
  part.lines.push_back({.sequence = record.header.sequence,
                        .at = record.header.wall_time,
                        .kind = static_cast<std::uint16_t>(record.header.kind),
                        .author = authors_.of(record),
                        .text = std::string{record.text}});
  batch.bytes += record.text.size();
}

// No gap, if none of the records was to be stored.
void LogReader::add_lost(Lost lost, const Kept& kept, WallTime now, RoomPart& part, Batch& batch) {
  lost.first = std::max(lost.first, kept.since);
  if (lost.end <= lost.first || !kept.has(lost.first)) return;
  add_gap(part, lost.first, lost.end, now);
  batch.has_lost = true;
}

// The part ends at the cursor. Without lines it is in the batch only now and then, or if the
// database does not know for how long lines of the room are kept.
void LogReader::add_part(Cursor& cursor, const Kept& kept, RoomPart part, Batch& batch) {
  part.place = cursor.at;
  const bool is_news = cursor.history.value_or(wire::kHistoryOfServer) != kept.history;
  const bool is_far = cursor.at.offset - cursor.stored >= kStoreEvery;
  if (part.lines.empty() && !is_far && !is_news) return;
  if (cursor.history != kept.history) part.history = kept.history;
  cursor.history = kept.history;
  cursor.stored = cursor.at.offset;
  batch.lines += part.lines.size();
  batch.rooms.push_back(std::move(part));
}

bool LogReader::read_log(std::size_t row, const logs::LogMemory& log, const state::RoomHead& head,
                         WallTime now, Batch& batch) {
  Cursor& cursor = cursors_[row];
  const Kept kept = kept_of(row);
  RoomPart part = part_of(cursor);
  // Not from before the oldest record: the memory of a dropped room's log is given back, and a look
  // at its bytes would take it again.
  const logs::Offset oldest = log.oldest();
  bool is_lost = oldest > cursor.at.offset;  // records were overwritten before they were read
  LogFollower follower{log, buffer_, is_lost ? oldest : logs::Offset{cursor.at.offset}};
  std::uint64_t sequence = cursor.at.sequence;
  std::uint64_t lost = 0;
  bool is_read = false;
  while (!is_read && !batch.is_full) {
    wire::RecordView record{};
    const logs::Offset begin = follower.cursor();
    switch (follower.next(record)) {
      case LogFollower::Status::empty:
        is_read = true;
        break;
      case LogFollower::Status::lapped:
      case LogFollower::Status::corrupt:
        is_lost = true;
        break;
      case LogFollower::Status::record:
        if (std::exchange(is_lost, false)) {
          lost = begin;
          add_lost({sequence, record.header.sequence}, kept, now, part, batch);
        }
        sequence = record.header.sequence + 1;
        take(record, kept, part, batch);
        break;
    }
    batch.is_full =
        batch.lines + part.lines.size() >= limits_.lines || batch.bytes >= limits_.bytes;
  }
  if (is_lost) {
    const std::uint64_t end = head.next_sequence.load(std::memory_order_relaxed);
    add_lost({sequence, end}, kept, now, part, batch);
    sequence = std::max(sequence, end);
    lost = follower.cursor();
  }
  batch.read.push_back({.row = row, .offset = follower.cursor(), .lost = lost});
  cursor.at = {.offset = follower.cursor(), .sequence = sequence};
  add_part(cursor, kept, std::move(part), batch);
  return is_read;
}

}  // namespace chatd::archive
