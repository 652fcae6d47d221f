// SPDX-License-Identifier: GPL-3.0-or-later
// rule_slot.hpp — the row of a rule: a ban, a mute, an invitation or a role, of a person, a name or
// a network, in one room or in the whole server.
//
// Runs in:   gateway. Part of the shared layout: a new gateway goes on with the rules of the last.
// Invariant: a row counts while its phase is `made`, and until `until_wall`. The id of a rule is
//            never used twice in one history.
// See:       rule_table.hpp, the only code that changes rows.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "common/base/address.hpp"
#include "daemon/state/layout.hpp"
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
// Bans and mutes take rights away, the others give some.
[[nodiscard]] constexpr bool is_restriction(RuleKind kind) noexcept {
  return kind == RuleKind::ban || kind == RuleKind::mute;
}

// The target of a rule.
enum class RuleTarget : std::uint8_t {
  person = 1,
  name,     // the member that has the name, in any case and width
  network,  // all sessions from its addresses
};

// Rows for bans and mutes, and for what gives rights: those of the server and of all rooms
// together. One row stays free: a rule that replaces another one is made before that is removed.
inline constexpr std::uint32_t kRestrictionRows = 4096;
[[nodiscard]] constexpr std::uint32_t grant_rows(std::uint32_t rooms) noexcept {
  return 16'384 + 16 * rooms;
}
[[nodiscard]] constexpr std::uint32_t rule_rows(std::uint32_t rooms) noexcept {
  return kRestrictionRows + grant_rows(rooms);
}

// The ids of a history: more than 60 a minute in 68 years.
inline constexpr std::uint32_t kMaxRuleId = 0x7FFF'FFFF;

// Bytes of UTF-8.
inline constexpr std::size_t kMaxRuleReasonBytes = 120;
inline constexpr std::size_t kMaxRuleNoteBytes = 120;

enum class RulePhase : std::uint32_t { free, made };

struct RuleSlot {
  // Written by: gateway.
  alignas(kCacheLine) std::atomic<RulePhase> phase;
  std::uint32_t id;
  RuleKind kind;
  RuleTarget target;
  std::uint8_t prefix;                    // of a network, see chatd::Network
  RoomId room;                            // kDefaultRoom: the whole server
  PersonId person;                        // of RuleTarget::person
  IpAddress network;                      // of RuleTarget::network
  std::int64_t made_wall;                 // microseconds since 1970
  std::atomic<std::int64_t> until_wall;   // 0: without end
  std::atomic<std::uint64_t> hits;        // how often it refused something
  std::atomic<std::int64_t> hit_wall;     // the last time; 0: never
  ShortText<kMaxNameBytes> name;          // of the target, as it was shown; empty: a network
  ShortText<kMaxNameBytes> by;            // a member's name; empty: the administrator
  ShortText<kMaxRuleReasonBytes> reason;  // shown to the members it is for; may be empty
  ShortText<kMaxRuleNoteBytes> note;      // for the administrator; may be empty
};
static_assert(sizeof(RuleSlot) % kCacheLine == 0);

// Written by: gateway.
struct RuleHead {
  alignas(kCacheLine) std::atomic<std::uint32_t> last_id;
  // Rows from here on were never used: no process looks at them, which would give them memory.
  std::atomic<std::uint32_t> used;
  // The change of a room that the gateway carries out: 0: none, 1: of the default room, else 2 +
  // the row of the room. Its record is the first one of the room's log at `change_at`, or is not
  // written yet. A successor finishes what the record says.
  std::atomic<std::uint32_t> change_of;
  std::atomic<std::uint64_t> change_at;
};

}  // namespace chatd::state
