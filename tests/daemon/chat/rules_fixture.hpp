// SPDX-License-Identifier: GPL-3.0-or-later
// rules_fixture.hpp — rules over a region without members. A rule needs the id of a room, not the
// room.
//
// Runs in:   test programs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/wire/name.hpp"
#include "daemon/chat/rules.hpp"
#include "tests/support/rule_making.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::chat {

class RulesFixture : public test::StateFixture {
 protected:
  explicit RulesFixture(const state::Geometry& geometry = test::kSmallGeometry)
      : StateFixture{geometry} {}
  using Making = state::RuleTable::Making;
  using Kind = state::RuleKind;
  using RoomId = state::RoomId;
  static constexpr WallTime kNow{std::chrono::seconds{1000}};
  static constexpr RoomId kServer{state::kDefaultRoom};
  static constexpr RoomId kLab{7};
  static constexpr RoomId kDen{8};

  static Making person(Kind kind, std::uint64_t number, RoomId room = kServer) {
    return made_now(test::rule_for(kind, state::PersonId{number}, room));
  }
  static Making name(Kind kind, std::string_view text, RoomId room = kServer) {
    return made_now(test::rule_for(kind, text, room));
  }
  static Making network(std::string_view text) { return made_now(test::ban_of_network(text)); }
  static Making made_now(Making making) {
    making.now = kNow;
    return making;
  }
  static Making ends_at(Making making, WallTime until) {
    making.until = until;
    return making;
  }
  state::RuleIndex add(const Making& making) {
    const auto added = rules_.add(making);
    EXPECT_TRUE(added.has_value());
    return added.value_or(state::RuleIndex{});
  }
  // done: it was added.
  wire::Reason reason_of(const Making& making) {
    const auto added = rules_.add(making);
    return added ? wire::Reason::done : added.error();
  }

  [[nodiscard]] bool bans_person(std::uint64_t number, RoomId room = kServer,
                                 WallTime now = kNow) const {
    return rules_.has(Kind::ban, state::PersonId{number}, room, now);
  }
  [[nodiscard]] bool bans_name(std::string_view text, RoomId room = kServer) const {
    const std::string folded = wire::folded_name(text);
    return rules_.find(Kind::ban, {.folded_name = folded}, room, kNow).has_value();
  }
  [[nodiscard]] bool bans(const IpAddress& address, RoomId room = kServer) const {
    return rules_.find(Kind::ban, {.address = address}, room, kNow).has_value();
  }
  [[nodiscard]] bool bans_address(std::string_view text) const {
    return bans(parse_address(text).value());
  }
  // A new gateway over the same region.
  Rules taken_over() const {
    Rules rules{state_};
    rules.adopt();
    return rules;
  }
  static std::vector<std::uint32_t> ids_of(const Rules& rules) {
    std::vector<std::uint32_t> ids;
    for (auto rule = rules.next(0); rule;
         rule = rules.next(static_cast<std::uint32_t>(*rule) + 1)) {
      ids.push_back(rules.row(*rule).id);
    }
    return ids;
  }

  Rules rules_{state_};
};

}  // namespace chatd::chat
