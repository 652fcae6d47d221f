// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/worker/lane.hpp"

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
}

void Lane::add(const Endpoint& to, const IpAddress& from, std::span<const std::byte> bytes,
               std::size_t each, const Handed& handed) {
  writer_.add_run(to, from, bytes, each);
  for (const Mark& mark : handed.marks) marks_.push_back(mark);
  entries_.push_back({.marks = handed.marks.size(),
                      .lines = handed.lines,
                      .datagrams = handed.datagrams,
                      .appended = handed.appended,
                      .latency = handed.latency});
}

std::span<std::byte> Lane::room(std::size_t bytes) noexcept {
  if (arena_.size() - used_ < bytes) return {};
  return std::span{arena_}.subspan(used_, bytes);
}

// Entries in a row mostly have the same messages: they are counted at once.
void Lane::observe(std::span<const Entry> sent) {
  const std::int64_t now = clock_().time_since_epoch().count();
  while (!sent.empty()) {
    const Entry& first = sent.front();
    std::size_t same = 1;
    while (same < sent.size() && sent[same].appended == first.appended &&
           sent[same].latency == first.latency) {
      ++same;
    }
    if (first.latency != nullptr) state::observe(*first.latency, now - first.appended, same);
    sent = sent.subspan(same);
  }
}

void Lane::flush(state::WorkerCounters& counters) {
  const auto outcome = writer_.send(socket_);
  std::uint64_t lines = 0;
  std::uint64_t datagrams = 0;
  bool is_timed = false;
  auto mark = marks_.cbegin();
  for (const Entry& entry : std::span{entries_}.first(outcome.done)) {
    for (const auto end = mark + static_cast<std::ptrdiff_t>(entry.marks); mark != end; ++mark) {
      mark->sent->store(mark->value, std::memory_order_relaxed);
    }
    lines += entry.lines;
    datagrams += entry.datagrams;
    is_timed |= entry.latency != nullptr;
  }
  if (is_timed) observe(std::span{entries_}.first(outcome.done));
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
  used_ = 0;
}

}  // namespace chatd::worker
