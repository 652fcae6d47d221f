// SPDX-License-Identifier: GPL-3.0-or-later
// mailbox.hpp — a small log per native session, for records that are for one member only.
//
// Runs in:   gateway (appends), worker (reads, on a read-only mapping).
// Borrows:   the StateView.
// Invariant: a record that the member has not acknowledged is never overwritten: while it does not
//            fit, a new one is refused. Bytes at or beyond the tail do not exist. A mailbox that
//            was never used has no memory.
#pragma once

#include <cstdint>
#include <span>

#include "daemon/log/log_writer.hpp"
#include "daemon/log/record.hpp"
#include "daemon/state/native_slot.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::state {

class Mailbox {
 public:
  Mailbox(const StateView& state, Slot slot) noexcept
      : slot_{state.native_slots()[slot]}, log_{state.mailbox_log(slot)} {}

  // Is there space for a record of that size? Gateway only.
  [[nodiscard]] bool has_space(std::size_t bytes) const noexcept {
    const std::uint64_t acked = peer_of(slot_).acked[wire::kMailboxStream];
    return tail() - acked + bytes <= log_.capacity();
  }
  // False: there is no space until the member acknowledges. Gateway only.
  bool append(const logs::Entry& entry) noexcept;

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
