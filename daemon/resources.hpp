// SPDX-License-Identifier: GPL-3.0-or-later
// resources.hpp — every descriptor that the service needs for its life, opened before any fork.
//
// Runs in:   main(), where errors still reach the terminal.
// Owns:      the descriptors, for the life of the service: no dead process closes one.
// Errors:    name what could not be opened, and the option or setting that names it.
#pragma once

#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "common/base/address.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/base/unique_fd.hpp"
#include "daemon/config/config.hpp"
#include "daemon/server_keys.hpp"
#include "daemon/sys/listen_fds.hpp"

namespace chatd {

struct ServerSocket {
  UniqueFd fd;
  Endpoint where;  // as bound: with the port that the kernel chose
};

// A socket's name in the file system. The destructor removes it.
class SocketName {
 public:
  SocketName() = default;
  explicit SocketName(std::string path) : path_{std::move(path)} {}
  SocketName(SocketName&& other) noexcept : path_{std::exchange(other.path_, {})} {}
  SocketName& operator=(SocketName&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
  }
  SocketName(const SocketName&) = delete;
  SocketName& operator=(const SocketName&) = delete;
  ~SocketName() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }

 private:
  std::string path_;
};

struct Resources {
  std::vector<ServerSocket> sockets;
  std::vector<ServerSocket> web;  // of the page; they listen
  std::string web_problem;  // why there is none, although web.enabled; "": there is no problem
  UniqueFd control;
  bool from_systemd{false};  // socket units opened both, the configuration does not apply
  SocketName control_name;   // empty: the service manager owns it
  // The files of a predecessor; a file that it did not leave is closed.
  UniqueFd kept_state;
  UniqueFd kept_keys;
  UniqueFd kept_snapshot;
  std::vector<std::string> kept_unknown;  // names, of another version
};

// Uses the sockets that were passed to this process, by name, and opens the others as configured.
[[nodiscard]] Result<Resources> open_resources(const config::Config& config, sys::ListenFds passed);

// Paths of the control socket and of the state.
[[nodiscard]] std::string control_path(const config::Config& config);
[[nodiscard]] Result<std::string> state_directory(const config::Config& config);

// Makes the state directory, and the directory of the control socket in its default place.
[[nodiscard]] Result<> prepare_directories(const config::Config& config);

// The server's keys, from the state directory; made there at the first start.
[[nodiscard]] Result<ServerKeys> load_keys(const config::Config& config, WallTime now);
// Whether they are there and can be read; makes none.
[[nodiscard]] Result<> check_keys(const config::Config& config);

// Path of the pid file of a daemon without the option.
[[nodiscard]] Result<std::string> default_pid_file();

}  // namespace chatd
