// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/limits/top_sources.hpp"

#include <algorithm>
#include <functional>

namespace chatd::gateway {

namespace {

bool is_used(const TopSources::Source& entry) { return entry.last != MonoTime::min(); }

}  // namespace

TopSources::Source* TopSources::note(const IpAddress& address, MonoTime now) noexcept {
  ++total_;
  const IpAddress network = network_of(address);
  auto* const known = std::ranges::find_if(
      entries_, [&](const Source& entry) { return is_used(entry) && entry.network == network; });
  if (known != entries_.end()) {
    known->is_new = now - known->last >= kRemembered;
    known->last = now;
    ++known->count;
    return known;
  }
  // The entry with the lowest count; among equals the one whose last event is the oldest.
  auto* const entry = std::ranges::min_element(entries_, {}, [](const Source& source) {
    return std::pair{source.count, source.last};
  });
  if (entry->count == 0) {
    *entry = {.network = network, .count = 1, .last = now, .is_new = true, .is_logged = false};
    return entry;
  }
  // One event of the new network and one of each entry cancel out (Misra and Gries). This loop
  // removes what kEntries earlier calls added, so its average cost for each call is constant.
  for (Source& source : entries_) --source.count;
  return nullptr;
}

std::span<const TopSources::Source> TopSources::sorted() noexcept {
  std::ranges::sort(entries_, std::greater{}, &Source::count);
  return entries_;
}

void TopSources::next_period() noexcept {
  total_ = 0;
  for (Source& source : entries_) {
    source.count = 0;
    source.is_logged = false;
  }
}

}  // namespace chatd::gateway
