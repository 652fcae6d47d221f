// SPDX-License-Identifier: GPL-3.0-or-later
// target.hpp — the server to connect to, as a user types it: [NAME@]HOST[:PORT], and its addresses.
//
// Runs in: uchat before it forks; resolve() in the session process, because it sends DNS queries
//          and blocks until they are answered.
// Errors:  of resolve(): with the code EAGAIN if no server of the DNS replies at present.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/address.hpp"
#include "common/base/result.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

inline constexpr std::uint16_t kDefaultPort = 8888;

struct Target {
  std::string name;  // the name to join with; "": none was given
  std::string host;  // host name or address, without brackets
  std::uint16_t port{kDefaultPort};
  std::vector<Endpoint> addresses{};  // where it was found; empty: those of its host
  friend bool operator==(const Target&, const Target&) = default;
};

// "ada@chat.example:9000", "[::1]:9000", "::1", "fe80::1%eth0". The last '@' ends the name: a name
// may have one, a host cannot. Error messages are in `language`.
[[nodiscard]] Result<Target> parse_target(std::string_view text,
                                          wire::Language language = wire::Language::en);

// "chat.example:8888", "[::1]:8888": lower case, always with the port. The name of the server in
// the file of known servers and in messages.
[[nodiscard]] std::string to_text(const Target& target);

// "[::1]:8888" for the target "::1:8888", which is an IPv6 address without a port, but was probably
// meant otherwise. "": the target has no such form.
[[nodiscard]] std::string port_meant(const Target& target);

// Its addresses, or those of its host, with its port; each once. Never empty.
[[nodiscard]] Result<std::vector<Endpoint>> resolve(const Target& target,
                                                    wire::Language language = wire::Language::en);
// Why getaddrinfo(3) has found nothing; `code` is its result, but not EAI_SYSTEM.
[[nodiscard]] std::string why_no_address(int code, wire::Language language);

}  // namespace chatd::client
