// SPDX-License-Identifier: GPL-3.0-or-later
// room_rules.hpp — the members, rules, roles and properties of a further room, as the records of
// its log make them.
//
// Runs in:   test programs. Pure.
// Invariant: a user is one name: no user of the chaos test has two.
//            Rules have no end here; one that has an end, as an unused invitation, counts as
//            endless.
// See:       chatd-protocol(7).
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "common/wire/native/native_room.hpp"
#include "tests/fault/chaos/history.hpp"

namespace chatd::test {

enum class RoomRole : std::uint8_t { none, moderator, owner };

class RoomRules {
 public:
  using Names = std::set<std::string, std::less<>>;

  RoomRules() = default;
  // A room that `owner` makes: the rules before the first record.
  explicit RoomRules(std::string owner) { roles_.emplace(std::move(owner), RoomRole::owner); }

  void apply(const Heard& record);

  [[nodiscard]] RoomRole role(std::string_view name) const;
  [[nodiscard]] bool is_member(std::string_view name) const { return members_.contains(name); }
  [[nodiscard]] const Names& members() const noexcept { return members_; }
  [[nodiscard]] Names with_role() const;
  [[nodiscard]] Names on_list() const;
  // The names that have a ban or a mute.
  [[nodiscard]] const Names& banned() const noexcept { return banned_; }
  [[nodiscard]] const Names& muted() const noexcept { return muted_; }
  // A ban or a mute is in force. One that may be for the name only is not in force for a member
  // with a role.
  [[nodiscard]] bool is_banned(std::string_view name) const {
    return banned_keys_.contains(name) || (banned_.contains(name) && role(name) == RoomRole::none);
  }
  [[nodiscard]] bool is_muted(std::string_view name) const {
    return muted_keys_.contains(name) || (muted_.contains(name) && role(name) == RoomRole::none);
  }
  // Invited, or with a role.
  [[nodiscard]] bool is_on_list(std::string_view name) const {
    return invited_.contains(name) || role(name) != RoomRole::none;
  }
  [[nodiscard]] bool is_on(wire::RoomProperty property) const { return on_.contains(property); }

 private:
  void apply_setting(const wire::RoomSetting& setting);
  void apply_moderation(const wire::Moderation& moderation);

  Names members_;
  Names banned_;
  Names banned_keys_;  // those that are for a key
  Names muted_;
  Names muted_keys_;
  Names invited_;
  std::map<std::string, RoomRole, std::less<>> roles_;
  std::set<wire::RoomProperty> on_;
};

}  // namespace chatd::test
