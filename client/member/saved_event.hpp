// SPDX-License-Identifier: GPL-3.0-or-later
// saved_event.hpp — the event of a Member about the disk of the server.
//
// Runs in:   uchat; tests. Pure.
// Shape:     as event.hpp.
#pragma once

#include <cstdint>
#include <string>

#include "common/wire/reasons.hpp"

namespace chatd::client {

// The state of a command that was Confirmed before, of a Member that wants_saved. `done`: it is on
// the disk of the server. `no_history`: the server stores no messages. `not_saved`: it is not known
// whether it is there, and never will be.
struct Saved {
  std::uint64_t number{};  // as in Confirmed
  wire::Reason state{};
  std::string room{};  // in a script's JSON: where the message was sent to
  static constexpr void fields(auto& v, auto& saved) {
    v("number", saved.number);
    v("state", saved.state);
    v("room", saved.room);
  }
};

}  // namespace chatd::client
