// SPDX-License-Identifier: GPL-3.0-or-later
// abi.hpp — a hash of the sizes and offsets of the shared structures.
//
// Runs in:   every role, when it maps the region. Computed by the compiler.
// Why:       a program must not misread the region of a build with another layout, also when
//            kLayoutVersion was not changed. The version of the native protocol is part of the
//            hash: sessions of another version end, and the snapshot has what that needs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "common/wire/native/native_packet.hpp"
#include "daemon/state/kept_list.hpp"
#include "daemon/state/key_slot.hpp"
#include "daemon/state/latency.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/state/loaded.hpp"
#include "daemon/state/native_slot.hpp"
#include "daemon/state/room_properties.hpp"
#include "daemon/state/room_slot.hpp"
#include "daemon/state/rule_slot.hpp"
#include "daemon/state/stored_place.hpp"

namespace chatd::state {

inline constexpr auto kAbiParts =
    std::to_array<std::size_t>({sizeof(Header),
                                sizeof(Keeping),
                                sizeof(Loaded),
                                sizeof(ProcessControl),
                                sizeof(GatewayCounters),
                                sizeof(WorkerCounters),
                                sizeof(DeliveryLatency),
                                sizeof(GatewayFigures),
                                sizeof(ArchiveFigures),
                                sizeof(StoredPlace),
                                sizeof(RegistryFigures),
                                sizeof(SessionSlot),
                                offsetof(SessionSlot, delivery),
                                offsetof(SessionSlot, start_offset),
                                offsetof(SessionSlot, name),
                                sizeof(Delivery),
                                sizeof(RoomHead),
                                offsetof(RoomHead, crowd),
                                offsetof(RoomHead, begin_offset),
                                offsetof(SessionSlot, counted_before_join),
                                offsetof(Subscription, counted_before),
                                sizeof(RoomSlot),
                                offsetof(RoomSlot, born),
                                offsetof(RoomSlot, names),
                                offsetof(RoomSlot, name_serial),
                                sizeof(Subscription),
                                offsetof(Subscription, acks),
                                offsetof(Subscription, phase),
                                offsetof(Subscription, sending_for),
                                offsetof(RoomSlot, version),
                                sizeof(RoomNews),
                                sizeof(RoomProperties),
                                offsetof(RoomProperties, topics),
                                offsetof(RoomProperties, version),
                                sizeof(RegistryHead),
                                sizeof(RuleHead),
                                offsetof(RuleHead, change_at),
                                sizeof(RuleSlot),
                                offsetof(RuleSlot, until_wall),
                                offsetof(RuleSlot, since),
                                offsetof(RuleSlot, version),
                                offsetof(RuleSlot, reason),
                                offsetof(SessionSlot, person),
                                sizeof(RecordHeader),
                                kMaxProcesses,
                                kMaxRecordBytes,
                                sizeof(NativePeer),
                                offsetof(NativePeer, acked_bytes),
                                offsetof(NativePeer, acked),
                                offsetof(NativePeer, hole),
                                sizeof(NativeSlot),
                                offsetof(NativeSlot, uplink),
                                offsetof(NativeSlot, wants_saved),
                                offsetof(NativeSlot, not_kept_to),
                                offsetof(NativeSlot, reads_direct),
                                offsetof(NativeSlot, is_plain),
                                offsetof(NativeSlot, away),
                                offsetof(NativeSlot, subscriptions),
                                offsetof(NativeSlot, next_subscription),
                                offsetof(NativeSlot, sending_for),
                                offsetof(NativeSlot, down),
                                offsetof(NativeSlot, streams),
                                offsetof(NativeSlot, packet_counter),
                                offsetof(NativeSlot, timed_from),
                                sizeof(transport::DownState),
                                sizeof(transport::StreamState),
                                sizeof(KeySlot),
                                offsetof(KeySlot, rx),
                                offsetof(KeySlot, replay),
                                sizeof(TxKey),
                                sizeof(KeptHead),
                                KeptTables::hash(),
                                offsetof(OwnedNameRow, rests_until_wall),
                                offsetof(OwnedNameRow, name),
                                offsetof(NameKeyRow, hash),
                                offsetof(NameKeyRow, state),
                                std::size_t{wire::kNativeVersion}});

consteval std::uint32_t abi_hash() {
  std::uint32_t hash = 2166136261U;  // FNV-1a
  for (const std::size_t part : kAbiParts) {
    hash = (hash ^ static_cast<std::uint32_t>(part)) * 16777619U;
  }
  return hash;
}

}  // namespace chatd::state
