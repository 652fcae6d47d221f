// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/http/rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace chatd::http {

namespace {

constexpr std::size_t kMaxHostBytes = 253;  // of a domain name
constexpr std::size_t kMaxPortDigits = 5;

std::string in_lower_case(std::string_view text) {
  std::string lower{text};
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) {
    return static_cast<char>(c < 0x80U ? std::tolower(c) : c);
  });
  return lower;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= kMaxPortDigits &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

std::optional<std::string> bracketed(std::string_view header) {
  const std::size_t end = header.find(']');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view behind = header.substr(end + 1);
  if (!behind.empty() && (behind.front() != ':' || !is_port(behind.substr(1)))) return std::nullopt;
  std::string host = in_lower_case(header.substr(1, end - 1));
  const auto address = parse_address(host);
  if (!address || host.find(':') == std::string::npos) return std::nullopt;
  return host;
}

// Headers that say that a request came through a proxy.
constexpr std::array<std::string_view, 5> kOfProxies{
    "forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "via"};

bool is_of_proxy(const Request& request) {
  return std::ranges::any_of(kOfProxies,
                             [&](auto name) { return request.header(name).has_value(); }) ||
         request.header("x-real-ip").has_value();
}

bool is_listed(const IpAddress& address, const Rules& rules) {
  return std::ranges::any_of(rules.proxies,
                             [&](const Network& one) { return one.contains(address); });
}

// "192.0.2.1", "192.0.2.1:443", "2001:db8::1", "[2001:db8::1]:443".
std::optional<IpAddress> forwarded_address(std::string_view text) {
  text = trimmed(text);
  if (const auto address = parse_address(text)) return *address;
  if (const auto endpoint = parse_endpoint(text)) return endpoint->address;
  return std::nullopt;
}

// Several lines of a header are one list, in their order (RFC 9110, 5.3): a proxy may add a line of
// its own behind those that the client has sent.
std::string joined(const Request& request, std::string_view name) {
  std::string list;
  for (const auto& [key, value] : request.headers) {
    if (key != name) continue;
    if (!list.empty()) list += ',';
    list += value;
  }
  return list;
}

// All proxies between say so. A client can only make it less secure.
bool is_https(const Request& request) {
  const std::string list = in_lower_case(joined(request, "x-forwarded-proto"));
  std::string_view rest = list;
  for (;;) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    if (trimmed(rest.substr(0, comma)) != "https") return false;
    if (comma == rest.size()) return true;
    rest.remove_prefix(comma + 1);
  }
}

// The last address that no listed proxy has: what stands before it was written by the client.
// nullopt: it is no address.
std::optional<IpAddress> client_of(const Request& request, const IpAddress& peer,
                                   const Rules& rules) {
  const std::string list = joined(request, "x-forwarded-for");
  std::string_view rest = list;
  IpAddress client = peer;
  while (!rest.empty() && is_listed(client, rules)) {
    const std::size_t comma = rest.rfind(',');
    const bool is_first = comma == std::string_view::npos;
    const auto before = forwarded_address(is_first ? rest : rest.substr(comma + 1));
    if (!before) return std::nullopt;
    client = *before;
    rest = is_first ? std::string_view{} : rest.substr(0, comma);
  }
  return client;
}

bool has_own_origin(const Request& request, std::string_view host, bool is_secure) {
  const auto origin = request.header("origin");
  if (!origin) return true;
  return in_lower_case(*origin) ==
         fmt::format("{}://{}", is_secure ? "https" : "http", in_lower_case(host));
}

std::unexpected<Refusal> refuse(const Code& code, std::string message) {
  return std::unexpected{refusal_of(code, std::move(message))};
}

}  // namespace

std::optional<std::string> host_of(std::string_view header) {
  header = trimmed(header);
  if (header.starts_with('[')) return bracketed(header);
  const std::size_t colon = header.rfind(':');
  if (colon != std::string_view::npos) {
    if (!is_port(header.substr(colon + 1))) return std::nullopt;
    header = header.substr(0, colon);
  }
  if (header.ends_with('.')) header.remove_suffix(1);
  if (header.empty() || header.size() > kMaxHostBytes) return std::nullopt;
  std::string host = in_lower_case(header);
  if (!std::ranges::all_of(host, is_name_character)) return std::nullopt;
  return host;
}

bool is_loopback_host(std::string_view host) noexcept {
  if (host == "localhost" || host.ends_with(".localhost")) return true;
  const auto address = parse_address(host);
  return address && is_loopback(*address);
}

bool is_own_host(std::string_view host, const Rules& rules) noexcept {
  return is_loopback_host(host) || parse_address(host).has_value() ||
         std::ranges::find(rules.hosts, host) != rules.hosts.end();
}

std::expected<Sender, Refusal> judge(const Request& request, const IpAddress& peer,
                                     const Rules& rules) {
  const std::string_view header = request.header("host").value_or("");
  const auto host = host_of(header);
  if (!host || !is_own_host(*host, rules)) {
    return refuse(code::kWrongHost,
                  "The Host of the request is no name of this server; web.hosts lists its names.");
  }
  Sender sender{.address = peer};
  // Not every proxy adds a header.
  const bool is_through_proxy = is_listed(peer, rules) || is_of_proxy(request);
  if (is_listed(peer, rules)) {
    const auto client = client_of(request, peer, rules);
    if (!client) return refuse(code::kBadRequest, "X-Forwarded-For has no address at its end.");
    sender.address = *client;
    sender.is_secure = is_https(request);
  } else if (is_loopback(peer) && is_through_proxy) {
    return refuse(code::kUnlistedProxy,
                  "The request came through a proxy of this machine; web.proxies lists it.");
  }
  sender.is_local = is_loopback(peer) && is_loopback_host(*host) && !is_through_proxy;
  const bool changes = request.method != Method::get && request.method != Method::head;
  if (changes && !has_own_origin(request, header, sender.is_secure)) {
    return refuse(code::kWrongOrigin, "The request was sent by a page of another site.");
  }
  return sender;
}

}  // namespace chatd::http
