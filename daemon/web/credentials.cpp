// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/credentials.hpp"

#include <algorithm>
#include <string>

#include "common/crypto/base64.hpp"
#include "common/wire/native/list_rows.hpp"

namespace chatd::web {

std::optional<sys::WebToken> read_token(std::string_view text) {
  sys::WebToken token;
  constexpr std::size_t kDigits = crypto::kKeyTextBytes - 1;  // without the padding
  if (text.size() != kDigits || text.find_first_of("+/") != std::string_view::npos) {
    return std::nullopt;
  }
  std::string padded = std::string{text} + "=";
  std::ranges::replace(padded, '-', '+');
  std::ranges::replace(padded, '_', '/');
  const auto bytes = crypto::bytes_from_base64(padded, token.size());
  if (!bytes || bytes->size() != token.size()) return std::nullopt;
  std::ranges::copy(*bytes, token.begin());
  return token;
}

std::optional<std::uint64_t> read_client(std::string_view text) {
  const auto number = wire::number_of<std::uint64_t>(text);
  return number && *number != 0 ? number : std::nullopt;
}

std::optional<Credentials> credentials_of(const http::Request& request) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto header = request.header("authorization").value_or("");
  if (!header.starts_with(kScheme)) return std::nullopt;
  const auto token = read_token(header.substr(kScheme.size()));
  const auto client = read_client(request.header("x-client").value_or(""));
  if (!token || !client) return std::nullopt;
  return Credentials{.token = *token, .client = *client};
}

}  // namespace chatd::web
