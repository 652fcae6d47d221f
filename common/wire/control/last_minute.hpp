// SPDX-License-Identifier: GPL-3.0-or-later
// last_minute.hpp — a part of the answer to `status`: the figures of the last minute, or of the
// time since the gateway started, if that is shorter.
//
// Runs in:   gateway (writes) and chatctl (reads).
// See:       common/base/fields.hpp, for fields().
#pragma once

#include <chrono>
#include <cstdint>

namespace chatd::wire {

struct LastMinute {
  std::chrono::seconds span{};  // 0: nothing is known yet
  std::uint64_t messages{0};
  std::uint64_t lines_delivered{0};
  std::uint64_t joins{0};
  std::uint64_t leaves{0};
  std::uint64_t logins_refused{0};
  std::uint64_t dropped{0};  // datagrams above a limit
  friend bool operator==(const LastMinute&, const LastMinute&) = default;

  static constexpr void fields(auto& visit, auto& figures) {
    visit("seconds", figures.span);
    visit("messages", figures.messages);
    visit("lines_delivered", figures.lines_delivered);
    visit("joins", figures.joins);
    visit("leaves", figures.leaves);
    visit("logins_refused", figures.logins_refused);
    visit("dropped", figures.dropped);
  }
};

}  // namespace chatd::wire
