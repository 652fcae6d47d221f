// SPDX-License-Identifier: GPL-3.0-or-later
// command_line.hpp — declares the command line of uchat to CLI11: its commands, options and help.
//
// Runs in: uchat, before it forks; the program that writes the shell completions.
// See:     options.hpp, which has the result.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/settings/options.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

// The words of the command line that parse_options() converts.
struct Raw {
  std::string target_in_front;      // before the command, or without a command
  std::string target;               // after the command
  std::vector<Endpoint> addresses;  // of the target in front, if it was found
  std::string name;
  std::vector<std::string> words;
  std::string action;              // of servers and own
  std::string key;                 // of own
  std::string yes;                 // of own
  std::string command;             // of help
  std::string room;                // of send, users and history
  std::vector<std::string> rooms;  // of listen
  std::optional<Bell> bell;        // of an interactive session
  std::string log;                 // of an interactive session
  bool quiet{false};               // of an interactive session and listen
  std::optional<Bell> notify;      // the same
  std::optional<double> timeout;   // in seconds
  std::string since;               // of listen and history; "": not given
  bool no_replay{false};
  wire::Language language{wire::Language::en};  // of error messages
};

// Declares everything to `app`. The parser writes into `options` and `raw`, which must outlive it.
void declare(CLI::App& app, Options& options, Raw& raw);

[[nodiscard]] std::vector<std::string> command_names(const CLI::App& app);

// Each text that --help shows, also those of the commands; for the test of their translations.
[[nodiscard]] std::vector<std::string> help_texts(const CLI::App& app);

}  // namespace chatd::client
