// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/rules.hpp"

#include <algorithm>
#include <cstring>
#include <span>

#include "common/wire/name.hpp"

namespace chatd::chat {

using state::RoomId;
using state::RuleIndex;
using state::RuleKind;
using state::RuleSlot;
using state::RuleTarget;

namespace {

// The bits before the IPv4 address in its IPv4-mapped form. A network with fewer bits has no IPv4
// address, see chatd::Network.
constexpr std::size_t kMappedBits = 96;

}  // namespace

Rules::Rules(const state::StateView& state) : table_{state}, rooms_{state.geometry().rooms} {}

void Rules::adopt() {
  for (std::uint32_t at = 0; at < table_.used(); ++at) {
    const RuleIndex rule{at};
    table_.adopt(rule);
    if (table_.is_made(rule) && is_usable(table_.row(rule))) {
      list(rule);
      continue;
    }
    if (table_.is_made(rule)) table_.remove(rule);
    free_.push_back(rule);
  }
}

// False also for a rule for a name that no member can have.
bool Rules::is_usable(const RuleSlot& row) {
  if (!is_possible(row)) return false;
  return row.target != RuleTarget::name || !wire::folded_name(view_of(row.name)).empty();
}

void Rules::keep_rooms(std::span<const state::RoomId> rooms) {
  std::vector<state::RoomId> gone;
  for (const auto& [room, counts] : counts_) {
    if (room != state::kDefaultRoom && !std::ranges::binary_search(rooms, room)) {
      gone.push_back(room);
    }
  }
  for (const state::RoomId room : gone) remove_all(room);
}

// --- search ------------------------------------------------------------------------

std::optional<RuleIndex> Rules::find(const RuleKey& key, WallTime now) const {
  ++lookups_;
  const auto at = by_key_.find(key);
  if (at == by_key_.end() || has_ended(table_.row(at->second), now)) return std::nullopt;
  return at->second;
}

bool Rules::has(RuleKind kind, state::PersonId person, RoomId room, WallTime now) const {
  return find(kind, {.person = person}, room, now).has_value();
}

std::uint32_t Rules::restrictions_of(RoomId room) const { return counts_of(room).restrictions; }

std::optional<RuleIndex> Rules::find_network(const RuleKey& of, const IpAddress& address,
                                             WallTime now) const {
  if (is_loopback(address)) return std::nullopt;
  RuleKey key = of;
  key.target = RuleTarget::network;
  for (std::size_t prefix = address.is_v4() ? kMappedBits : 0; prefix < prefixes_.size();
       ++prefix) {
    if (prefixes_[prefix] == 0) continue;
    key.prefix = static_cast<std::uint8_t>(prefix);
    key.value = key_value(address, key.prefix);
    key.scope = 0;  // of all interfaces
    if (const auto found = find(key, now)) return found;
    if (address.scope == 0) continue;
    key.scope = address.scope;
    if (const auto found = find(key, now)) return found;
  }
  return std::nullopt;
}

std::optional<RuleIndex> Rules::find(RuleKind kind, const Subject& subject, state::RoomId room,
                                     WallTime now) const {
  const auto& targets = targets_[static_cast<std::size_t>(kind)];
  const auto is_there = [&](RuleTarget target) {
    return targets[static_cast<std::size_t>(target)] != 0;
  };
  RuleKey key{.room = room, .kind = kind, .target = RuleTarget::person};
  if (subject.person != state::PersonId{} && is_there(RuleTarget::person)) {
    key.value = key_value(subject.person);
    if (const auto found = find(key, now)) return found;
  }
  // Rules of one room do not slow down the others.
  const bool has_names = is_there(RuleTarget::name) && counts_of(room).names != 0;
  if (!subject.folded_name.empty() && has_names) {
    key.target = RuleTarget::name;
    key.value = key_value(subject.folded_name);
    const auto found = find(key, now);
    if (found && !has_role(subject.person, room, now)) return found;
  }
  if (subject.address && is_there(RuleTarget::network)) {
    return find_network(key, *subject.address, now);
  }
  return std::nullopt;
}

std::optional<RuleIndex> Rules::find_ban(const Subject& subject, state::RoomId room, bool has_role,
                                         WallTime now) const {
  const RuleKey key{.room = room, .kind = RuleKind::ban, .target = RuleTarget::person};
  RuleKey of_person = key;
  of_person.value = key_value(subject.person);
  RuleKey of_name = key;
  of_name.target = RuleTarget::name;
  of_name.value = key_value(subject.folded_name);
  const auto for_person = find(of_person, now);
  const auto for_name = find(of_name, now);
  const auto for_network =
      subject.address ? find_network(key, *subject.address, now) : std::nullopt;
  if (for_person) return for_person;
  return for_name && !has_role ? for_name : for_network;
}

bool Rules::has_any(RuleKind kind) const {
  return std::ranges::any_of(targets_[static_cast<std::size_t>(kind)],
                             [](std::uint32_t rules) { return rules != 0; });
}

bool Rules::has_role(state::PersonId person, state::RoomId room, WallTime now) const {
  return has(RuleKind::owner, person, room, now) || has(RuleKind::moderator, person, room, now);
}

std::optional<RuleIndex> Rules::find_id(state::RuleId id) const {
  for (auto rule = next(0); rule; rule = next(static_cast<std::uint32_t>(*rule) + 1)) {
    if (table_.row(*rule).id == static_cast<std::uint32_t>(id)) return rule;
  }
  return std::nullopt;
}

std::optional<RuleIndex> Rules::next(std::uint32_t from) const {
  for (std::uint32_t at = from; at < table_.used(); ++at) {
    if (table_.is_made(RuleIndex{at})) return RuleIndex{at};
  }
  return std::nullopt;
}

// --- change ------------------------------------------------------------------------

RuleCounts Rules::counts_of(state::RoomId room) const {
  const auto at = counts_.find(room);
  return at == counts_.end() ? RuleCounts{} : at->second;
}

std::optional<wire::Reason> Rules::reason_not_to_add(const RuleKey& key,
                                                     bool is_administrators) const {
  if (free_.empty() && table_.used() == table_.capacity()) return wire::Reason::rules_full;
  if (by_key_.contains(key)) return std::nullopt;  // it is replaced
  if (key.room != state::kDefaultRoom) {
    if (const auto reason = reason_of_room(key)) return reason;
  }
  if (all_like(key.kind) < rows_for(key, is_administrators)) return std::nullopt;
  return wire::Reason::rules_full;
}

std::optional<wire::Reason> Rules::reason_of_room(const RuleKey& key) const {
  const bool is_restricting = is_restriction(key.kind);
  const std::uint32_t of_a_room = is_restricting ? kRestrictionsOfARoom : kGrantsOfARoom;
  if (counts_of(key.room).of(key.kind) >= of_a_room) return wire::Reason::room_rules_full;
  const bool is_full = is_restricting && of_rooms_.restrictions >= kRestrictionsOfRooms;
  return is_full ? std::optional{wire::Reason::rules_full} : std::nullopt;
}

Rules::Full Rules::full_for(RuleKind kind) const {
  const RuleKey key{.room = state::kDefaultRoom, .kind = kind};
  if (all_like(kind) >= rows_for(key, true)) return Full::everybody;
  const bool is_full_of_rooms =
      is_restriction(kind) && of_rooms_.restrictions >= kRestrictionsOfRooms;
  const bool is_full = is_full_of_rooms || all_like(kind) >= rows_for(key, false);
  return is_full ? Full::members : Full::nobody;
}

// Invitations that fill the table do not stop users from making rooms.
std::uint32_t Rules::rows_for(const RuleKey& key, bool is_administrators) const {
  const std::uint32_t kept = is_administrators ? 0 : kAdministratorsRows;
  if (is_restriction(key.kind)) return state::kRestrictionRows - kept;
  const std::uint32_t rows = state::grant_rows(rooms_) - 1;  // one stays free
  const bool is_first = key.room != state::kDefaultRoom && counts_of(key.room).grants == 0;
  return is_first ? rows : rows - rooms_ - kept;
}

std::optional<wire::Reason> Rules::reason_not_to_add(const state::RuleTable::Making& making) {
  const RuleKey key = key_of(making);
  const bool is_administrators = making.by.empty();
  if (!reason_not_to_add(key, is_administrators)) return std::nullopt;
  for_each_of(key.room, [&](RuleIndex rule) {
    if (has_ended(table_.row(rule), making.now)) remove(rule);
  });
  return reason_not_to_add(key, is_administrators);
}

std::expected<RuleIndex, wire::Reason> Rules::add(const state::RuleTable::Making& making) {
  if (const auto reason = reason_not_to_add(making)) return std::unexpected{*reason};
  RuleIndex rule{table_.used()};
  if (!free_.empty()) {
    rule = free_.back();
    free_.pop_back();
  }
  table_.make(rule, making);
  list(rule);
  return rule;
}

// If there are two rules for one target, the later rule stays. add() makes it before the earlier
// rule is removed: a gateway that is killed in between leaves both.
void Rules::list(RuleIndex rule) {
  const RuleKey key = key_of(table_.row(rule));
  const auto same = by_key_.find(key);
  if (same != by_key_.end()) {
    const bool is_later = table_.row(rule).id > table_.row(same->second).id;
    const RuleIndex old = is_later ? same->second : rule;
    table_.remove(old);
    free_.push_back(old);
    if (is_later) same->second = rule;
    return;
  }
  by_key_.emplace(key, rule);
  count(key, 1);
}

void Rules::count(const RuleKey& key, std::int32_t by) {
  const auto change = [by](std::uint32_t& number) { number += static_cast<std::uint32_t>(by); };
  change(targets_[static_cast<std::size_t>(key.kind)][static_cast<std::size_t>(key.target)]);
  if (key.target == RuleTarget::network) change(prefixes_[key.prefix]);
  RuleCounts& counts = counts_[key.room];
  change(counts.of(key.kind));
  if (key.target == RuleTarget::name) change(counts.names);
  if (counts == RuleCounts{}) counts_.erase(key.room);
  if (key.room != state::kDefaultRoom) change(of_rooms_.of(key.kind));
}

void Rules::remove(RuleIndex rule) {
  if (!table_.is_made(rule)) return;
  const RuleKey key = key_of(table_.row(rule));
  table_.remove(rule);
  by_key_.erase(key);
  count(key, -1);
  free_.push_back(rule);
}

void Rules::remove_all(state::RoomId room) {
  for_each_of(room, [this](RuleIndex rule) { remove(rule); });
}

void Rules::tick(WallTime now) {
  constexpr std::uint32_t kAtOnce = 256;  // the event loop must not stall
  const std::uint32_t end = std::min(table_.used(), next_tick_ + kAtOnce);
  for (; next_tick_ < end; ++next_tick_) {
    const RuleIndex rule{next_tick_};
    if (table_.is_made(rule) && has_ended(table_.row(rule), now)) remove(rule);
  }
  if (next_tick_ >= table_.used()) next_tick_ = 0;
}

}  // namespace chatd::chat
