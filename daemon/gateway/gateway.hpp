// SPDX-License-Identifier: GPL-3.0-or-later
// gateway.hpp — the role that takes everything in: datagrams and control requests.
//
// Runs in:   gateway; exactly one at a time. The only writer of the room log and of the
//            session table.
// Owns:      nothing that its successor would miss: sockets and shared memory are the
//            supervisor's. It can be killed at any instruction.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/address.hpp"
#include "common/crypto/keys.hpp"
#include "common/process/pipe.hpp"
#include "common/wire/language.hpp"
#include "daemon/config/config.hpp"

namespace chatd::gateway {

struct BoundSocket {
  int fd;
  Endpoint where;
};

// All that a gateway receives across its fork; every other descriptor is closed.
struct Inheritance {
  int state;                         // memory file
  int keys;                          // memory file, see daemon/state/key_table.hpp
  int control;                       // listening Unix socket
  std::vector<BoundSocket> sockets;  // their order is that of Delivery::socket
  std::vector<int> bells;            // one eventfd per worker, see daemon/state/wake.hpp
  process::PipeEnd* supervisor;
  pid_t supervisor_pid;
  const config::Config* config;
  std::string config_file;  // empty: built-in defaults
  wire::Language language;
  crypto::KeyPair identity;                   // the server's
  std::optional<crypto::SecretKey> password;  // of the room
};

// The exit status of the process.
int run(const Inheritance& inheritance);

}  // namespace chatd::gateway
