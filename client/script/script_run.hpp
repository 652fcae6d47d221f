// SPDX-License-Identifier: GPL-3.0-or-later
// script_run.hpp — the loop around a script: standard input, standard output, signals.
//
// Runs in:   uchat's terminal process, when there is no terminal (or none is wanted).
// Borrows:   the session process.
#pragma once

#include <chrono>
#include <optional>

#include "client/script/script.hpp"
#include "client/session/session_process.hpp"

namespace chatd::client {

struct RunLimits {
  std::optional<std::chrono::milliseconds> timeout{};
  std::optional<wire::Language> progress{};  // show the progress of a long input, in this language
};

// Returns when the script has ended. The reason has been printed on standard error.
[[nodiscard]] Outcome run_script(SessionProcess& session, Script& script, const RunLimits& limits);

}  // namespace chatd::client
