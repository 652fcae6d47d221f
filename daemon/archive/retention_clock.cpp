// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/retention_clock.hpp"

#include <atomic>

#include <fmt/format.h>

#include "common/base/log.hpp"

namespace chatd::archive {

namespace {

std::int64_t load_micros(const std::atomic<std::int64_t>& value) {
  return value.load(std::memory_order_relaxed);
}

void report_jump(Micros ahead) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(ahead);
  log(LogLevel::warning,
      fmt::format(
          "history: the clock was set forward by {} minutes: messages that are too old only "
          "by that are deleted in {} hours, if the clock stays so",
          minutes.count(), RetentionClock::kBelievedAfter.count()),
      {{"CHATD_EVENT", "history"}, {"CHATD_STATE", "ok"}});
}

}  // namespace

WallTime RetentionClock::now(MonoTime mono, WallTime wall) {
  const std::int64_t at = mono.time_since_epoch().count();
  const Micros passed{at - load_micros(figures_.retention_mono)};
  const WallTime last{Micros{load_micros(figures_.retention_wall)}};
  const bool is_first = load_micros(figures_.retention_mono) == 0 || passed < Micros{0};
  const Micros ahead = wall - (last + passed);
  std::int64_t since = load_micros(figures_.ahead_since);
  WallTime next = wall;
  if (is_first || ahead <= kMaxJump || (since != 0 && Micros{at - since} >= kBelievedAfter)) {
    since = 0;
  } else {
    if (since == 0) report_jump(ahead);
    since = since == 0 ? at : since;
    next = last + passed;
  }
  figures_.ahead_since.store(since, std::memory_order_relaxed);
  figures_.retention_wall.store(next.time_since_epoch().count(), std::memory_order_relaxed);
  figures_.retention_mono.store(at, std::memory_order_relaxed);
  return next;
}

}  // namespace chatd::archive
