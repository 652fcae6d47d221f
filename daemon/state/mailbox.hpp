// SPDX-License-Identifier: GPL-3.0-or-later
// mailbox.hpp — a small log per native session, for records that are for one member only.
//
// Runs in:   gateway (appends), worker (reads, on a read-only mapping).
// Borrows:   the StateView.
// Invariant: a record that the member has not acknowledged is never overwritten: while it does not
//            fit, a new one is refused. Bytes at or beyond the tail do not exist. A mailbox that
//            was never used has no memory.
//            For each further room that the session is in, kLeftBytes are free: a member that is
//            removed from a room is always notified. chat::Mailboxes and append_left() keep this
//            space free.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "common/wire/removal_sentences.hpp"
#include "daemon/log/log_writer.hpp"
#include "daemon/log/record.hpp"
#include "daemon/state/native_slot.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::state {

// The bytes of the shortest record `left`, with kShortReason and without the room's name.
inline constexpr std::size_t kLeftBytes = 64;
inline constexpr std::string_view kShortReason = wire::kRemoved.en;
// The longest reason of a record `left`, and of a kick.
inline constexpr std::size_t kMaxReasonBytes = 400;

// The values of a record `left`: the session is no longer in the room.
struct Left {
  wire::LeftRoom room;            // `reason` is not read
  std::string_view name;          // the name of the room
  std::string_view reason;        // empty: the member left by its own command
  std::optional<Sender> session;  // the member
  WallTime time;
  std::uint64_t uplink_offset{0};  // the end of the member's own command; 0: none
};

class Mailbox {
 public:
  Mailbox(const StateView& state, Slot slot) noexcept
      : slot_{state.native_slots()[slot]}, log_{state.mailbox_log(slot)} {}

  // The number of further rooms that the session is in, without the room of stream `except`.
  // Gateway only.
  [[nodiscard]] std::size_t rooms(std::uint8_t except = 0) const noexcept;
  // Is there space for that many bytes? Gateway only.
  [[nodiscard]] bool has_space(std::size_t bytes) const noexcept {
    const std::uint64_t acked = peer_of(slot_).acked[wire::kMailboxStream];
    return tail() - acked + bytes <= log_.capacity();
  }
  // False: there is no space until the member acknowledges. The records of a mailbox are not
  // numbered; `number` is for the caller. Gateway only.
  bool append(const logs::Entry& entry, logs::Sequence number = {}) noexcept;
  // Appends a record `left` and keeps the space for `others`, the number of the session's other
  // rooms. If the mailbox is nearly full, the record has no name and a short reason. False: there
  // is no space, because such a record was appended for this room before. Does not allocate.
  bool append_left(const Left& left, std::size_t others) noexcept;

  // Calls take(header, where the record begins) for each record that the member has not
  // acknowledged. False: a worker has written an impossible acknowledgement. Gateway only.
  template <class Take>
  bool for_each_unread(Take take) const noexcept {
    std::uint64_t at = peer_of(slot_).acked[wire::kMailboxStream];
    if (at > tail() || tail() - at > log_.capacity()) return false;
    while (tail() - at >= sizeof(wire::RecordHeader)) {
      wire::RecordHeader header{};
      read(at, std::as_writable_bytes(std::span{&header, 1}));
      if (header.size < sizeof header || header.size > tail() - at) break;
      take(header, Offset{at});
      at += header.size;
    }
    return true;
  }
  // The bytes of such records of one kind; of the whole mailbox if the acknowledgement is
  // impossible. Gateway only.
  [[nodiscard]] std::size_t unread(wire::RecordKind kind) const noexcept;

  [[nodiscard]] Offset tail() const noexcept { return log_.tail(); }
  // The end of the last whole record at or before `offset`, which lies between the
  // acknowledged offset (itself such an end) and the tail. Gateway only.
  [[nodiscard]] Offset last_boundary(std::uint64_t offset) const noexcept;
  // Copies out.size() bytes from `offset` on; they must lie between the acknowledged offset
  // and the tail: no process is writing there.
  void read(std::uint64_t offset, std::span<std::byte> out) const noexcept {
    log_.copy(Offset{offset}, out);
  }

 private:
  NativeSlot& slot_;
  logs::LogMemory log_;
};

}  // namespace chatd::state
