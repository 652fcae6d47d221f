// SPDX-License-Identifier: GPL-3.0-or-later
// options.hpp — chatd's command line, and the configuration that it leads to.
//
// Runs in:   main(), before any fork; read_config() again in the supervisor at a reload.
// Errors:    a wrong command line is reported on standard error and ends with kExitUsage.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"

namespace CLI {
class App;
}

namespace chatd {

inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
// The service manager keeps the sessions for the next service (EX_TEMPFAIL).
inline constexpr int kExitHandedOver = 75;
inline constexpr int kExitConfig = 78;  // EX_CONFIG of sysexits.h

// The user of the service when root starts it and no service manager has chosen one.
inline constexpr const char* kServiceUser = "_chatd";

struct Options {
  enum class Action : std::uint8_t { run, check_config, print_config, certify };
  Action action{Action::run};
  bool daemon{false};
  std::string config_file;  // absolute; empty: built-in defaults
  std::string pid_file;     // absolute; empty: none, or the default place for a daemon
  std::string user;         // that root becomes
  // Of `certify`: the request of `chatctl key renew`, and the file of the identity.
  std::string request;
  std::string identity_file;
  // These override the configuration file.
  std::vector<Endpoint> listen;
  std::vector<std::string> web;  // addresses, or "off"
  std::string control;           // absolute or empty
  std::string state_directory;   // absolute or empty
  std::optional<std::uint32_t> workers;
};

// The options, or the status to exit with at once (--help, --version, a wrong option).
[[nodiscard]] std::expected<Options, int> parse_options(int argc, const char* const* argv);

// The arguments from which parse_options() makes the same options in any working directory; without
// the name of the program.
[[nodiscard]] std::vector<std::string> to_arguments(const Options& options);

// Gives the declaration of the command line to generators of descriptions, as completions.
void with_command_line(const std::function<void(const CLI::App&)>& use);

// The room's password, as the configuration names it; nullopt: the room has none.
[[nodiscard]] std::expected<std::optional<std::string>, config::Problem> read_password(
    const Options& options, const config::Config& config);

// The file, or the defaults, with what the command line overrides; checked as a whole.
[[nodiscard]] std::expected<config::Config, std::vector<config::Problem>> read_config(
    const Options& options);

}  // namespace chatd
