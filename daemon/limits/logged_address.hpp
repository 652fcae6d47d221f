// SPDX-License-Identifier: GPL-3.0-or-later
// logged_address.hpp — the address of a peer in the message of a log record.
//
// Runs in:   gateway.
// See:       log.hpp, which leaves the address out of the fields.
#pragma once

#include <string>

#include "common/base/address.hpp"
#include "common/base/log.hpp"

namespace chatd::gateway {

// "192.0.2.7:40000", or "192.0.2.7"; with log.addresses = false "an address".
template <class Address>
[[nodiscard]] std::string logged_address(const Address& peer) {
  return log_has_addresses() ? to_text(peer) : "an address";
}

}  // namespace chatd::gateway
