// SPDX-License-Identifier: GPL-3.0-or-later
// down_sender.hpp — what to send to one native member now: fresh bytes, repairs, probes.
//
// Runs in:   worker, for each of its members; tests, in a simulated network. Pure.
// Owns:      nothing: the DownState lies in shared memory, so that a worker's successor goes
//            on where it was killed; what it forgets, an acknowledgement tells it again.
// Invariant: no packet is remembered. Streams are logs, so every byte can be cut anew from
//            its offset; a byte sent twice is harmless, one never sent shows as a hole.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "common/base/time.hpp"
#include "common/transport/congestion.hpp"
#include "common/transport/rtt.hpp"
#include "common/wire/native_frame.hpp"

namespace chatd::transport {

using DownOffsets = std::array<std::uint64_t, wire::kDownStreams>;

// What the member said last.
struct Acks {
  std::uint64_t serial{};  // another one: something new was said
  DownOffsets acked{};
  std::array<std::uint32_t, wire::kDownStreams> window{};
  Rtt rtt{};
  std::span<const wire::Hole> holes;  // of the room's stream
  bool is_steady{false};              // more is said all the time; see kSteadyAckDelay
};

struct DownState {
  DownOffsets sent{};
  Congestion congestion{};
  std::uint64_t acked_bytes{0};  // of both streams, when `serial` was taken
  std::uint64_t serial{0};
  std::uint64_t repaired_to{0};  // of the room: holes below were repaired at `repaired_at`
  std::int64_t repaired_at{0};   // microseconds, monotonic
  std::int64_t timer{0};         // when to probe; 0: nothing is on the way
  std::uint32_t probes{0};       // in a row, without an answer
  std::uint32_t held_back{0};    // the window was in the way last time
  std::uint64_t is_patient{0};   // the timer may run over, by DownPlan::patience

  // A new session: nothing on the way.
  static DownState at(const DownOffsets& start) noexcept {
    DownState state;
    state.sent = start;
    state.acked_bytes = start[0] + start[1];
    return state;
  }
};

struct Range {
  std::uint8_t stream;
  bool fresh;  // not a repair: `sent` moves when the kernel has taken it
  std::uint64_t from;
  std::uint64_t to;
};

struct DownPlan {
  std::array<Range, wire::kMaxGaps + 4> range{};
  std::size_t ranges{0};
  // There is more, and the next acknowledgement lets it go.
  bool waits_for_ack{false};
  // The next acknowledgement may come that much later than usual: of a steady stream, on a path
  // that has lost nothing lately.
  Micros patience{0};
  // It was silent for too long: nothing more is sent until it says anything at all.
  bool waits_for_word{false};

  void add(const Range& one) noexcept {
    if (one.from < one.to && ranges < range.size()) range[ranges++] = one;
  }
};

// `tails`: how far the logs reach. `datagram`: payload bytes of one. Moves everything in
// `state` but `sent`, which the caller moves as far as the kernel took the ranges.
[[nodiscard]] DownPlan plan_down(DownState& state, const Acks& acks, const DownOffsets& tails,
                                 std::uint32_t datagram, MonoTime now) noexcept;

// After so many, the network is full or broken: the window collapses (RFC 9002, 7.6), and
// datagrams longer than every path carries are no longer trusted (RFC 8899, 4.3).
inline constexpr std::uint32_t kProbesToSilence = 3;
// After so many probes, the last ones two seconds apart, nothing is sent to a member until it
// says something: more than a minute of silence, and by then it counts as away.
inline constexpr std::uint32_t kMostProbes = 40;

}  // namespace chatd::transport
