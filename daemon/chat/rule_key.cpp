// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/rule_key.hpp"

#include <algorithm>
#include <cstring>
#include <span>

#include "common/crypto/hash.hpp"
#include "common/wire/name.hpp"

namespace chatd::chat {

using state::RuleSlot;
using state::RuleTarget;

RuleKey::Value key_value(state::PersonId person) noexcept {
  RuleKey::Value value{};
  std::memcpy(value.data(), &person, sizeof person);
  return value;
}

RuleKey::Value key_value(std::string_view folded_name) {
  const auto hash = crypto::sha256({std::as_bytes(std::span{folded_name})});
  RuleKey::Value value{};
  std::copy_n(hash.begin(), value.size(), value.begin());
  return value;
}

RuleKey::Value key_value(const IpAddress& address, unsigned prefix) noexcept {
  constexpr std::size_t kBits = 8;
  RuleKey::Value value{};
  std::memcpy(value.data(), address.bytes.data(), value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::size_t first = i * kBits;
    const std::size_t kept = prefix <= first ? 0 : std::min<std::size_t>(prefix - first, kBits);
    value.at(i) &= static_cast<std::byte>(0xFF00U >> kept);
  }
  return value;
}

RuleKey key_of(const state::RuleTable::Making& making) {
  RuleKey key{.room = making.room, .kind = making.kind, .target = making.target};
  switch (making.target) {
    case RuleTarget::person:
      key.value = key_value(making.person);
      break;
    case RuleTarget::name:
      key.value = key_value(wire::folded_name(making.name));
      break;
    case RuleTarget::network:
      key.prefix = static_cast<std::uint8_t>(making.network.prefix);
      key.scope = making.network.base.scope;
      key.value = key_value(making.network.base, making.network.prefix);
      break;
  }
  return key;
}

RuleKey key_of(const RuleSlot& row) { return key_of(making_of(row)); }

}  // namespace chatd::chat
