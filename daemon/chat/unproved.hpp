// SPDX-License-Identifier: GPL-3.0-or-later
// unproved.hpp — the text sessions whose address may be spoofed, and their common limits.
//
// Runs in:   gateway. Pure: the time is an argument. Private memory: rebuilt from the session
//            table (Delivery::unproved) by a new gateway.
// Unproved:  a text session of another machine, until a datagram of it arrives kProof or more
//            after its login. A datagram right after the login proves nothing: a peer that spoofs
//            an L can also spoof the C that follows.
// Invariant: at most `limit` unproved sessions are kept (text.listeners); above it surplus()
//            returns the one that was silent for longest. So spoofed sessions must stay among the
//            `limit` latest ones for kProof, and at most `limit` of them pass in that time.
//            Nothing is allocated after construction.
// See:       ARCHITECTURE.md, section 7; daemon/worker/unproved_bytes.hpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "common/base/rate_limit.hpp"
#include "common/base/time.hpp"
#include "daemon/chat/types.hpp"

namespace chatd::chat {

class Unproved {
 public:
  static constexpr Micros kProof = std::chrono::seconds{10};
  // Messages of all unproved sessions together: the same number as logins of other machines, see
  // daemon/limits/unauthenticated_limits.cpp. Each message costs a line for every member.
  static constexpr double kLinesPerSecond = 100;
  static constexpr std::uint32_t kLinesAtOnce = 500;

  // `limit` 0: no limit. `capacity`: of the session table.
  Unproved(std::uint32_t limit, std::uint32_t capacity) : limit_{limit}, place_(capacity) {
    entries_.reserve(capacity);
  }

  // `since`: the time of the login, or the earliest known time; `heard`: of its last datagram.
  void add(Slot slot, MonoTime since, MonoTime heard) {
    place_[slot] = static_cast<std::uint32_t>(entries_.size());
    entries_.push_back({.slot = slot, .serial = ++serial_, .since = since, .heard = heard});
  }
  // The session has left, or its address is proven.
  void forget(Slot slot) noexcept {
    const auto place = std::exchange(place_[slot], std::nullopt);
    if (!place) return;
    if (*place + 1 != entries_.size()) {
      entries_[*place] = entries_.back();
      place_[entries_[*place].slot] = place;
    }
    entries_.pop_back();
  }
  [[nodiscard]] bool contains(Slot slot) const noexcept { return place_[slot].has_value(); }
  // A datagram arrived. True: it proves the address, and the session is removed here.
  [[nodiscard]] bool heard(Slot slot, MonoTime now) noexcept {
    Entry& entry = entries_[place_[slot].value()];
    entry.heard = now;
    entry.serial = ++serial_;
    if (now - entry.since < kProof) return false;
    forget(slot);
    return true;
  }
  // A session to remove, if there are more than the limit.
  [[nodiscard]] std::optional<Slot> surplus() const noexcept {
    if (limit_ == 0 || entries_.size() <= limit_) return std::nullopt;
    return std::ranges::min_element(entries_, {},
                                    [](const Entry& entry) {
                                      return std::tuple{entry.heard, entry.serial};
                                    })
        ->slot;
  }
  // Charges one message of any unproved session. Set: refused, and how long to wait.
  [[nodiscard]] std::optional<Micros> refuse_line(MonoTime now) noexcept {
    return lines_.refuse(arrival_, now);
  }
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct Entry {
    Slot slot;
    std::uint64_t serial;  // orders sessions with the same time
    MonoTime since;
    MonoTime heard;
  };

  std::uint32_t limit_;
  std::vector<std::optional<std::uint32_t>> place_;  // by slot: its index in entries_
  std::vector<Entry> entries_;
  std::uint64_t serial_{0};
  RateLimit lines_{kLinesPerSecond, kLinesAtOnce};
  std::int64_t arrival_{0};
};

}  // namespace chatd::chat
