// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/address.hpp"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <limits>
#include <optional>

#include <fmt/format.h>

namespace chatd {

namespace {

constexpr unsigned kMappedBits = 96;
constexpr std::size_t kMappedBytes = kMappedBits / 8;
constexpr std::array<std::uint8_t, kMappedBytes> kMappedPrefix{0, 0, 0, 0, 0,    0,
                                                               0, 0, 0, 0, 0xff, 0xff};

template <class Number>
std::optional<Number> parse_number(std::string_view text, Number largest) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > largest) return {};
  return value;
}

IpAddress mapped(const in_addr& v4) {
  IpAddress address;
  std::ranges::copy(kMappedPrefix, address.bytes.begin());
  std::memcpy(&address.bytes[kMappedBytes], &v4, sizeof v4);
  return address;
}

// True for fe80::/10 and for the link-local multicast groups ff?2::. Such an address means another
// host on each interface, so it needs a scope.
bool needs_scope(const IpAddress& address) {
  return (address.bytes[0] == 0xfe && (address.bytes[1] & 0xc0U) == 0x80) ||
         (address.bytes[0] == 0xff && (address.bytes[1] & 0x0fU) == 0x02);
}

Result<std::uint32_t> parse_scope(std::string_view name) {
  if (const unsigned index = ::if_nametoindex(std::string{name}.c_str()); index != 0) return index;
  const auto index = parse_number(name, std::numeric_limits<std::uint32_t>::max());
  if (index && *index != 0) return *index;
  return fail(fmt::format("no network interface is called \"{}\" (`ip link` lists them)", name));
}

std::uint64_t mix(std::uint64_t word) {  // splitmix64's output function
  word += 0x9e3779b97f4a7c15U;
  word = (word ^ (word >> 30U)) * 0xbf58476d1ce4e5b9U;
  word = (word ^ (word >> 27U)) * 0x94d049bb133111ebU;
  return word ^ (word >> 31U);
}

std::uint64_t hash_words(const IpAddress& address, std::uint64_t key, std::uint64_t port) {
  const auto words = std::bit_cast<std::array<std::uint64_t, 2>>(address.bytes);
  const std::uint64_t rest = (std::uint64_t{address.scope} << 32U) | port;
  return mix(mix(mix(key ^ words[0]) ^ words[1]) ^ rest);
}

bool bit_is_set(const IpAddress& address, unsigned bit) {
  return (address.bytes[bit / 8] & (0x80U >> (bit % 8))) != 0;
}

}  // namespace

bool IpAddress::is_v4() const noexcept {
  return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin());
}

bool IpAddress::is_wildcard() const noexcept {
  constexpr std::array<std::uint8_t, 16> kAny{};
  constexpr std::array<std::uint8_t, 16> kAnyV4{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  return bytes == kAny || bytes == kAnyV4;
}

bool Network::contains(const IpAddress& address) const noexcept {
  if (base.is_v4() != address.is_v4()) return false;
  if (base.scope != 0 && base.scope != address.scope) return false;
  const unsigned bits = std::min(prefix, 128U);
  const auto whole = static_cast<std::ptrdiff_t>(bits / 8);
  if (!std::equal(base.bytes.begin(), base.bytes.begin() + whole, address.bytes.begin())) {
    return false;
  }
  for (unsigned bit = bits - bits % 8; bit < bits; ++bit) {
    if (bit_is_set(base, bit) != bit_is_set(address, bit)) return false;
  }
  return true;
}

const std::vector<Network>& local_networks() {
  static const std::vector<Network> networks = [] {
    std::vector<Network> all;
    for (const std::string_view text :
         {"169.254.0.0/16", "fe80::/10",                                   // link-local
          "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"}) {  // private
      all.push_back(parse_network(text).value());
    }
    return all;
  }();
  return networks;
}

bool is_local(const IpAddress& address) {
  return std::ranges::any_of(local_networks(),
                             [&](const Network& network) { return network.contains(address); });
}

Result<IpAddress> parse_address(std::string_view text) {
  const auto percent = text.find('%');
  const std::string number{text.substr(0, percent)};
  // inet_pton() stops at a zero byte: what follows would not be checked.
  const bool has_nul = number.find('\0') != std::string::npos;
  IpAddress address;
  in_addr v4{};
  if (!has_nul && percent == std::string_view::npos &&
      ::inet_pton(AF_INET, number.c_str(), &v4) == 1) {
    return mapped(v4);
  }
  if (has_nul || ::inet_pton(AF_INET6, number.c_str(), address.bytes.data()) != 1) {
    return fail(
        fmt::format("\"{}\" is not an IP address: write one like 10.1.2.3, 2001:db8::1 or "
                    "fe80::1%eth0 (host names are not looked up)",
                    text));
  }
  if (percent == std::string_view::npos) return address;
  if (!needs_scope(address)) {
    return fail(
        fmt::format("\"{}\" names an interface, which only a link-local address "
                    "(fe80::/10) takes: write {}",
                    text, number));
  }
  auto scope = parse_scope(text.substr(percent + 1));
  if (!scope) return fail(std::move(scope.error()).within(fmt::format("\"{}\"", text)));
  address.scope = *scope;
  return address;
}

Result<Endpoint> parse_endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  const bool bracketed = text.starts_with('[');
  if (colon == std::string_view::npos || (bracketed && text.ends_with(']'))) {
    return fail(fmt::format(
        "\"{}\" is no address with a port: write it like 127.0.0.1:8888 or [::1]:8888", text));
  }
  std::string_view host = text.substr(0, colon);
  if (bracketed) {
    if (!host.ends_with(']')) {
      return fail(fmt::format("\"{}\" lacks the closing bracket: write it like [::1]:8888", text));
    }
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return fail(
        fmt::format("\"{}\" needs brackets around its IPv6 address: write it like "
                    "[::1]:8888",
                    text));
  }
  const auto port = parse_number<std::uint16_t>(text.substr(colon + 1), 65535);
  if (!port) {
    return fail(fmt::format("\"{}\" is not a port in \"{}\": it must be a number from 0 to 65535",
                            text.substr(colon + 1), text));
  }
  auto address = parse_address(host);
  if (!address) return fail(std::move(address.error()));
  if (bracketed && host.find(':') == std::string_view::npos) {
    return fail(fmt::format("\"{}\" is an IPv4 address and takes no brackets: write {}:{}", text,
                            host, *port));
  }
  return Endpoint{*address, *port};
}

