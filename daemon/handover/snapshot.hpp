// SPDX-License-Identifier: GPL-3.0-or-later
// snapshot.hpp — the rooms, their rules and members, and the keys in a form that does not depend on
// the memory layout.
//
// Runs in:   supervisor, while no child runs: the service that ends writes it, its successor
//            reads it if its own memory has another layout or other sizes.
// Format:    CBOR (RFC 8949): a map with "format", 1, and "protocol", the version of the native
//            protocol; a snapshot without it has version 1. Members may be added; a missing member
//            has its default, an unknown one is ignored.
// Errors:    bytes that are not a snapshot, or of another format; nothing is restored then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/base/result.hpp"
#include "daemon/handover/kept_tables.hpp"
#include "daemon/state/key_table.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::handover {

// Writes a snapshot of a region and its keys.
[[nodiscard]] std::vector<std::uint8_t> write_snapshot(const state::StateView& state,
                                                       const state::KeyTable& keys);

// The numbers of sessions, further rooms and rules that a snapshot had.
struct Restored {
  std::size_t sessions{0};
  // A member without any other session leaves, which the other members see.
  std::size_t left_out{0};        // without a slot in the new region
  std::size_t other_protocol{0};  // native sessions of another version of the protocol
  std::size_t rooms{0};
  std::size_t rooms_left_out{0};  // without a row in the new region
  // Bans, mutes, invitations and roles; of a room that is left out, they end with it.
  std::size_t rules{0};
  std::size_t rules_left_out{0};  // damaged, or without a row in the new region
  RestoredRows rows;              // of the kept tables: owned names and their keys, ...
};
// Restores a snapshot into a new region and its keys. The reset secret of the keys stays if the
// snapshot has none.
[[nodiscard]] Result<Restored> read_snapshot(std::span<const std::uint8_t> bytes,
                                             const state::StateView& state,
                                             const state::KeyTable& keys, WallTime now);

}  // namespace chatd::handover
