// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/origins.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "daemon/state/native_slot.hpp"

namespace chatd::chat {

Origin Origins::of(const std::optional<logs::Sender>& sender) const {
  if (!sender || sender->slot == Slot{wire::kNobody}) return {};
  const state::SessionSlot& slot = state_.slots()[sender->slot];
  const state::Delivery& delivery =
      state::has_mailbox(slot.kind) ? state::peer_of(state_.native_slots()[sender->slot]).delivery
                                    : slot.delivery;
  const IpAddress& address = delivery.peer.address;
  Origin origin{.person = static_cast<std::uint32_t>(slot.person), .network = 0};
  if (is_loopback(address)) return origin;
  const auto key = std::bit_cast<std::array<std::uint64_t, 2>>(key_);
  const auto hash = static_cast<std::uint32_t>(hash_of(network_of(address), key.front()));
  origin.network = std::max(hash, 1U);
  return origin;
}

logs::Sequence Origins::number(const Origin& origin, Slot mailbox, logs::Offset at) {
  const std::uint64_t both = (std::uint64_t{origin.person} << 32U) | origin.network;
  return logs::Sequence{both ^ hash_.of(key_, mailbox, at)};
}

Origin Origins::read(std::uint64_t number, Slot mailbox, logs::Offset at) {
  const std::uint64_t both = number ^ hash_.of(key_, mailbox, at);
  return {.person = static_cast<std::uint32_t>(both >> 32U),
          .network = static_cast<std::uint32_t>(both)};
}

}  // namespace chatd::chat
