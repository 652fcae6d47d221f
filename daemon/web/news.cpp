// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/news.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace chatd::web {

namespace {

using state::SubscriptionPhase;

constexpr int kHex = 16;
// The default room and all that a session may be in.
constexpr std::size_t kMaxRooms = 1 + state::kSubscriptions;

// A number in hex, and behind it the separator or the end. False: it is none.
bool take_number(std::string_view& text, std::uint64_t& value) {
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value, kHex);
  if (read.ec != std::errc{} || (read.ptr != end && *read.ptr != '-')) return false;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  if (!text.empty()) text.remove_prefix(1);
  return true;
}

std::uint64_t command_log(const News::Stream& stream, const sys::WebSession& session) {
  constexpr std::uint64_t kFirstMailbox = std::uint64_t{1} << 32U;  // see CommandMasks
  if (stream.is_mailbox) return kFirstMailbox + session.slot;
  return stream.room ? static_cast<std::uint32_t>(stream.room->id) : 0;
}

// Of these records in a mailbox the offset is masked, because another session may have caused them.
bool is_masked(wire::RecordKind kind) {
  return kind == wire::RecordKind::direct || kind == wire::RecordKind::sent;
}

}  // namespace

// --- cursors -------------------------------------------------------------------------------

std::string Cursor::to_text() const {
  std::string text = fmt::format("{:x}-{:x}", history_id, mailbox);
  for (const std::uint64_t room : rooms) text += fmt::format("-{:x}", room);
  return text;
}

std::optional<Cursor> Cursor::read(std::string_view text) {
  if (text.size() > kMaxText) return std::nullopt;
  Cursor cursor;
  if (!take_number(text, cursor.history_id) || text.empty()) return std::nullopt;
  if (!take_number(text, cursor.mailbox)) return std::nullopt;
  while (!text.empty()) {
    std::uint64_t room = 0;
    if (cursor.rooms.size() == kMaxRooms || !take_number(text, room)) return std::nullopt;
    cursor.rooms.push_back(room);
  }
  return cursor;
}

// --- streams -------------------------------------------------------------------------------

std::vector<News::Stream> News::streams(const sys::WebSession& session,
                                        const Cursor& cursor) const {
  std::vector<Stream> streams;
  if (!is_there(session)) return streams;
  const state::Geometry& geometry = state_.geometry();
  const state::Slot slot{session.slot};
  const state::NativeSlot& native = state_.native_slots()[slot];
  const auto peer = state::read_peer(native);
  const std::uint64_t acked = peer ? peer->acked[wire::kMailboxStream] : 0;
  streams.push_back({.is_mailbox = true, .begin = acked, .live = 0, .at = acked});
  streams.push_back(
      {.begin = native.room_start, .live = native.live_offset, .at = native.room_start});
  const std::uint32_t in_use = native.subscriptions.load(std::memory_order_acquire);
  for (std::size_t at = 0; at < state::kSubscriptions && geometry.rooms != 0; ++at) {
    if ((in_use >> at & 1U) == 0) continue;
    const state::Subscription& one = state_.subscriptions(slot)[at];
    const auto place = state::room_place(one.room.load(std::memory_order_acquire));
    const bool is_member = one.phase.load(std::memory_order_acquire) == SubscriptionPhase::member;
    if (!is_member || static_cast<std::uint32_t>(place.index) >= geometry.rooms) continue;
    const std::uint64_t begin =
        std::atomic_ref{const_cast<std::uint64_t&>(one.acks.acked)}.load(std::memory_order_relaxed);
    streams.push_back({.room = place,
                       .subscription = static_cast<std::uint32_t>(at),
                       .begin = begin,
                       .live = one.change,
                       .at = begin});
  }
  if (cursor.history_id != state_.header().epoch) return streams;
  for (Stream& stream : streams) seek(session, stream, cursor);
  return streams;
}

// Nothing below its beginning, and nothing beyond its end, is a place of the stream. Records begin
// at multiples of 8.
void News::seek(const sys::WebSession& session, Stream& stream, const Cursor& cursor) const {
  const std::uint64_t tail = log_of(session, stream).tail();
  const auto move_to = [&](std::uint64_t offset) {
    if (offset >= stream.begin && offset <= tail && offset % 8 == 0) stream.at = offset;
  };
  if (stream.is_mailbox) return move_to(cursor.mailbox);
  const std::uint64_t number = number_of(stream);
  for (const std::uint64_t offset : cursor.rooms) {
    if (offset >> state::kRoomOffsetBits == number) move_to(offset);
  }
}

