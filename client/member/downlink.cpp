// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/downlink.hpp"

#include <algorithm>
#include <span>

namespace chatd::client {

namespace {

// Of each room.
constexpr std::uint32_t kRoomWindow = 256U << 10U;
// At least a whole mailbox of the server's.
constexpr std::uint32_t kMailboxWindow = 16U << 10U;

}  // namespace

Downlink::Downlink() : policy_{kRoomWindow} {
  streams_.push_back({.number = wire::kMailboxStream, .bytes = {0, kMailboxWindow}});
  streams_.push_back({.number = wire::kRoomStream, .bytes = {0, kRoomWindow}});
}

Downlink::Stream* Downlink::find(std::uint8_t number) {
  const auto found = std::ranges::find(streams_, number, &Stream::number);
  return found == streams_.end() ? nullptr : &*found;
}

void Downlink::restart(Stream& stream, std::uint64_t offset) {
  stream.bytes.restart(offset);
  if (consume_from_ == stream.number) to_consume_ = 0;
  broken_ = false;
}

void Downlink::restart_room(std::uint64_t offset) { restart(streams_[1], offset); }

void Downlink::restart_mailbox(std::uint64_t offset) { restart(streams_[0], offset); }

void Downlink::open(std::uint8_t stream, std::uint64_t offset) {
  close(stream);
  const auto behind = std::ranges::upper_bound(streams_, stream, {}, &Stream::number);
  streams_.insert(behind, {.number = stream, .bytes = {offset, kRoomWindow}, .wants_ack = true});
}

void Downlink::close(std::uint8_t stream) {
  if (consume_from_ == stream) to_consume_ = 0;
  std::erase_if(streams_, [&](const Stream& one) { return one.number == stream; });
}

void Downlink::close_rooms() {
  if (consume_from_ >= wire::kFirstRoomStream) to_consume_ = 0;
  streams_.erase(streams_.begin() + wire::kFirstRoomStream, streams_.end());
}

std::uint64_t Downlink::next_of(std::uint8_t stream) const {
  const auto found = std::ranges::find(streams_, stream, &Stream::number);
  return found == streams_.end() ? 0 : found->bytes.next();
}

void Downlink::on_data(const wire::DataFrame& data, MonoTime now, double jitter) {
  Stream* const stream = find(data.stream);
  if (stream == nullptr) return;
  stream->wants_ack = true;
  const auto outcome = stream->bytes.add(data.offset, data.bytes);
  policy_.on_data({.bytes = data.bytes.size(),
                   .fresh = outcome.fresh,
                   .new_hole = outcome.new_hole,
                   .wish = wish_},
                  now, jitter);
}

bool Downlink::on_gap(const wire::GapFrame& gap, MonoTime now) {
  Stream* const stream = find(gap.stream);
  if (stream == nullptr) return false;
  stream->wants_ack = true;
  policy_.request_ack(now);
  if (gap.stream == wire::kMailboxStream || !stream->bytes.skip(gap.from, gap.to)) return false;
  if (consume_from_ == gap.stream) to_consume_ = 0;
  return true;
}

void Downlink::on_head(const wire::HeadFrame& head, MonoTime now) {
  Stream* const stream = find(head.stream);
  if (stream == nullptr || head.tail <= stream->bytes.cumulative()) return;
  stream->wants_ack = true;
  policy_.request_ack(now);
}

std::optional<Downlink::Item> Downlink::next() {
  if (Stream* const last = find(consume_from_)) last->bytes.consume(to_consume_);
  to_consume_ = 0;
  for (Stream& stream : streams_) {
    const auto record = wire::read_record(stream.bytes.readable());
    if (!record) {
      broken_ |= record.error() == wire::RecordFault::malformed;
      continue;
    }
    to_consume_ = record->header.size;
    consume_from_ = stream.number;
    return Item{
        .stream = stream.number, .end = stream.bytes.next() + to_consume_, .record = *record};
  }
  return std::nullopt;
}

void Downlink::acknowledge_now(MonoTime now) {
  for (Stream& stream : streams_) stream.wants_ack = true;
  policy_.request_ack(now);
}

bool Downlink::has_holes() const {
  return std::ranges::any_of(streams_, [](const Stream& one) { return one.bytes.has_holes(); });
}

bool Downlink::write_acks(wire::ByteWriter& out, const transport::Rtt& rtt, MonoTime now,
                          bool anyway, std::size_t frames) {
  if (!policy_.is_due(now) && !(anyway && policy_.has_news())) return false;
  bool written = wire::write_frame(out, room().ack(wire::kRoomStream));
  // A mailbox that was never used needs no ACK.
  if (mailbox().cumulative() != 0) {
    written = wire::write_frame(out, mailbox().ack(wire::kMailboxStream)) && written;
  }
  constexpr std::size_t kAcksBefore = 2;
  acks_left_ =
      !write_room_acks(out, wire::kMaxFrames - std::min(frames + kAcksBefore, wire::kMaxFrames));
  policy_.on_acked(has_holes(), rtt, now);
  if (acks_left_) policy_.request_ack(now);
  return written;
}

// The ACKs of the further rooms that need one, as many as fit, `most` at most. False: more are
// left.
bool Downlink::write_room_acks(wire::ByteWriter& out, std::size_t most) {
  const auto rooms = std::span{streams_}.subspan(wire::kFirstRoomStream);
  // Holes are reported each time, but once in a run of packets.
  if (!acks_left_) {
    for (Stream& stream : rooms) stream.wants_ack |= stream.bytes.has_holes();
  }
  for (Stream& stream : rooms) {
    if (!stream.wants_ack) continue;
    if (most-- == 0) return false;
    if (!wire::write_frame(out, stream.bytes.ack(stream.number))) return false;
    stream.wants_ack = false;
  }
  return true;
}

}  // namespace chatd::client
