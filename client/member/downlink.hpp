// SPDX-License-Identifier: GPL-3.0-or-later
// downlink.hpp — the streams from the server: reassembles the mailbox and the logs of the rooms.
//
// Runs in:   client (Member). Pure.
// Owns:      a stream for the mailbox, for the default room and for each further room that the
//            member is in, and the decision when to acknowledge them.
// Invariant: every record is returned once, in the order of its stream. Bytes of a stream that is
//            not open are ignored, so a hostile server costs the memory of a buffer for each room
//            that was joined.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

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

  // The stream of a further room, from kFirstRoomStream on, which begins at `offset`. A stream of
  // that number that is open is dropped.
  void open(std::uint8_t stream, std::uint64_t offset);
  void close(std::uint8_t stream);
  void close_rooms();  // all but the default room

  // For the data that follows in the same packet.
  void on_wish(wire::AckWish wish) { wish_ = wish; }
  // `jitter` in [0, 1).
  void on_data(const wire::DataFrame& data, MonoTime now, double jitter);
  // True if a part of a room's log will never come.
  [[nodiscard]] bool on_gap(const wire::GapFrame& gap, MonoTime now);
  // A HEAD: how far a stream reaches.
  void on_head(const wire::HeadFrame& head, MonoTime now);

  struct Item {
    std::uint8_t stream;
    std::uint64_t end;  // offset behind the record
    wire::RecordView record;
  };
  // The next whole record: the mailbox first, then the rooms by the numbers of their streams. Valid
  // until the next call of any function.
  [[nodiscard]] std::optional<Item> next();
  // A record was malformed: the stream cannot be followed.
  [[nodiscard]] bool is_broken() const noexcept { return broken_; }

  // Writes ACK frames if they are due, or if `anyway` and data has arrived, into a packet that has
  // `frames` already. True if one was written.
  bool write_acks(wire::ByteWriter& out, const transport::Rtt& rtt, MonoTime now, bool anyway,
                  std::size_t frames = 0);
  [[nodiscard]] bool is_ack_due(MonoTime now) const { return policy_.is_due(now); }
  [[nodiscard]] MonoTime deadline() const { return policy_.deadline(); }
  void acknowledge_now(MonoTime now);  // all streams

  [[nodiscard]] std::uint64_t room_next() const { return room().next(); }
  [[nodiscard]] std::uint64_t room_received() const { return room().cumulative(); }
  [[nodiscard]] std::uint64_t mailbox_next() const { return mailbox().next(); }
  // Of an open stream: the offset behind the last record that next() has returned.
  [[nodiscard]] std::uint64_t next_of(std::uint8_t stream) const;

 private:
  struct Stream {
    std::uint8_t number;
    transport::ReceiveStream bytes;
    bool wants_ack{false};  // of a further room: something has arrived since its last ACK
  };
  [[nodiscard]] Stream* find(std::uint8_t number);
  [[nodiscard]] const transport::ReceiveStream& mailbox() const { return streams_[0].bytes; }
  [[nodiscard]] const transport::ReceiveStream& room() const { return streams_[1].bytes; }
  void restart(Stream& stream, std::uint64_t offset);
  [[nodiscard]] bool has_holes() const;
  bool write_room_acks(wire::ByteWriter& out, std::size_t most);

  std::vector<Stream> streams_;  // by number: the mailbox, the default room, further rooms
  transport::AckPolicy policy_;
  wire::AckWish wish_{};
  std::size_t to_consume_{0};
  std::uint8_t consume_from_{0};
  bool acks_left_{false};  // the last packet had no space for all ACKs
  bool broken_{false};
};

}  // namespace chatd::client
