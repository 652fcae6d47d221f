// SPDX-License-Identifier: GPL-3.0-or-later
// site.hpp — the files of the page, and what anybody may know of the server before entering.
//
// Runs in:   web. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/http/message.hpp"

namespace chatd::web {

// The answer to `GET /api/room`.
struct About {
  std::string name;          // of the default room
  std::string language;      // "en", "zh"
  std::string fingerprint;   // of the server's identity
  std::string door;          // as the setting server.door
  std::string plain;         // as the setting web.plain
  std::uint32_t max_text{};  // bytes
  bool has_password{};
};

// "/" and "/a/<hash>/<file>". nullopt: another path.
[[nodiscard]] std::optional<http::Response> file_response(const http::Request& request);
[[nodiscard]] http::Response about_response(const About& about);
[[nodiscard]] http::Response health_response(bool is_well);

}  // namespace chatd::web
