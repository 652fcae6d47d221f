// SPDX-License-Identifier: GPL-3.0-or-later
// said_away.hpp — whether a member has said that it is away, and its text about that.
//
// Runs in:   gateway, and the supervisor for a snapshot. Part of the shared layout: a part of the
//            native slot. Each session of a member has the same values.
// Invariant: a value is whole whenever the gateway is killed: there are two copies. The gateway
//            writes the unused copy, and then uses that one.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

#include "common/wire/native/native_record.hpp"
#include "daemon/log/crash_point.hpp"
#include "daemon/state/short_text.hpp"

namespace chatd::state {

using wire::kMaxAwayBytes;

struct SaidAway {
  std::int64_t changed;           // microseconds since 1970; grows with each change; 0: never
  ShortText<kMaxAwayBytes> text;  // may be empty
  std::uint8_t is_away;
};

struct AwaySlot {
  // Written by: gateway.
  std::atomic<std::uint64_t> serial;  // copies[serial % 2] is in use
  std::array<SaidAway, 2> copies;
  // The last command `away` of this session: where it ends in the stream, times 2, and 1 if the
  // member is away by it. A command that is sent again has the same result.
  std::uint64_t decision;
};

// For the gateway, the only writer.
[[nodiscard]] inline const SaidAway& said_away(const AwaySlot& slot) noexcept {
  return slot.copies[slot.serial.load(std::memory_order_relaxed) % 2];
}

inline void say_away(AwaySlot& slot, const SaidAway& value) noexcept {
  const std::uint64_t serial = slot.serial.load(std::memory_order_relaxed);
  slot.copies[(serial + 1) % 2] = value;
  logs::crash_point();
  slot.serial.store(serial + 1, std::memory_order_release);
  logs::crash_point();
}

}  // namespace chatd::state
