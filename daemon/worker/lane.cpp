// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/worker/lane.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace chatd::worker {

namespace {

// Datagrams of one sendmmsg(). More is not faster, and a killed worker repeats at most these.
constexpr std::size_t kEntriesPerCall = 64;
constexpr std::size_t kArenaBytes = std::size_t{256} << 10U;

}  // namespace

Lane::Lane(int socket, WallClock clock)
    : socket_{socket}, clock_{std::move(clock)}, writer_{kEntriesPerCall}, arena_(kArenaBytes) {
  entries_.reserve(kEntriesPerCall);
  marks_.reserve(kMarksPerCall);
  timed_.reserve(kEntriesPerCall);
}

void Lane::add(const Endpoint& to, const IpAddress& from, std::span<const std::byte> bytes,
               std::size_t each, const Handed& handed) {
  writer_.add_run(to, from, bytes, each);
  for (const Mark& mark : handed.marks) marks_.push_back(mark);
  const bool was_timed = !timed_.empty();
  if (was_timed
          ? timed_.back().appended != handed.appended || timed_.back().latency != handed.latency
          : handed.latency != nullptr) {
    begin_timed(handed);
  }
  entries_.push_back(
      {.marks = handed.marks.size(), .lines = handed.lines, .datagrams = handed.datagrams});
}

std::span<std::byte> Lane::room(std::size_t bytes) noexcept {
  if (arena_.size() - used_ < bytes) return {};
  return std::span{arena_}.subspan(used_, bytes);
}

void Lane::begin_timed(const Handed& handed) {
  timed_.push_back(
      {.first = entries_.size(), .appended = handed.appended, .latency = handed.latency});
}

// The kernel has taken the first `sent` entries.
void Lane::observe(std::size_t sent) {
  const std::int64_t now = clock_().time_since_epoch().count();
  for (auto timed = timed_.cbegin(); timed != timed_.cend() && timed->first < sent; ++timed) {
    const auto next = std::next(timed);
    const std::size_t end = next == timed_.cend() ? sent : std::min(next->first, sent);
    if (timed->latency == nullptr) continue;
    state::observe(*timed->latency, now - timed->appended, end - timed->first);
  }
}

void Lane::flush(state::WorkerCounters& counters) {
  const auto outcome = writer_.send(socket_);
  std::uint64_t lines = 0;
  std::uint64_t datagrams = 0;
  auto mark = marks_.cbegin();
  for (const Entry& entry : std::span{entries_}.first(outcome.done)) {
    for (const auto end = mark + static_cast<std::ptrdiff_t>(entry.marks); mark != end; ++mark) {
      mark->sent->store(mark->value, std::memory_order_relaxed);
    }
    lines += entry.lines;
    datagrams += entry.datagrams;
  }
  if (!timed_.empty()) observe(outcome.done);
  state::count(counters.lines_delivered, lines);
  state::count(counters.datagrams_sent, datagrams - outcome.failed);
  state::count(counters.datagrams_failed, outcome.failed);
  if (outcome.would_block) {
    state::count(counters.send_blocked);
    blocked_ = true;
  }
  writer_.clear();
  entries_.clear();
  marks_.clear();
  timed_.clear();
  used_ = 0;
}

}  // namespace chatd::worker
