// SPDX-License-Identifier: GPL-3.0-or-later
// credentials.hpp — the token and the page number of a request.
//
// Runs in:   web. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/http/message.hpp"
#include "daemon/sys/web_channel.hpp"

namespace chatd::web {

// The sender of a request: a browser by its token, and which of its pages.
struct Credentials {
  sys::WebToken token{};
  std::uint64_t client{};
  friend bool operator==(const Credentials&, const Credentials&) = default;
};

// base64url without padding, as RFC 4648 section 5. nullopt: not exactly the text of 32 bytes.
[[nodiscard]] std::optional<sys::WebToken> read_token(std::string_view text);
// A decimal number. nullopt: another text, or 0.
[[nodiscard]] std::optional<std::uint64_t> read_client(std::string_view text);
// Of "Authorization: Bearer TOKEN" and "X-Client: N". nullopt: they are missing or wrong.
[[nodiscard]] std::optional<Credentials> credentials_of(const http::Request& request);

}  // namespace chatd::web
