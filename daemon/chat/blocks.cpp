// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/blocks.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/wire/name.hpp"
#include "common/wire/native/named_person.hpp"

namespace chatd::chat {

namespace {

constexpr state::PersonId kChoice{};

std::uint64_t number_of(state::PersonId person) { return static_cast<std::uint64_t>(person); }

}  // namespace

void Blocks::adopt() {
  rows_.adopt();
  std::vector<std::uint32_t> made;
  rows_.for_each([&](std::uint32_t at, const state::BlockRow&) { made.push_back(at); });
  // The oldest first; of those of one moment, the first row.
  std::ranges::sort(made, {}, [this](std::uint32_t at) {
    return std::pair{rows_.row(at).since_wall, at};
  });
  for (const std::uint32_t at : made) {
    const state::BlockRow& row = rows_.row(at);
    // Only another program makes two such rows on disk.
    if (find(row.person, row.other)) {
      rows_.remove(at);
    } else {
      note(at);
    }
  }
}

void Blocks::note(std::uint32_t at) {
  const state::BlockRow& row = rows_.row(at);
  of_person_[number_of(row.person)].push_back(at);
  if (row.is_local == 0) ++of_network_[row.network];
}

void Blocks::drop(std::uint32_t at) {
  const state::BlockRow& row = rows_.row(at);
  const auto own = of_person_.find(number_of(row.person));
  std::erase(own->second, at);
  if (own->second.empty()) of_person_.erase(own);
  if (row.is_local == 0) {
    const auto network = of_network_.find(row.network);
    if (--network->second == 0) of_network_.erase(network);
  }
  rows_.remove(at);
}

std::optional<std::uint32_t> Blocks::find(state::PersonId person, state::PersonId other) const {
  const auto own = of_person_.find(number_of(person));
  if (own == of_person_.end()) return std::nullopt;
  const auto found = std::ranges::find(own->second, other,
                                       [this](std::uint32_t at) { return rows_.row(at).other; });
  return found == own->second.end() ? std::nullopt : std::optional{*found};
}

wire::DirectFrom Blocks::from(state::PersonId person) const {
  const auto at = find(person, kChoice);
  return at ? rows_.row(*at).from.load(std::memory_order_relaxed) : wire::DirectFrom::unset;
}

std::optional<state::PersonId> Blocks::blocked(state::PersonId person,
                                               std::string_view name) const {
  const auto own = of_person_.find(number_of(person));
  if (own == of_person_.end()) return std::nullopt;
  const std::string folded = wire::folded_name(name);
  for (const std::uint32_t at : own->second) {
    const state::BlockRow& row = rows_.row(at);
    if (row.other != kChoice && wire::folded_name(view_of(row.name)) == folded) return row.other;
  }
  return std::nullopt;
}

std::optional<wire::Reason> Blocks::add(const By& by, state::PersonId other,
                                        std::string_view name) {
  if (find(by.person, other)) return std::nullopt;
  const auto own = of_person_.find(number_of(by.person));
  const std::size_t choice = find(by.person, kChoice) ? 1 : 0;
  if (own != of_person_.end() && own->second.size() - choice >= kOfAPerson) {
    return wire::Reason::blocks_full;
  }
  return make(by, other, name, wire::DirectFrom::unset);
}

bool Blocks::remove(state::PersonId person, state::PersonId other) {
  const auto at = other == kChoice ? std::nullopt : find(person, other);
  if (at) drop(*at);
  return at.has_value();
}

std::optional<wire::Reason> Blocks::choose(const By& by, wire::DirectFrom from) {
  const auto at = find(by.person, kChoice);
  if (from == wire::DirectFrom::unset) {
    if (at) drop(*at);
    return std::nullopt;
  }
  if (!at) return make(by, kChoice, {}, from);
  if (rows_.row(*at).from.load(std::memory_order_relaxed) == from) return std::nullopt;
  rows_.change(*at,
               [from](state::BlockRow& row) { row.from.store(from, std::memory_order_relaxed); });
  return std::nullopt;
}

std::optional<wire::Reason> Blocks::make(const By& by, state::PersonId other, std::string_view name,
                                         wire::DirectFrom from) {
  const bool is_local = is_loopback(by.address);
  const IpAddress network = network_of(by.address);
  const auto used = of_network_.find(network);
  const bool is_network_full =
      !is_local && used != of_network_.end() && used->second >= kOfANetwork;
  if (is_network_full || (rows_.is_full() && !make_space())) return wire::Reason::blocks_full;
  const auto at = rows_.add([&](state::BlockRow& row) {
    row.person = by.person;
    row.other = other;
    row.since_wall = by.now.time_since_epoch().count();
    row.network = network;
    row.is_local = is_local ? 1 : 0;
    row.from.store(from, std::memory_order_relaxed);
    assign(row.name, name);
  });
  if (at) note(*at);
  return std::nullopt;
}

// Keys are free: a few networks can fill the table, and the next row takes the place of theirs.
bool Blocks::make_space() {
  const auto most =
      std::ranges::max_element(of_network_, {}, [](const auto& network) { return network.second; });
  if (most == of_network_.end()) return false;
  std::optional<std::uint32_t> oldest;
  rows_.for_each([&](std::uint32_t at, const state::BlockRow& row) {
    const bool is_there = row.is_local == 0 && row.network == most->first;
    if (!is_there || (lasts_ && lasts_(row.person))) return;
    if (!oldest || row.since_wall < rows_.row(*oldest).since_wall) oldest = at;
  });
  if (oldest) drop(*oldest);
  return oldest.has_value();
}

Blocks::Listed Blocks::list(state::PersonId person, std::uint32_t place,
                            std::span<char> out) const {
  Listed listed{.bytes = 0, .next = std::nullopt};
  const auto own = of_person_.find(number_of(person));
  if (own == of_person_.end()) return listed;
  std::uint32_t number = 0;
  for (const std::uint32_t at : own->second) {
    const state::BlockRow& row = rows_.row(at);
    if (row.other == kChoice || number++ < place) continue;
    const std::string line =
        fmt::format("{}{}\t{:016x}\t{}", listed.bytes == 0 ? "" : "\n", view_of(row.name),
                    number_of(row.other), row.since_wall / 1'000'000);
    if (listed.bytes + line.size() > out.size()) {
      listed.next = number - 1;
      break;
    }
    listed.bytes += line.copy(out.data() + listed.bytes, line.size());
  }
  return listed;
}

}  // namespace chatd::chat
