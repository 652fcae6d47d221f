// SPDX-License-Identifier: GPL-3.0-or-later
// resources.hpp — every descriptor that the service lives on, opened before any fork.
//
// Runs in:   main(), where errors still reach the terminal.
// Owns:      the descriptors, for the life of the service: no dead process takes one along.
// Errors:    name what could not be opened, and which option or setting says so.
#pragma once

#include <string>
#include <vector>

#include "common/base/address.hpp"
#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"
#include "daemon/config/config.hpp"

namespace chatd {

struct ServerSocket {
  UniqueFd fd;
  Endpoint where;  // as bound: with the port that the kernel chose
};

struct Resources {
  std::vector<ServerSocket> sockets;
  UniqueFd control;
  std::string control_path;  // empty: the service manager's
  bool owns_control{false};  // made here, to be removed at the end
};

// Sockets that systemd passed are taken, by name; the others are opened as configured.
[[nodiscard]] Result<Resources> open_resources(const config::Config& config);

// Makes the state directory, and the directory of the control socket in its default place.
[[nodiscard]] Result<> prepare_directories(const config::Config& config);

// Where the pid file of a daemon is when nobody says where.
[[nodiscard]] Result<std::string> default_pid_file();

}  // namespace chatd
