// SPDX-License-Identifier: GPL-3.0-or-later
// roster.hpp — indexes of the sessions by address and by name, and the free slots.
//
// Runs in:   gateway. Private memory: rebuilt from the session table by a new gateway.
// Owns:      the indexes. Pure.
// Invariant: a slot is free, or taken and unlisted, or listed under one endpoint and one folded
//            name. No two listed slots share an endpoint. Slots that share a folded name are the
//            programs of one member, in a list whose first entry stands for the member.
// Hot path:  by_endpoint() and first() do not allocate.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/base/address.hpp"
#include "daemon/chat/types.hpp"

namespace chatd::chat {

class Roster {
 public:
  // No slot is free at first: call give_back() for each free one. `hash_key` is random and secret;
  // see hash_of() in address.hpp. Slots from `first_web_slot` on are for browsers only.
  Roster(std::uint32_t capacity, std::uint64_t hash_key, std::uint32_t first_web_slot);
  Roster(std::uint32_t capacity, std::uint64_t hash_key) : Roster{capacity, hash_key, capacity} {}

  [[nodiscard]] std::optional<Slot> by_endpoint(const Endpoint& peer) const;
  // The first program of the member of that name.
  [[nodiscard]] std::optional<Slot> by_key(std::string_view folded_name) const;
  // Sessions of that address's network, see network_of(): of browsers, or all others.
  [[nodiscard]] std::uint32_t count_at(const IpAddress& address, bool is_web = false) const;
  // Listed sessions of other machines whose endpoint cannot change (text): it may be spoofed.
  [[nodiscard]] std::uint32_t remote_texts() const noexcept { return remote_texts_; }
  // The number of members.
  [[nodiscard]] std::uint32_t size() const noexcept {
    return static_cast<std::uint32_t>(by_key_.size());
  }
  // The number of listed slots.
  [[nodiscard]] std::uint32_t sessions() const noexcept { return sessions_; }

  // The first program of the member that has this listed slot, and the one behind it.
  [[nodiscard]] Slot first(Slot slot) const noexcept { return entries_[slot].first; }
  [[nodiscard]] std::optional<Slot> next_program(Slot slot) const noexcept {
    return entries_[slot].next;
  }
  // The member has no other program.
  [[nodiscard]] bool is_alone(Slot slot) const noexcept {
    return entries_[slot].first == slot && !entries_[slot].next;
  }
  // Of a listed slot. Valid until it is not listed any more.
  [[nodiscard]] std::string_view folded_name(Slot slot) const { return entries_[slot].folded_name; }
  // The first listed slot from `slot` on.
  [[nodiscard]] std::optional<Slot> next_listed(Slot slot) const noexcept;

  [[nodiscard]] std::uint32_t first_web_slot() const noexcept { return first_web_slot_; }
  [[nodiscard]] bool has_free(bool is_web = false) const noexcept { return !free_[is_web].empty(); }
  // Takes a free slot; nullopt when all are taken.
  [[nodiscard]] std::optional<Slot> take_free(bool is_web = false);
  void give_back(Slot slot);

  void list(Slot slot, const Endpoint& peer, std::string folded_name);
  // A session whose endpoint may change (native) is not found by it; its address is counted. If a
  // member has the name, the session is its last program.
  void list_mobile(Slot slot, const IpAddress& address, std::string folded_name);
  void move(Slot slot, const IpAddress& address);
  void unlist(Slot slot);

 private:
  struct EndpointHash {
    std::uint64_t key;
    std::size_t operator()(const Endpoint& peer) const noexcept { return hash_of(peer, key); }
  };
  struct AddressHash {
    std::uint64_t key;
    std::size_t operator()(const IpAddress& address) const noexcept {
      return hash_of(address, key);
    }
  };
  struct TextHash {
    using is_transparent = void;
    std::uint64_t key;
    std::size_t operator()(std::string_view text) const noexcept { return hash_of(text, key); }
  };
  struct Entry {
    Endpoint peer;  // of a mobile session only the address
    std::string folded_name;
    bool is_mobile{false};
    Slot first{};  // the first slot of the same name
    std::optional<Slot> next{};
  };
  void append_program(Slot first, Slot slot) noexcept;
  void remove_program(Slot slot, const Entry& entry);
  [[nodiscard]] bool is_web(Slot slot) const noexcept { return slot >= first_web_slot_; }
  void leave_address(Slot slot, const IpAddress& address);
  void mark_listed(Slot slot) noexcept {
    listed_[slot / 64] |= 1ULL << (slot % 64);
    ++sessions_;
  }

  std::unordered_map<Endpoint, Slot, EndpointHash> by_endpoint_;
  std::unordered_map<std::string, Slot, TextHash, std::equal_to<>> by_key_;
  using Networks = std::unordered_map<IpAddress, std::uint32_t, AddressHash>;
  std::uint32_t first_web_slot_;
  std::array<Networks, 2> at_network_;  // the second one: of browsers
  std::uint32_t remote_texts_{0};
  std::uint32_t sessions_{0};
  std::vector<Entry> entries_;
  std::vector<std::uint64_t> listed_;      // a bit for each slot
  std::array<std::vector<Slot>, 2> free_;  // the last one is taken first; the second: of browsers
};

}  // namespace chatd::chat
