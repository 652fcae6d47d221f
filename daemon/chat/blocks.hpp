// SPDX-License-Identifier: GPL-3.0-or-later
// blocks.hpp — the users that a person has blocked, and its choice from whom it takes direct
// messages. Both last.
//
// Runs in:   gateway.
// Owns:      indexes of the rows. Borrows: the StateView.
// Pure:      no descriptor, no clock, no log.
// Invariant: a block is for a person, under every name. A person has at most kOfAPerson blocks; the
//            persons of a network have together at most kOfANetwork rows, so that its free keys
//            cannot use up the table. The server's machine is no network. When the table is full,
//            the oldest row of the network with most rows gives way.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/wire/native/native_block.hpp"
#include "common/wire/reasons.hpp"
#include "daemon/chat/types.hpp"
#include "daemon/state/block_row.hpp"
#include "daemon/state/kept_table.hpp"

namespace chatd::chat {

class Blocks {
 public:
  static constexpr std::size_t kOfAPerson = 100;
  static constexpr std::uint32_t kOfANetwork = state::kBlockRows / 8;

  // `lasts`: returns true for a person that owns a name or was invited. A full table keeps the rows
  // of such a person. Without this function it keeps no rows.
  using Lasts = std::function<bool(state::PersonId)>;
  explicit Blocks(const state::StateView& state, Lasts lasts = {})
      : rows_{state}, lasts_{std::move(lasts)} {}
  // Called once, first.
  void adopt();

  [[nodiscard]] bool has(state::PersonId person, state::PersonId other) const {
    return find(person, other).has_value();
  }
  // unset: the person has not chosen.
  [[nodiscard]] wire::DirectFrom from(state::PersonId person) const;

  // The person of the command, and the address and the time of the command.
  struct By {
    state::PersonId person;
    IpAddress address;
    WallTime now;
  };
  // Blocks another person; nothing changes if it is blocked. A result is the reason of a refusal.
  std::optional<wire::Reason> add(const By& by, state::PersonId other, std::string_view name);
  // The person that is blocked under this name; nullopt: none.
  [[nodiscard]] std::optional<state::PersonId> blocked(state::PersonId person,
                                                       std::string_view name) const;
  // False: the other person was not blocked.
  bool remove(state::PersonId person, state::PersonId other);
  // unset: as the server has it.
  std::optional<wire::Reason> choose(const By& by, wire::DirectFrom from);

  // Writes the blocks of the person, one a line, as in a record `blocks`, from the block `place`
  // on.
  struct Listed {
    std::size_t bytes;
    std::optional<std::uint32_t> next;  // the place of the next part; nullopt: this is the last
  };
  [[nodiscard]] Listed list(state::PersonId person, std::uint32_t place, std::span<char> out) const;

 private:
  using Rows = std::vector<std::uint32_t>;  // in the order in which they were made
  [[nodiscard]] std::optional<std::uint32_t> find(state::PersonId person,
                                                  state::PersonId other) const;
  std::optional<wire::Reason> make(const By& by, state::PersonId other, std::string_view name,
                                   wire::DirectFrom from);
  [[nodiscard]] bool make_space();
  void note(std::uint32_t at);
  void drop(std::uint32_t at);

  state::KeptTable<state::BlockRow> rows_;
  Lasts lasts_;
  std::unordered_map<std::uint64_t, Rows> of_person_;
  std::map<IpAddress, std::uint32_t, AddressOrder> of_network_;  // the number of its rows
};

}  // namespace chatd::chat
