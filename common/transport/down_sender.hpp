// SPDX-License-Identifier: GPL-3.0-or-later
// down_sender.hpp — plans what to send to one native member now: fresh bytes, repairs, probes.
//
// Runs in:   worker, for each of its members; tests, in a simulated network. Pure.
// Owns:      nothing. The DownState lies in shared memory, so that the successor of a killed
//            worker continues from it; the next acknowledgement corrects what was not stored.
// Invariant: no packet is stored. Streams are logs, so every byte can be read again at its
//            offset; a byte that is sent twice does no harm, one that is never sent shows as a
//            hole.
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

// The newest acknowledgements of the member.
struct Acks {
  std::uint64_t serial{};  // grows with each ACK
  DownOffsets acked{};
  std::array<std::uint32_t, wire::kDownStreams> window{};
  Rtt rtt{};
  std::span<const wire::Hole> holes;  // of the room stream
  bool is_steady{false};              // messages follow each other; see kSteadyAckDelay
};

struct DownState {
  DownOffsets sent{};
  Congestion congestion{};
  std::uint64_t acked_bytes{0};  // of both streams, as of `serial`
  std::uint64_t serial{0};
  std::uint64_t repaired_to{0};        // room stream: holes below were repaired at `repaired_at`
  std::int64_t repaired_at{0};         // microseconds, monotonic
  std::int64_t timer{0};               // when to probe; 0: nothing is in flight
  std::uint32_t probes{0};             // in a row without an answer
  std::uint32_t held_back{0};          // the window was full last time
  std::uint64_t accepts_late_acks{0};  // the timer runs longer, by DownPlan::extra_ack_time

  // A new session: nothing is in flight.
  static DownState at(const DownOffsets& start) noexcept {
    DownState state;
    state.sent = start;
    state.acked_bytes = start[0] + start[1];
    return state;
  }
};

struct Range {
  std::uint8_t stream;
  bool fresh;  // not a repair: the caller moves `sent` when the kernel has taken it
  std::uint64_t from;
  std::uint64_t to;
};

struct DownPlan {
  std::array<Range, wire::kMaxGaps + 4> range{};
  std::size_t ranges{0};
  // More bytes are pending; the next acknowledgement makes space for them.
  bool waits_for_ack{false};
  // How much longer than usual the next acknowledgement may take: in a steady stream, on a path
  // without recent losses.
  Micros extra_ack_time{0};
  // The member was silent for too long: nothing is sent until a packet of it arrives.
  bool waits_for_packet{false};

  void add(const Range& one) noexcept {
    if (one.from < one.to && ranges < range.size()) range[ranges++] = one;
  }
};

// `tails`: the ends of the logs. `datagram`: payload bytes of one datagram. Updates `state` except
// for `sent`, which the caller moves as far as the kernel took the ranges.
[[nodiscard]] DownPlan plan_down(DownState& state, const Acks& acks, const DownOffsets& tails,
                                 std::uint32_t datagram, MonoTime now) noexcept;

// After so many probes without an answer the window collapses (RFC 9002, 7.6), and datagrams
// longer than kBaseDatagram are not used any more (RFC 8899, 4.3).
inline constexpr std::uint32_t kProbesToSilence = 3;
// After so many probes without an answer, the last ones two seconds apart, nothing is sent until
// a packet of the member arrives. That is more than a minute; by then the member counts as away.
inline constexpr std::uint32_t kMaxProbes = 40;

}  // namespace chatd::transport
