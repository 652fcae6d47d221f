// SPDX-License-Identifier: GPL-3.0-or-later
// rules.hpp — which requests are answered, by their Host, Origin and the headers of proxies, and
// who has sent them.
//
// Runs in:   web. Pure.
// Why:       a page of another site can make a browser send requests to this server. One that gave
//            its own name this server's address (DNS rebinding) sends its name as Host; any other
//            one sends its own Origin with a POST.
// Invariant: only a peer in `proxies` can say that a request came from another address or over TLS.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/address.hpp"
#include "common/http/codes.hpp"
#include "common/http/message.hpp"

namespace chatd::http {

struct Rules {
  // Names that a Host may have, in lower case, besides IP addresses, localhost and *.localhost.
  std::vector<std::string> hosts{};
  std::vector<Network> proxies{};
};

// Why a request is refused, for a person, with the status of the response.
struct Refusal {
  int status{};
  std::string_view code{};
  std::string message{};
};
[[nodiscard]] inline Refusal refusal_of(const Code& code, std::string message) {
  return {.status = code.status, .code = code.word, .message = std::move(message)};
}

// The name or address of a Host, in lower case, without brackets, port and the last dot: of
// "[::1]:8880" "::1". nullopt: not a valid Host.
[[nodiscard]] std::optional<std::string> host_of(std::string_view header);
[[nodiscard]] bool is_loopback_host(std::string_view host) noexcept;
// `host`: as of host_of().
[[nodiscard]] bool is_own_host(std::string_view host, const Rules& rules) noexcept;

// Judges a request that came from `peer` by its headers.
[[nodiscard]] std::expected<Sender, Refusal> judge(const Request& request, const IpAddress& peer,
                                                   const Rules& rules);

}  // namespace chatd::http
