// SPDX-License-Identifier: GPL-3.0-or-later
// name_row.hpp — the rows of owned names, and of the keys that belong to them.
//
// Runs in:   gateway (writes), archive (reads). Part of the shared layout, and kept on disk.
// Invariant: a name has one person, and a person at most one name. A key belongs to the name whose
//            person its row has.
// See:       daemon/chat/names.hpp, which finds and changes them.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "daemon/state/kept_row.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/state/short_text.hpp"

namespace chatd::state {

struct OwnedNameRow {
  alignas(kCacheLine) std::atomic<KeptPhase> phase;
  RowVersion version;
  PersonId person;
  std::int64_t since_wall;  // microseconds since 1970: when it was claimed or given
  // When a key of the name was last in; up to an hour earlier than that.
  std::atomic<std::int64_t> seen_wall;
  // 0: it is owned. Otherwise it rests until then: nobody else can have it.
  std::atomic<std::int64_t> rests_until_wall;
  // Its owner has given it up: it is owned again only by a claim, and not when the owner comes.
  std::atomic<bool> is_released;
  ShortText<kMaxNameBytes> name;  // as it was shown
};

enum class NameKeyState : std::uint8_t {
  valid,  // the holder of the key is the person
  // The key was dropped from a name whose person is the one that was calculated from this key. Its
  // holder is that person never again.
  dropped,
};

inline constexpr std::size_t kMaxDeviceLabelBytes = 32;

struct NameKeyRow {
  alignas(kCacheLine) std::atomic<KeptPhase> phase;
  RowVersion version;
  PersonId person;
  std::int64_t since_wall;         // microseconds since 1970: when it was added, or dropped
  std::array<std::byte, 32> hash;  // the SHA-256 of the key, which crypto::fingerprint() shows
  std::uint32_t order;             // of the keys of a name: a lower one is older
  std::atomic<NameKeyState> state;
  ShortText<kMaxDeviceLabelBytes> label;  // the name that the device gives itself; may be empty
};

inline constexpr std::uint32_t kMaxKeysOfName = 8;
// 8 keys for each name, and one that was dropped.
[[nodiscard]] constexpr std::uint32_t name_key_rows(std::uint32_t names) noexcept {
  return (kMaxKeysOfName + 1) * names;
}

// False: the row is damaged, chatd never writes such values.
[[nodiscard]] inline bool is_possible(const OwnedNameRow& row) noexcept {
  return row.person != PersonId{} && !view_of(row.name).empty() && row.since_wall >= 0 &&
         row.seen_wall.load(std::memory_order_relaxed) >= 0 &&
         row.rests_until_wall.load(std::memory_order_relaxed) >= 0;
}
[[nodiscard]] inline bool is_possible(const NameKeyRow& row) noexcept {
  const NameKeyState state = row.state.load(std::memory_order_relaxed);
  return row.person != PersonId{} && row.since_wall >= 0 &&
         (state == NameKeyState::valid || state == NameKeyState::dropped);
}

}  // namespace chatd::state
