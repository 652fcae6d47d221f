// SPDX-License-Identifier: GPL-3.0-or-later
// resolve.hpp — the addresses behind a host's name, in the order to try them.
//
// Runs in: uchat's session process. Asks the network, and blocks meanwhile.
// Errors:  the resolver's own words.
#pragma once

#include <vector>

#include "client/target.hpp"
#include "common/base/address.hpp"
#include "common/base/result.hpp"

namespace chatd::client {

// Never empty.
[[nodiscard]] Result<std::vector<Endpoint>> resolve(const Target& target);

}  // namespace chatd::client
