// SPDX-License-Identifier: GPL-3.0-or-later
// invitation_rows.hpp — the rows of invitation codes, of the persons that a code has admitted, and
// of the persons that the server has known for some time.
//
// Runs in:   gateway (writes), archive (reads). Part of the shared layout, and kept on disk.
// Invariant: an admission is one row, which is made with one store. The uses of a code that are
//            left are its uses without its admissions: no count can be wrong after a kill. There
//            is one admission for a person and a code.
// See:       daemon/chat/invitations.hpp and known_persons.hpp, which find and change them.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "common/base/address.hpp"
#include "daemon/state/kept_row.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/state/room_slot.hpp"
#include "daemon/state/short_text.hpp"

namespace chatd::state {

// The number of an invitation, from 1 on. It is not used again while a row has it.
enum class InvitationId : std::uint32_t {};

inline constexpr std::uint32_t kInvitationRows = 4096;
// All codes together never have more uses than there are rows.
inline constexpr std::uint32_t kAdmissionRows = 16'384;
inline constexpr std::uint32_t kKnownPersonRows = 32'768;

enum class InvitationState : std::uint8_t {
  open,
  revoked,  // by the administrator
  closed,   // by a ban of a person that it has admitted
};

struct InvitationRow {
  alignas(kCacheLine) std::atomic<KeptPhase> phase;
  InvitationId id;
  RowVersion version;
  std::array<std::byte, 32> hash;  // crypto::hash_of_invitation()
  std::int64_t made_wall;          // microseconds since 1970
  std::int64_t until_wall;
  std::uint32_t uses;
  RoomId room;       // that the code lets into, too; kDefaultRoom: none
  std::uint32_t by;  // the user id of who made it
  std::atomic<InvitationState> state;
};

struct AdmissionRow {
  alignas(kCacheLine) std::atomic<KeptPhase> phase;
  InvitationId invitation;
  RowVersion version;
  PersonId person;
  std::int64_t made_wall;         // microseconds since 1970
  std::atomic<RoomId> room_due;   // the person is not on the list of this room yet; or kDefaultRoom
  ShortText<kMaxNameBytes> name;  // that the person had then
};

struct KnownPersonRow {
  alignas(kCacheLine) std::atomic<KeptPhase> phase;
  RowVersion version;
  PersonId person;
  std::int64_t first_wall;              // microseconds since 1970: the begin of the first session
  std::atomic<std::int64_t> last_wall;  // a time at which the person was in, up to a day ago
  IpAddress network;                    // network_of() the address of that first session
};

// False: the row is damaged, chatd never writes such values.
[[nodiscard]] inline bool is_possible(const InvitationRow& row) noexcept {
  return row.id != InvitationId{} && row.made_wall > 0 && row.until_wall > 0 && row.uses != 0 &&
         row.uses <= kAdmissionRows &&
         row.state.load(std::memory_order_relaxed) <= InvitationState::closed;
}
[[nodiscard]] inline bool is_possible(const AdmissionRow& row) noexcept {
  return row.invitation != InvitationId{} && row.person != PersonId{} && row.made_wall > 0;
}
[[nodiscard]] inline bool is_possible(const KnownPersonRow& row) noexcept {
  return row.person != PersonId{} && row.first_wall > 0 &&
         row.last_wall.load(std::memory_order_relaxed) >= row.first_wall;
}

}  // namespace chatd::state
