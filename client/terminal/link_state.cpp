// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/link_state.hpp"

namespace chatd::client {

namespace {

// Time without an answer after which the session reports Reconnecting: the silence began before.
constexpr Micros kNoticedAfter{3'000'000};

}  // namespace

// After a goodbye Reconnecting follows at once, without a silence.
void LinkState::on_reconnecting(MonoTime now) {
  if (!is_interrupted()) silent_since_ = now - (said_goodbye_ ? Micros{0} : kNoticedAfter);
  link_ = Link::reconnecting;
  said_goodbye_ = false;
}

std::optional<std::chrono::seconds> LinkState::on_connected(MonoTime now) {
  std::optional<std::chrono::seconds> lasted;
  if (is_interrupted()) lasted = silent_for(now);
  link_ = Link::connected;
  return lasted;
}

std::chrono::seconds LinkState::silent_for(MonoTime now) const {
  if (!is_interrupted()) return {};
  return std::chrono::floor<std::chrono::seconds>(now - silent_since_);
}

}  // namespace chatd::client
