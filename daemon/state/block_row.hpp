// SPDX-License-Identifier: GPL-3.0-or-later
// block_row.hpp — the row of a user that a person has blocked, or of the person's choice from whom
// it takes direct messages.
//
// Runs in:   gateway (writes), archive (reads). Part of the shared layout, and kept on disk.
// Invariant: a person has at most one row for each other person, and one choice.
// See:       daemon/chat/blocks.hpp, which finds and changes the rows.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "common/base/address.hpp"
#include "common/wire/native/native_block.hpp"
#include "daemon/state/kept_row.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/state/short_text.hpp"

namespace chatd::state {

struct BlockRow {
  alignas(kCacheLine) std::atomic<KeptPhase> phase;
  RowVersion version;
  PersonId person;                     // that has blocked, or chosen
  PersonId other;                      // that is blocked; 0: the row is a choice
  std::int64_t since_wall;             // microseconds since 1970
  IpAddress network;                   // of the person then, for the limits; see network_of()
  std::uint8_t is_local;               // 1: the person was on the server's machine
  std::atomic<wire::DirectFrom> from;  // of a choice
  ShortText<kMaxNameBytes> name;       // of the other person, as it was shown
};
static_assert(sizeof(BlockRow) % kCacheLine == 0);

inline constexpr std::uint32_t kBlockRows = 16'384;  // all together

// False: the row is damaged, chatd never writes such values.
[[nodiscard]] inline bool is_possible(const BlockRow& row) noexcept {
  const wire::DirectFrom from = row.from.load(std::memory_order_relaxed);
  const bool is_choice = row.other == PersonId{};
  const bool is_right = is_choice ? from != wire::DirectFrom::unset && !name_of(from).empty()
                                  : from == wire::DirectFrom::unset && !view_of(row.name).empty();
  return row.person != PersonId{} && row.since_wall >= 0 && row.is_local <= 1 && is_right;
}

}  // namespace chatd::state
