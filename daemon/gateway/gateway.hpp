// SPDX-License-Identifier: GPL-3.0-or-later
// gateway.hpp — the role that takes in all datagrams and control requests.
//
// Runs in:   gateway; exactly one at a time. The only writer of the room log and of the
//            session table.
// Owns:      nothing that its successor needs: the supervisor owns the sockets and the shared
//            memory. It can be killed at any instruction.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/address.hpp"
#include "common/crypto/certificate.hpp"
#include "common/crypto/keys.hpp"
#include "common/process/pipe.hpp"
#include "common/wire/language.hpp"
#include "daemon/config/config.hpp"
#include "daemon/roles/processes.hpp"

namespace chatd::gateway {

struct BoundSocket {
  int fd;
  Endpoint where;
};

// All that a gateway receives across its fork; every other descriptor is closed.
struct Inheritance {
  int state;                              // memory file
  int keys;                               // memory file, see daemon/state/key_table.hpp
  int control;                            // listening Unix socket
  int archive{-1};                        // its end of the channel; -1: there is no archive
  int web_channel{-1};                    // its end of it; -1: there is no web
  int web_presence{-1};                   // memory file, see daemon/state/web_presence.hpp
  std::vector<BoundSocket> sockets;       // their order is that of Delivery::socket
  std::vector<Endpoint> page;             // its addresses
  std::string page_problem;               // why there is none, although it is wanted
  std::uint32_t row;                      // its own, of the process table
  std::vector<roles::Process> processes;  // all of the service; it rings the bells of the followers
  process::PipeEnd* supervisor;
  pid_t supervisor_pid;
  const config::Config* config;
  std::string config_file;  // empty: built-in defaults
  wire::Language language;
  crypto::KeyPair identity;                   // the server's, for the handshakes
  crypto::SecretKey persons;                  // see chat::Persons
  crypto::Certificate certificate;            // says whose `identity` is
  bool has_identity{false};                   // the private half of its signer is on this machine
  std::optional<crypto::SecretKey> password;  // of the room
};

// The exit status of the process.
int run(const Inheritance& inheritance);

}  // namespace chatd::gateway
