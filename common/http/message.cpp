// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/http/message.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace chatd::http {

namespace {

std::optional<std::string_view> find(const Fields& fields, std::string_view name) noexcept {
  const auto found = std::ranges::find(fields, name, &Fields::value_type::first);
  if (found == fields.end()) return std::nullopt;
  return std::string_view{found->second};
}

constexpr std::array<std::pair<int, std::string_view>, 20> kPhrases{{
    {200, "OK"},
    {201, "Created"},
    {204, "No Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
}};

}  // namespace

std::optional<std::string_view> Request::header(std::string_view name) const noexcept {
  return find(headers, name);
}

std::optional<std::string_view> Request::parameter(std::string_view name) const noexcept {
  return find(query, name);
}

std::string_view phrase_of(int status) noexcept {
  const auto* const found =
      std::ranges::find(kPhrases, status, [](const auto& one) { return one.first; });
  return found == kPhrases.end() ? std::string_view{} : found->second;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  while (!text.empty()) {
    if (text.front() != '%') {
      decoded += text.front();
      text.remove_prefix(1);
      continue;
    }
    constexpr std::size_t kEscape = 3;
    constexpr int kHexadecimal = 16;
    if (text.size() < kEscape) return std::nullopt;
    unsigned value = 0;
    const char* const begin = text.data() + 1;
    const auto [end, error] = std::from_chars(begin, begin + 2, value, kHexadecimal);
    if (error != std::errc{} || end != begin + 2 || value == 0) return std::nullopt;
    decoded += static_cast<char>(value);
    text.remove_prefix(kEscape);
  }
  return decoded;
}

std::optional<Fields> parse_query(std::string_view query) {
  Fields fields;
  while (!query.empty()) {
    const std::string_view one = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(one.size() + 1, query.size()));
    if (one.empty()) continue;
    const std::size_t equals = std::min(one.find('='), one.size());
    std::string raw{one.substr(std::min(equals + 1, one.size()))};
    std::ranges::replace(raw, '+', ' ');
    auto name = percent_decoded(one.substr(0, equals));
    auto value = percent_decoded(raw);
    if (!name || !value) return std::nullopt;
    fields.emplace_back(std::move(*name), std::move(*value));
  }
  return fields;
}

}  // namespace chatd::http
