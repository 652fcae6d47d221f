// SPDX-License-Identifier: GPL-3.0-or-later
// fan_out.hpp — one pass over a worker's members: sends to each the records it has not got.
//
// Runs in:   worker. Borrows: the StateView and the sockets.
// Owns:      the rendered batches and the send buffers; a pass does not allocate.
// Invariant: a member's `sent` offset moves only after the kernel took the datagrams, so a
//            worker killed at any instruction repeats at most one batch of datagrams, and
//            never skips one. Members are those whose slot number modulo `workers` is `index`.
//
// A message waits for no timer: messages that arrive during a pass are packed into the datagrams
// of the next one. An idle worker sends a message at once and alone; under load datagrams fill up.
// Only joins and leaves in a big room may be delayed: see due_tail.hpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "common/base/time.hpp"
#include "common/wire/language.hpp"
#include "daemon/worker/due_tail.hpp"
#include "daemon/worker/lane.hpp"
#include "daemon/worker/line_batch.hpp"
#include "daemon/worker/native_feed.hpp"
#include "daemon/worker/room_followers.hpp"
#include "daemon/worker/steadiness.hpp"
#include "daemon/worker/unproved_bytes.hpp"

namespace chatd::worker {

class FanOut {
 public:
  // `control`: the row of its process.
  FanOut(const state::StateView& state, state::ProcessControl& control, const state::KeyTable& keys,
         std::span<const int> sockets, std::uint32_t index, std::uint32_t workers,
         wire::Language language, std::uint32_t unproved_bytes_per_second = 0,
         WallClock clock = &wall_now);

  struct Outcome {
    bool more{false};  // some member is not up to date, and not because of a full socket
    // The next pass at the latest: for a timer of a native member, the end of coalescing, or the
    // byte limit of unproved members.
    MonoTime again_at{MonoTime::max()};
  };
  // From so many members of this worker on, joins and leaves may be delayed.
  static constexpr std::uint64_t kManyMembers = 128;

  // Sends to each member the records that are due, at most a few datagrams each. If nothing else is
  // new, or if all new records of the default room are delayed, serves only the members of further
  // rooms with news, and the native members whose timers have expired or will soon. Serves no
  // member if there are no news, no call and no expired timer: the gateway rings the bell after
  // each batch of datagrams, and the last pass may have sent the records of the batch already.
  Outcome pass(MonoTime now);

  // True if the log has grown since the last pass began, if the gateway called, or if a member was
  // activated that the pass did not see. The gateway appends first and activates afterwards, so
  // the records for a new member may be in the log already, and no record may follow. While
  // records are delayed, a new member is served with them.
  [[nodiscard]] bool has_news() const noexcept;

  // From now on no record is delayed.
  void hurry() noexcept { hurries_ = true; }

  // The socket's buffer is full: its members are not served until unblock().
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
  // Serves the sessions that are due in rooms_.
  void serve_due(MonoTime now);
  // Some sessions that wait in rooms_ become due.
  void resume_waiting(MonoTime now) noexcept;
  [[nodiscard]] bool has_new_members() const noexcept;
  NativeFeed::Served serve(state::Slot slot);
  // If the member's timer runs, the session waits in rooms_, until the timer ends.
  NativeFeed::Served serve_native(state::Slot slot, MonoTime now);
  const LineBatch& batch_for(std::uint64_t sent, const state::Sender& self);
  struct Member;
  [[nodiscard]] static std::optional<Member> look_at(state::SessionSlot& slot);
  void hand_over(state::Slot slot, const Member& member, const LineBatch& batch);
  void flush(Lane& lane);
  void flush_all();

  std::span<state::SessionSlot> slots_;
  std::span<std::atomic<std::uint64_t>> active_;
  state::WorkerCounters& counters_;
  state::DeliveryLatency& latency_;
  state::ProcessControl& control_;
  // For log_ and the batches, which use the record in it at once. On the heap: they borrow it.
  std::unique_ptr<logs::RecordBuffer> buffer_;
  logs::LogFollower log_;
  LineBatch common_;  // for all members at the same offset
  LineBatch own_;     // for a sender of a record in that range: without its own lines
  std::vector<Lane> lanes_;
  NativeFeed natives_;
  UnprovedBytes unproved_;
  std::vector<std::uint64_t> mine_;    // for each word of the bitmap, the bits of this worker
  std::vector<std::uint64_t> served_;  // of these, the members that the last pass served
  RoomFollowers rooms_;
  // When the first of the sessions that wait in rooms_ may become due.
  MonoTime natives_again_at_{MonoTime::max()};
  bool accepted_late_acks_{false};  // a timer may run that accepts late acknowledgements
  DueTail due_;
  std::uint64_t calls_{0};
  std::uint64_t members_{0};
  bool hurries_{false};
  Outcome last_{.more = true};  // of the last serve_all(); the first pass calls it
  Steadiness steadiness_;
};

}  // namespace chatd::worker
