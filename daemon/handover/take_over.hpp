// SPDX-License-Identifier: GPL-3.0-or-later
// take_over.hpp — where the service begins: with what a predecessor left, or empty.
//
// Runs in:   supervisor, before the first fork.
// Owns:      the result, two memory files, is the caller's.
// Invariant: memory of another layout is never misread: a snapshot takes its place, or the
//            service starts empty and says why. Memory that lets one daemon after the other
//            die is given up after three of them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "common/base/address.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/base/unique_fd.hpp"
#include "daemon/state/geometry.hpp"

namespace chatd::handover {

// What was kept for us; each may be closed.
struct Kept {
  UniqueFd state;     // the region, as its processes left it
  UniqueFd keys;      // of the region
  UniqueFd snapshot;  // written by a predecessor that ended in order
};

struct Wanted {
  state::Geometry geometry;
  std::span<const Endpoint> sockets;
  std::uint64_t epoch;  // of a room that begins empty; random
  WallTime now;
};

struct Begin {
  UniqueFd state;
  UniqueFd keys;
  bool is_kept;            // the very files that were kept; otherwise new ones
  std::string words;       // for the log; empty: there was nothing to take over
  std::size_t members{0};  // that were taken over
  bool is_lost{false};     // something was kept, and could not be used
};
// Errors: only if there can be no state at all.
[[nodiscard]] Result<Begin> take_over(Kept kept, const Wanted& wanted);

// So many in a row, each within ten seconds of the one before; then the state is suspected.
inline constexpr std::uint32_t kMostTakeOvers = 3;

// The end of a service that its sessions outlive: notes that it was in order.
Result<> note_handed_over(int state);
// A memory file with the snapshot of both.
[[nodiscard]] Result<UniqueFd> make_snapshot(int state, int keys);

}  // namespace chatd::handover
