// SPDX-License-Identifier: GPL-3.0-or-later
// phase_keys.hpp — the keys of one direction, as packet counters move on.
//
// Runs in:   client; gateway and worker keep the same values in the key region.
// Invariant: the key phase is a function of the packet's counter, so that both sides, and every
//            process of the server, change keys at the same packet without a message.
// Source:    the limits of AES-GCM in RFC 9001 section 6.6; the ratchet is HKDF's (RFC 5869).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "common/crypto/ratchet.hpp"
#include "common/wire/native/native_packet.hpp"

namespace chatd::transport {

// A receiver follows so many key phases ahead: a sender enters a new one every hour at least, and
// a forged counter must not make the receiver derive many keys.
inline constexpr std::uint64_t kMaxKeyPhasesAhead = 4;

// The key of `phase`, from the key of the phase `from`, which is not later.
[[nodiscard]] inline crypto::Key key_of_phase(crypto::Key key, std::uint64_t from,
                                              std::uint64_t phase) {
  for (; from < phase; ++from) key = crypto::next_key(key);
  return key;
}

class PhaseKeys {
 public:
  explicit PhaseKeys(const crypto::Key& first) : keys_{first, first} {}

  // The key for sealing. Counters only grow.
  [[nodiscard]] const crypto::Key& to_seal(std::uint64_t counter) {
    advance(wire::key_phase_of(counter));
    return keys_[phase_ % 2];
  }
  // The key for opening; nullopt if the phase is too far away. Changes nothing: a packet proves
  // nothing before it is opened.
  [[nodiscard]] std::optional<crypto::Key> to_open(std::uint64_t counter) const {
    const std::uint64_t phase = wire::key_phase_of(counter);
    if (phase > phase_ + kMaxKeyPhasesAhead || phase + 1 < phase_) return std::nullopt;
    if (phase < phase_) return keys_[phase % 2];
    return key_of_phase(keys_[phase_ % 2], phase_, phase);
  }
  // A packet with this counter was opened.
  void opened(std::uint64_t counter) { advance(wire::key_phase_of(counter)); }

 private:
  void advance(std::uint64_t phase) {
    for (; phase_ < phase; ++phase_) {
      keys_[(phase_ + 1) % 2] = crypto::next_key(keys_[phase_ % 2]);
    }
  }

  std::array<crypto::Key, 2> keys_;
  std::uint64_t phase_{0};
};

}  // namespace chatd::transport
