// SPDX-License-Identifier: GPL-3.0-or-later
// key_slot.hpp — the keys of one native session, as they lie in the memory file of the keys.
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

struct TxKey {
  std::uint64_t base;   // the raw counter that is packet 0
  std::uint64_t epoch;  // of `key`; see common/transport/epoch_keys.hpp
  crypto::Key key;
};

struct KeySlot {
  // Written by: gateway. tx[tx_serial % 2] is in force.
  alignas(kCacheLine) std::atomic<std::uint64_t> tx_serial;
  std::array<TxKey, 2> tx;
  std::int64_t tx_since;  // monotonic: when that epoch began
  // For the gateway alone.
  std::uint64_t rx_epoch;
  std::array<crypto::Key, 2> rx;  // by parity of the epoch
  transport::ReplayWindow replay;
};
static_assert(sizeof(TxKey) % 8 == 0);

}  // namespace chatd::state
