// SPDX-License-Identifier: GPL-3.0-or-later
// child.hpp — one place for a child process; it outlives the processes in it.
//
// Runs in:   supervisor.
// Owns:      the Process in it and our end of the channel to it.
// Borrows:   its row of the shared state, which it alone writes (but for the heartbeat).
// Invariant: the state changes only in spawn(), on_ready(), mark_hung(), stop() and on_death().
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "common/process/pipe.hpp"
#include "common/process/process.hpp"
#include "common/process/reaper.hpp"
#include "daemon/config/config.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/supervisor/respawn_policy.hpp"

namespace chatd::supervisor {

// What a process is for, as main() knows it; the supervisor knows no role by itself.
struct Role {
  std::string name;              // "gateway", "worker 1"
  std::vector<int> descriptors;  // all that its process keeps, beside the channel
  // In the child. Returns the exit status.
  std::function<int(process::PipeEnd& supervisor, const config::Config& config)> run;
};

class Child {
 public:
  Child(Role role, state::ProcessControl& control);

  [[nodiscard]] Result<> spawn(const config::Config& config, MonoTime now, WallTime wall);
  void on_ready();
  // Asks it to end by SIGTERM, or only notes that a message did so.
  enum class Ask { by_signal, by_message };
  void stop(Ask ask, MonoTime now);
  void kill();

  // It has died. Returns the obituary, one line: name, pid, how, after how long.
  [[nodiscard]] std::string on_death(process::ExitStatus status, MonoTime now);
  // When it died unasked: how long to wait before the next spawn().
  [[nodiscard]] std::chrono::milliseconds respawn_delay(MonoTime now);

  // Its heartbeat stood still for longer than `limit`. Also for one that was asked to end
  // and does not.
  [[nodiscard]] bool is_hung(MonoTime now, std::chrono::milliseconds limit);
  void mark_hung();

  [[nodiscard]] state::ProcessState state() const;
  [[nodiscard]] bool is_ready() const { return state() == state::ProcessState::ready; }
  [[nodiscard]] bool is_running() const;  // there is a process
  // Ready, or so lame that nothing may wait for it.
  [[nodiscard]] bool is_settled() const;
  [[nodiscard]] pid_t pid() const;
  [[nodiscard]] const std::string& name() const { return role_.name; }
  [[nodiscard]] process::PipeEnd* channel() { return channel_ ? &*channel_ : nullptr; }

 private:
  void enter(state::ProcessState state);

  Role role_;
  state::ProcessControl& control_;
  RespawnPolicy policy_;
  std::unique_ptr<process::Process> process_;
  std::optional<process::PipeEnd> channel_;
  MonoTime spawned_{};
  std::uint64_t last_beat_{0};
  MonoTime last_beat_seen_{};
};

}  // namespace chatd::supervisor
