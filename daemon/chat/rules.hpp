// SPDX-License-Identifier: GPL-3.0-or-later
// rules.hpp — bans, mutes, invitations and roles: which are in force, and for which member, in
// every protocol.
//
// Runs in:   gateway.
// Owns:      an index of the rows by target. Borrows: the StateView.
// Pure:      no descriptor, no clock, no log.
// Invariant: there is one rule for a kind, a target and a room: a later one replaces it.
//            Loopback is in no network: a rule for a network never refuses a session of this
//            machine.
// Hot path:  find() does not allocate.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "common/wire/reasons.hpp"
#include "daemon/chat/rule_key.hpp"
#include "daemon/chat/types.hpp"
#include "daemon/state/rule_table.hpp"

namespace chatd::chat {

class Rules {
 public:
  // Bans and mutes in one further room, and in all further rooms together.
  static constexpr std::uint32_t kRestrictionsOfARoom = 64;
  static constexpr std::uint32_t kRestrictionsOfRooms = state::kRestrictionRows / 2;
  // Invitations and roles in one further room.
  static constexpr std::uint32_t kGrantsOfARoom = 256;
  // Rows for bans and mutes, and as many for invitations and roles, that only the administrator's
  // rules get. One more row for each further room is kept for its first owner.
  static constexpr std::uint32_t kAdministratorsRows = 1024;

  explicit Rules(const state::StateView& state);
  // Reads the rules that a predecessor made. Removes damaged rows, and the earlier one of two rules
  // for the same kind, target and room.
  void adopt();
  // Removes the rules of all rooms but these, which are in ascending order.
  void keep_rooms(std::span<const state::RoomId> rooms);

  // A member, or a client that logs in. find() ignores the rules for a field without a value.
  struct Subject {
    state::PersonId person{};
    std::string_view folded_name{};  // see wire::folded_name()
    std::optional<IpAddress> address{};
  };
  // The rule of that kind which is in force for the subject, in this room only; kDefaultRoom: in
  // the whole server. Of several rules, that for the person is returned, or that for the name, or
  // that for the widest network. A rule for the name is in force for no person that has a role in
  // the room: another user may have been banned under this name.
  [[nodiscard]] std::optional<state::RuleIndex> find(state::RuleKind kind, const Subject& subject,
                                                     state::RoomId room, WallTime now) const;
  // The same for a ban, with one number of lookups for all rooms.
  [[nodiscard]] std::optional<state::RuleIndex> find_ban(const Subject& subject, state::RoomId room,
                                                         bool has_role, WallTime now) const;
  // True if the person has that rule in the room: an invitation or a role.
  [[nodiscard]] bool has(state::RuleKind kind, state::PersonId person, state::RoomId room,
                         WallTime now) const;

  // A rule for the same kind, target and room is replaced. The reasons of an error are
  // rules_full and room_rules_full.
  std::expected<state::RuleIndex, wire::Reason> add(const state::RuleTable::Making& making);
  // The reason why add() would refuse the rule. Removes rules of its room that have ended, if there
  // is no space otherwise.
  [[nodiscard]] std::optional<wire::Reason> reason_not_to_add(
      const state::RuleTable::Making& making);
  // Whose further rules of a kind add() refuses. `members`: those of owners and moderators.
  enum class Full : std::uint8_t { nobody, members, everybody };
  [[nodiscard]] Full full_for(state::RuleKind kind) const;
  // False: there is no rule of that kind at all, so that a search is not needed.
  [[nodiscard]] bool has_any(state::RuleKind kind) const;
  // The rule that add() would replace, if it has not ended.
  [[nodiscard]] std::optional<state::RuleIndex> find_same(
      const state::RuleTable::Making& making) const {
    return find(key_of(making), making.now);
  }
  // The row keeps its values until the next add(). Does nothing if the row has no rule.
  void remove(state::RuleIndex rule);
  void remove_all(state::RoomId room);  // of a room that is dropped
  // The rule has another end; 0: no end.
  void set_until(state::RuleIndex rule, WallTime until) { table_.set_until(rule, until); }
  void set_since(state::RuleIndex rule, state::ReadFrom from) { table_.set_since(rule, from); }
  void hit(state::RuleIndex rule, WallTime now) { table_.hit(rule, now); }
  // Removes rules that have ended. A call looks at a few hundred rows, the next call at the next
  // ones.
  void tick(WallTime now);

  [[nodiscard]] const state::RuleSlot& row(state::RuleIndex rule) const { return table_.row(rule); }
  [[nodiscard]] std::optional<state::RuleIndex> find_id(state::RuleId id) const;
  // The first rule in a row from `from` on. Its end may have passed, see state::has_ended().
  [[nodiscard]] std::optional<state::RuleIndex> next(std::uint32_t from) const;
  // Calls take(rule) for each rule of the room, by kind; it may remove that rule.
  template <class Take>
  void for_each_of(state::RoomId room, Take take) const {
    auto at = by_key_.lower_bound(RuleKey{.room = room});
    while (at != by_key_.end() && at->first.room == room) take((at++)->second);
  }
  // The bans and mutes of a room.
  [[nodiscard]] std::uint32_t restrictions_of(state::RoomId room) const;
  // The bans and mutes, or the invitations and roles, of the server and of all rooms.
  [[nodiscard]] std::uint32_t all_like(state::RuleKind kind) const {
    return counts_of(state::kDefaultRoom).of(kind) + of_rooms_.of(kind);
  }
  [[nodiscard]] std::size_t size() const noexcept { return by_key_.size(); }
  [[nodiscard]] std::uint64_t lookups() const noexcept { return lookups_; }  // made so far

 private:
  // The number of rules of each kind for each sort of target: if it is 0, nothing is searched.
  // Index: the values of RuleKind and RuleTarget, which begin with 1.
  using TargetCounts =
      std::array<std::array<std::uint32_t, state::kRuleTargets + 1>, state::kRuleKinds + 1>;

  [[nodiscard]] static bool is_usable(const state::RuleSlot& row);
  [[nodiscard]] std::optional<state::RuleIndex> find(const RuleKey& key, WallTime now) const;
  [[nodiscard]] bool has_role(state::PersonId person, state::RoomId room, WallTime now) const;
  [[nodiscard]] std::optional<state::RuleIndex> find_network(const RuleKey& of,
                                                             const IpAddress& address,
                                                             WallTime now) const;
  [[nodiscard]] RuleCounts counts_of(state::RoomId room) const;
  // The number of rows that a rule like this may use: bans and mutes, or invitations and roles.
  [[nodiscard]] std::uint32_t rows_for(const RuleKey& key, bool is_administrators) const;
  [[nodiscard]] std::optional<wire::Reason> reason_not_to_add(const RuleKey& key,
                                                              bool is_administrators) const;
  // The limits of a further room, and of all of them together.
  [[nodiscard]] std::optional<wire::Reason> reason_of_room(const RuleKey& key) const;
  void list(state::RuleIndex rule);
  void count(const RuleKey& key, std::int32_t by);

  state::RuleTable table_;
  std::uint32_t rooms_;  // that there can be beside the default one
  std::map<RuleKey, state::RuleIndex> by_key_;
  TargetCounts targets_{};
  std::array<std::uint32_t, 129> prefixes_{};   // [n]: networks with n bits
  std::map<state::RoomId, RuleCounts> counts_;  // rooms without rules have no entry
  RuleCounts of_rooms_;                         // of all further rooms
  std::vector<state::RuleIndex> free_;
  std::uint32_t next_tick_{0};  // the row at which tick() continues
  mutable std::uint64_t lookups_{0};
};

}  // namespace chatd::chat
