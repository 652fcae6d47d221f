// SPDX-License-Identifier: GPL-3.0-or-later
// rule_slot.hpp — the row of a rule: a ban, a mute, an invitation or a role, of a person, a name or
// a network, in one room or in the whole server.
//
// Runs in:   gateway. Part of the shared layout: a new gateway continues with these rules.
// Invariant: a rule is in force while the phase of its row is `made`, and before `until_wall`. The
//            id of a rule is never used twice in one history.
// See:       rule_table.hpp, the only code that changes rows.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "common/base/address.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/state/registry_head.hpp"
#include "daemon/state/room_slot.hpp"
#include "daemon/state/short_text.hpp"

namespace chatd::state {

enum class RuleId : std::uint32_t {};
// The row of a rule.
enum class RuleIndex : std::uint32_t {};

enum class RuleKind : std::uint8_t {
  ban = 1,
  mute,
  invitation,  // to a room that only invited members enter
  moderator,
  owner,
};
inline constexpr std::size_t kRuleKinds = 5;
// A ban or a mute takes a right away; an invitation or a role gives one.
[[nodiscard]] constexpr bool is_restriction(RuleKind kind) noexcept {
  return kind == RuleKind::ban || kind == RuleKind::mute;
}

// The target of a rule.
enum class RuleTarget : std::uint8_t {
  person = 1,
  name,     // the member that has the name, in any case and width
  network,  // all sessions from its addresses
};
inline constexpr std::size_t kRuleTargets = 3;

// Rows for bans and mutes, and rows for invitations and roles, of the server and of all rooms
// together. One of the latter stays free: a rule that replaces another one is made before the other
// one is removed.
inline constexpr std::uint32_t kRestrictionRows = 4096;
[[nodiscard]] constexpr std::uint32_t grant_rows(std::uint32_t rooms) noexcept {
  return 16'384 + 16 * rooms;
}
[[nodiscard]] constexpr std::uint32_t rule_rows(std::uint32_t rooms) noexcept {
  return kRestrictionRows + grant_rows(rooms);
}

// 210 rules a minute, the limit of a network and its 30 rooms (daemon/chat/change_rates.hpp), use
// up the ids of a history in 19 years.
inline constexpr std::uint32_t kMaxRuleId = 0x7FFF'FFFF;

// Bytes of UTF-8.
inline constexpr std::size_t kMaxRuleReasonBytes = 120;
inline constexpr std::size_t kMaxRuleNoteBytes = 120;

enum class RulePhase : std::uint32_t { free, made };

// A place in the log of a room, from which somebody may read it.
struct ReadFrom {
  std::uint64_t offset;
  std::uint64_t number;  // of the first record from there on
};

struct RuleSlot {
  // Written by: gateway.
  alignas(kCacheLine) std::atomic<RulePhase> phase;
  std::uint32_t id;
  RuleKind kind;
  RuleTarget target;
  std::uint8_t prefix;                      // of a network, see chatd::Network
  RoomId room;                              // kDefaultRoom: the whole server
  PersonId person;                          // of RuleTarget::person
  IpAddress network;                        // of RuleTarget::network
  std::int64_t made_wall;                   // microseconds since 1970
  std::atomic<std::int64_t> until_wall;     // 0: without end
  std::atomic<std::uint64_t> hits;          // how often it refused something
  std::atomic<std::int64_t> hit_wall;       // the last time; 0: never
  std::atomic<std::uint64_t> since;         // of an invitation or a role: see RoomRights::since()
  std::atomic<std::uint64_t> since_number;  // of the first record from there on; or kNoNumber
  RowVersion version;                       // of all this but the hits, see registry_head.hpp
  ShortText<kMaxNameBytes> name;          // of the target, as it was shown; a network may have none
  ShortText<kMaxNameBytes> by;            // a member's name; empty: the administrator
  ShortText<kMaxRuleReasonBytes> reason;  // shown to the target; may be empty
  ShortText<kMaxRuleNoteBytes> note;      // for the administrator; may be empty
};
static_assert(sizeof(RuleSlot) % kCacheLine == 0);

// Values of RuleHead::change_of.
inline constexpr std::uint32_t kNoChange = 0;
inline constexpr std::uint32_t kChangeOfDefaultRoom = 1;
inline constexpr std::uint32_t kChangeOfFirstRow = 2;  // plus the row of a further room

// Written by: gateway.
struct RuleHead {
  alignas(kCacheLine) std::atomic<std::uint32_t> last_id;
  // The first row that was never used. Rows from it on are not read: a read would give them memory.
  std::atomic<std::uint32_t> used;
  // The room whose change the gateway carries out. The record of the change is at `change_at` of
  // the room's log, or is not written yet. A successor carries out what the record says.
  std::atomic<std::uint32_t> change_of;
  std::atomic<std::uint64_t> change_at;
};

}  // namespace chatd::state
