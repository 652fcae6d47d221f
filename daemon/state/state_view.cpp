// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/state_view.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <new>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "daemon/state/abi.hpp"

namespace chatd::state {

namespace {

Geometry geometry_of(const Header& header) {
  return {.sessions = header.sessions,
          .ring_bytes = header.ring_bytes,
          .rooms = header.rooms,
          .room_ring_bytes = header.room_ring_bytes,
          .names = header.names,
          .web_sessions = header.web_sessions};
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

// A table by slot, of which only the rows of web sessions are mapped.
sys::Part rows_of_web(const Geometry& geometry, std::size_t table, std::size_t row) {
  return {.offset = table + geometry.first_web_slot() * row,
          .length = Geometry::pages(geometry.web_sessions * row)};
}

// Nothing else may be read by web: no row of another session, no mailbox but those of its sessions,
// no rule, no name that is owned, no invitation.
struct WebParts {
  std::vector<sys::Part> shared;
  std::vector<sys::Part> head;  // their offsets are those behind ring_head()
};
WebParts parts_for_web(const Geometry& geometry) {
  WebParts parts;
  parts.shared = {{.offset = 0, .length = Geometry::active()},
                  rows_of_web(geometry, geometry.slots(), sizeof(SessionSlot)),
                  rows_of_web(geometry, geometry.native_slots(), sizeof(NativeSlot))};
  const std::size_t begin = geometry.ring_head();
  parts.head = {{.offset = 0, .length = geometry.mailboxes() - begin},
                rows_of_web(geometry, geometry.mailboxes() - begin, kMailboxBytes),
                {.offset = geometry.room_slots() - begin,
                 .length = geometry.rule_head() - geometry.room_slots()}};
  if (geometry.rooms == 0) return parts;
  parts.shared.push_back(rows_of_web(geometry, geometry.subscriptions(), kSubscriptionBytes));
  parts.head.push_back(
      {.offset = geometry.room_news() - begin, .length = geometry.ring() - geometry.room_news()});
  return parts;
}

}  // namespace

Result<UniqueFd> create_region(Geometry geometry, std::uint64_t epoch, WallTime started) {
  if (!geometry.is_possible()) {
    return fail("the ring of a room's log must be a power of two of at least " +
                std::to_string(2 * kMaxRecordBytes) + " bytes, that of a further room of at most " +
                std::to_string(Geometry::kMaxRoomRing) +
                "; there must be sessions that are not of kind web, and at most " +
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
                      .web_sessions = geometry.web_sessions,
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

// Web gets an address range for everything, of which only these parts have memory.
Result<StateView> StateView::map_for_web(int region, const Geometry& geometry) {
  // A mapping from a descriptor that is open for reading cannot be made writable.
  const std::string path = fmt::format("/proc/self/fd/{}", region);
  const UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file.is_open()) return fail(Error::from_errno("open the shared state for reading"));
  const WebParts parts = parts_for_web(geometry);
  auto shared = sys::Mapping::map_parts(file.get(), 0, geometry.ring_head(), parts.shared);
  if (!shared) return fail(shared.error());
  auto head = sys::Mapping::map_parts(file.get(), static_cast<off_t>(geometry.ring_head()),
                                      geometry.ring() - geometry.ring_head(), parts.head);
  if (!head) return fail(head.error());
  auto ring = sys::Mapping::map_twice(file.get(), static_cast<off_t>(geometry.ring()),
                                      geometry.ring_bytes, sys::Access::read_only);
  if (!ring) return fail(ring.error());
  return StateView{geometry, std::move(*shared), std::move(*head), std::move(*ring)};
}

Result<StateView> StateView::map(int region, Access access) {
  const auto header = read_header(region);
  if (!header) return fail(header.error());
  const Geometry geometry = geometry_of(*header);
  if (access == Access::web) return map_for_web(region, geometry);
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
