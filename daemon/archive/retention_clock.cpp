// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/retention_clock.hpp"

#include <algorithm>
#include <atomic>

#include <fmt/format.h>

#include "common/base/log.hpp"

namespace chatd::archive {

namespace {

Micros load_micros(const std::atomic<std::int64_t>& value) {
  return Micros{value.load(std::memory_order_relaxed)};
}

void store_micros(std::atomic<std::int64_t>& value, Micros micros) {
  value.store(micros.count(), std::memory_order_relaxed);
}

void report_ahead(Micros ahead) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(ahead);
  log(LogLevel::warning,
      fmt::format("history: the clock is ahead by {} minutes: messages that are too old only by "
                  "that are deleted in {} hours, if the clock stays so",
                  minutes.count(), RetentionClock::kBelievedAfter.count()),
      {{"CHATD_EVENT", "history"}, {"CHATD_STATE", "ok"}});
}

}  // namespace

WallTime RetentionClock::now(MonoTime mono, WallTime wall) {
  const Micros at = mono.time_since_epoch();
  const Micros last_at = load_micros(figures_.retention_mono);
  WallTime next = wall;
  if (last_at == Micros{0} || at < last_at) {
    store_micros(figures_.ahead_since, Micros{0});
  } else {
    const WallTime expected = WallTime{load_micros(figures_.retention_wall)} + (at - last_at);
    next = expected + believed(wall - expected, at);
  }
  store_micros(figures_.retention_wall, next.time_since_epoch());
  store_micros(figures_.retention_mono, at);
  return next;
}

Micros RetentionClock::believed(Micros ahead, Micros at) {
  const Micros since = load_micros(figures_.ahead_since);
  if (ahead <= kMaxJump) {
    store_micros(figures_.ahead_since, Micros{0});
    return ahead;
  }
  if (since == Micros{0}) {
    begin(ahead, at);
    return Micros{0};
  }
  const Micros least = std::min(load_micros(figures_.ahead_by), ahead);
  store_micros(figures_.ahead_by, least);
  if (at - since < kBelievedAfter) return Micros{0};
  if (ahead - least <= kMaxJump) {
    store_micros(figures_.ahead_since, Micros{0});
    return ahead;
  }
  begin(ahead - least, at);
  return least;
}

void RetentionClock::begin(Micros ahead, Micros at) {
  report_ahead(ahead);
  store_micros(figures_.ahead_by, ahead);
  store_micros(figures_.ahead_since, at);
}

}  // namespace chatd::archive
