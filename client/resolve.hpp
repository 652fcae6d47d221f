// SPDX-License-Identifier: GPL-3.0-or-later
// resolve.hpp — the addresses of a host name, in the order in which to try them.
//
// Runs in: uchat's session process. Sends DNS queries, and blocks until they are answered.
// Errors:  the message of getaddrinfo(3), in its language.
#pragma once

#include <vector>

#include "client/target.hpp"
#include "common/base/address.hpp"
#include "common/base/result.hpp"

namespace chatd::client {

// Each address once, with the port of `target`. Never empty.
[[nodiscard]] Result<std::vector<Endpoint>> resolve(const Target& target);

}  // namespace chatd::client
