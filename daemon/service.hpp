// SPDX-License-Identifier: GPL-3.0-or-later
// service.hpp — everything that lives as long as the service, and outlives its processes.
//
// Runs in:   main(), before any fork. Children get what their role needs of it.
// Owns:      all descriptors, the pid file and the server's key.
#pragma once

#include <sys/types.h>

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "daemon/options.hpp"
#include "daemon/resources.hpp"
#include "daemon/sys/pid_file.hpp"

namespace chatd {

struct Service {
  Options options;
  std::string program;  // that this process executes
  config::Config config;
  Resources resources;
  std::optional<sys::PidFile> pid_file;
  // What takes this process over in an upgrade: program and arguments. The same, but with
  // places that do not depend on who or where it is, for whoever root becomes.
  std::vector<std::string> successor;
  UniqueFd state;
  UniqueFd keys;
  crypto::KeyPair identity;  // wiped in workers, which need it not
  // Of the room, for this identity; set anew when the configuration is read. Wiped in workers.
  std::optional<crypto::SecretKey> password_key;
  std::vector<UniqueFd> bells;
  pid_t supervisor_pid{};
};

// Opens all that needs to be open, as whoever started the service; root then becomes the
// service's user. The options and the configuration are set already.
// Errors: all that the user can mend, while there still is a terminal to say so.
[[nodiscard]] Result<> open_service(Service& service);

// Whether a service of these could start now in the place of one that runs: reads what
// open_service() will read, and changes nothing. What it is handed is not looked at.
[[nodiscard]] Result<> check_successor(const Options& options, const config::Config& config);
// Reads the configuration again, and the room's password with it, whose key the next gateway gets.
// Takes about a tenth of a second if there is one. Errors: what is wrong; nothing has changed then.
[[nodiscard]] std::expected<config::Config, std::vector<config::Problem>> read_config_again(
    Service& service);

}  // namespace chatd
