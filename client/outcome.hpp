// SPDX-License-Identifier: GPL-3.0-or-later
// outcome.hpp — how a run of uchat has ended, as its exit status and as one line for its user.
//
// Runs in:   both processes of uchat.
// Invariant: an Outcome is a reason of common/wire/reasons.hpp that has an exit status.
// See:       man/uchat.1; a test holds the page to the table.
#pragma once

#include <string>

#include "client/event.hpp"
#include "common/wire/language.hpp"
#include "common/wire/reasons.hpp"

namespace chatd::client {

using Outcome = wire::Reason;

[[nodiscard]] int exit_status_of(Outcome outcome) noexcept;

// The values of {host}, {name} and {detail} in the sentence of an outcome.
struct Circumstances {
  std::string host;  // as it was typed
  std::string name;
  std::string detail{};  // "": there is none
};

// The client's sentence for a reason: one line without a newline, safe for a terminal.
[[nodiscard]] std::string explain(wire::Reason reason, const Circumstances& circumstances,
                                  wire::Language language);

}  // namespace chatd::client
