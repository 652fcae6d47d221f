// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/state_view.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <new>
#include <string>
#include <utility>

#include "daemon/state/abi.hpp"

namespace chatd::state {

namespace {

Geometry geometry_of(const Header& header) {
  return {.sessions = header.sessions,
          .ring_bytes = header.ring_bytes,
          .rooms = header.rooms,
          .room_ring_bytes = header.room_ring_bytes,
          .names = static_cast<std::uint32_t>(header.names)};
}

Result<Header> read_header(int region) {
  Header header{};
  if (::pread(region, &header, sizeof header, 0) != ssize_t{sizeof header}) {
    return fail("the shared state has no header");
  }
  if (header.magic != kMagic) return fail("the shared state has a wrong magic number");
  if (header.layout_version != kLayoutVersion || header.abi_hash != abi_hash()) {
    return fail("the shared state has another layout than this program's");
  }
  struct stat status {};
  if (::fstat(region, &status) < 0) return fail(Error::from_errno("fstat of the shared state"));
  const Geometry geometry = geometry_of(header);
  if (!geometry.is_possible())
    return fail("the shared state has an impossible ring, no sessions, or impossible rooms");
  if (header.total_bytes != geometry.total() ||
      static_cast<std::uint64_t>(status.st_size) != header.total_bytes) {
    return fail("the shared state is not as long as its header says");
  }
  return header;
}

}  // namespace

Result<UniqueFd> create_region(Geometry geometry, std::uint64_t epoch, WallTime started) {
  if (!geometry.is_possible()) {
    return fail("the ring of a room's log must be a power of two of at least " +
                std::to_string(2 * kMaxRecordBytes) + " bytes, that of a further room of at most " +
                std::to_string(Geometry::kMaxRoomRing) + "; there must be sessions, and at most " +
                std::to_string(Geometry::kMaxRooms) + " rooms and " +
                std::to_string(Geometry::kMaxNames) + " owned names");
  }
  auto file = sys::make_memory_file("chatd-state", geometry.total());
  if (!file) return file;
  const Header header{.magic = kMagic,
                      .layout_version = kLayoutVersion,
                      .abi_hash = abi_hash(),
                      .epoch = epoch,
                      .total_bytes = geometry.total(),
                      .ring_bytes = geometry.ring_bytes,
                      .sessions = geometry.sessions,
                      .rooms = geometry.rooms,
                      .room_ring_bytes = geometry.room_ring_bytes,
                      .names = geometry.names,
                      .started_wall = started.time_since_epoch().count()};
  if (::pwrite(file->get(), &header, sizeof header, 0) != ssize_t{sizeof header}) {
    return fail(Error::from_errno("write the header of the shared state"));
  }
  return file;
}

StateView::StateView(Geometry geometry, sys::Mapping shared, sys::Mapping head,
                     sys::Mapping ring) noexcept
    : geometry_{geometry},
      shared_{std::move(shared)},
      head_{std::move(head)},
      ring_{std::move(ring)} {}

Result<StateView> StateView::map(int region, Access access) {
  const auto header = read_header(region);
  if (!header) return fail(header.error());
  const Geometry geometry = geometry_of(*header);
  const auto log_access =
      access == Access::writer ? sys::Access::read_write : sys::Access::read_only;

  auto shared = sys::Mapping::map(region, 0, geometry.ring_head(), sys::Access::read_write);
  if (!shared) return fail(shared.error());
  auto head = sys::Mapping::map(region, static_cast<off_t>(geometry.ring_head()),
                                geometry.ring() - geometry.ring_head(), log_access);
  if (!head) return fail(head.error());
  auto ring = sys::Mapping::map_twice(region, static_cast<off_t>(geometry.ring()),
                                      geometry.ring_bytes, log_access);
  if (!ring) return fail(ring.error());
  return StateView{geometry, std::move(*shared), std::move(*head), std::move(*ring)};
}

Result<> StateView::keep_out_of_children() {
  for (sys::Mapping* mapping : {&shared_, &head_, &ring_}) {
    if (auto done = mapping->keep_out_of_children(); !done) return done;
  }
  return {};
}

ProcessControl& StateView::process(std::size_t index) const noexcept {
  return at<ProcessControl>(Geometry::processes() + index * sizeof(ProcessControl));
}

GatewayCounters& StateView::counters() const noexcept {
  return at<GatewayCounters>(Geometry::counters());
}

WorkerCounters& StateView::worker_counters(std::size_t worker) const noexcept {
  return at<WorkerCounters>(Geometry::worker_counters() + worker * sizeof(WorkerCounters));
}

GatewayFigures& StateView::gateway_figures() const noexcept {
  static_assert(kGatewayFiguresOffset + sizeof(GatewayFigures) <= kPage);
  return at<GatewayFigures>(Geometry::counters() + kGatewayFiguresOffset);
}

DeliveryLatency& StateView::delivery_latency(std::size_t worker) const noexcept {
  return at<DeliveryLatency>(Geometry::delivery_latencies() + worker * sizeof(DeliveryLatency));
}

ArchiveFigures& StateView::archive() const noexcept {
  return at<ArchiveFigures>(Geometry::archive());
}

StoredPlace& StateView::stored_place(std::optional<RoomIndex> room) const noexcept {
  const std::size_t row = room ? static_cast<std::uint32_t>(*room) : geometry_.rooms;
  return at<StoredPlace>(geometry_.stored_places() + row * sizeof(StoredPlace));
}

RegistryFigures& StateView::registry_figures() const noexcept {
  static_assert(sizeof(ArchiveFigures) <= kRegistryFiguresOffset &&
                kRegistryFiguresOffset + sizeof(RegistryFigures) <= kPage);
  return at<RegistryFigures>(Geometry::archive() + kRegistryFiguresOffset);
}

std::span<std::atomic<std::uint64_t>> StateView::active() const noexcept {
  return {&at<std::atomic<std::uint64_t>>(Geometry::active()), geometry_.active_words()};
}

std::span<SessionSlot> StateView::slots() const noexcept {
  return {&at<SessionSlot>(geometry_.slots()), geometry_.sessions};
}

std::span<NativeSlot> StateView::native_slots() const noexcept {
  return {&at<NativeSlot>(geometry_.native_slots()), geometry_.sessions};
}

std::span<std::byte> StateView::mailbox(Slot slot) const noexcept {
  return {&guarded<std::byte>(geometry_.mailboxes() + slot * kMailboxBytes), kMailboxBytes};
}

std::span<RoomSlot> StateView::room_slots() const noexcept {
  return {&guarded<RoomSlot>(geometry_.room_slots()), geometry_.rooms};
}

std::span<std::byte> StateView::room_ring(RoomIndex room) const noexcept {
  const std::size_t at = static_cast<std::uint32_t>(room) * geometry_.room_ring_bytes;
  return {&guarded<std::byte>(geometry_.room_rings() + at), geometry_.room_ring_bytes};
}

RoomProperties& StateView::properties(std::optional<RoomIndex> room) const noexcept {
  const std::size_t row = room ? 1 + std::size_t{static_cast<std::uint32_t>(*room)} : 0;
  return guarded<RoomProperties>(geometry_.room_properties() + row * sizeof(RoomProperties));
}

RuleHead& StateView::rule_head() const noexcept { return guarded<RuleHead>(geometry_.rule_head()); }

RegistryHead& StateView::registry_head() const noexcept {
  static_assert(sizeof(RuleHead) <= kRegistryHeadOffset &&
                kRegistryHeadOffset + sizeof(RegistryHead) <= kPage);
  return guarded<RegistryHead>(geometry_.rule_head() + kRegistryHeadOffset);
}

std::span<RuleSlot> StateView::rule_slots() const noexcept {
  return {&guarded<RuleSlot>(geometry_.rules()), rule_rows(geometry_.rooms)};
}

StateView::RoomMembers StateView::room_members(RoomIndex room) const noexcept {
  const std::size_t at = static_cast<std::uint32_t>(room) * geometry_.room_members_bytes();
  auto* words = &guarded<std::atomic<std::uint64_t>>(geometry_.room_members() + at);
  return {.sessions = {words, geometry_.active_words()},
          .summary = {words + geometry_.active_words(), geometry_.summary_words()}};
}

RoomNews& StateView::room_news() const noexcept { return guarded<RoomNews>(geometry_.room_news()); }

std::span<Subscription> StateView::subscriptions(Slot slot) const noexcept {
  if (geometry_.rooms == 0) return {};
  return {&at<Subscription>(geometry_.subscriptions() + slot * kSubscriptionBytes), kSubscriptions};
}

}  // namespace chatd::state
