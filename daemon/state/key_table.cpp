// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/key_table.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <string>
#include <utility>

#include "common/base/log.hpp"
#include "common/transport/phase_keys.hpp"

namespace chatd::state {

namespace {

constexpr Micros kKeyLife = std::chrono::hours{1};

// The slots; the page of the reset secret is behind them.
std::size_t size_for(std::uint32_t sessions) { return Geometry::pages(sessions * sizeof(KeySlot)); }
const std::size_t kSecretBytes = Geometry::pages(sizeof(ResetSecret));

// Never in core dumps; not in swap where that is permitted: RLIMIT_MEMLOCK is often smaller than a
// full table. MLOCK_ONFAULT: empty slots take no memory.
Result<sys::Mapping> map_secretly(int file, std::size_t offset, std::size_t size,
                                  sys::Access access) {
  auto mapping = sys::Mapping::map(file, static_cast<off_t>(offset), size, access);
  if (!mapping) return mapping;
  if (::madvise(mapping->bytes().data(), size, MADV_DONTDUMP) < 0) {
    return fail(Error::from_errno("keep the keys out of core dumps"));
  }
  if (::mlock2(mapping->bytes().data(), size, MLOCK_ONFAULT) < 0) {
    log(LogLevel::debug, "the keys may be swapped out: the limit on locked memory is too low");
  }
  return mapping;
}

}  // namespace

Result<UniqueFd> KeyTable::create(std::uint32_t sessions) {
  return sys::make_memory_file("chatd-keys", size_for(sessions) + kSecretBytes);
}

Result<KeyTable> KeyTable::map(int file, std::uint32_t sessions, Access access) {
  const std::size_t slot_bytes = size_for(sessions);
  if (access == Access::follower) {
    auto slots = map_secretly(file, 0, slot_bytes, sys::Access::read_only);
    if (!slots) return fail(slots.error());
    return KeyTable{std::move(*slots), {}};
  }
  auto slots = map_secretly(file, 0, slot_bytes, sys::Access::read_write);
  if (!slots) return fail(slots.error());
  auto secret = map_secretly(file, slot_bytes, kSecretBytes, sys::Access::read_write);
  if (!secret) return fail(secret.error());
  return KeyTable{std::move(*slots), std::move(*secret)};
}

ResetSecret& KeyTable::reset_secret() const noexcept {
  assert(!secret_.bytes().empty());
  return *reinterpret_cast<ResetSecret*>(secret_.bytes().data());
}

KeySlot& KeyTable::slot(Slot index) const noexcept {
  return reinterpret_cast<KeySlot*>(mapping_.bytes().data())[index];
}

void KeyTable::put_tx(KeySlot& keys, const TxKey& key, MonoTime now) noexcept {
  const std::uint64_t serial = keys.tx_serial.load(std::memory_order_relaxed);
  store_value(keys.tx[(serial + 1) % 2], key);
  crash_point();
  keys.tx_serial.store(serial + 1, std::memory_order_release);
  std::atomic_thread_fence(std::memory_order_release);
  keys.tx_since = now.time_since_epoch().count();
}

void KeyTable::install(Slot index, const crypto::Key& tx, const crypto::Key& rx,
                       const std::atomic<std::uint64_t>& packet_counter, MonoTime now) noexcept {
  KeySlot& keys = slot(index);
  keys.rx_key_phase = 0;
  keys.rx = {rx, rx};
  keys.replay = {};
  crash_point();
  put_tx(keys, {.base = packet_counter.load(std::memory_order_seq_cst), .epoch = 0, .key = tx},
         now);
}

void KeyTable::wipe(Slot index) noexcept {
  KeySlot& keys = slot(index);
  // First the mark that there is no key; both copies, so that no key of the session remains.
  for (int copy = 0; copy < 2; ++copy) put_tx(keys, {.base = kNoBase, .epoch = 0, .key = {}}, {});
  crash_point();
  keys.rx = {};
}

std::optional<KeyTable::Seal> KeyTable::take(Slot index,
                                             std::atomic<std::uint64_t>& packet_counter) const {
  const KeySlot& keys = slot(index);
  const std::uint64_t raw = packet_counter.fetch_add(1, std::memory_order_seq_cst);
  for (int tries = 0; tries < 8; ++tries) {
    const std::uint64_t serial = keys.tx_serial.load(std::memory_order_acquire);
    if (serial == 0) return std::nullopt;
    const TxKey key = load_value(keys.tx[serial % 2]);
    std::atomic_thread_fence(std::memory_order_acquire);
    if (keys.tx_serial.load(std::memory_order_relaxed) != serial) continue;
    if (raw < key.base) return std::nullopt;
    const std::uint64_t counter = raw - key.base;
    const std::uint64_t epoch = wire::key_phase_of(counter);
    if (epoch < key.epoch) return std::nullopt;  // taken long ago; that key no longer exists
    return Seal{.counter = counter, .key = transport::key_of_phase(key.key, key.epoch, epoch)};
  }
  return std::nullopt;
}

std::optional<crypto::Key> KeyTable::rx_key(Slot index, std::uint64_t counter) const {
  const KeySlot& keys = slot(index);
  if (tx_key(keys).base == kNoBase) return std::nullopt;
  const std::uint64_t epoch = wire::key_phase_of(counter);
  if (epoch > keys.rx_key_phase + transport::kMaxKeyPhasesAhead || epoch + 1 < keys.rx_key_phase) {
    return std::nullopt;
  }
  if (epoch < keys.rx_key_phase) return keys.rx[epoch % 2];
  return transport::key_of_phase(keys.rx[keys.rx_key_phase % 2], keys.rx_key_phase, epoch);
}

void KeyTable::opened(Slot index, std::uint64_t counter) noexcept {
  KeySlot& keys = slot(index);
  keys.replay.commit(counter);
  crash_point();
  for (const std::uint64_t epoch = wire::key_phase_of(counter); keys.rx_key_phase < epoch;) {
    keys.rx[(keys.rx_key_phase + 1) % 2] = crypto::next_key(keys.rx[keys.rx_key_phase % 2]);
    crash_point();
    ++keys.rx_key_phase;
  }
}

void KeyTable::age(Slot index, std::atomic<std::uint64_t>& packet_counter, MonoTime now) noexcept {
  KeySlot& keys = slot(index);
  const TxKey tx = tx_key(keys);
  if (tx.base == kNoBase) return;
  std::uint64_t raw = packet_counter.load(std::memory_order_relaxed);
  std::uint64_t epoch = wire::key_phase_of(raw - tx.base);
  if (now.time_since_epoch().count() - keys.tx_since >= kKeyLife.count()) {
    epoch = std::max(epoch, tx.epoch) + 1;
    const std::uint64_t first = tx.base + (epoch << wire::kKeyPhaseBits);
    while (raw < first && !packet_counter.compare_exchange_weak(raw, first)) {
    }
  }
  if (epoch <= tx.epoch) return;
  put_tx(keys,
         {.base = tx.base, .epoch = epoch, .key = transport::key_of_phase(tx.key, tx.epoch, epoch)},
         now);
}

}  // namespace chatd::state
