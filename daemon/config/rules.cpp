// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/rules.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace chatd::config {
namespace {

using Broken = std::optional<std::string>;

// Do the two endpoints exclude each other for bind(2)? They do if they are equal, or if one is the
// wildcard of the other's family. (The IPv6 wildcard socket is for IPv6 only.)
bool collide(const Endpoint& one, const Endpoint& other) {
  if (one.port != other.port || one.address.is_v4() != other.address.is_v4()) return false;
  if (one.address == other.address) return true;
  if (one.port == 0) return false;  // the kernel chooses two different ports
  return one.address.is_wildcard() || other.address.is_wildcard();
}

Broken listen_collides(const Config& config) {
  const auto& listen = config.network.listen;
  for (auto later = listen.begin(); later != listen.end(); ++later) {
    const auto earlier =
        std::find_if(listen.begin(), later, [&](const Endpoint& e) { return collide(e, *later); });
    if (earlier == later) continue;
    if (*earlier == *later) return to_text(*later) + " is there twice";
    return fmt::format("{} and {} cannot both be bound: one includes the other", to_text(*earlier),
                       to_text(*later));
  }
  return std::nullopt;
}

bool is_link_local_v6(const IpAddress& address) {
  return address.bytes[0] == 0xFEU && (address.bytes[1] & 0xC0U) == 0x80U;
}

Broken listen_lacks_interface(const Config& config) {
  for (const Endpoint& endpoint : config.network.listen) {
    if (endpoint.address.scope == 0 && is_link_local_v6(endpoint.address)) {
      return fmt::format("{} needs its interface: {}%eth0", to_text(endpoint),
                         to_text(endpoint.address));
    }
  }
  return std::nullopt;
}

Broken text_from_nowhere(const Config& config) {
  if (!config.text.enabled || !config.text.networks.empty()) return std::nullopt;
  return "is empty, so that no text client could ever enter; text.enabled = false says that";
}

constexpr std::array<Rule, 3> kRules{{{"network.listen", "", listen_collides},
                                      {"network.listen", "", listen_lacks_interface},
                                      {"text.networks", "text.enabled", text_from_nowhere}}};

Broken text_is_closed(const Config& config) {
  if (!config.text.closed_by_password) return std::nullopt;
  return "keeps text clients out, which cannot be asked for the password; text.enabled = true lets "
         "them in without it";
}

Broken text_needs_no_password(const Config& config) {
  if (!config.text.enabled || config.room.password_file.empty()) return std::nullopt;
  return "lets text clients in without the password of room.password_file, from every address in "
         "text.networks";
}

Broken page_is_closed_by_password(const Config& config) {
  if (!config.web.closed_by_door || config.room.password_file.empty()) return std::nullopt;
  return "closes the page for browsers; web.enabled = true opens it, and web.enabled = false says "
         "that it is meant";
}

Broken page_is_closed_by_door(const Config& config) {
  if (!config.web.closed_by_door || config.server.door == WhoEnters::anyone) return std::nullopt;
  return "closes the page for browsers; web.enabled = true opens it, and web.enabled = false says "
         "that it is meant";
}

Broken page_is_plain(const Config& config) {
  if (!config.web.enabled || config.web.plain != WebPlain::trusted) return std::nullopt;
  return "lets browsers send passwords, codes and direct messages without TLS, which others on the "
         "network can read";
}

Broken rooms_take_much_memory(const Config& config) {
  constexpr std::uint64_t kMuch = std::uint64_t{2} << 30U;
  constexpr std::uint64_t kCopiesAtARestart = 3;  // the logs, and two copies for the snapshot
  constexpr unsigned kMebi = 20;
  const std::uint64_t bytes = config.limits.rooms * config.rooms.ring_bytes;
  const std::uint64_t at_a_restart = kCopiesAtARestart * bytes;
  if (at_a_restart <= kMuch) return std::nullopt;
  return fmt::format(
      "the messages of {} rooms can take {} MiB of memory, and {} MiB for a moment at a restart",
      config.limits.rooms, bytes >> kMebi, at_a_restart >> kMebi);
}

Broken nobody_enters(const Config& config) {
  if (config.server.door != WhoEnters::invited || config.native.enabled) return std::nullopt;
  return "keeps text clients out, and native.enabled = false keeps out all others";
}

constexpr std::array<Rule, 7> kAdvice{
    {{"room.password_file", "text.enabled", text_is_closed},
     {"room.password_file", "web.enabled", page_is_closed_by_password},
     {"server.door", "web.enabled", page_is_closed_by_door},
     {"web.plain", "web.enabled", page_is_plain},
     {"server.door", "native.enabled", nobody_enters},
     {"text.enabled", "room.password_file", text_needs_no_password},
     {"rooms.ring_bytes", "limits.rooms", rooms_take_much_memory}}};

}  // namespace

std::span<const Rule> rules() { return kRules; }
std::span<const Rule> advice() { return kAdvice; }

}  // namespace chatd::config
