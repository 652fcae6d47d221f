// SPDX-License-Identifier: GPL-3.0-or-later
// fan_out.hpp — one pass over a worker's members: what each has not had is sent.
//
// Runs in:   worker. Borrows: the StateView and the sockets.
// Owns:      the rendered batches and the send buffers; a pass does not allocate.
// Invariant: a member's `sent` offset moves only after the kernel took the datagrams, so a
//            worker killed at any instruction repeats at worst what was in its hands, and
//            never skips. Members are those whose slot number modulo `workers` is `index`.
//
// What is said waits for no timer: while a pass runs, messages pile up in the log and go out
// packed in the next one. Idle, a message leaves at once and alone; loaded, datagrams fill up.
// Only who comes and goes may wait a little, in a big room: see due_tail.hpp.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/base/time.hpp"
#include "common/wire/language.hpp"
#include "daemon/worker/due_tail.hpp"
#include "daemon/worker/lane.hpp"
#include "daemon/worker/line_batch.hpp"
#include "daemon/worker/native_feed.hpp"
#include "daemon/worker/steadiness.hpp"
#include "daemon/worker/unproved_bytes.hpp"

namespace chatd::worker {

class FanOut {
 public:
  FanOut(const state::StateView& state, const state::KeyTable& keys, std::span<const int> sockets,
         std::uint32_t index, std::uint32_t workers, wire::Language language,
         std::uint32_t unproved_bytes_per_second = 0);
  FanOut(const FanOut&) = delete;  // the batches borrow its buffer
  FanOut& operator=(const FanOut&) = delete;

  struct Outcome {
    bool more{false};  // some member is not up to date, and not because of a full socket
    // A native member waits for an answer until then, who came and went for company, or unproved
    // members for the account of what is sent to them.
    MonoTime again_at{MonoTime::max()};
  };
  // From so many members of ours on, who comes and goes may wait.
  static constexpr std::uint64_t kManyMembers = 128;

  // Brings each member up to what is due of the log, as far as a few datagrams reach. Looks at
  // the log and at nobody, if all that there is to do is to wait.
  Outcome pass(MonoTime now);

  // Has the log grown since the last pass began, has the gateway called, or has a member been
  // let in that the pass did not see? The gateway appends first and lets members in afterwards, so
  // what a new member is to get may be in the log already, with nothing to follow it. While
  // something waits, a new member waits with it.
  [[nodiscard]] bool has_news() const noexcept;

  // From now on nothing waits.
  void hurry() noexcept { hurries_ = true; }

  // Sockets whose buffer is full: their members wait until unblock().
  [[nodiscard]] bool is_blocked(std::size_t socket) const noexcept {
    return lanes_[socket].is_blocked();
  }
  void unblock(std::size_t socket) noexcept {
    lanes_[socket].unblock();
    last_.more = true;
  }

 private:
  [[nodiscard]] bool may_wait(std::uint64_t tail);
  Outcome serve_all(MonoTime now);
  NativeFeed::Served serve(std::uint32_t slot);
  const LineBatch& batch_for(std::uint64_t sent, const state::Sender& self);
  void hand_over(std::uint32_t slot, const state::Delivery& to, const LineBatch& batch);
  void flush(Lane& lane);
  void flush_all();

  std::span<state::SessionSlot> slots_;
  std::span<std::atomic<std::uint64_t>> active_;
  state::WorkerCounters& counters_;
  state::ProcessControl& control_;
  logs::RecordBuffer buffer_;  // for log_ and the batches; the record in it is used at once
  logs::LogFollower log_;
  LineBatch common_;  // for everybody who stands at the same offset
  LineBatch own_;     // for one who said something in that stretch: it is not echoed
  std::vector<Lane> lanes_;
  NativeFeed natives_;
  UnprovedBytes unproved_;
  std::vector<std::uint64_t> mine_;    // for each word of the bitmap, the bits that are ours
  std::vector<std::uint64_t> served_;  // of these, the members of the last pass
  DueTail due_;
  std::uint64_t calls_{0};
  std::uint64_t members_{0};
  bool hurries_{false};
  Outcome last_;
  Steadiness steadiness_;
};

}  // namespace chatd::worker
