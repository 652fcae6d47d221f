// SPDX-License-Identifier: GPL-3.0-or-later
// long_requests.hpp — `export`, `backup` and `erase`: requests that take time, or whose answer is
// longer than one line.
//
// Runs in:   chatctl.
// Invariant: an answer that was cut is an error. A file is complete or is not there; a file that
//            exists is never changed.
// Errors:    a ControlError, the daemon's or the Client's.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "common/wire/control/control_message.hpp"
#include "ctl/answers.hpp"
#include "ctl/client.hpp"

namespace chatd::ctl {

// Writes the lines to standard output. Standard output that cannot be written is an error.
[[nodiscard]] std::expected<void, wire::ControlError> run_export(
    Client& client, const wire::ControlRequest& request);

// Writes the file that the request names.
[[nodiscard]] std::expected<Answer, wire::ControlError> run_backup(
    Client& client, const wire::ControlRequest& request);

// Without --yes the user is asked on the terminal, if more than one line may be erased.
[[nodiscard]] std::expected<Answer, wire::ControlError> run_erase(
    Client& client, const wire::ControlRequest& request);

// The times in --since and --before, which a user writes as "7d" or in its own time zone, as times
// in UTC.
[[nodiscard]] std::expected<wire::ControlRequest, wire::ControlError> with_times(
    wire::ControlRequest request, const wire::Verb& verb);

}  // namespace chatd::ctl
