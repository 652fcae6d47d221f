// SPDX-License-Identifier: GPL-3.0-or-later
// session.hpp — uchat's session process: it holds the session while the terminal does what it
// likes.
//
// Runs in:   a child of the terminal process, in a process group of its own: the terminal
//            process is what the shell started, so that Ctrl-Z, `fg` and the exit status are
//            the shell's usual business, and none of the terminal's signals comes here. While
//            the other process is stopped, slow or blocked, this one answers the server.
// Owns:      the socket, the keys, the acknowledgements.
// Invariant: never waits for the terminal process: what that does not take is kept within
//            bounds (relay.hpp). It ends when the other end of the pipe is closed; if nobody
//            had said goodbye before, the terminal process has died, and then this one gives
//            the terminal its old modes back.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "client/target.hpp"
#include "client/terminal_modes.hpp"
#include "common/process/pipe.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

struct SessionSettings {
  Target target;
  std::string identity;  // the files
  std::string known_servers;
  std::string fingerprint{};  // of --fingerprint: the server's key must have it; "": any
  bool replay{true};
  bool waits_for_server{false};  // after it was stopped, until it is back
  std::chrono::milliseconds patience{10'000};
  wire::Language language{wire::Language::en};
  std::optional<TerminalModes> terminal{};
};

// Returns the exit status of the process.
[[nodiscard]] int run_session(const SessionSettings& settings, process::PipeEnd link);

}  // namespace chatd::client
