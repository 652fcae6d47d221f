// SPDX-License-Identifier: GPL-3.0-or-later
// role.hpp — one row of the table of roles: a kind of process, how many of it there are, and when
// the supervisor ends and replaces them. The table itself is daemon/role_table.cpp.
//
// Runs in:   supervisor; `run` in the child.
// Invariant: a role with the count 0 costs nothing: no process, no descriptor, no row.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>

#include "common/process/pipe.hpp"
#include "daemon/config/config.hpp"
#include "daemon/roles/processes.hpp"

namespace chatd::roles {

// The order in which the processes end when the service stops: a stage begins when no process of
// an earlier stage is left. Processes start in the same order.
enum class Stage : std::uint8_t {
  // Read the logs. End at SIGTERM, when their readers are up to date.
  followers,
  // Take in datagrams and requests, append to the logs, answer administrators. Stop taking in
  // (sys::Quiesce) before the first stage begins, and end at sys::Goodbye or sys::HandOver.
  ingress,
  // Store what was appended. End at SIGTERM, when all is stored.
  storage,
};
inline constexpr std::array kStages{Stage::followers, Stage::ingress, Stage::storage};

// The order in which a reload replaces processes by new ones with the new configuration.
enum class RestartGroup : std::uint8_t {
  first,  // at once, by SIGTERM
  last,   // when `first` is replaced; sys::Reloaded reports the changes, then the process ends
};

// The descriptors of the service that a process of the role keeps, besides its channel to the
// supervisor and, in a role that follows the logs, its own bell. All others are closed.
struct Inherits {
  bool state{false};
  bool keys{false};
  bool control{false};  // the listening control socket
  bool sockets{false};  // the UDP sockets
  bool bells{false};    // those of all followers
  // An end of the channel between the ingress and the archive, see sys/archive_channel.hpp.
  bool asks_archive{false};
  bool is_archive{false};
  // An end of the channel between the ingress and web, see sys/web_channel.hpp, and the memory
  // that web writes.
  bool asks_web{false};
  bool is_web{false};  // also the listening sockets of the page
};

struct Role {
  std::string_view name;  // in process titles, in the log and in `chatctl workers`
  std::uint32_t count{};  // processes; fixed when the service starts
  Stage stage{};
  RestartGroup restart{};
  bool follows{false};  // the logs: each process has a bell, which the gateway rings
  // False: the service starts, reloads and is well without it. Nobody waits for it, except a stop
  // for a few seconds.
  bool is_vital{true};
  std::chrono::milliseconds hang_timeout{0};  // 0: workers.hang_timeout
  // Journal field of a process's index. Empty: the role has one process, named without a number.
  std::string_view index_field{};
  Inherits inherits{};
  // Reads the heartbeat of a process that cannot write its row, from other memory; the supervisor
  // calls it, and any value may come. Empty: the heartbeat is in the row.
  std::function<std::uint64_t()> heartbeat{};
  // The main function of a process. Returns its exit status.
  std::function<int(const Process& self, process::PipeEnd& supervisor,
                    const config::Config& config)>
      run{};
};

}  // namespace chatd::roles
