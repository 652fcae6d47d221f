// SPDX-License-Identifier: GPL-3.0-or-later
// web.hpp — the settings of the table [web] of a Config.
//
// Runs in:   as config.hpp.
// Owns:      nothing but its values.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "common/base/address.hpp"
#include "daemon/config/choices.hpp"

namespace chatd::config {

[[nodiscard]] std::vector<Endpoint> default_web_listen();  // port 8880 on loopback

struct Web {
  bool enabled{true};
  // True if `enabled` is false because the room has a password or a closed door, and web.enabled is
  // not written.
  bool closed_by_door{false};
  std::vector<Endpoint> listen{default_web_listen()};
  std::vector<std::string> hosts;       // further names of this server
  std::vector<chatd::Network> proxies;  // whose X-Forwarded-* headers are believed
  WebPlain plain{WebPlain::chat_only};
  std::uint32_t sessions{1000};      // of browsers; 0: none
  std::chrono::seconds linger{300};  // how long a session without a stream stays a member
};

}  // namespace chatd::config
