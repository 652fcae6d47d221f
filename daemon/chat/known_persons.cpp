// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/known_persons.hpp"

#include <algorithm>
#include <atomic>

namespace chatd::chat {

namespace {

std::int64_t last_of(const state::KnownPersonRow& row) {
  return row.last_wall.load(std::memory_order_relaxed);
}

}  // namespace

void KnownPersons::adopt() {
  rows_.adopt();
  by_person_.clear();
  networks_.clear();
  rows_.for_each([this](Index row, const state::KnownPersonRow& /*values*/) { list(row); });
}

// Of two rows for a person, which only a damaged database has, one stays.
void KnownPersons::list(Index row) {
  const auto [at, is_new] = by_person_.try_emplace(rows_.row(row).person, row);
  if (!is_new) return rows_.remove(row);
  ++networks_[rows_.row(row).network];
}

std::optional<WallTime> KnownPersons::first_seen(state::PersonId person) const {
  const auto at = by_person_.find(person);
  if (at == by_person_.end()) return std::nullopt;
  return WallTime{Micros{rows_.row(at->second).first_wall}};
}

bool KnownPersons::is_known(state::PersonId person, WallTime now) const {
  const auto first = first_seen(person);
  return first && *first + kKnownAfter <= now;
}

std::uint32_t KnownPersons::rows_of(const IpAddress& network) const {
  const auto at = networks_.find(network);
  return at == networks_.end() ? 0 : at->second;
}

bool KnownPersons::note(const Stay& stay, WallTime now, const IsProtected& is_protected) {
  if (const auto at = by_person_.find(stay.person); at != by_person_.end()) {
    if (last_of(rows_.row(at->second)) + Micros{kBetweenNotes}.count() > micros_of(now))
      return false;
    rows_.change(at->second, [&](state::KnownPersonRow& row) {
      row.last_wall.store(micros_of(now), std::memory_order_relaxed);
    });
    return false;
  }
  // `began` is later than `now` if the clock was set back during the session.
  const std::int64_t first = std::max<std::int64_t>(1, micros_of(std::min(stay.began, now)));
  const IpAddress network = network_of(stay.address);
  const bool has_space = has_space_for(network);
  if (!has_space && !make_space(network, is_protected)) return true;
  const auto row = rows_.add([&](state::KnownPersonRow& made) {
    made.person = stay.person;
    made.first_wall = first;
    made.last_wall.store(std::max(first, micros_of(now)), std::memory_order_relaxed);
    made.network = network;
  });
  if (row) list(*row);
  return !has_space;
}

bool KnownPersons::has_space_for(const IpAddress& network) const {
  return rows_of(network) < kRowsOfANetwork && !rows_.is_full();
}

bool KnownPersons::make_space(const IpAddress& network, const IsProtected& is_protected) {
  const bool is_share_full = rows_of(network) >= kRowsOfANetwork;
  const auto by_rows = [](const auto& a, const auto& b) { return a.second < b.second; };
  const IpAddress of =
      is_share_full ? network : std::ranges::max_element(networks_, by_rows)->first;
  const auto row = unseen_longest(of, is_protected);
  if (row) remove(*row);
  return row.has_value();
}

std::optional<KnownPersons::Index> KnownPersons::unseen_longest(
    const IpAddress& network, const IsProtected& is_protected) const {
  std::optional<Index> found;
  rows_.for_each([&](Index at, const state::KnownPersonRow& row) {
    if (!(row.network == network)) return;
    if (found && last_of(rows_.row(*found)) <= last_of(row)) return;
    if (!is_protected(row.person)) found = at;
  });
  return found;
}

void KnownPersons::forget(state::PersonId person) {
  if (const auto at = by_person_.find(person); at != by_person_.end()) remove(at->second);
}

void KnownPersons::remove(Index row) {
  const state::KnownPersonRow& values = rows_.row(row);
  by_person_.erase(values.person);
  const auto network = networks_.find(values.network);
  if (--network->second == 0) networks_.erase(network);
  rows_.remove(row);
}

}  // namespace chatd::chat
