// SPDX-License-Identifier: GPL-3.0-or-later
// password_keys.hpp — the key of the password that a page enters with. To calculate one takes a
// tenth of a second, in which this process serves nobody.
//
// Runs in:   web.
// Invariant: a key is calculated only if it decides whether the page enters: not in a room without
//            a password, not of a connection that others can read (the gateway refuses it), and not
//            under a name that nobody may have.
// Bounds:    kPerSecond of a network, kTotalPerSecond of all.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string_view>

#include "daemon/web/members.hpp"
#include "daemon/web/network_rate.hpp"

namespace chatd::web {

class PasswordKeys {
 public:
  static constexpr double kPerSecond = 2;
  static constexpr std::uint32_t kAtOnce = 6;
  static constexpr double kTotalPerSecond = 4;
  static constexpr std::uint32_t kTotalAtOnce = 12;

  // nullopt: there is not enough memory.
  using Calculate = std::function<std::optional<sys::WebSecret>(std::string_view password)>;
  // `hash_key`: see NetworkRate.
  PasswordKeys(bool has_password, std::uint64_t hash_key, Calculate calculate);

  // nullopt: the password does not decide.
  [[nodiscard]] std::expected<std::optional<sys::WebSecret>, Refusal> key_of(
      const Entry& entry, std::string_view password, MonoTime now);

 private:
  bool has_password_;
  Calculate calculate_;
  NetworkRate rate_;
};

}  // namespace chatd::web
