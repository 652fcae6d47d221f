// SPDX-License-Identifier: GPL-3.0-or-later
// key_table.hpp — the keys of native sessions, in a memory file of their own.
//
// Runs in:   gateway (writes), worker (reads, on a read-only mapping).
// Owns:      the mapping; it is locked into memory where that is allowed, and never dumped.
// Invariant: the counter of a packet and its key belong together whatever happens in between:
//            a slot's raw counter only grows, for ever, and each key says at which raw counter
//            it began. A process that took a counter before a key was replaced finds it below
//            the new key's beginning, and lets it go unused.
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

class KeyTable {
 public:
  [[nodiscard]] static Result<UniqueFd> create(std::uint32_t sessions);
  [[nodiscard]] static Result<KeyTable> map(int file, std::uint32_t sessions, Access access);

  // Keys of a new handshake. From now on no packet is sealed or opened with the old ones.
  void install(std::uint32_t index, const crypto::Key& tx, const crypto::Key& rx,
               const std::atomic<std::uint64_t>& packet_counter, MonoTime now) noexcept;
  void wipe(std::uint32_t index) noexcept;

  // Takes a counter of the slot, and the key for it. nullopt: the key was replaced in
  // between, or is not there yet; the packet is lost like any other.
  struct Seal {
    std::uint64_t counter;
    crypto::Key key;
  };
  [[nodiscard]] std::optional<Seal> take(std::uint32_t index,
                                         std::atomic<std::uint64_t>& packet_counter) const;

  [[nodiscard]] KeySlot& slot(std::uint32_t index) const noexcept;
  // For a packet that came in; see EpochKeys::to_open(). nullopt also without any keys.
  [[nodiscard]] std::optional<crypto::Key> rx_key(std::uint32_t index, std::uint64_t counter) const;
  // It was opened: the key moves on with it.
  void opened(std::uint32_t index, std::uint64_t counter) noexcept;
  // Moves the key on to the epoch of the counter in use, and to the next one when it is an
  // hour old.
  void age(std::uint32_t index, std::atomic<std::uint64_t>& packet_counter, MonoTime now) noexcept;

 private:
  explicit KeyTable(sys::Mapping mapping) noexcept : mapping_{std::move(mapping)} {}
  void put_tx(KeySlot& keys, const TxKey& key, MonoTime now) noexcept;

  sys::Mapping mapping_;
};

}  // namespace chatd::state
