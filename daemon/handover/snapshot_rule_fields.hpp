// SPDX-License-Identifier: GPL-3.0-or-later
// snapshot_rule_fields.hpp — the lists of the fields that a snapshot keeps of a rule and of the
// properties of a room.
//
// Runs in:   supervisor. Pure.
// Invariant: as in snapshot_fields.hpp.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/handover/snapshot_fields.hpp"
#include "daemon/state/room_properties.hpp"
#include "daemon/state/rule_slot.hpp"

namespace chatd::handover {

template <>
struct KeptFields<state::RuleSlot> {
  static constexpr void fields(auto& v, auto& rule) {
    v("phase", NotKept{rule.phase});  // `made`
    v("id", rule.id);
    v("kind", rule.kind);
    v("target", rule.target);
    v("prefix", Sparse{rule.prefix, std::uint8_t{128}});
    v("room", Sparse{rule.room, state::kDefaultRoom});
    v("person", Sparse{rule.person, state::PersonId{}});
    v("network", Flat{rule.network});
    v("made", rule.made_wall);
    v("until", Sparse{rule.until_wall, std::int64_t{0}});
    v("hits", Sparse{rule.hits, std::uint64_t{0}});
    v("hit", Sparse{rule.hit_wall, std::int64_t{0}});
    v("since", Sparse{rule.since, std::uint64_t{0}});
    v("since_number", Since{rule.since_number, state::kNoNumber});
    v("version", NotKept{rule.version});  // of this memory
    v("name", Sparse{rule.name, std::string_view{}});
    v("by", Sparse{rule.by, std::string_view{}});
    v("reason", Sparse{rule.reason, std::string_view{}});
    v("note", Sparse{rule.note, std::string_view{}});
  }
};
template <>
struct KeptFields<state::RuleHead> {
  static constexpr void fields(auto& v, auto& head) {
    v("last_rule", Separate{head.last_id});
    v("used", NotKept{head.used});  // the rows that are restored
    v("changing", Separate{head.change_of});
    v("changing_at", Separate{head.change_at});
  }
};
template <>
struct KeptFields<state::RoomTopic> {
  static constexpr void fields(auto& v, auto& topic) {
    v("topic_set", Sparse{topic.set_wall, std::int64_t{0}});
    v("topic_by", Sparse{topic.by, std::string_view{}});
    v("topic", Sparse{topic.text, std::string_view{}});
  }
};
template <>
struct KeptFields<state::RoomProperties> {
  static constexpr void fields(auto& v, auto& room) {
    v("topics", InForce{room, room.topic_serial, room.topics});
    v("slow", room.slow_seconds);
    v("invited", room.is_invited);
    v("hidden", room.is_hidden);
    v("lecture", room.is_lecture);
    v("enter", Sparse{room.enter, wire::MayEnter::anyone});
    v("open_since", Sparse{room.open_since, std::uint64_t{0}});
    v("open_since_number", Since{room.open_since_number, state::kNoNumber});
    v("history", Sparse{room.history, wire::kHistoryOfServer});
    v("history_since", Sparse{room.history_since, std::uint64_t{0}});
    v("version", NotKept{room.version});
  }
};
static_assert(kListsAllMembers<state::RuleHead, KeptFields<state::RuleHead>>);

}  // namespace chatd::handover
