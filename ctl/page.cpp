// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/page.hpp"

#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

#include <fmt/format.h>
#include <ifaddrs.h>

namespace chatd::ctl {

namespace {

struct FreeInterfaces {
  void operator()(ifaddrs* all) const noexcept { ::freeifaddrs(all); }
};

bool is_link_local(const IpAddress& address) {
  static const Network kOfIpv4 = parse_network("169.254.0.0/16").value();
  return address.scope != 0 || kOfIpv4.contains(address);
}

// The name of a room as the fragment of an address, which stands behind '#' (RFC 3986, 3.5).
std::string fragment_of(std::string_view room) {
  std::string out;
  for (const char c : room) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                          (c >= 'a' && c <= 'z') || std::string_view{"-._~"}.contains(c);
    out += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

// The addresses that reach a socket which is bound to `where`: those for others, and loopback.
void add_reached(const Endpoint& where, const std::vector<IpAddress>& own,
                 std::vector<Endpoint>& others, std::vector<Endpoint>& loopback) {
  if (!where.address.is_wildcard()) {
    (is_loopback(where.address) ? loopback : others).push_back(where);
    return;
  }
  const bool is_v4 = where.address.is_v4();
  for (const IpAddress& address : own) {
    if (address.is_v4() == is_v4) others.push_back({.address = address, .port = where.port});
  }
  loopback.push_back(
      {.address = parse_address(is_v4 ? "127.0.0.1" : "::1").value(), .port = where.port});
}

}  // namespace

std::vector<IpAddress> own_addresses() {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return {};
  const std::unique_ptr<ifaddrs, FreeInterfaces> all{first};
  std::vector<IpAddress> found;
  for (const ifaddrs* one = all.get(); one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || (one->ifa_flags & IFF_UP) == 0) continue;
    const bool is_v4 = one->ifa_addr->sa_family == AF_INET;
    if (!is_v4 && one->ifa_addr->sa_family != AF_INET6) continue;
    sockaddr_storage from{};
    std::memcpy(&from, one->ifa_addr, is_v4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
    const IpAddress address = from_sockaddr(from).address;
    if (!is_loopback(address) && !is_link_local(address)) found.push_back(address);
  }
  return found;
}

std::vector<std::string> urls_of(const wire::WebReport& report, const std::vector<IpAddress>& own) {
  std::vector<Endpoint> others;
  std::vector<Endpoint> loopback;
  for (const std::string& text : report.listen) {
    if (const auto where = parse_endpoint(text)) add_reached(*where, own, others, loopback);
  }
  const std::string end = "/" + (report.room.empty() ? "" : "#" + fragment_of(report.room));
  std::vector<std::string> urls;
  if (report.is_proxied) {
    for (const std::string& host : report.hosts)
      urls.push_back(fmt::format("https://{}{}", host, end));
  }
  others.insert(others.end(), loopback.begin(), loopback.end());
  for (const Endpoint& where : others) urls.push_back("http://" + to_text(where) + end);
  return urls;
}

std::string url_for_others(const wire::WebReport& report) {
  if (report.urls.empty()) return {};
  constexpr std::string_view kPlain = "http://";
  const std::string& url = report.urls.front();
  if (!url.starts_with(kPlain)) return url;
  const auto where =
      parse_endpoint(url.substr(kPlain.size(), url.find('/', kPlain.size()) - kPlain.size()));
  return where && !is_loopback(where->address) ? url : std::string{};
}

}  // namespace chatd::ctl
