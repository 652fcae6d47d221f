// SPDX-License-Identifier: GPL-3.0-or-later
// mailbox.hpp — a small log per native session, for what is meant for one member only.
//
// Runs in:   gateway (appends), worker (reads, on a read-only mapping).
// Borrows:   the StateView.
// Invariant: nothing that the member has not acknowledged is ever overwritten: what does not
//            fit is refused. Bytes at or beyond the tail do not exist. A mailbox that was
//            never used has no memory.
#pragma once

#include <cstdint>
#include <span>

#include "daemon/state/native_slot.hpp"
#include "daemon/state/room_log.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::state {

class Mailbox {
 public:
  Mailbox(const StateView& state, std::uint32_t slot) noexcept;

  // False: there is no room until the member acknowledges. Gateway only.
  bool append(const RoomLog::Entry& entry) noexcept;

  [[nodiscard]] std::uint64_t tail() const noexcept {
    return slot_.mailbox_tail.load(std::memory_order_acquire);
  }
  // The end of the last whole record at or before `offset`, which lies between the
  // acknowledged offset (itself such an end) and the tail. Gateway only.
  [[nodiscard]] std::uint64_t last_boundary(std::uint64_t offset) const noexcept;
  // Copies out.size() bytes from `offset` on; they must lie between the acknowledged offset
  // and the tail.
  void read(std::uint64_t offset, std::span<std::byte> out) const noexcept;

 private:
  NativeSlot& slot_;
  std::span<std::byte> ring_;
};

}  // namespace chatd::state
