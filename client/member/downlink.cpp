// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/downlink.hpp"

#include <utility>

namespace chatd::client {

namespace {

constexpr std::uint32_t kRoomWindow = 256U << 10U;
// At least a whole mailbox of the server's.
constexpr std::uint32_t kMailboxWindow = 16U << 10U;

}  // namespace

Downlink::Downlink() : room_{0, kRoomWindow}, mailbox_{0, kMailboxWindow}, policy_{kRoomWindow} {}

void Downlink::restart_room(std::uint64_t offset) {
  room_.restart(offset);
  to_consume_ = 0;
  broken_ = false;
}

void Downlink::restart_mailbox(std::uint64_t offset) {
  mailbox_.restart(offset);
  to_consume_ = 0;
  broken_ = false;
}

void Downlink::on_data(const wire::DataFrame& data, MonoTime now, double jitter) {
  auto& stream = data.stream == wire::kRoomStream ? room_ : mailbox_;
  const auto outcome = stream.add(data.offset, data.bytes);
  policy_.on_data({.bytes = data.bytes.size(),
                   .fresh = outcome.fresh,
                   .new_hole = outcome.new_hole,
                   .wish = wish_},
                  now, jitter);
}

bool Downlink::on_gap(const wire::GapFrame& gap, MonoTime now) {
  policy_.request_ack(now);
  if (gap.stream != wire::kRoomStream || !room_.skip(gap.from, gap.to)) return false;
  to_consume_ = 0;
  return true;
}

void Downlink::on_head(const wire::HeadFrame& head, MonoTime now) {
  const auto& stream = head.stream == wire::kRoomStream ? room_ : mailbox_;
  if (head.tail > stream.cumulative()) policy_.request_ack(now);
}

std::optional<Downlink::Item> Downlink::next() {
  auto& last = consume_from_ == wire::kRoomStream ? room_ : mailbox_;
  last.consume(std::exchange(to_consume_, 0));
  for (const std::uint8_t number : {wire::kMailboxStream, wire::kRoomStream}) {
    auto& stream = number == wire::kRoomStream ? room_ : mailbox_;
    const auto record = wire::read_record(stream.readable());
    if (!record) {
      broken_ |= record.error() == wire::RecordFault::malformed;
      continue;
    }
    to_consume_ = record->header.size;
    consume_from_ = number;
    return Item{.stream = number, .end = stream.next() + to_consume_, .record = *record};
  }
  return std::nullopt;
}

bool Downlink::write_acks(wire::ByteWriter& out, const transport::Rtt& rtt, MonoTime now,
                          bool anyway) {
  if (!policy_.is_due(now) && !(anyway && policy_.has_news())) return false;
  bool written = wire::write_frame(out, room_.ack(wire::kRoomStream));
  // A mailbox that was never used needs no ACK.
  if (mailbox_.cumulative() != 0) {
    written = wire::write_frame(out, mailbox_.ack(wire::kMailboxStream)) && written;
  }
  policy_.on_acked(room_.has_holes() || mailbox_.has_holes(), rtt, now);
  return written;
}

}  // namespace chatd::client
