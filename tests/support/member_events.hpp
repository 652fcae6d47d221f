// SPDX-License-Identifier: GPL-3.0-or-later
// member_events.hpp — finds events of a type among the events of a client::Member.
//
// Runs in:   test programs.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "client/member/event.hpp"

namespace chatd::test {

// All events of type T, in order.
template <class T>
[[nodiscard]] std::vector<T> events_of(const std::vector<client::Event>& events) {
  std::vector<T> found;
  for (const auto& event : events) {
    if (const T* one = std::get_if<T>(&event)) found.push_back(*one);
  }
  return found;
}

// The first event of type T.
template <class T>
[[nodiscard]] std::optional<T> first_of(const std::vector<client::Event>& events) {
  for (const auto& event : events) {
    if (const T* one = std::get_if<T>(&event)) return *one;
  }
  return std::nullopt;
}

// There is an event of type T.
template <class T>
[[nodiscard]] bool has(const std::vector<client::Event>& events) {
  return first_of<T>(events).has_value();
}

// The last event, which must be Ended.
[[nodiscard]] inline client::Ended end_of(const std::vector<client::Event>& events) {
  return std::get<client::Ended>(events.back());
}

}  // namespace chatd::test
