// SPDX-License-Identifier: GPL-3.0-or-later
// key_slot.hpp — the keys of one native session, as they are stored in the keys' memory file.
//
// Runs in:   gateway (writes), worker (reads). See key_table.hpp for the rules.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "common/crypto/keys.hpp"
#include "common/transport/replay_window.hpp"
#include "daemon/state/counters.hpp"

namespace chatd::state {

// As a TxKey::base: there is no key. A raw counter never reaches it.
constexpr std::uint64_t kNoBase = ~std::uint64_t{0};

struct TxKey {
  std::uint64_t base;   // the raw counter that is packet 0
  std::uint64_t epoch;  // the key phase of `key`; see common/transport/phase_keys.hpp
  crypto::Key key;
};

struct KeySlot {
  // Written by: gateway. tx[tx_serial % 2] is in force; tx_serial 0: no key was ever set.
  alignas(kCacheLine) std::atomic<std::uint64_t> tx_serial;
  std::array<TxKey, 2> tx;
  std::int64_t tx_since;  // monotonic: when that key phase began
  // For the gateway alone.
  std::uint64_t rx_key_phase;
  std::array<crypto::Key, 2> rx;  // by parity of the key phase
  transport::ReplayWindow replay;
};
static_assert(sizeof(TxKey) % 8 == 0);

// For the slot's writer. A session is in the table a moment before its keys are, and stays so
// if the gateway is killed in between: the zeros in its slot are no key.
inline TxKey tx_key(const KeySlot& keys) noexcept {
  const std::uint64_t serial = keys.tx_serial.load(std::memory_order_relaxed);
  return serial == 0 ? TxKey{.base = kNoBase, .epoch = 0, .key = {}} : keys.tx[serial % 2];
}

}  // namespace chatd::state
