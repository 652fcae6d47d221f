// SPDX-License-Identifier: GPL-3.0-or-later
// unproved.hpp — the text sessions whose address may be forged, and what they may cost together.
//
// Runs in:   gateway. Pure: the time is an argument. Private memory: rebuilt from the session
//            table (Delivery::unproved) by a new gateway.
// Unproved:  a text session of another machine, until it is heard of kProof or more after its
//            login. A word right after the login proves nothing: who forges an L also forges
//            the C that follows.
// Invariant: of unproved sessions at most `limit` are kept (text.listeners); beyond it the one
//            that was silent for longest is for surplus(). So a forger must keep its sessions among
//            the `limit` latest ones for kProof, and gets at most `limit` sessions through in
//            that time. Nothing is allocated after construction.
// See:       ARCHITECTURE.md, section 7; daemon/worker/unproved_bytes.hpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include "common/base/rate_limit.hpp"
#include "common/base/time.hpp"

namespace chatd::chat {

class Unproved {
 public:
  static constexpr Micros kProof = std::chrono::seconds{10};
  // Messages of all unproved sessions together: as many as there may be logins of other machines,
  // see daemon/gateway/strangers.cpp. Each costs a line for every member.
  static constexpr double kLinesPerSecond = 100;
  static constexpr std::uint32_t kLinesAtOnce = 500;

  // `limit` 0: none. `capacity`: of the session table.
  Unproved(std::uint32_t limit, std::uint32_t capacity) : limit_{limit}, place_(capacity, kNone) {
    entries_.reserve(capacity);
  }

  // `since`: the login, or what is known of it; `heard`: its last word.
  void add(std::uint32_t slot, MonoTime since, MonoTime heard) {
    place_[slot] = static_cast<std::uint32_t>(entries_.size());
    entries_.push_back({.slot = slot, .serial = ++serial_, .since = since, .heard = heard});
  }
  // The session has left, or is proved.
  void forget(std::uint32_t slot) noexcept {
    const std::uint32_t place = place_[slot];
    if (place == kNone) return;
    place_[slot] = kNone;
    if (place + 1 != entries_.size()) {
      entries_[place] = entries_.back();
      place_[entries_[place].slot] = place;
    }
    entries_.pop_back();
  }
  [[nodiscard]] bool contains(std::uint32_t slot) const noexcept { return place_[slot] != kNone; }
  // True: this word proves it, and it is counted here no more.
  [[nodiscard]] bool heard(std::uint32_t slot, MonoTime now) noexcept {
    Entry& entry = entries_[place_[slot]];
    entry.heard = now;
    entry.serial = ++serial_;
    if (now - entry.since < kProof) return false;
    forget(slot);
    return true;
  }
  // A session that is to be removed, since there are too many.
  [[nodiscard]] std::optional<std::uint32_t> surplus() const noexcept {
    if (limit_ == 0 || entries_.size() <= limit_) return std::nullopt;
    return std::ranges::min_element(entries_, {},
                                    [](const Entry& entry) {
                                      return std::tuple{entry.heard, entry.serial};
                                    })
        ->slot;
  }
  // One more message of any of them: nullopt, or how long to wait.
  [[nodiscard]] std::optional<Micros> refuse_line(MonoTime now) noexcept {
    return lines_.refuse(arrival_, now);
  }
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  struct Entry {
    std::uint32_t slot;
    std::uint64_t serial;  // of two with one time, the earlier one is less
    MonoTime since;
    MonoTime heard;
  };

  std::uint32_t limit_;
  std::vector<std::uint32_t> place_;  // by slot, in entries_
  std::vector<Entry> entries_;
  std::uint64_t serial_{0};
  RateLimit lines_{kLinesPerSecond, kLinesAtOnce};
  std::int64_t arrival_{0};
};

}  // namespace chatd::chat
