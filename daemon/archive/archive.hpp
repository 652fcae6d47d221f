// SPDX-License-Identifier: GPL-3.0-or-later
// archive.hpp — the role that stores what is said in rooms, and answers questions about it, and
// saves rules, kept rooms and properties. The only process that writes the databases.
//
// Runs in:   archive; at most one at a time.
// Owns:      nothing in memory that its successor needs: the database says how far each log is
//            stored. It can be killed at any instruction.
// Invariant: no other process waits for it. It reads the logs every 250 ms, without a bell, so that
//            a message costs the gateway what it costs without an archive; at once only if the
//            gateway says that a member waits.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "common/process/pipe.hpp"

namespace chatd::archive {

struct Inheritance {
  std::uint32_t row;  // its own, of the process table
  int state;          // memory file
  int gateway;        // its end of the channel, see daemon/sys/archive_channel.hpp
  process::PipeEnd* supervisor;
  bool stores_history;       // false: only what administrators and owners change
  std::string directory;     // of the databases
  std::string default_room;  // its name
  std::uint64_t max_bytes;
  std::chrono::seconds max_age;               // 0: no limit
  std::chrono::milliseconds look_every{250};  // for what nobody has announced
};

// The time without a heartbeat after which it is killed: a disk may take long.
inline constexpr std::chrono::seconds kHangTimeout{60};

// Returns the exit status of the process. SIGTERM: stores what is left, then ends.
int run(const Inheritance& inheritance);

}  // namespace chatd::archive
