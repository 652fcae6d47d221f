// SPDX-License-Identifier: GPL-3.0-or-later
// message.hpp — a request of HTTP as its handler sees it, and the response.
//
// Runs in:   web. Pure.
// Invariant: the values of a request are bounded by Limits (limits.hpp), and are what the peer has
//            sent: nothing of them is trusted. A Sender is, see rules.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/address.hpp"

namespace chatd::http {

enum class Method : std::uint8_t { get, head, post, remove, other };

using Fields = std::vector<std::pair<std::string, std::string>>;

// The sender of a request.
struct Sender {
  IpAddress address{};    // of a listed proxy: the client's, as the proxy says
  bool is_local{false};   // from this machine, and not from a listed proxy
  bool is_secure{false};  // over TLS, as a listed proxy says
};

struct Request {
  Method method{Method::other};
  std::string path{};  // begins with '/', percent-decoded
  Fields query{};      // in their order, percent-decoded
  Fields headers{};    // names in lower case
  std::string body{};
  Sender sender{};

  // The value of the first one with this name. Borrows.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const noexcept;
};

struct Response {
  int status{200};
  std::string_view type{"application/json"};  // a constant
  std::string body{};
  // In place of `body`: bytes that live as long as the process.
  std::string_view constant{};
  std::string_view cache_control{"no-store"};  // a constant
  Fields headers{};
};

// The reason phrase of a status that this program sends; "" of another one.
[[nodiscard]] std::string_view phrase_of(int status) noexcept;

// Splits "a=1&b=%32": percent-decoded, '+' is a space. nullopt: not a valid encoding.
[[nodiscard]] std::optional<Fields> parse_query(std::string_view query);
// "%41" becomes "A". nullopt: an incomplete or wrong escape, or NUL.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace chatd::http
