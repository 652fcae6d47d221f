// SPDX-License-Identifier: GPL-3.0-or-later
// options.hpp — uchat's command line as plain values.
//
// Runs in: uchat, before it forks.
// Errors:  the exit status, after what there is to say was printed: 0 for --help and
//          --version, 2 for a wrong command line.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>

#include "client/target.hpp"
#include "common/wire/language.hpp"

namespace CLI {
class App;
}

namespace chatd::client {

enum class Bell : std::uint8_t { never, mention, always };

struct Options {
  enum class Mode : std::uint8_t { talk, send, listen };
  Mode mode{Mode::talk};
  Target target;      // with the name to use
  std::string text;   // of send
  bool json{false};   // of listen
  bool replay{true};  // the room's last lines are wanted
  Bell bell{Bell::mention};
  std::string identity;       // "" = the default file
  std::string password_file;  // "" = none
  std::string fingerprint;    // the server's key must have it; "" = any
  std::optional<wire::Language> language;
  std::chrono::milliseconds timeout{30'000};  // of send
};

[[nodiscard]] std::expected<Options, int> parse_options(int argc, const char* const* argv);

// Shows how the command line is declared, to whoever describes it to others.
void with_command_line(const std::function<void(const CLI::App&)>& use);

}  // namespace chatd::client
