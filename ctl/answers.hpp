// SPDX-License-Identifier: GPL-3.0-or-later
// answers.hpp — asks the daemon for a verb, and shows the answer.
//
// Runs in:   chatctl.
// Errors:    a ControlError, the daemon's or the Client's; `malformed` when the answer
//            is not the report of the verb.
#pragma once

#include <expected>
#include <string>

#include "common/wire/control/control_message.hpp"
#include "ctl/client.hpp"
#include "ctl/status_rates.hpp"
#include "ctl/table.hpp"

namespace chatd::ctl {

struct Answer {
  std::string json;  // one object
  std::string text;  // for people
  // NOLINTNEXTLINE(readability-redundant-member-init): g++ wants it of designated initializers
  std::expected<void, wire::ControlError> outcome{};  // an error beside the text
};

// The verb must be one that the daemon answers, the arguments as it wants them.
[[nodiscard]] std::expected<Answer, wire::ControlError> answer_of(
    Client& client, const wire::ControlRequest& request, const Style& style);
// Of `status`, with the rates since the last answer.
[[nodiscard]] std::expected<Answer, wire::ControlError> answer_with_rates(
    Client& client, const wire::ControlRequest& request, const Style& style, StatusRates& rates);

}  // namespace chatd::ctl
