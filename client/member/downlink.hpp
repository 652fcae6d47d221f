// SPDX-License-Identifier: GPL-3.0-or-later
// downlink.hpp — the streams from the server: reassembles the room's log and the mailbox.
//
// Runs in:   client (Member). Pure.
// Owns:      both streams and the decision when to acknowledge them.
// Invariant: every record is returned once, in order. A hostile server costs the memory of two
//            buffers.
#pragma once

#include <functional>
#include <optional>

#include "common/transport/ack_policy.hpp"
#include "common/transport/receive_stream.hpp"
#include "common/wire/native/native_record.hpp"

namespace chatd::client {

class Downlink {
 public:
  Downlink();

  // Another history of the room, or another mailbox: drops the bytes that it has.
  void restart_room(std::uint64_t offset);
  void restart_mailbox(std::uint64_t offset);

  // For the data that follows in the same packet.
  void on_wish(wire::AckWish wish) { wish_ = wish; }
  // `jitter` in [0, 1).
  void on_data(const wire::DataFrame& data, MonoTime now, double jitter);
  // True if a part of the room's log will never come.
  [[nodiscard]] bool on_gap(const wire::GapFrame& gap, MonoTime now);
  // A HEAD: how far a stream reaches.
  void on_head(const wire::HeadFrame& head, MonoTime now);

  struct Item {
    std::uint8_t stream;
    std::uint64_t end;  // offset behind the record
    wire::RecordView record;
  };
  // The next whole record, the mailbox first. Valid until the next call of any function.
  [[nodiscard]] std::optional<Item> next();
  // A record was malformed: the stream cannot be followed.
  [[nodiscard]] bool is_broken() const noexcept { return broken_; }

  // Writes ACK frames if they are due, or if `anyway` and data has arrived. True if one was
  // written.
  bool write_acks(wire::ByteWriter& out, const transport::Rtt& rtt, MonoTime now, bool anyway);
  [[nodiscard]] bool is_ack_due(MonoTime now) const { return policy_.is_due(now); }
  [[nodiscard]] MonoTime deadline() const { return policy_.deadline(); }
  void acknowledge_now(MonoTime now) { policy_.request_ack(now); }

  [[nodiscard]] std::uint64_t room_next() const { return room_.next(); }
  [[nodiscard]] std::uint64_t room_received() const { return room_.cumulative(); }
  [[nodiscard]] std::uint64_t mailbox_next() const { return mailbox_.next(); }

 private:
  transport::ReceiveStream room_;
  transport::ReceiveStream mailbox_;
  transport::AckPolicy policy_;
  wire::AckWish wish_{};
  std::size_t to_consume_{0};
  std::uint8_t consume_from_{0};
  bool broken_{false};
};

}  // namespace chatd::client
