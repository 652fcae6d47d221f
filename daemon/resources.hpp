// SPDX-License-Identifier: GPL-3.0-or-later
// resources.hpp — every descriptor that the service lives on, opened before any fork.
//
// Runs in:   main(), where errors still reach the terminal.
// Owns:      the descriptors, for the life of the service: no dead process takes one along.
// Errors:    name what could not be opened, and which option or setting says so.
#pragma once

#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "common/base/address.hpp"
#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"
#include "common/crypto/keys.hpp"
#include "daemon/config/config.hpp"
#include "daemon/sys/listen_fds.hpp"

namespace chatd {

struct ServerSocket {
  UniqueFd fd;
  Endpoint where;  // as bound: with the port that the kernel chose
};

// A socket's name in the file system, removed when its owner goes, however that comes.
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
  UniqueFd control;
  bool from_systemd{false};  // both are a socket unit's, and not as configured
  SocketName control_name;   // empty: the service manager's
  // What a predecessor left, each closed if it did not.
  UniqueFd kept_state;
  UniqueFd kept_keys;
  UniqueFd kept_snapshot;
  std::vector<std::string> kept_unknown;  // names, of another version
};

// Sockets that were passed to this process are taken, by name; the others are opened as
// configured.
[[nodiscard]] Result<Resources> open_resources(const config::Config& config, sys::ListenFds passed);

// Where the control socket and the state are, whoever asks.
[[nodiscard]] std::string control_path(const config::Config& config);
[[nodiscard]] Result<std::string> state_directory(const config::Config& config);

// Makes the state directory, and the directory of the control socket in its default place.
[[nodiscard]] Result<> prepare_directories(const config::Config& config);

// The server's key, from the state directory; made there at the first start.
[[nodiscard]] Result<crypto::KeyPair> load_identity(const config::Config& config);
// The same; an error if there is none yet.
[[nodiscard]] Result<crypto::KeyPair> load_made_identity(const config::Config& config);

// Where the pid file of a daemon is when nobody says where.
[[nodiscard]] Result<std::string> default_pid_file();

}  // namespace chatd
