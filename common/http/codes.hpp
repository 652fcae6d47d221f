// SPDX-License-Identifier: GPL-3.0-or-later
// codes.hpp — the codes of the refusals of this folder: the words in their bodies, each with the
// status of the response.
//
// Runs in:   web. Pure.
// See:       chatd-web(7), which a test holds to kAll; daemon/web/codes.hpp, which has the others.
#pragma once

#include <array>
#include <string_view>

namespace chatd::http {

struct Code {
  int status{};
  std::string_view word{};
  friend constexpr bool operator==(const Code&, const Code&) = default;
};

namespace code {

inline constexpr Code kBadRequest{400, "bad_request"};
inline constexpr Code kWrongOrigin{403, "wrong_origin"};
inline constexpr Code kLengthRequired{411, "length_required"};
inline constexpr Code kWrongHost{421, "wrong_host"};
inline constexpr Code kUnlistedProxy{421, "unlisted_proxy"};
inline constexpr Code kBusy{503, "busy"};

inline constexpr std::array kAll{kBadRequest, kWrongOrigin,   kLengthRequired,
                                 kWrongHost,  kUnlistedProxy, kBusy};

}  // namespace code

}  // namespace chatd::http
