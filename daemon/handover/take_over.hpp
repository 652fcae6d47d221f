// SPDX-License-Identifier: GPL-3.0-or-later
// take_over.hpp — the start of the service: with the state of a predecessor, or empty.
//
// Runs in:   supervisor, before the first fork.
// Owns:      nothing; the caller gets the two memory files.
// Invariant: memory of another layout is never misread: a snapshot replaces it, or the service
//            starts empty and logs why. A state with which three daemons in a row died is not
//            used again.
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
#include "daemon/state/key_table.hpp"

namespace chatd::handover {

// The files that a predecessor left; each may be closed.
struct Kept {
  UniqueFd state;     // the region, as its processes left it
  UniqueFd keys;      // the keys of the region
  UniqueFd snapshot;  // of a predecessor that ended in order
};

// The memory and the sockets of the new service.
struct Wanted {
  state::Geometry geometry;
  std::span<const Endpoint> sockets;
  std::uint64_t history_id;                       // of a room that starts empty; random
  const state::ResetSecret& reset_secret;         // of a service that starts empty; random
  const state::ResetSecret& former_reset_secret;  // of a predecessor whose snapshot has none
  WallTime now;
};

// The memory that the service starts with.
struct Begin {
  UniqueFd state;
  UniqueFd keys;
  bool is_kept;             // true: the kept files; false: new ones
  std::string words;        // for the log; empty: there was no kept state
  std::size_t sessions{0};  // the number of sessions that were taken over
  bool is_lost{false};      // kept state could not be used
  bool is_cold{false};      // it has nothing of a predecessor
};
// Chooses the state to start with. Errors: no memory can be made; the kept state stays as it was.
[[nodiscard]] Result<Begin> take_over(Kept kept, const Wanted& wanted);

// The maximum of take-overs in a row, each within ten seconds of the one before; a state with more
// of them is not used.
inline constexpr std::uint32_t kMaxTakeOvers = 3;

// Notes in the state that the service ended in order and has a successor.
Result<> note_handed_over(int state);
// Makes a memory file with the snapshot of the region and its keys.
[[nodiscard]] Result<UniqueFd> make_snapshot(int state, int keys);

}  // namespace chatd::handover
