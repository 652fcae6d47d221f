// SPDX-License-Identifier: GPL-3.0-or-later
// key_table.hpp — the keys of native sessions and the reset secret, in a separate memory file.
//
// Runs in:   gateway (writes), worker (reads, on a read-only mapping).
// Owns:      the mapping; it is locked into memory where that is allowed, and never dumped.
// Invariant: a packet's counter and its key always belong together: a slot's raw counter only
//            grows, and each key stores the raw counter at which it began. A process that took a
//            counter before a key was replaced finds it below the new key's base, and does not
//            use it. A worker's mapping does not have the page of the reset secret.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/crypto/keys.hpp"
#include "daemon/state/key_slot.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::state {

// See KeyTable::reset_secret().
using ResetSecret = crypto::Key;

class KeyTable {
 public:
  [[nodiscard]] static Result<UniqueFd> create(std::uint32_t sessions);
  [[nodiscard]] static Result<KeyTable> map(int file, std::uint32_t sessions, Access access);

  // Sets the keys of a new handshake. No later packet is sealed or opened with the old ones.
  void install(Slot index, const crypto::Key& tx, const crypto::Key& rx,
               const std::atomic<std::uint64_t>& packet_counter, MonoTime now) noexcept;
  void wipe(Slot index) noexcept;

  // Takes a counter of the slot, and the key for it. nullopt: the key was replaced in
  // between, or is not set yet; the packet counts as lost.
  struct Seal {
    std::uint64_t counter;
    crypto::Key key;
  };
  [[nodiscard]] std::optional<Seal> take(Slot index,
                                         std::atomic<std::uint64_t>& packet_counter) const;

  [[nodiscard]] KeySlot& slot(Slot index) const noexcept;
  // The key for a received packet; see PhaseKeys::to_open(). nullopt also if no keys are set.
  [[nodiscard]] std::optional<crypto::Key> rx_key(Slot index, std::uint64_t counter) const;
  // The packet authenticated: records its counter and moves the key to its phase.
  void opened(Slot index, std::uint64_t counter) noexcept;
  // Moves the sending key to the phase of the counter in use, and to the next phase when it is
  // an hour old.
  void age(Slot index, std::atomic<std::uint64_t>& packet_counter, MonoTime now) noexcept;

  // For a writer. The secret of which reset tokens are made, see crypto::reset_token(): random, and
  // the same for as long as sessions are handed over. Written once, before the first fork.
  [[nodiscard]] ResetSecret& reset_secret() const noexcept;

 private:
  KeyTable(sys::Mapping mapping, sys::Mapping secret) noexcept
      : mapping_{std::move(mapping)}, secret_{std::move(secret)} {}
  void put_tx(KeySlot& keys, const TxKey& key, MonoTime now) noexcept;

  sys::Mapping mapping_;
  sys::Mapping secret_;  // of a follower: empty
};

}  // namespace chatd::state
