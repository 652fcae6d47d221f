// SPDX-License-Identifier: GPL-3.0-or-later
// down_sender.hpp — plans what to send to one native member now: fresh bytes, repairs, probes.
//
// Runs in:   worker, for each of its members; tests, in a simulated network. Pure.
// Borrows:   the DownState of the member and the StreamState of each stream. They lie in shared
//            memory, so that the successor of a killed worker continues from them; the next
//            acknowledgement corrects what was not stored.
// Invariant: no packet is stored. Streams are logs, so every byte can be read again at its
//            offset; a byte that is sent twice does no harm, one that is never sent shows as a
//            hole. All offsets are clamped (acked <= sent <= tail): other processes can write that
//            memory, and a stream can have been replaced.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "common/base/time.hpp"
#include "common/transport/congestion.hpp"
#include "common/transport/rtt.hpp"
#include "common/wire/native/native_frame.hpp"

namespace chatd::transport {

// The values of one stream that are kept from plan to plan.
struct StreamState {
  // `seen_acked` of a stream that had nothing in flight.
  static constexpr std::uint64_t kIdle = ~0ULL;

  std::atomic<std::uint64_t> sent{0};  // every byte below was sent; the caller moves it
  std::uint64_t repaired_to{0};        // holes below were repaired at `repaired_at`
  std::int64_t repaired_at{0};         // microseconds, monotonic
  std::uint64_t recovery{0};           // a loss below this offset does not reduce the window again
  std::uint64_t seen_acked{kIdle};     // at the last look for stalled streams

  // A new stream, or the same one in a new session: nothing is in flight.
  void begin(std::uint64_t offset) noexcept {
    sent.store(offset, std::memory_order_relaxed);
    repaired_to = 0;
    repaired_at = 0;
    recovery = 0;
    seen_acked = kIdle;
  }
};

// One stream of a member: its end, the newest acknowledgement, and its state.
struct SendStream {
  std::uint8_t number{};                // in frames
  std::uint32_t window{};               // bytes that the member takes beyond `acked`
  std::uint64_t tail{};                 // the end of the log
  std::uint64_t acked{};                // the member has every byte below
  std::span<const wire::Hole> holes{};  // bytes that it lacks, from `acked` on
  StreamState* state{nullptr};
  std::uint64_t sent{};  // set by plan_down(): the clamped `state->sent`
};

// The newest acknowledgements of the member, of all its streams.
struct Acks {
  std::uint64_t serial{};       // grows with each ACK
  std::uint64_t acked_bytes{};  // in this session so far, also of streams that have ended
  Rtt rtt{};
  bool is_steady{false};  // messages follow each other; see kSteadyAckDelay
};

// The values that all streams of a member share.
struct DownState {
  Congestion congestion{};
  std::uint64_t acked_bytes{0};  // as of `serial`
  std::uint64_t serial{0};
  std::int64_t timer{0};               // when to probe; 0: nothing is in flight
  std::int64_t next_look{0};           // when to look for stalled streams again
  std::int64_t repaired_at{0};         // the last repair of any stream; microseconds, monotonic
  std::uint32_t probes{0};             // in a row without an answer
  std::uint32_t held_back{0};          // the window was full last time
  std::uint32_t accepts_late_acks{0};  // the timer runs longer, by DownPlan::extra_ack_time
  std::uint32_t first_served{0};       // the room stream that was served first last time
};

struct Range {
  std::uint8_t stream;  // index of the SendStream
  bool fresh;           // not a repair: the caller moves `sent` when the kernel has taken it
  std::uint64_t from;
  std::uint64_t to;
};

struct DownPlan {
  static constexpr std::size_t kMaxRanges = 40;

  std::array<Range, kMaxRanges> range;  // the first `ranges` of them
  std::size_t ranges{0};
  // More ranges are due than a plan has space for: plan again when these are sent.
  bool is_cut{false};
  // More bytes are pending; the next acknowledgement makes space for them.
  bool waits_for_ack{false};
  // The member was silent for too long: nothing is sent until a packet of it arrives.
  bool waits_for_packet{false};
  // How much longer than usual the next acknowledgement may take: in a steady stream, on a path
  // without recent losses.
  Micros extra_ack_time{0};

  // False, and nothing is added: the range is empty or the plan is full.
  bool add(const Range& one) noexcept {
    if (one.from >= one.to) return false;
    is_cut |= ranges == kMaxRanges;
    if (is_cut) return false;
    range[ranges++] = one;
    return true;
  }
};

// `streams`: in the order of their numbers. The mailbox is served first, then the rooms; of
// several rooms another one begins each time. A stream that has nothing in flight and nothing to
// send can be left out. `datagram`: payload bytes of one datagram. Updates the states except for
// `sent`, which the caller moves as far as the kernel took the ranges.
// When the timer expires, the mailbox may send one datagram although further rooms fill the window.
[[nodiscard]] DownPlan plan_down(DownState& state, const Acks& acks, std::span<SendStream> streams,
                                 std::uint32_t datagram, MonoTime now) noexcept;

// After so many probes without an answer the window collapses (RFC 9002, 7.6), and datagrams
// longer than kBaseDatagram are not used any more (RFC 8899, 4.3).
inline constexpr std::uint32_t kProbesToSilence = 3;
// After so many probes without an answer, the last ones two seconds apart, nothing is sent until
// a packet of the member arrives. That is more than a minute; by then the member counts as away.
inline constexpr std::uint32_t kMaxProbes = 40;

}  // namespace chatd::transport
