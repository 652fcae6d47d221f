// SPDX-License-Identifier: GPL-3.0-or-later
// session.hpp — the session process of uchat: it keeps the session with the server alive,
// independently of the terminal.
//
// Runs in:   a child of the terminal process, in a separate process group. The shell started the
//            terminal process, so Ctrl-Z, `fg` and the exit status work as usual, and the session
//            process gets no signals of the terminal. While the terminal process is stopped, slow
//            or blocked, the session process answers the server.
// Owns:      the socket, the keys, the acknowledgements.
// Invariant: never waits for the terminal process: reports that it does not read are kept, up to a
//            limit (relay.hpp). It ends when the other end of the pipe is closed. If this happens
//            without a quit order, the terminal process has crashed; then the session process
//            restores the terminal's modes.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "client/session/terminal_modes.hpp"
#include "client/settings/target.hpp"
#include "common/process/pipe.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

// The settings of a session process, from the command line.
struct SessionSettings {
  Target target;
  std::string identity;                      // path of the user's key file
  bool makes_folder{true};                   // of the identity, if it does not exist
  std::string known_servers;                 // path of the file of known servers
  std::string known_users{};                 // path of the file of known users; "": none
  std::optional<std::string> fingerprint{};  // the server's key must have this fingerprint
  bool confirms_key{false};                  // see Demands::is_known
  std::vector<std::string> rooms{};          // to join at the start
  bool replay{true};                         // receive the last messages of the room
  bool is_brief{false};                      // see Member::Options
  bool wants_saved{false};
  bool reads_direct{true};
  bool waits_for_server{false};  // reconnect after the server was stopped
  bool tries_again{false};       // until the server is reached for the first time
  std::chrono::milliseconds handshake_timeout{10'000};
  wire::Language language{wire::Language::en};  // of messages for the user
  std::optional<TerminalModes> terminal{};      // to restore after a crash
};

// Runs until the session has ended. `link`: orders come in, reports go out. Returns the exit status
// of the process.
[[nodiscard]] int run_session(const SessionSettings& settings, process::PipeEnd link);

}  // namespace chatd::client
