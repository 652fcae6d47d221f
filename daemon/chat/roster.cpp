// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/roster.hpp"

#include <utility>

#include "daemon/state/bitmap.hpp"

namespace chatd::chat {

namespace {

template <class Map, class Key>
std::optional<typename Map::mapped_type> find(const Map& map, const Key& key) {
  const auto found = map.find(key);
  if (found == map.end()) return std::nullopt;
  return found->second;
}

}  // namespace

Roster::Roster(std::uint32_t capacity, std::uint64_t hash_key, std::uint32_t first_web_slot)
    : by_endpoint_{0, EndpointHash{hash_key}},
      by_key_{0, TextHash{hash_key}},
      first_web_slot_{first_web_slot},
      at_network_{Networks{0, AddressHash{hash_key}}, Networks{0, AddressHash{hash_key}}},
      entries_(capacity),
      listed_((capacity + 63) / 64, 0) {
  by_endpoint_.reserve(capacity);
  by_key_.reserve(capacity);
  free_[0].reserve(first_web_slot);
  free_[1].reserve(capacity - first_web_slot);
}

std::optional<Slot> Roster::by_endpoint(const Endpoint& peer) const {
  return find(by_endpoint_, peer);
}

std::optional<Slot> Roster::by_key(std::string_view folded_name) const {
  return find(by_key_, folded_name);
}

std::uint32_t Roster::count_at(const IpAddress& address, bool is_web) const {
  return find(at_network_[is_web], network_of(address)).value_or(0);
}

std::optional<Slot> Roster::next_listed(Slot slot) const noexcept {
  const auto found = state::next_bit(listed_, slot);
  if (!found) return std::nullopt;
  return Slot{*found};
}

std::optional<Slot> Roster::take_free(bool is_web) {
  auto& free = free_[is_web];
  if (free.empty()) return std::nullopt;
  const Slot slot = free.back();
  free.pop_back();
  return slot;
}

void Roster::give_back(Slot slot) { free_[is_web(slot)].push_back(slot); }

void Roster::list(Slot slot, const Endpoint& peer, std::string folded_name) {
  mark_listed(slot);
  by_endpoint_.emplace(peer, slot);
  by_key_.emplace(folded_name, slot);
  ++at_network_[is_web(slot)][network_of(peer.address)];
  if (!is_loopback(peer.address)) ++remote_texts_;
  entries_[slot] = {.peer = peer, .folded_name = std::move(folded_name), .first = slot};
}

void Roster::list_mobile(Slot slot, const IpAddress& address, std::string folded_name) {
  mark_listed(slot);
  const Slot first = by_key_.emplace(folded_name, slot).first->second;
  ++at_network_[is_web(slot)][network_of(address)];
  entries_[slot] = {.peer = {.address = address, .port = 0},
                    .folded_name = std::move(folded_name),
                    .is_mobile = true,
                    .first = first};
  if (first != slot) append_program(first, slot);
}

void Roster::append_program(Slot first, Slot slot) noexcept {
  Slot last = first;
  while (entries_[last].next) last = *entries_[last].next;
  entries_[last].next = slot;
}

void Roster::remove_program(Slot slot, const Entry& entry) {
  if (entry.first != slot) {
    Slot before = entry.first;
    while (entries_[before].next != slot) before = entries_[before].next.value();
    entries_[before].next = entry.next;
    return;
  }
  if (!entry.next) {
    by_key_.erase(entry.folded_name);
    return;
  }
  by_key_.find(entry.folded_name)->second = *entry.next;
  for (auto program = entry.next; program; program = entries_[*program].next) {
    entries_[*program].first = *entry.next;
  }
}

void Roster::move(Slot slot, const IpAddress& address) {
  leave_address(slot, entries_[slot].peer.address);
  ++at_network_[is_web(slot)][network_of(address)];
  entries_[slot].peer.address = address;
}

void Roster::unlist(Slot slot) {
  listed_[slot / 64] &= ~(1ULL << (slot % 64));
  const Entry entry = std::exchange(entries_[slot], {});
  if (!entry.is_mobile) {
    by_endpoint_.erase(entry.peer);
    if (!is_loopback(entry.peer.address)) --remote_texts_;
  }
  --sessions_;
  remove_program(slot, entry);
  leave_address(slot, entry.peer.address);
}

void Roster::leave_address(Slot slot, const IpAddress& address) {
  Networks& networks = at_network_[is_web(slot)];
  const auto at = networks.find(network_of(address));
  if (at != networks.end() && --at->second == 0) networks.erase(at);
}

}  // namespace chatd::chat
