// SPDX-License-Identifier: GPL-3.0-or-later
// web.hpp — the role that serves the room to browsers: its page, and what the page asks and does.
//
// Runs in:   web; at most one process. It reads what browsers send, so it is taken for hostile by
//            all others: it has no key, no descriptor of the shared memory once it has started, and
//            the system calls of sandbox.hpp only.
// Owns:      connections. It can be killed at any instruction: sessions are in shared memory, and a
//            browser knows how far it has read.
// Not vital: the room goes on without it.
#pragma once

#include <cstdint>
#include <vector>

#include "common/http/rules.hpp"
#include "common/process/pipe.hpp"
#include "daemon/web/api.hpp"
#include "daemon/web/site.hpp"

namespace chatd::web {

// The values and descriptors that web inherits; every other descriptor is closed.
struct Inheritance {
  std::uint32_t row;             // its own, of the process table
  std::uint32_t gateway_row;     // of the process whose heartbeat /healthz reports
  int state;                     // memory file; closed at the start
  int presence;                  // memory file, see daemon/state/web_presence.hpp
  int channel;                   // its end, see daemon/sys/web_channel.hpp
  int bell;                      // eventfd, see daemon/state/wake.hpp
  std::uint32_t sessions;        // of browsers, at most
  std::vector<int> sockets;      // they listen
  process::PipeEnd* supervisor;  // closed when the process is ready
  http::Rules rules;
  About about;
  Api::Settings api;
  bool is_closed;  // by a reload: no request is answered
};

// Returns the exit status of the process. SIGTERM: ends.
int run(const Inheritance& inheritance);

}  // namespace chatd::web
