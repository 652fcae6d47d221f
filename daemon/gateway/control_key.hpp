// SPDX-License-Identifier: GPL-3.0-or-later
// control_key.hpp — the verbs `key`, `key renew` and `key install`.
//
// Runs in:   gateway. The supervisor has the files and changes them; then it replaces this process
//            by one that has the new key.
// Borrows:   the Inheritance.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/control/handlers.hpp"
#include "daemon/gateway/gateway.hpp"
#include "daemon/sys/channel.hpp"

namespace chatd::gateway {

class ControlKey {
 public:
  explicit ControlKey(const Inheritance& inheritance) : inheritance_{inheritance} {}

  // Sets the handlers, and that of `fingerprint`. They call this object, which must outlive them.
  void set(control::Handlers& handlers);
  [[nodiscard]] wire::KeyReport report() const;
  // Renews the key, or installs `certificate`, which is not empty. One request at a time.
  void change(std::string_view certificate, control::Done<wire::KeyReport> done);
  // The supervisor's answer.
  void on_answer(const sys::KeyAnswer& answer);
  // For `chatctl status`: the certificate ends soon, or has ended. nullopt: all is well.
  [[nodiscard]] std::optional<std::string> problem(WallTime now) const;

 private:
  const Inheritance& inheritance_;
  control::Done<wire::KeyReport> waiting_;  // empty: nobody waits
};

}  // namespace chatd::gateway
