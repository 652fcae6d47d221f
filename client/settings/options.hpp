// SPDX-License-Identifier: GPL-3.0-or-later
// options.hpp — the command line of uchat and its file config.toml, parsed and checked.
//
// Runs in: uchat, before it forks.
// Errors:  an exit status; the text for the user is printed already. 0: --help, --version or
//          help, 1: the file cannot be read or all users can write it, 2: a mistake in the command
//          line or in the file.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "client/settings/own_choice.hpp"
#include "client/settings/target.hpp"
#include "client/settings/user_config.hpp"
#include "common/base/time.hpp"
#include "common/wire/language.hpp"

namespace CLI {
class App;
}

namespace chatd::client {

// The lines that `uchat history` prints.
struct HistoryChoice {
  static constexpr std::uint64_t kMaxLines = 10'000;
  std::uint64_t lines{50};                // at most so many
  std::optional<std::uint64_t> before{};  // those before the line of this number
  std::optional<WallTime> since{};        // the first ones since then
  std::string text{};                     // only those that it is found in; "": all
};

// The values of the command line, and those of config.toml that it does not give. A field whose
// comment names a mode is used in this mode only.
struct Options {
  enum class Mode : std::uint8_t { talk, send, listen, users, history, own, servers, find };
  Mode mode{Mode::talk};
  Target target;      // its name is the one to join with, never "" but for servers and find
  std::string meant;  // talk: the command that is most like the target; "": none
  std::string text;   // send: the message
  // send: at most one, which the message goes to; users, history: at most one, whose members or
  // lines are printed; listen: those whose lines are printed; all four: the default room if it is
  // empty. talk, on a terminal: those to join at the start. Without '#'.
  std::vector<std::string> rooms;
  bool all_rooms{false};                       // listen: print the lines of all rooms
  bool json{false};                            // all but talk and servers: print JSON
  bool saved{false};                           // send: wait until it is on the server's disk
  bool replay{true};                           // show the last messages of the room
  UseOfColors colors{UseOfColors::automatic};  // talk, on a terminal
  Bell bell{Bell::mention};
  bool quiet{false};                // talk, on a terminal: show no joins and leaves
  bool wants_quiet{false};          // talk, listen: the command line says so
  std::vector<std::string> ignore;  // talk, on a terminal: users whose messages are not shown
  bool save_history{true};          // talk, on a terminal: keep typed lines for the next run
  bool save_users{true};            // talk, on a terminal: keep the users that were seen
  std::string log;                  // talk, on a terminal: the file for the lines; "": none
  bool wants_log{false};  // the command line gives it: without a terminal this is an error
  Bell notify{Bell::mention};
  std::string identity;                    // file of the user's key; "": the default file
  std::string password_file;               // "": none
  std::string code_file;                   // of an invitation; "": none
  std::optional<std::string> fingerprint;  // the server's key must have this one
  bool waits{false};                       // keep trying while the server is away
  bool strict{false};                      // an unknown server is refused without a fingerprint
  // nullopt: by the environment
  std::optional<wire::Language> language;
  // send, users, history, own, listen: time limit; nullopt: none
  std::optional<std::chrono::milliseconds> timeout;
  std::optional<std::uint64_t> count;  // listen: end after so many messages
  std::optional<WallTime> since;       // listen: leave out earlier messages of the replay
  HistoryChoice history;               // history
  OwnChoice own;                       // own
  bool forgets{false};     // servers: remove `target` from the known servers; else list them
  bool names_only{false};  // servers: list what can be typed as a target, for completions
  UserConfig config;       // servers, find: the file
};

// A server that was found for a command line without a target.
struct ServerChoice {
  std::string target;                 // as it would be typed
  std::vector<Endpoint> addresses{};  // see Target::addresses
};
// Finds one for `uchat` without a target and without a default server. nullopt: the user cannot be
// asked. The error is an exit status; the text for the user is printed already.
using ChooseServer = std::function<std::expected<std::optional<ServerChoice>, int>(
    const Options&, const UserConfig&, wire::Language)>;

// Parses the command line and reads the file. The error is an exit status, see above. Without
// `choose`, or if it gives none, a target is needed.
[[nodiscard]] std::expected<Options, int> parse_options(int argc, const char* const* argv,
                                                        const ChooseServer& choose = {});

// Calls `use` with the declared command line, in English: for the program that writes the shell
// completions.
void with_command_line(const std::function<void(const CLI::App&)>& use);

}  // namespace chatd::client
