// SPDX-License-Identifier: GPL-3.0-or-later
// state_view.hpp — one process's mapping of the shared region.
//
// Runs in:   every role; each maps it after its fork, with no more rights than it needs. The
//            supervisor's mapping is not inherited by its children.
// Owns:      the mappings. Borrows: nothing (a mapping outlives its descriptor).
// Errors:    a region of another layout, or of a wrong size, is refused, never misread.
#pragma once

#include <optional>
#include <span>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/base/unique_fd.hpp"
#include "daemon/state/geometry.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/state/loaded.hpp"
#include "daemon/sys/memory_file.hpp"

namespace chatd::state {

// A new region, all zeros except its header. Its size is sealed.
[[nodiscard]] Result<UniqueFd> create_region(Geometry geometry, std::uint64_t epoch,
                                             WallTime started);

enum class Access {
  writer,    // gateway, supervisor
  follower,  // worker: the room log read-only
  web,       // read-only, and only what its sessions may read; its caller closes the descriptor
};

class StateView {
 public:
  [[nodiscard]] static Result<StateView> map(int region, Access access);

  // For the supervisor: the children that it forks do not inherit its mapping.
  [[nodiscard]] Result<> keep_out_of_children();

  [[nodiscard]] const Header& header() const noexcept { return at<Header>(0); }
  // For a region that continues the history of another one.
  void set_history_id(std::uint64_t epoch) const noexcept { at<Header>(0).epoch = epoch; }
  // For a region that outlived its service.
  void set_started(WallTime time) const noexcept {
    at<Header>(0).started_wall = time.time_since_epoch().count();
  }
  [[nodiscard]] Keeping& keeping() const noexcept { return at<Keeping>(kKeepingOffset); }
  [[nodiscard]] Loaded& loaded() const noexcept { return at<Loaded>(kLoadedOffset); }
  [[nodiscard]] const Geometry& geometry() const noexcept { return geometry_; }
  [[nodiscard]] ProcessControl& process(std::size_t index) const noexcept;  // 0: gateway
  [[nodiscard]] GatewayCounters& counters() const noexcept;
  [[nodiscard]] WorkerCounters& worker_counters(std::size_t worker) const noexcept;
  [[nodiscard]] GatewayFigures& gateway_figures() const noexcept;
  [[nodiscard]] DeliveryLatency& delivery_latency(std::size_t worker) const noexcept;
  [[nodiscard]] ArchiveFigures& archive() const noexcept;
  // How far the room's log is on disk; nullopt: that of the default room.
  [[nodiscard]] StoredPlace& stored_place(std::optional<RoomIndex> room) const noexcept;
  [[nodiscard]] RegistryFigures& registry_figures() const noexcept;
  [[nodiscard]] std::span<std::atomic<std::uint64_t>> active() const noexcept;
  [[nodiscard]] std::span<SessionSlot> slots() const noexcept;
  [[nodiscard]] std::span<NativeSlot> native_slots() const noexcept;
  // Of the default room.
  [[nodiscard]] RoomHead& room_head() const noexcept {
    return guarded<RoomHead>(geometry_.ring_head());
  }
  [[nodiscard]] logs::LogHead& ring_head() const noexcept { return room_head().log; }
  [[nodiscard]] std::atomic<std::uint64_t>& next_sequence() const noexcept {
    return room_head().next_sequence;
  }
  // The room's log, mapped twice.
  [[nodiscard]] logs::LogMemory room_log() const noexcept {
    return logs::LogMemory::mapped_twice(ring_head(), ring());
  }
  // A session's mailbox: one page, mapped once.
  [[nodiscard]] logs::LogMemory mailbox_log(Slot slot) const noexcept {
    return logs::LogMemory::mapped_once(native_slots()[slot].mailbox, mailbox(slot));
  }
  [[nodiscard]] std::span<std::byte> mailbox(Slot slot) const noexcept;
  // The further rooms; all of it is empty if the region has none.
  [[nodiscard]] std::span<RoomSlot> room_slots() const noexcept;
  [[nodiscard]] logs::LogMemory room_log(RoomIndex room) const noexcept {
    return logs::LogMemory::mapped_once(room_slot(room).head.log, room_ring(room));
  }
  [[nodiscard]] RoomSlot& room_slot(RoomIndex room) const noexcept {
    return room_slots()[static_cast<std::uint32_t>(room)];
  }
  [[nodiscard]] std::span<std::byte> room_ring(RoomIndex room) const noexcept;
  // nullopt: those of the default room.
  [[nodiscard]] RoomProperties& properties(std::optional<RoomIndex> room) const noexcept;
  [[nodiscard]] RuleHead& rule_head() const noexcept;
  [[nodiscard]] RegistryHead& registry_head() const noexcept;
  [[nodiscard]] std::span<RuleSlot> rule_slots() const noexcept;
  // The rows of a table of kept_list.hpp, and its head.
  template <class Row>
  [[nodiscard]] std::span<Row> kept_rows() const noexcept {
    constexpr std::size_t kNumber = KeptTables::number_of<Row>();
    return {&guarded<Row>(geometry_.kept_table(kNumber)),
            KeptTables::rows_of<Row>(geometry_.kept_sizes())};
  }
  template <class Row>
  [[nodiscard]] KeptHead& kept_head() const noexcept {
    constexpr std::size_t kAt = KeptTables::number_of<Row>() * sizeof(KeptHead);
    return guarded<KeptHead>(geometry_.rule_head() + kKeptHeadsOffset + kAt);
  }
  // The members of a room: a bit for each session, and a summary with a bit for each word of them.
  struct RoomMembers {
    std::span<std::atomic<std::uint64_t>> sessions;
    std::span<std::atomic<std::uint64_t>> summary;
  };
  [[nodiscard]] RoomMembers room_members(RoomIndex room) const noexcept;
  [[nodiscard]] RoomNews& room_news() const noexcept;
  // A session's subscriptions, which begin with stream wire::kFirstRoomStream.
  [[nodiscard]] std::span<Subscription> subscriptions(Slot slot) const noexcept;
  // The ring's bytes, mapped twice in a row: a record that begins in the first half is contiguous.
  [[nodiscard]] std::span<std::byte> ring() const noexcept { return ring_.bytes(); }

 private:
  [[nodiscard]] static Result<StateView> map_for_web(int region, const Geometry& geometry);
  StateView(Geometry geometry, sys::Mapping shared, sys::Mapping head, sys::Mapping ring) noexcept;
  template <class T>
  [[nodiscard]] T& at(std::size_t offset) const noexcept {
    return *reinterpret_cast<T*>(shared_.bytes().data() + offset);
  }

  // In the part that workers may only read; `offset` as in Geometry.
  template <class T>
  [[nodiscard]] T& guarded(std::size_t offset) const noexcept {
    return *reinterpret_cast<T*>(head_.bytes().data() + (offset - geometry_.ring_head()));
  }

  Geometry geometry_;
  sys::Mapping shared_;
  sys::Mapping head_;
  sys::Mapping ring_;
};

}  // namespace chatd::state
