// SPDX-License-Identifier: GPL-3.0-or-later
// read_request.hpp — takes what evhttp has read, and refuses what no browser sends.
//
// Runs in:   web.
#pragma once

#include <optional>

#include "common/http/rules.hpp"

struct evhttp_request;

namespace chatd::http {

// Fills all but the method and the sender. A refusal: of a request that two readers could
// understand in two ways, or whose address is not a path.
[[nodiscard]] std::optional<Refusal> read_request(evhttp_request& raw, Request& request);

}  // namespace chatd::http
