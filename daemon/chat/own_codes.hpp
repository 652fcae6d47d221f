// SPDX-License-Identifier: GPL-3.0-or-later
// own_codes.hpp — the codes by which another device gets a person's name, and the devices that wait
// for the answer of a device that has it.
//
// Runs in:   gateway. Private memory: a gateway that ends forgets the codes, and the devices.
// Pure:      the time and the random code are arguments.
// Invariant: a person has one code and one waiting device at most, a later one replaces it. A code
//            is valid for kValid and is used once. Only its hash is kept.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "common/base/time.hpp"
#include "common/crypto/hash.hpp"
#include "daemon/log/record.hpp"
#include "daemon/state/layout.hpp"

namespace chatd::chat {

// A device whose user has written a code.
struct WaitingDevice {
  state::PersonId person;  // the owner of the name
  crypto::Hash key;
  state::Identity identity;
  state::Sender session;
  std::string name;     // the owned name
  std::string label;    // the device's name for itself
  std::string address;  // of the session
  MonoTime until;       // an answer counts until then
};

class OwnCodes {
 public:
  static constexpr std::chrono::minutes kValid{10};

  void add(state::PersonId person, std::uint64_t code, MonoTime now) {
    remove(person);
    const crypto::Hash hash = hash_of(code);
    codes_.insert_or_assign(hash, Code{.person = person, .until = now + kValid});
    of_person_.insert_or_assign(person, hash);
  }
  // The person whose code it is, once. nullopt: it is wrong, was used or has expired.
  [[nodiscard]] std::optional<state::PersonId> use(std::uint64_t code, MonoTime now) {
    const auto found = codes_.find(hash_of(code));
    if (found == codes_.end() || found->second.until <= now) return std::nullopt;
    const state::PersonId person = found->second.person;
    remove(person);
    return person;
  }

  // Returns the device that waited for the person before.
  std::optional<WaitingDevice> wait(WaitingDevice device) {
    auto before = take(device.person);
    waiting_.insert_or_assign(device.person, std::move(device));
    return before;
  }
  [[nodiscard]] const WaitingDevice* waiting(state::PersonId person) const {
    const auto found = waiting_.find(person);
    return found == waiting_.end() ? nullptr : &found->second;
  }
  std::optional<WaitingDevice> take(state::PersonId person) {
    const auto found = waiting_.find(person);
    if (found == waiting_.end()) return std::nullopt;
    WaitingDevice device = std::move(found->second);
    waiting_.erase(found);
    return device;
  }
  // Forgets the code of the person. Returns the device that waited for it.
  std::optional<WaitingDevice> end(state::PersonId person) {
    remove(person);
    return take(person);
  }
  // Forgets codes whose time is over, and returns a device whose time is over, if there is one.
  std::optional<WaitingDevice> expire(MonoTime now) {
    std::erase_if(codes_, [now](const auto& code) { return code.second.until <= now; });
    std::erase_if(of_person_, [this](const auto& of) { return !codes_.contains(of.second); });
    for (const auto& [person, device] : waiting_) {
      if (device.until <= now) return take(person);
    }
    return std::nullopt;
  }

 private:
  struct Code {
    state::PersonId person;
    MonoTime until;
  };
  static crypto::Hash hash_of(std::uint64_t code) {
    return crypto::sha256({std::as_bytes(std::span{&code, 1})});
  }
  void remove(state::PersonId person) {
    const auto found = of_person_.find(person);
    if (found == of_person_.end()) return;
    codes_.erase(found->second);
    of_person_.erase(found);
  }

  std::map<crypto::Hash, Code> codes_;
  std::map<state::PersonId, crypto::Hash> of_person_;
  std::map<state::PersonId, WaitingDevice> waiting_;
};

}  // namespace chatd::chat
