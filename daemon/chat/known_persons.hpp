// SPDX-License-Identifier: GPL-3.0-or-later
// known_persons.hpp — the persons that the server has known for some time, and since when.
//
// Runs in:   gateway.
// Owns:      an index of the rows by person, and the number of rows of each network. Borrows: the
//            StateView.
// Pure:      no descriptor, no clock, no log.
// Invariant: a person is noted when a native session of it has lasted for kMinStay, and then at
//            most once a day: a flood of new keys costs no write, and a network fills its share of
//            the rows only with as many sessions as it may have, each of them for that time. When
//            the rows of a network are used up, a new person of that network takes the row of the
//            one that was unseen longest; when all rows are used up, a row of the network with most
//            rows. A person that was admitted by a code or owns a name keeps its row.
// See:       invitations.hpp for persons that were admitted by a code.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>

#include "common/base/address.hpp"
#include "daemon/chat/types.hpp"
#include "daemon/state/invitation_rows.hpp"
#include "daemon/state/kept_table.hpp"

namespace chatd::chat {

class KnownPersons {
 public:
  static constexpr std::chrono::minutes kMinStay{10};
  static constexpr std::chrono::hours kKnownAfter{24};
  static constexpr std::chrono::hours kBetweenNotes{24};
  static constexpr std::uint32_t kRowsOfANetwork = state::kKnownPersonRows / 8;

  explicit KnownPersons(const state::StateView& state) : rows_{state} {}
  // Reads the rows that a predecessor made, or that were restored.
  void adopt();

  // When the first session began that lasted. nullopt: there was none, or its row was used again.
  [[nodiscard]] std::optional<WallTime> first_seen(state::PersonId person) const;
  // First seen kKnownAfter ago or earlier.
  [[nodiscard]] bool is_known(state::PersonId person, WallTime now) const;

  // A session of the person has lasted for kMinStay.
  struct Stay {
    state::PersonId person;
    IpAddress address;
    WallTime began;
  };
  using IsProtected = std::function<bool(state::PersonId)>;
  // True: no row was free, and all rows were looked at.
  bool note(const Stay& stay, WallTime now, const IsProtected& is_protected);
  // The person is not known any more.
  void forget(state::PersonId person);

  [[nodiscard]] std::uint32_t size() const noexcept { return rows_.size(); }

 private:
  using Index = std::uint32_t;
  void list(Index row);
  void remove(Index row);
  [[nodiscard]] bool has_space_for(const IpAddress& network) const;
  // Makes a row free. False: all rows that may be used again are protected.
  bool make_space(const IpAddress& network, const IsProtected& is_protected);
  [[nodiscard]] std::optional<Index> unseen_longest(const IpAddress& network,
                                                    const IsProtected& is_protected) const;
  [[nodiscard]] std::uint32_t rows_of(const IpAddress& network) const;

  state::KeptTable<state::KnownPersonRow> rows_;
  std::unordered_map<state::PersonId, Index> by_person_;
  std::map<IpAddress, std::uint32_t, AddressOrder> networks_;
};

}  // namespace chatd::chat