std::uint64_t News::number_of(const Stream& stream) noexcept {
  if (!stream.room) return 0;
  return std::uint64_t{state::first_offset(stream.room->id)} >> state::kRoomOffsetBits;
}

void News::skip_to_recent(const sys::WebSession& session, Stream& stream, std::uint64_t bytes) {
  const logs::LogMemory log = log_of(session, stream);
  const std::uint64_t tail = log.tail();
  if (stream.is_mailbox || tail - stream.at <= bytes) return;
  const logs::Offset wanted{tail - bytes};
  logs::Offset from{std::max(stream.at, std::uint64_t{log.oldest()})};
  if (recent_.size() >= kMaxRecent) recent_.clear();
  logs::Offset& known = recent_[number_of(stream)];
  if (known > from && known <= wanted) from = known;
  known = logs::next_boundary(log, buffer_, from, wanted);
  stream.at = known;
}

Cursor News::cursor_of(const std::vector<Stream>& streams) const {
  Cursor cursor{.history_id = state_.header().epoch, .mailbox = 0, .rooms = {}};
  for (const Stream& stream : streams) {
    if (stream.is_mailbox) {
      cursor.mailbox = stream.at;
    } else {
      cursor.rooms.push_back(stream.at);
    }
  }
  return cursor;
}

logs::LogMemory News::log_of(const sys::WebSession& session, const Stream& stream) const {
  if (stream.is_mailbox) return state_.mailbox_log(state::Slot{session.slot});
  return stream.room ? state_.room_log(stream.room->index) : state_.room_log();
}

// --- records -------------------------------------------------------------------------------

// The gateway stores that a session leaves before it appends the record of it.
bool News::is_there(const sys::WebSession& session) const noexcept {
  const state::Geometry& geometry = state_.geometry();
  if (session.slot < geometry.first_web_slot() || session.slot >= geometry.sessions) return false;
  const state::SessionSlot& row = state_.slots()[state::Slot{session.slot}];
  const auto phase = row.phase.load(std::memory_order_acquire);
  return row.generation.load(std::memory_order_acquire) == session.generation &&
         (phase == state::SessionPhase::joining || phase == state::SessionPhase::active);
}

// The same holds for a further room, whose row may have another room now.
bool News::is_in(const sys::WebSession& session, const Stream& stream) const noexcept {
  if (!is_there(session)) return false;
  if (!stream.room) return true;
  const state::RoomSlot& row = state_.room_slot(stream.room->index);
  const state::Subscription& one =
      state_.subscriptions(state::Slot{session.slot})[stream.subscription];
  return row.id.load(std::memory_order_acquire) == static_cast<std::uint32_t>(stream.room->id) &&
         one.room.load(std::memory_order_acquire) == state::to_word(*stream.room) &&
         one.phase.load(std::memory_order_acquire) == SubscriptionPhase::member;
}

// A removed member gets no record from after its removal: the session is looked up again when the
// record was copied.
News::Status News::next(const sys::WebSession& session, const wire::CommandKey& key, Stream& stream,
                        Event& event) {
  if (!is_in(session, stream)) return Status::ended;
  logs::LogFollower follower{log_of(session, stream), buffer_, logs::Offset{stream.at}};
  const std::uint64_t at = stream.at;
  const auto status = follower.next(event.record);
  std::atomic_thread_fence(std::memory_order_acquire);
  if (!is_in(session, stream)) return Status::ended;
  stream.at = follower.cursor();
  switch (status) {
    case logs::LogFollower::Status::empty:
      return Status::nothing;
    case logs::LogFollower::Status::lapped:
    case logs::LogFollower::Status::corrupt:
      return Status::lost;
    case logs::LogFollower::Status::record:
      break;
  }
  event.at = at;
  event.is_replay = at < stream.live;
  event.n = own_command(session, key, stream, event);
  return Status::record;
}

std::uint64_t News::own_command(const sys::WebSession& session, const wire::CommandKey& key,
                                const Stream& stream, const Event& event) {
  const wire::RecordHeader& header = event.record.header;
  if (!wire::has_command(header)) return 0;
  if (header.sender_generation != session.generation) return 0;
  // An answer to the session itself; of a list the sender is where the next part begins.
  if (stream.is_mailbox && !is_masked(header.kind)) return header.uplink_offset;
  if (header.sender_slot != session.slot) return 0;
  const std::uint64_t number = stream.is_mailbox ? event.at : header.sequence;
  return mask_.apply(key, command_log(stream, session), number, header.uplink_offset);
}

}  // namespace chatd::web
