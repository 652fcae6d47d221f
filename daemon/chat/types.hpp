// SPDX-License-Identifier: GPL-3.0-or-later
// types.hpp — the slot of a session, times, a refusal for a rate, the first window of a stream,
// and an order of addresses, for all files of this folder.
//
// Runs in:   gateway. Pure.
#pragma once

#include <cstdint>
#include <tuple>

#include "common/base/address.hpp"
#include "common/base/time.hpp"
#include "daemon/log/numbers.hpp"

namespace chatd::chat {

using logs::Slot;

// Read once for a batch of datagrams.
struct Now {
  MonoTime mono;
  WallTime wall;
};

// As rows of shared memory store a time: microseconds since 1970.
[[nodiscard]] constexpr std::int64_t micros_of(WallTime time) noexcept {
  return time.time_since_epoch().count();
}

// A command that must not be executed before `wait` has passed. It was counted as refused.
struct TooFast {
  Micros wait;
  double per_second;  // the limit that refused it
};

// Of a native session's stream before the first acknowledgement.
inline constexpr std::uint32_t kFirstWindow = 64U << 10U;

// Orders addresses as keys of a map.
struct AddressOrder {
  bool operator()(const IpAddress& a, const IpAddress& b) const noexcept {
    return std::tie(a.bytes, a.scope) < std::tie(b.bytes, b.scope);
  }
};

}  // namespace chatd::chat
