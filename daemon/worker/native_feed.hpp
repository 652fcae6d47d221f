// SPDX-License-Identifier: GPL-3.0-or-later
// native_feed.hpp — sends one native member the bytes it lacks: plans, cuts, packs, seals.
//
// Runs in:   worker.
// Borrows:   the StateView, the keys, the lane of the member's socket.
// Invariant: a packet's counter is taken from shared memory before it is sealed, so that no
//            nonce is used twice, also if a process is killed at any step. Bytes are read from the
//            log each time they are sent; no packet is kept.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <span>

#include "common/crypto/aead.hpp"
#include "common/transport/down_sender.hpp"
#include "daemon/log/log_follower.hpp"
#include "daemon/log/message_times.hpp"
#include "daemon/state/key_table.hpp"
#include "daemon/state/native_slot.hpp"
#include "daemon/worker/lane.hpp"
#include "daemon/worker/member_streams.hpp"

namespace chatd::worker {

class NativeFeed {
 public:
  NativeFeed(const state::StateView& state, const state::KeyTable& keys, state::Histogram& latency,
             WallClock clock);

  struct Served {
    bool more{false};                    // another pass is needed
    MonoTime again_at{MonoTime::max()};  // serve it then, at the latest
  };
  struct Room {
    std::uint64_t tail{};
    bool is_steady{false};  // messages arrive all the time, see steadiness.hpp
  };
  Served serve(state::Slot slot, const Room& room, std::span<Lane> lanes,
               state::WorkerCounters& counters, MonoTime now);

 private:
  struct Job;
  [[nodiscard]] bool begin_packet(Job& job);
  [[nodiscard]] bool begin_run(Job& job);
  void write_gaps(Job& job);
  void end_packet(Job& job);
  void end_run(Job& job);
  // False: this turn can send no more.
  [[nodiscard]] bool put(Job& job, const transport::Range& range);
  void time_from_now(state::NativeSlot& native);
  void time(Job& job, const transport::Range& range);
  void mark(Job& job, std::atomic<std::uint64_t>& sent, std::uint64_t offset);
  std::size_t put_some(Job& job, const transport::Range& range, std::uint64_t from);

  std::span<state::NativeSlot> slots_;
  const state::KeyTable& keys_;
  MemberStreams streams_;
  crypto::Aead aead_;
  state::Histogram& latency_;
  WallClock clock_;
  logs::MessageTimes times_;
  std::array<Mark, Lane::kMaxMarks> marks_{};  // of the run that is being filled
};

}  // namespace chatd::worker
