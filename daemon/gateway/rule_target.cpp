// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/rule_target.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "common/crypto/keys.hpp"
#include "common/wire/name.hpp"
#include "daemon/chat/names.hpp"
#include "daemon/chat/rule_hits.hpp"
#include "daemon/gateway/control_answers.hpp"

namespace chatd::gateway {

namespace {

using Kind = state::RuleTarget;
using Targets = std::expected<std::vector<Target>, control::Refusal>;

constexpr unsigned kV4Bits = 96;  // in front of an IPv4 address, see Network
constexpr unsigned kAllBits = 128;
constexpr unsigned kHostBits = 64;  // of an IPv6 address, see network_of()

// True if all its addresses are addresses of this machine.
bool is_of_this_machine(const Network& network) {
  constexpr unsigned kLoopbackV4 = kV4Bits + 8;
  return is_loopback(network.base) &&
         network.prefix >= (network.base.is_v4() ? kLoopbackV4 : kAllBits);
}

// The network of one host: its IPv4 address, or the IPv6 network from which it chooses addresses.
Network network_at(const IpAddress& address) {
  const IpAddress base = network_of(address);
  return {.base = base, .prefix = base == address ? kAllBits : kHostBits};
}

Targets network_target(const Network& network) {
  if (is_of_this_machine(network)) {
    return refuse_request(wire::code::kUsage,
                          "addresses of this machine are exempt from rules: name the member");
  }
  return std::vector<Target>{{.kind = Kind::network, .network = network}};
}

// nullopt: the text is not meant as an address or a network.
std::optional<Targets> parse_network_target(std::string_view text) {
  if (const auto address = parse_address(text)) return network_target(network_at(*address));
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || !parse_address(text.substr(0, slash))) {
    return std::nullopt;
  }
  const auto network = parse_network(text);
  if (network) return network_target(*network);
  return refuse_request(wire::code::kUsage, network.error().message());
}

std::vector<Target> targets_of(const chat::Sessions& sessions, chat::Slot member) {
  const std::string name{sessions.name(member)};
  if (sessions.has_mailbox(member)) {
    return {{.kind = Kind::person, .person = sessions.person(member), .name = name}};
  }
  std::vector<Target> targets{{.kind = Kind::name, .name = name}};
  const IpAddress& address = sessions.where(member).address;
  if (is_loopback(address)) return targets;
  targets.push_back(
      {.kind = Kind::network, .network = network_at(address), .name = name, .is_short = true});
  return targets;
}

}  // namespace

Targets rule_targets(std::string_view text, const chat::Sessions& sessions,
                     const chat::Persons& persons) {
  if (text.starts_with("SHA256:")) {
    const auto hash = crypto::hash_of_fingerprint(text);
    const auto member = hash ? std::nullopt : sessions.find_name(text);
    if (member) return targets_of(sessions, *member);
    if (!hash) {
      return refuse_request(
          wire::code::kUsage,
          fmt::format("{} is not a whole fingerprint: chatctl users --json shows them", text));
    }
    return std::vector<Target>{
        {.kind = Kind::person, .person = persons.of_fingerprint(*hash), .name = std::string{text}}};
  }
  if (auto network = parse_network_target(text)) return *network;
  if (const auto member = sessions.find_name(text)) return targets_of(sessions, *member);
  const auto name = wire::check_name(text);
  if (!name) {
    return refuse_request(wire::code::kUsage,
                          fmt::format("\"{}\" is no name, key, address or network: {}", text,
                                      wire::row_of(reason_of(name.error())).client.en));
  }
  // The rule is for the owner, not for the name: the owner can log in under another name.
  const auto owner = persons.names() == nullptr ? std::nullopt : persons.names()->owner(*name);
  if (owner) {
    return std::vector<Target>{{.kind = Kind::person, .person = *owner, .name = name->text}};
  }
  return std::vector<Target>{{.kind = Kind::name, .name = name->text}};
}

std::expected<Target, control::Refusal> target_in_room(const Target& target,
                                                       const state::RoomPlace& room,
                                                       const chat::Sessions& sessions,
                                                       const chat::RoomChanges& changes,
                                                       WallTime now) {
  std::string name = target.name;
  if (target.kind == Kind::person) {
    const auto members =
        chat::hit_by(sessions, state::RuleTable::Making{.kind = state::RuleKind::ban,
                                                        .target = target.kind,
                                                        .person = target.person});
    if (members.empty()) {
      return refuse_request(wire::code::kNotFound,
                            "no member has that key now: in a room, name a member");
    }
    name = sessions.name(members.front());
  }
  const auto found = changes.find_target(room, name, now);
  if (!found) return refuse_unknown(name);
  return Target{.kind = found->person != state::PersonId{} ? Kind::person : Kind::name,
                .person = found->person,
                .name = found->name};
}

bool is_rule_of(const state::RuleSlot& rule, std::string_view text,
                const std::vector<Target>& targets) {
  const std::string_view name = view_of(rule.name);
  const std::string folded = wire::folded_name(text);
  if (!name.empty() && (name == text || (!folded.empty() && wire::folded_name(name) == folded))) {
    return true;
  }
  return std::ranges::any_of(targets, [&rule](const Target& target) {
    if (target.is_short || rule.target != target.kind) return false;
    if (target.kind == Kind::person) return rule.person == target.person;
    return target.kind == Kind::network && rule.prefix == target.network.prefix &&
           rule.network == target.network.base;
  });
}

bool is_wide(const Network& network) noexcept {
  constexpr unsigned kWidestV4 = kV4Bits + 16;
  constexpr unsigned kWidestV6 = 32;
  return network.prefix < (network.base.is_v4() ? kWidestV4 : kWidestV6);
}

std::string_view name_of(Kind kind) noexcept {
  switch (kind) {
    case Kind::person:
      return "key";
    case Kind::name:
      return "name";
    case Kind::network:
      return "network";
  }
  return "unknown";
}

std::string text_of(const Network& network) {
  return network.prefix == kAllBits ? to_text(network.base) : to_text(network);
}

std::string target_of(const state::RuleSlot& rule) {
  if (rule.target != Kind::network) return std::string{view_of(rule.name)};
  return text_of({.base = rule.network, .prefix = rule.prefix});
}

}  // namespace chatd::gateway
