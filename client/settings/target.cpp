// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/target.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "client/words/start_words.hpp"
#include "client/words/words.hpp"

namespace chatd::client {

namespace {

Result<std::uint16_t> parse_port(std::string_view text, wire::Language language) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), port);
  if (error != std::errc{} || end != text.end() || port == 0) {
    return fail(words(language, Words::no_port, text));
  }
  return port;
}

// The reason why `host` is not a host; "" if it may be one.
std::string why_no_host(std::string_view host, wire::Language language) {
  const auto say = [language](Words which) { return std::string{words(language, which)}; };
  if (host.empty()) return say(Words::host_empty);
  if (host.starts_with('-')) return say(Words::host_begins_so);
  const auto wrong = std::ranges::find_if(host, [](char c) {
    return c == ' ' || c == '/' || c == '[' || c == ']' || static_cast<unsigned char>(c) < 0x20;
  });
  if (wrong == host.end()) return {};
  if (*wrong == ' ') return say(Words::host_has_space);
  if (static_cast<unsigned char>(*wrong) < 0x20) return say(Words::host_has_control);
  return words(language, Words::host_has, *wrong);
}

struct HostAndPort {
  std::string_view host;
  std::string_view port;  // the text after the colon
  bool has_port{false};
};

Result<HostAndPort> split(std::string_view text, wire::Language language) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return fail(words(language, Words::no_bracket, text));
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && !rest.starts_with(':')) {
      return fail(words(language, Words::no_colon_port, rest));
    }
    return HostAndPort{text.substr(1, end - 1), rest.empty() ? rest : rest.substr(1),
                       !rest.empty()};
  }
  const auto colon = text.find(':');
  // With two colons or more it is an IPv6 address, which has a port only after brackets.
  if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos) {
    return HostAndPort{text, {}, false};
  }
  return HostAndPort{text.substr(0, colon), text.substr(colon + 1), true};
}

}  // namespace

Result<Target> parse_target(std::string_view text, wire::Language language) {
  Target target;
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    target.name = text.substr(0, at);
    text.remove_prefix(at + 1);
    if (target.name.empty()) return fail(std::string{words(language, Words::no_name_in_front)});
  }
  const auto parts = split(text, language);
  if (!parts) return fail(parts.error());
  if (const std::string why = why_no_host(parts->host, language); !why.empty()) {
    return fail(words(language, Words::no_host, text, why));
  }
  target.host = parts->host;
  if (!parts->has_port) return target;
  const auto port = parse_port(parts->port, language);
  if (!port) return fail(port.error());
  target.port = *port;
  return target;
}

std::string to_text(const Target& target) {
  std::string host = target.host;
  for (char& c : host) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const bool is_v6 = host.find(':') != std::string::npos;
  return is_v6 ? fmt::format("[{}]:{}", host, target.port)
               : fmt::format("{}:{}", host, target.port);
}

std::string port_meant(const Target& target) {
  constexpr std::size_t kShortest = 4;  // digits; a shorter number is rather a part of an address
  const auto colon = target.host.rfind(':');
  if (colon == std::string::npos || target.port != kDefaultPort) return {};
  const std::string address = target.host.substr(0, colon);
  const std::string port = target.host.substr(colon + 1);
  in6_addr ignored{};
  const bool is_address = ::inet_pton(AF_INET6, address.c_str(), &ignored) == 1;
  if (!is_address || port.size() < kShortest || !parse_port(port, wire::Language::en)) return {};
  return fmt::format("[{}]:{}", address, port);
}

std::string why_no_address(int code, wire::Language language) {
  struct Row {
    int code;
    StartWords why;
  };
  constexpr std::array kRows{
      Row{EAI_NONAME, StartWords::host_unknown},
      Row{EAI_NODATA, StartWords::host_no_address},
      Row{EAI_ADDRFAMILY, StartWords::host_no_address},
      Row{EAI_AGAIN, StartWords::no_name_server},
      Row{EAI_FAIL, StartWords::name_server_fails},
      Row{EAI_MEMORY, StartWords::no_memory},
  };
  const auto* const row = std::ranges::find(kRows, code, &Row::code);
  if (row != kRows.end()) return std::string{words(language, row->why)};
  return words(language, StartWords::host_error, code, ::gai_strerror(code));
}

Result<std::vector<Endpoint>> resolve(const Target& target, wire::Language language) {
  if (!target.addresses.empty()) return target.addresses;
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error =
      ::getaddrinfo(target.host.c_str(), std::to_string(target.port).c_str(), &hints, &found);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner{found, &::freeaddrinfo};
  if (error == EAI_SYSTEM) return fail(Error::from_errno("getaddrinfo"));
  if (error != 0) {
    return fail(Error{why_no_address(error, language), error == EAI_AGAIN ? EAGAIN : 0});
  }

  std::vector<Endpoint> endpoints;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    sockaddr_storage address{};
    std::memcpy(&address, at->ai_addr, std::min<std::size_t>(at->ai_addrlen, sizeof address));
    const Endpoint endpoint = from_sockaddr(address);
    if (endpoint.port == 0 || std::ranges::find(endpoints, endpoint) != endpoints.end()) continue;
    endpoints.push_back(endpoint);
  }
  if (endpoints.empty()) return fail(why_no_address(EAI_NODATA, language));
  return endpoints;
}

}  // namespace chatd::client
