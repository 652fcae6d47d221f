// SPDX-License-Identifier: GPL-3.0-or-later
// invitations.hpp — the codes that admit persons, and the persons that they have admitted.
//
// Runs in:   gateway.
// Owns:      indexes of the rows. Borrows: the StateView.
// Pure:      no descriptor, no clock, no log.
// Invariant: one use of a code is one person, also when the gateway is killed at any instruction:
//            the admission is one row. A person that a code has admitted uses nothing when it
//            comes with it again. A code that is unknown, used up, expired, revoked or closed has
//            one answer. A code that is in force always has rows for its uses.
// Hot path:  find() and admitted_by() do not allocate.
// See:       door.hpp, which asks for a login; invitation_rows.hpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "common/crypto/hash.hpp"
#include "daemon/chat/types.hpp"
#include "daemon/state/invitation_rows.hpp"
#include "daemon/state/kept_table.hpp"

namespace chatd::chat {

class Invitations {
 public:
  using Index = std::uint32_t;
  using Id = state::InvitationId;

  explicit Invitations(const state::StateView& state) : codes_{state}, admissions_{state} {}
  // Reads the rows that a predecessor made, or that were restored.
  void adopt();

  struct Making {
    crypto::Hash hash;  // crypto::hash_of_invitation()
    std::uint32_t uses{1};
    WallTime now{};
    WallTime until{};
    state::RoomId room{state::kDefaultRoom};  // kDefaultRoom: none
    std::uint32_t by{0};                      // a user id
  };
  // How many codes with so many uses there is space for. Rows of codes that are not in force any
  // more, and have admitted nobody who is still admitted, count as free.
  [[nodiscard]] std::uint32_t space_for(std::uint32_t uses, WallTime now) const;
  // space_for() has said that there is space. nullopt: there is none nevertheless.
  std::optional<Id> add(const Making& making);

  // The code that a person comes with.
  struct Found {
    Index code;
    bool is_again;  // it has admitted the person before
  };
  // nullopt: the code admits nobody, or not this person.
  [[nodiscard]] std::optional<Found> find(std::string_view secret, state::PersonId person,
                                          WallTime now) const;
  // Admits the person. False: there is no space, which is not possible for a code of find().
  bool admit(const Found& found, state::PersonId person, std::string_view name, WallTime now);
  // Takes each admission whose person is not on the list of the code's room yet, once: take(person,
  // name, room) puts it there, and may be called a second time by a successor.
  template <class Take>
  void for_each_due(Take take) {
    admissions_.for_each([&](Index at, const state::AdmissionRow& row) {
      const state::RoomId room = row.room_due.load(std::memory_order_relaxed);
      if (room == state::kDefaultRoom) return;
      take(row.person, view_of(row.name), room);
      settle_room(at);
    });
  }
  // The same for one person, after admit().
  template <class Take>
  void take_due(state::PersonId person, Take take) {
    for (auto at = by_person_.lower_bound(Key{person, Id{}});
         at != by_person_.end() && at->first.first == person; ++at) {
      const state::AdmissionRow& row = admissions_.row(at->second);
      const state::RoomId room = row.room_due.load(std::memory_order_relaxed);
      if (room == state::kDefaultRoom) continue;
      take(row.person, view_of(row.name), room);
      settle_room(at->second);
    }
  }

  // The code by which the person was admitted: the first one, if there are several.
  [[nodiscard]] std::optional<Id> admitted_by(state::PersonId person) const;
  // The person that was admitted under this name, the last one if there are several. The name is
  // folded.
  [[nodiscard]] std::optional<state::PersonId> admitted_as(std::string_view name) const;
  // All codes by which the person was admitted.
  [[nodiscard]] std::vector<Id> all_of(state::PersonId person) const;

  [[nodiscard]] std::optional<Index> find_id(Id id) const;
  [[nodiscard]] const state::InvitationRow& row(Index code) const { return codes_.row(code); }
  [[nodiscard]] std::uint32_t used(Id id) const;  // uses
  [[nodiscard]] bool is_in_force(Index code, WallTime now) const;
  // Calls take(index, row) for each code, in the order of their ids.
  template <class Take>
  void for_each(Take take) const {
    for (const auto& [id, code] : by_id_) take(code, codes_.row(code));
  }
  // Calls take(row) for each admission, in no order.
  template <class Take>
  void for_each_admission(Take take) const {
    admissions_.for_each([&](Index /*at*/, const state::AdmissionRow& row) { take(row); });
  }
  // The code was not ended; its uses or its time may be over.
  [[nodiscard]] bool is_open(Index code) const;
  // The code admits nobody any more. False: it was ended before, nothing was changed.
  bool end(Index code, state::InvitationState state);
  // Removes the admissions by this code, and returns the persons that no other code has admitted.
  std::vector<state::PersonId> remove_admissions(Id id);

  [[nodiscard]] std::uint32_t codes() const noexcept { return codes_.size(); }

 private:
  using Key = std::pair<state::PersonId, Id>;
  void list_code(Index code);
  void list_admission(Index at);
  void unlist_code(Index code);
  void settle_room(Index at);
  // The uses that are left of all codes, and the admissions.
  [[nodiscard]] std::uint32_t promised(WallTime now) const;
  [[nodiscard]] bool is_over(Index code, WallTime now) const;
  bool make_space(WallTime now);

  state::KeptTable<state::InvitationRow> codes_;
  state::KeptTable<state::AdmissionRow> admissions_;
  std::map<Id, Index> by_id_;
  std::map<crypto::Hash, Index> by_hash_;
  std::map<Key, Index> by_person_;
  std::map<Id, std::uint32_t> used_;
};

}  // namespace chatd::chat
