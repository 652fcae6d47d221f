// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/streams.hpp"

#include <algorithm>
#include <utility>

#include "common/wire/native/native_record.hpp"
#include "common/wire/native/native_room.hpp"
#include "daemon/state/room_slot.hpp"
#include "daemon/web/render.hpp"

namespace chatd::web {

namespace {

// Its text is not rendered again under the new name, and the name changes in all later lines.
bool is_rename(const wire::RecordView& record) {
  if (record.header.kind != wire::RecordKind::set) return false;
  const auto setting = wire::read_setting(record.text);
  return setting && setting->property == wire::RoomProperty::name;
}

bool changes_rooms(const wire::RecordView& record) {
  return record.header.kind == wire::RecordKind::joined ||
         record.header.kind == wire::RecordKind::left;
}

}  // namespace

Streams::Streams(const state::StateView& state, const Members& members, io::EventLoop& loop)
    : state_{state},
      members_{members},
      loop_{loop},
      news_{state, buffer_},
      persons_(state.geometry().sessions) {}

void Streams::open(EventSocket socket, const Entered& entered, const Cursor& cursor, MonoTime now) {
  const std::uint32_t slot = entered.session.slot;
  close(slot);
  auto stream = std::make_unique<Stream>(std::move(socket), entered, now);
  stream->parts = news_.streams(entered.session, cursor);
  if (stream->parts.empty()) return;  // the session has ended meanwhile
  if (cursor.history_id == 0) {
    for (News::Stream& part : stream->parts) {
      if (!part.is_mailbox) news_.skip_to_recent(entered.session, part, kMaxRecent);
    }
  }
  auto watch = loop_.on_readable(stream->socket.fd(), [this, slot] {
    const auto found = streams_.find(slot);
    if (found != streams_.end() && found->second->socket.is_over()) close(slot);
  });
  if (!watch) return;
  stream->readable = std::move(*watch);
  Stream& opened = *stream;
  streams_.insert_or_assign(slot, std::move(stream));
  members_.set_stream(opened.session, true);
  (void)serve(opened, now);
  if (opened.socket.state() == EventSocket::State::broken) close(slot);
}

void Streams::close(std::uint32_t slot) {
  const auto found = streams_.find(slot);
  if (found == streams_.end()) return;
  members_.set_stream(found->second->session, false);
  if (found->second->is_behind) std::erase(behind_, slot);
  streams_.erase(found);
}

// A socket that is blocked gets no reason: the browser finds it by its next request.
void Streams::end(const WebSession& session, std::string_view code, std::string_view text) {
  const auto found = streams_.find(session.slot);
  if (found == streams_.end() || !(found->second->session == session)) return;
  EventSocket& socket = found->second->socket;
  if (socket.state() == EventSocket::State::ready) {
    std::string bytes;
    append_event(bytes, {}, ended_event(code, text, wall_now()));
    (void)socket.send(bytes);
  }
  close(session.slot);
}

bool Streams::pass(MonoTime now) {
  std::vector<std::uint32_t> broken;
  bool has_sent = false;
  for (const auto& [slot, stream] : streams_) {
    if (stream->is_behind) continue;
    has_sent = serve(*stream, now) || has_sent;
    if (stream->socket.state() == EventSocket::State::broken) broken.push_back(slot);
  }
  for (const std::uint32_t slot : broken) close(slot);
  return has_sent;
}

void Streams::tick(MonoTime now) {
  std::size_t kept = 0;
  std::vector<std::uint32_t> over;
  for (const auto& [slot, stream] : streams_) {
    kept += stream->socket.kept();
    if (kept > kMaxKept || !members_.is_live(stream->session)) {
      over.push_back(slot);
    } else if (now - stream->sent_at >= kSilence &&
               stream->socket.state() == EventSocket::State::ready) {
      (void)send(*stream, ":\n\n", now);
    }
  }
  for (const std::uint32_t slot : over) close(slot);
}

bool Streams::send(Stream& stream, std::string_view bytes, MonoTime now) {
  stream.sent_at = now;
  if (stream.socket.send(bytes) == EventSocket::State::blocked) watch_writable(stream);
  return stream.socket.state() == EventSocket::State::ready;
}

void Streams::watch_writable(Stream& stream) {
  const std::uint32_t slot = stream.session.slot;
  auto watch = loop_.on_writable(stream.socket.fd(), [this, slot] {
    const auto found = streams_.find(slot);
    if (found == streams_.end()) return;
    Stream& one = *found->second;
    if (one.socket.flush() == EventSocket::State::blocked) return;
    one.writable = {};
    (void)serve(one, mono_now());
    if (one.socket.state() == EventSocket::State::broken) close(slot);
  });
  // Without the watch nothing further is sent, and tick() ends the stream with its session.
  if (watch) stream.writable = std::move(*watch);
}

// A batch may be full and have no event.
bool Streams::serve(Stream& stream, MonoTime now) {
  if (stream.socket.state() != EventSocket::State::ready) return false;
  Batch batch = next_batch(stream);
  const bool has_sent = !batch.last.empty();
  if (has_sent) {
    const Cursor cursor = news_.cursor_of(stream.parts);
    append_event(batch.bytes, cursor.to_text(), batch.last);
    (void)send(stream, batch.bytes, now);
  }
  const bool is_ready = stream.socket.state() == EventSocket::State::ready;
  if (batch.is_full() && is_ready && !stream.is_behind) {
    stream.is_behind = true;
    behind_.push_back(stream.session.slot);
    watch_behind();
  }
  return has_sent;
}

void Streams::watch_behind() {
  if (turn_.is_active()) return;
  auto turn = loop_.after(std::chrono::milliseconds{0}, [this] {
    turn_ = {};
    serve_behind();
  });
  // Without the timer the next stream that is behind takes them along.
  if (turn) turn_ = std::move(*turn);
}

void Streams::serve_behind() {
  const MonoTime now = mono_now();
  for (std::size_t left = std::min(behind_.size(), kBehindAtOnce); left > 0; --left) {
    const std::uint32_t slot = behind_.front();
    behind_.pop_front();
    Stream& stream = *streams_.at(slot);
    stream.is_behind = false;
    (void)serve(stream, now);
    if (stream.socket.state() == EventSocket::State::broken) close(slot);
  }
  if (!behind_.empty()) watch_behind();
}

Streams::Batch Streams::next_batch(Stream& stream) {
  Batch batch;
  for (News::Stream& part : stream.parts) {
    add(stream, part, batch);
    if (batch.is_full()) break;
  }
  if (batch.has_moved) {
    stream.parts = news_.streams(stream.session, news_.cursor_of(stream.parts));
  }
  return batch;
}

void Streams::add(Stream& stream, News::Stream& part, Batch& batch) {
  const auto put = [&](std::string line) {
    if (line.empty()) return;
    if (!batch.last.empty()) append_event(batch.bytes, {}, batch.last);
    batch.last = std::move(line);
  };
  while (!batch.is_full()) {
    News::Event event;
    const auto status = news_.next(stream.session, stream.key, part, event);
    if (status == News::Status::nothing || status == News::Status::ended) return;
    ++batch.records;
    if (status == News::Status::lost) {
      put(lost_event(name_of(part), wall_now()));
    } else {
      put(line_of(stream, part, event));
      batch.has_moved = part.is_mailbox && changes_rooms(event.record);
    }
  }
}

std::string Streams::line_of(Stream& stream, const News::Stream& part, const News::Event& event) {
  if (part.is_mailbox) return mailbox_event(event.record, event.n, stream.facts);
  note_person(event.record.header);
  // Its text was rendered for a browser that has read it earlier.
  if (wire::is_erased(event.record)) {
    lines_.forget(event.at);
    return {};
  }
  const std::string& shared = lines_.get(event.at, [&] {
    return shared_part(event.record, name_of(part),
                       [this](const auto& header) { return person_of(header); });
  });
  std::string line = shared.empty() ? std::string{} : shared + own_part(event.is_replay, event.n);
  if (is_rename(event.record)) lines_.clear();
  return line;
}

std::string_view Streams::name_of(const News::Stream& part) const {
  if (part.is_mailbox || !part.room) return {};
  return state::name_of(state_.room_slot(part.room->index));
}

// Slots are used again, generations are not.
void Streams::note_person(const wire::RecordHeader& header) {
  if (!wire::has_person(header.kind) || header.sender_slot >= persons_.size()) return;
  persons_[header.sender_slot] = {header.sender_generation, header.uplink_offset};
}

std::string Streams::person_of(const wire::RecordHeader& header) const {
  if (wire::has_person(header.kind)) return person_text(header.uplink_offset);
  if (header.sender_slot == wire::kNobody) {
    return header.sender_generation == 0 ? std::string{} : person_text(header.sender_generation);
  }
  if (header.sender_slot >= persons_.size()) return {};
  const auto& [generation, person] = persons_[header.sender_slot];
  return generation == header.sender_generation ? person_text(person) : std::string{};
}

}  // namespace chatd::web
