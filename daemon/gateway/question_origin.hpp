// SPDX-License-Identifier: GPL-3.0-or-later
// question_origin.hpp — the network or person for which a question about stored lines counts.
//
// Runs in:   gateway. Plain data.
#pragma once

#include "daemon/chat/types.hpp"
#include "daemon/state/layout.hpp"

namespace chatd::gateway {

// A network; on the server's machine each person is one.
struct QuestionOrigin {
  IpAddress network;
  state::PersonId person{};
  friend bool operator==(const QuestionOrigin&, const QuestionOrigin&) = default;
};

struct QuestionOriginOrder {
  bool operator()(const QuestionOrigin& a, const QuestionOrigin& b) const noexcept {
    const chat::AddressOrder order;
    if (order(a.network, b.network)) return true;
    return !order(b.network, a.network) && a.person < b.person;
  }
};

}  // namespace chatd::gateway
