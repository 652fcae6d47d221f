// SPDX-License-Identifier: GPL-3.0-or-later
// find.hpp — `uchat find`, and the choice of a server for `uchat` without a target: servers of the
// local network.
//
// Runs in: uchat, before it forks.
#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <vector>

#include "client/member/finder.hpp"
#include "client/session/found_rows.hpp"
#include "client/settings/options.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

// Sends the datagram of the finder to the local networks, and returns when it has the answers.
// False: this machine is in no network.
using Search = std::function<bool(Finder&)>;

// Prints the servers. Returns the exit status.
[[nodiscard]] int run_find(const Options& options, wire::Language language, const Search& search);

// Returns the only known server, or the one that the user chooses on the terminal: the streams are
// standard input and output. With `options.fingerprint`, only the server that has it counts, and it
// is taken for known. The error is an exit status; the text for the user is printed.
[[nodiscard]] std::expected<ServerChoice, int> choose_server(const Options& options,
                                                             const UserConfig& config,
                                                             wire::Language language,
                                                             const Search& search, std::istream& in,
                                                             std::ostream& out);

// The same by a search of the network. nullopt: there is no terminal to ask the user.
[[nodiscard]] std::expected<std::optional<ServerChoice>, int> choose_on_terminal(
    const Options& options, const UserConfig& config, wire::Language language);
// The search of the network.
[[nodiscard]] bool search_here(Finder& finder);

}  // namespace chatd::client
