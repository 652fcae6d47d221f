// SPDX-License-Identifier: GPL-3.0-or-later
// event_feed.hpp — the last events of this gateway, for `chatctl events`.
//
// Runs in:   gateway. Pure: the time is an argument, and no call logs.
// Owns:      a ring of kKept events, and the requests of the followers that wait for the next one.
// Invariant: memory is bounded, however many events there are and however slow a follower is: it
//            gets the number of events that were overwritten before it asked for them.
//            Neither one user nor all others together can keep root and the daemon's own user out.
// Errors:    a Refusal: too many followers, or a cursor that no feed wrote.
//
// A follower asks again with the cursor of its last answer. The cursor names the feed. The numbers
// of the events go on from one gateway to the next: with the cursor of a gateway that was replaced
// a follower continues with the first event of the next one, and gets the number of those between.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "common/base/log.hpp"
#include "common/base/time.hpp"
#include "common/wire/control/event_reports.hpp"
#include "daemon/control/handlers.hpp"

namespace chatd::gateway {

class EventFeed {
 public:
  static constexpr std::size_t kKept = 1024;
  static constexpr std::size_t kMaxFollowers = 8;
  static constexpr std::size_t kReserved = 2;     // of these, for root and the daemon's own user
  static constexpr std::size_t kOfOneUser = 3;    // except root and the daemon's own user
  static constexpr std::size_t kMaxEvents = 256;  // in one answer
  // A follower that waits so long gets an answer without events.
  static constexpr Micros kLongestWait = std::chrono::seconds{5};
  // A follower that does not ask again within this time gives its place to another one.
  static constexpr Micros kLongestPause = std::chrono::seconds{5};

  using Done = control::Done<wire::EventsReport>;

  // `id` is random: no other feed has it. `first` is the number of the first event: how many the
  // gateways before had.
  EventFeed(std::uint64_t id, std::uint64_t first) : id_{id}, begin_{first}, first_{first} {}

  // Keeps a log record that has the field CHATD_EVENT.
  void note(const LogRecord& record, WallTime now);
  // Answers now or in a later tick(). Without a cursor the follower begins with the next event, and
  // gets its first cursor at once. `user` is the user of the follower.
  void follow(std::string_view cursor, uid_t user, Done done, MonoTime now);
  // Answers followers for which there are events, or that have waited for kLongestWait.
  void tick(MonoTime now);
  // The number of the next event.
  [[nodiscard]] std::uint64_t end() const noexcept { return first_ + events_.size(); }
  // The process ends: answers all.
  void release(MonoTime now);

 private:
  struct Follower {
    std::uint64_t id;
    uid_t user;
    MonoTime expires;       // when its place is free, unless a request waits
    Done done;              // of the request that waits for an answer; null: none
    std::uint64_t from{0};  // the number of the next event that it gets
    MonoTime since;         // the time of the request
  };
  // "FEED-FOLLOWER-EVENT", in hexadecimal.
  struct Cursor {
    std::uint64_t feed;
    std::uint64_t follower;
    std::uint64_t event;
  };
  [[nodiscard]] static std::optional<Cursor> parse(std::string_view text);
  [[nodiscard]] Follower* find_or_add(std::uint64_t follower, uid_t user, MonoTime now);
  [[nodiscard]] bool has_place_for(uid_t user) const;
  void answer(Follower& follower, MonoTime now);

  std::uint64_t id_;
  std::uint64_t begin_;  // the number of the first event of this gateway
  std::uint64_t last_follower_{0};
  std::deque<wire::EventRow> events_;
  std::uint64_t first_;  // the number of events_.front()
  std::vector<Follower> followers_;
};

}  // namespace chatd::gateway
