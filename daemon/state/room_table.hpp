// SPDX-License-Identifier: GPL-3.0-or-later
// room_table.hpp — the only code that changes the rows of further rooms, their bitmaps of members,
// and the subscriptions.
//
// Runs in:   gateway, and the supervisor while no child runs (daemon/handover/snapshot_rooms).
// Borrows:   the StateView.
// Invariant: room:          free -> making -> made [-> dropping] -> free
//            subscription:  free -> entering -> member -> leaving or removing -> free
//            A gateway that is killed between any two stores leaves a row in one of these phases,
//            with all values that its successor needs to finish the change (daemon/chat/rooms).
//            A row says in whose room a session is; the bitmaps repeat it, and can be made again.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "common/base/time.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::state {

class RoomTable {
 public:
  explicit RoomTable(const StateView& state) noexcept : state_{state}, slots_{state.room_slots()} {}

  [[nodiscard]] std::uint32_t capacity() const noexcept {
    return static_cast<std::uint32_t>(slots_.size());
  }
  [[nodiscard]] RoomSlot& slot(RoomIndex room) const noexcept { return state_.room_slot(room); }
  [[nodiscard]] RoomPhase phase(RoomIndex room) const noexcept {
    return slot(room).phase.load(std::memory_order_relaxed);
  }
  [[nodiscard]] RoomPlace place(RoomIndex room) const noexcept {
    return {.id = RoomId{slot(room).id.load(std::memory_order_relaxed)}, .index = room};
  }
  [[nodiscard]] std::string_view name(RoomIndex room) const noexcept;
  // Gives the room another name, of at most kMaxNameBytes. A view that name() returned earlier
  // stays valid until the next but one rename.
  void rename(RoomIndex room, std::string_view name) noexcept;
  // The room stays without members.
  void keep(RoomIndex room) noexcept;
  // Finishes the change of a row, or of the properties of any room, that a killed gateway has
  // begun.
  void adopt() noexcept;

  struct Making {
    RoomId id;              // never used before
    std::string_view name;  // at most kMaxNameBytes
    bool is_kept;
    WallTime now;
    // The command; nullopt: the administrator makes it.
    struct Maker {
      Sender session;
      std::uint64_t end;  // of the command in its stream
      Identity identity;
      IpAddress network;
    };
    std::optional<Maker> maker;
  };
  // free -> making. Its log is empty.
  void make(RoomIndex room, const Making& making) noexcept;
  // making -> made.
  void settle(RoomIndex room) noexcept;
  // -> dropping: its members are removed next.
  void begin_drop(RoomIndex room) noexcept;
  // Clears the bitmap of the room without its subscriptions: for a row that cannot be right, and
  // for members whose subscription a worker has overwritten.
  void clear_members(RoomIndex room) noexcept;
  // -> free; the memory of its log is given back. It has no members.
  void drop(RoomIndex room) noexcept;

  [[nodiscard]] Subscription& subscription(Slot session, std::size_t at) const noexcept {
    return state_.subscriptions(session)[at];
  }
  // Calls take(i) for each subscription of the session that is not free.
  template <class Take>
  void for_each(Slot session, Take take) const {
    for (std::uint32_t bits = in_use(session); bits != 0; bits &= bits - 1) {
      take(static_cast<std::size_t>(std::countr_zero(bits)));
    }
  }
  // The room of a subscription. nullopt: no room has the row and the id that are in the
  // subscription, which workers can write.
  [[nodiscard]] std::optional<RoomPlace> place_of(Slot session, std::size_t at) const noexcept;
  // The session's first subscription to the room; place_of() returns the room.
  [[nodiscard]] std::optional<std::size_t> find(Slot session, RoomId room) const noexcept;
  // True: the session is in the room, and does not leave it.
  [[nodiscard]] bool is_member(Slot session, RoomId room) const noexcept;
  // The next free subscription behind the last one that was entered; the numbers are used in a
  // circle. A session that leaves a room and enters it again begins at an earlier offset, and an
  // acknowledgement from before the leave can arrive after the join: under another number it is
  // ignored.
  [[nodiscard]] std::optional<std::size_t> find_free(Slot session) const noexcept;

  // Call it before enter(). The end of what this connection was sent of the room under the same
  // number, when the session was in the room before; can lie within a record. 0: nothing was sent.
  // A session with 30 other rooms has only one free number.
  [[nodiscard]] Offset sent_before(Slot session, std::size_t at, RoomPlace room) const noexcept;

  [[nodiscard]] bool is_in_use(Slot session, std::size_t at) const noexcept;

  struct Entering {
    RoomPlace room;
    std::uint64_t start;   // the first byte that it gets
    std::uint64_t change;  // where its join record belongs
    std::uint32_t window;  // until the first acknowledgement; 0: of a brief session
    Telling telling{};     // of the join
  };
  // free -> entering. The join record, if there is one, belongs at `change`.
  void enter(Slot session, std::size_t at, const Entering& entering) noexcept;
  // Of a member: untold -> telling -> told, as in SessionTable.
  void begin_late_join(Slot session, std::size_t at, Offset change,
                       const Telling& telling) noexcept;
  void end_late_join(Slot session, std::size_t at, bool is_counted) noexcept;
  void open_window(Slot session, std::size_t at, std::uint32_t window) noexcept;  // of the stream
  // entering -> member (again for a member: harmless): from now on its worker sends it the room.
  void settle(Slot session, std::size_t at) noexcept;
  // The member has acknowledged more of its stream.
  void acknowledge(Slot session, std::size_t at, const wire::AckFrame& ack) noexcept;
  // entering or member -> leaving or removing: its worker stops sending. The leave record, if there
  // is one, belongs at `change`.
  void begin_leave(Slot session, std::size_t at, std::uint64_t change,
                   SubscriptionPhase phase = SubscriptionPhase::leaving,
                   const Telling& telling = {}) noexcept;
  // leaving or removing -> free.
  void release(Slot session, std::size_t at) noexcept;

  // The log of the room grows between the two; a successor finds in appending() what is begun.
  void begin_append(RoomIndex room) noexcept;
  void end_append(RoomIndex room) noexcept;
  [[nodiscard]] std::optional<RoomIndex> appending() const noexcept;
  // Counts end_append() of all rooms; 0 if there can be no room.
  [[nodiscard]] std::uint64_t news() const noexcept;

 private:
  // The bits of all subscriptions. Workers can also write the rest of the mask.
  static constexpr std::uint32_t kAll = (std::uint32_t{1} << kSubscriptions) - 1;
  [[nodiscard]] std::uint32_t in_use(Slot session) const noexcept;
  void set_phase(RoomIndex room, RoomPhase phase) noexcept;
  void set_member(RoomIndex room, Slot session) noexcept;
  void clear_member(RoomIndex room, Slot session) noexcept;

  const StateView& state_;
  std::span<RoomSlot> slots_;
};

}  // namespace chatd::state