Result<Network> parse_network(std::string_view text) {
  const auto slash = text.find('/');
  auto base = parse_address(text.substr(0, slash));
  if (!base) return fail(std::move(base.error()));
  Network network{*base, 128};
  if (slash == std::string_view::npos) return network;

  const bool dotted = text.substr(0, slash).find(':') == std::string_view::npos;
  const unsigned offset = dotted ? kMappedBits : 0;
  const auto prefix = parse_number(text.substr(slash + 1), 128 - offset);
  if (!prefix) {
    return fail(
        fmt::format("\"{}\" is not a prefix length in \"{}\": it must be a number from 0 "
                    "to {}",
                    text.substr(slash + 1), text, 128 - offset));
  }
  network.prefix = *prefix + offset;
  Network clean = network;
  for (unsigned bit = network.prefix; bit < 128; ++bit) {
    clean.base.bytes[bit / 8] &= static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
  }
  if (clean.base != network.base) {
    return fail(fmt::format("\"{}\" has bits set below its prefix: write {}/{}", text,
                            to_text(clean.base), *prefix));
  }
  return network;
}

std::string to_text(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.is_v4()) {
    ::inet_ntop(AF_INET, &address.bytes[kMappedBytes], text.data(), text.size());
    return text.data();
  }
  ::inet_ntop(AF_INET6, address.bytes.data(), text.data(), text.size());
  if (address.scope == 0) return text.data();
  return fmt::format("{}%{}", text.data(), address.scope);
}

std::string to_text(const Endpoint& endpoint) {
  const auto host = to_text(endpoint.address);
  if (endpoint.address.is_v4()) return fmt::format("{}:{}", host, endpoint.port);
  return fmt::format("[{}]:{}", host, endpoint.port);
}

std::string to_text(const Network& network) {
  const bool v4 = network.base.is_v4() && network.prefix >= kMappedBits;
  return fmt::format("{}/{}", to_text(network.base),
                     v4 ? network.prefix - kMappedBits : network.prefix);
}

Endpoint from_sockaddr(const sockaddr_storage& from) noexcept {
  if (from.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &from, sizeof v4);
    return {mapped(v4.sin_addr), ntohs(v4.sin_port)};
  }
  if (from.ss_family != AF_INET6) return {};
  sockaddr_in6 v6{};
  std::memcpy(&v6, &from, sizeof v6);
  Endpoint endpoint{{}, ntohs(v6.sin6_port)};
  std::memcpy(endpoint.address.bytes.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
  endpoint.address.scope = v6.sin6_scope_id;
  return endpoint;
}

socklen_t to_sockaddr(const Endpoint& from, sockaddr_storage& to) noexcept {
  to = {};
  if (from.address.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(from.port);
    std::memcpy(&v4.sin_addr, &from.address.bytes[kMappedBytes], sizeof v4.sin_addr);
    std::memcpy(&to, &v4, sizeof v4);
    return sizeof v4;
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(from.port);
  v6.sin6_scope_id = from.address.scope;
  std::memcpy(&v6.sin6_addr, from.address.bytes.data(), sizeof v6.sin6_addr);
  std::memcpy(&to, &v6, sizeof v6);
  return sizeof v6;
}

bool is_loopback(const IpAddress& address) noexcept {
  constexpr unsigned kFirstOfV4 = 12;
  if (address.is_v4()) return address.bytes[kFirstOfV4] == 127;
  return address.bytes.back() == 1 && std::all_of(address.bytes.begin(), address.bytes.end() - 1,
                                                  [](std::uint8_t byte) { return byte == 0; });
}

IpAddress network_of(IpAddress address) noexcept {
  constexpr unsigned kPrefixBytes = 64 / 8;
  if (!address.is_v4() && !needs_scope(address) && !is_loopback(address)) {
    std::fill(address.bytes.begin() + kPrefixBytes, address.bytes.end(), std::uint8_t{0});
  }
  return address;
}

std::uint64_t hash_of(const IpAddress& address, std::uint64_t key) noexcept {
  return hash_words(address, key, 0);
}

std::uint64_t hash_of(const Endpoint& endpoint, std::uint64_t key) noexcept {
  return hash_words(endpoint.address, key, endpoint.port);
}

std::uint64_t hash_of(std::string_view text, std::uint64_t key) noexcept {
  std::uint64_t hash = mix(mix(key) ^ text.size());
  while (!text.empty()) {
    std::uint64_t word = 0;
    const auto part = text.substr(0, sizeof word);
    std::memcpy(&word, part.data(), part.size());
    hash = mix(hash ^ word);
    text.remove_prefix(part.size());
  }
  return hash;
}

}  // namespace chatd
