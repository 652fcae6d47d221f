// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/loudest_sources.hpp"

#include <algorithm>
#include <functional>

namespace chatd::gateway {

namespace {

bool is_used(const LoudestSources::Source& place) { return place.last != MonoTime::min(); }

}  // namespace

LoudestSources::Source* LoudestSources::note(const IpAddress& address, MonoTime now) noexcept {
  ++total_;
  const IpAddress network = network_of(address);
  auto* const known = std::ranges::find_if(
      places_, [&](const Source& place) { return is_used(place) && place.network == network; });
  if (known != places_.end()) {
    known->is_new = now - known->last >= kRemembered;
    known->last = now;
    ++known->count;
    return known;
  }
  // Without a count, and of those the one that was silent for the longest time.
  auto* const place = std::ranges::min_element(places_, {}, [](const Source& source) {
    return std::pair{source.count, source.last};
  });
  if (place->count == 0) {
    *place = {.network = network, .count = 1, .last = now, .is_new = true, .told = false};
    return place;
  }
  // One of this newcomer and one of each who has a place cancel out. Each step takes back what
  // 65 datagrams had put in, so on the average it costs nothing.
  for (Source& source : places_) --source.count;
  return nullptr;
}

std::span<const LoudestSources::Source> LoudestSources::sorted() noexcept {
  std::ranges::sort(places_, std::greater{}, &Source::count);
  return places_;
}

void LoudestSources::next_period() noexcept {
  total_ = 0;
  for (Source& source : places_) {
    source.count = 0;
    source.told = false;
  }
}

}  // namespace chatd::gateway
