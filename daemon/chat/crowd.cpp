// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/crowd.hpp"

#include "common/base/rate_limit.hpp"

namespace chatd::chat {

state::Telling Crowd::join(std::uint32_t members, MonoTime now) noexcept {
  const RateLimit rate{kToldPerSecond, kToldAtOnce};
  const bool is_told = members <= kMaxTold && !rate.refuse(room_.crowd.rate_arrival, now);
  return leave(!is_told);
}

state::Telling Crowd::leave(bool is_counted) const noexcept {
  return {.is_counted = is_counted, .counted_before = state::counted(room_.crowd)};
}

// A time of another boot has no meaning.
bool Crowd::is_due(MonoTime now) const noexcept {
  if (!has_untold()) return false;
  const Micros told{room_.crowd.told_time};
  const Micros time = now.time_since_epoch();
  return told == Micros{0} || time < told || time - told >= kPause;
}

wire::Crowd Crowd::begin_telling(MonoTime now) noexcept {
  room_.crowd.told_time = now.time_since_epoch().count();
  return state::begin_telling(room_);
}

}  // namespace chatd::chat
