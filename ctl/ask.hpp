// SPDX-License-Identifier: GPL-3.0-or-later
// ask.hpp — asks the daemon for a report.
//
// Runs in:   chatctl.
// Errors:    a ControlError, the daemon's or the Client's; `malformed` when the answer is not the
//            report.
#pragma once

#include <expected>
#include <string>
#include <utility>

#include "common/wire/control/control_message.hpp"
#include "common/wire/control/report_json.hpp"
#include "ctl/client.hpp"

namespace chatd::ctl {

// A report, and the JSON as it was sent.
template <class Report>
struct Asked {
  Report report;
  std::string json;
};

template <class Report>
[[nodiscard]] std::expected<Asked<Report>, wire::ControlError> ask(
    Client& client, const wire::ControlRequest& request) {
  wire::ControlReply reply = client.ask(request);
  if (!reply) return std::unexpected{std::move(reply).error()};
  auto report = wire::parse_report<Report>(*reply);
  if (report) return Asked<Report>{.report = std::move(*report), .json = std::move(*reply)};
  return std::unexpected{wire::ControlError{.code = std::string{wire::code::kMalformed},
                                            .message = report.error().message()}};
}

}  // namespace chatd::ctl
