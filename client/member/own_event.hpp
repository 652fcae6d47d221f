// SPDX-License-Identifier: GPL-3.0-or-later
// own_event.hpp — the events of a Member about owned names, and the order that causes them.
//
// Runs in:   uchat; tests and the load generator. Pure.
// Shape:     as event.hpp.
// See:       chatd-protocol(7), "Owned names".
#pragma once

#include <cstdint>
#include <string>

#include "common/wire/native/native_own.hpp"

namespace chatd::client {

// A request about the user's owned name; see wire::OwnRequest for the fields that belong to each
// act. OwnNews and Confirmed are the answer, in any order, or Refused.
struct OwnOrder {
  wire::OwnAct act{};
  bool yes{false};
  std::uint64_t code{0};
  std::string key{};
  std::string label{};
  static constexpr void fields(auto& v, auto& order) {
    v("act", order.act);
    v("yes", order.yes);
    v("code", order.code);
    v("key", order.key);
    v("label", order.label);
  }
  friend bool operator==(const OwnOrder&, const OwnOrder&) = default;
};

// News of an owned name.
struct OwnNews {
  std::string name{};     // the owned name; "": none
  std::string facts{};    // as wire::read_own() reads them
  bool is_answer{false};  // to an order of this program
  static constexpr void fields(auto& v, auto& news) {
    v("name", news.name);
    v("facts", news.facts);
    v("is_answer", news.is_answer);
  }
};

// Another device has used a code of the user's name: is it the user's?
struct DeviceAsks {
  std::string name{};   // the owned name
  std::string facts{};  // as wire::read_device() reads them
  static constexpr void fields(auto& v, auto& asks) {
    v("name", asks.name);
    v("facts", asks.facts);
  }
};

}  // namespace chatd::client
