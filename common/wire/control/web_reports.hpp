// SPDX-License-Identifier: GPL-3.0-or-later
// web_reports.hpp — the answer to `web`.
//
// Runs in:   gateway (writes) and chatctl (reads, and adds `urls`).
// Invariant: as in status_reports.hpp.
// See:       common/base/fields.hpp, for fields(); chatctl(1).
#pragma once

#include <string>
#include <vector>

#include "common/wire/control/report_json.hpp"

namespace chatd::wire {

// The {} let a caller name only some members: without them g++ warns of the others.
// NOLINTBEGIN(readability-redundant-member-init)
struct WebReport {
  std::vector<std::string> urls{};    // of the page; the process of the daemon knows no interface
  std::vector<std::string> listen{};  // addresses, also 0.0.0.0 and [::]
  std::vector<std::string> hosts{};   // web.hosts
  bool is_proxied{false};             // a proxy is listed, which has the certificate for the hosts
  std::string room{};                 // that the page is to open; "": the default one
  friend bool operator==(const WebReport&, const WebReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("urls", report.urls);
    visit("listen", report.listen);
    visit("hosts", report.hosts);
    visit("proxied", report.is_proxied);
    visit("room", report.room);
  }
};
// NOLINTEND(readability-redundant-member-init)

}  // namespace chatd::wire
