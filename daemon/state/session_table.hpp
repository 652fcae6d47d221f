// SPDX-License-Identifier: GPL-3.0-or-later
// session_table.hpp — the only code that changes session slots.
//
// Runs in:   gateway only (single writer of the gateway's part of each slot).
// Borrows:   the StateView.
// Invariant: free -> joining -> active -> leaving -> free; a gateway killed between any two
//            stores leaves a slot in one of these phases, with all values that its successor
//            needs to finish the change (daemon/chat/adoption).
#pragma once

#include <cstdint>
#include <string_view>

#include "common/base/time.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::state {

// The session reads no room.
[[nodiscard]] inline bool is_brief(const SessionSlot& session) noexcept {
  return session.brief_since.load(std::memory_order_relaxed) != 0;
}
// The default room has not been told of its join.
[[nodiscard]] inline bool is_untold(const SessionSlot& session) noexcept {
  return session.late_join.load(std::memory_order_relaxed) == LateJoin::untold;
}

class SessionTable {
 public:
  explicit SessionTable(const StateView& state) noexcept
      : slots_{state.slots()}, active_{state.active()} {}

  [[nodiscard]] std::uint32_t capacity() const noexcept {
    return static_cast<std::uint32_t>(slots_.size());
  }
  [[nodiscard]] SessionSlot& slot(Slot index) const noexcept { return slots_[index]; }
  [[nodiscard]] SessionPhase phase(Slot index) const noexcept {
    return slots_[index].phase.load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::string_view name(Slot index) const noexcept;
  [[nodiscard]] Sender sender(Slot index) const noexcept;
  // The session that the next open() of this free slot begins.
  [[nodiscard]] Sender next_sender(Slot index) const noexcept;

  struct Opening {
    SessionKind kind{SessionKind::text};
    PersonId person{};
    Delivery delivery;
    std::string_view name;  // at most kMaxNameBytes
    std::uint64_t log_tail;
    WallTime joined;
    MonoTime now;
    Telling telling{};            // of the join
    std::int64_t brief_since{0};  // see SessionSlot
  };
  // free -> joining. Its join record, if it has one, belongs at `log_tail`.
  void open(Slot index, const Opening& opening) noexcept;
  // joining -> active (again for an active one: harmless): from now on its worker sends it
  // all records since `log_tail` of open() but those that it sent itself.
  void activate(Slot index) noexcept;
  // untold -> telling: the join is told next, by a record that belongs at `log_tail`, or a number.
  void begin_late_join(Slot index, std::uint64_t log_tail, const Telling& telling) noexcept;
  // -> told. `is_counted`: by a number.
  void end_late_join(Slot index, bool is_counted) noexcept;
  // The session is not brief any more.
  void end_brief(Slot index) noexcept;
  // Clears the session's `unproved` flag. A worker that copies the Delivery meanwhile gets it
  // whole: only one 64-bit word changes.
  void prove(Slot index) noexcept;
  // joining or active -> leaving: its worker stops sending. Its leave record, if it has one,
  // belongs at `log_tail`.
  void begin_leave(Slot index, LeaveKind kind, std::uint64_t log_tail,
                   const Telling& telling = {}) noexcept;
  // leaving -> free.
  void release(Slot index) noexcept;

 private:
  std::span<SessionSlot> slots_;
  std::span<std::atomic<std::uint64_t>> active_;
};

}  // namespace chatd::state
