// SPDX-License-Identifier: GPL-3.0-or-later
// worker.hpp — the role that sends the room's records to its members.
//
// Runs in:   worker. Any number up to state::kMaxWorkers; slot s belongs to the worker
//            whose index is s modulo their count.
// Owns:      no state that its successor needs: it can be killed at any instruction.
#pragma once

#include <cstdint>
#include <vector>

#include "common/process/pipe.hpp"
#include "common/wire/language.hpp"

namespace chatd::worker {

// The values and descriptors that a worker inherits; every other descriptor is closed.
struct Inheritance {
  std::uint32_t index;       // among the workers
  std::uint32_t row;         // its own, of the process table
  std::uint32_t workers;     // their count
  int state;                 // memory file
  int keys;                  // memory file, see daemon/state/key_table.hpp
  int bell;                  // eventfd, see daemon/state/wake.hpp
  std::vector<int> sockets;  // in the order of Delivery::socket
  process::PipeEnd* supervisor;
  wire::Language language;
  std::uint32_t unproved_bytes_per_second;  // for all workers together, see unproved_bytes.hpp
};

// Returns the exit status of the process. SIGTERM: sends every member the rest, then ends.
int run(const Inheritance& inheritance);

}  // namespace chatd::worker
