// SPDX-License-Identifier: GPL-3.0-or-later
// child.hpp — one process of the table of roles, from one life to the next: a process that dies
// is replaced by a new one in the same Child.
//
// Runs in:   supervisor.
// Owns:      the process and the supervisor's end of the channel to it.
// Borrows:   its role, and its row of the shared state, which only it writes (except for the
//            heartbeat).
// Invariant: the state changes only in spawn(), on_ready(), mark_hung(), stop(), on_death() and
//            await_respawn(). No call waits.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "common/io/event_loop.hpp"
#include "common/process/pipe.hpp"
#include "common/process/process.hpp"
#include "common/process/reaper.hpp"
#include "daemon/roles/role.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/supervisor/respawn_policy.hpp"
#include "daemon/sys/channel.hpp"

namespace chatd::supervisor {

class Child {
 public:
  // `descriptors`: all that the process keeps besides the channel.
  Child(const roles::Role& role, const roles::Process& process, std::vector<int> descriptors,
        state::ProcessControl& control);

  [[nodiscard]] Result<> spawn(const config::Config& config, MonoTime now, WallTime wall);
  void on_ready();
  // Asks the process to end by SIGTERM, or only notes that a message asks it.
  enum class Ask { by_signal, by_message };
  void stop(Ask ask, MonoTime now);
  void kill();
  // Kills it, and waits so long for its end; then it is left behind: it may wait for a disk.
  void leave_behind(std::chrono::milliseconds limit);

  // Sends, or keeps the message for send_unsent() while the process does not read.
  // Error: there is no process, or it has closed its end.
  [[nodiscard]] Result<> send(const sys::ToChild& message);
  void send_unsent();
  // Sends sys::Quiesce; the child is quiescing until on_quiescent() or its death.
  void quiesce();
  void on_quiescent() { quiescing_ = false; }
  // A message that its role may not send was ignored. True: the first one of this process.
  [[nodiscard]] bool note_refused() { return !std::exchange(has_refused_, true); }
  [[nodiscard]] bool is_quiescing() const { return quiescing_; }

  // The process has died. Returns its exit report, one line: name, pid, how, after how long.
  [[nodiscard]] std::string on_death(process::ExitStatus status, MonoTime now);
  // After a death that was not asked for, or a spawn() that failed: the next spawn() is due after
  // the delay of the respawn policy. Returns whether it is due at once.
  bool await_respawn(MonoTime now);
  void cancel_respawn() { respawn_at_.reset(); }
  [[nodiscard]] bool is_respawn_due(MonoTime now) const;

  // Its heartbeat has not changed for longer than `limit`. Also for a process that was asked to
  // end that long ago.
  [[nodiscard]] bool is_hung(MonoTime now, std::chrono::milliseconds limit);
  void mark_hung();
  // The time limit of its heartbeat begins again: this process did not run for a while.
  void expect_beat_from(MonoTime now) { last_beat_seen_ = now; }

  [[nodiscard]] state::ProcessState state() const;
  [[nodiscard]] bool is_ready() const { return state() == state::ProcessState::ready; }
  [[nodiscard]] bool is_running() const;  // there is a process
  // Ready, or it waits for its respawn: a reload waits no longer for it.
  [[nodiscard]] bool is_settled() const;
  [[nodiscard]] pid_t pid() const;
  [[nodiscard]] const roles::Role& role() const { return role_; }
  [[nodiscard]] bool is_vital() const { return role_.is_vital; }
  [[nodiscard]] const roles::Process& self() const { return self_; }
  [[nodiscard]] const std::string& name() const { return name_; }  // "worker 1"
  // nullptr: there is no process, or it has closed its end.
  [[nodiscard]] process::PipeEnd* channel() { return channel_ ? &*channel_ : nullptr; }
  void close_channel() { channel_.reset(); }
  // Of the channel; set by the supervisor.
  io::EventLoop::Watch channel_watch;

 private:
  void enter(state::ProcessState state);
  [[nodiscard]] std::uint64_t heartbeat() const;

  const roles::Role& role_;
  roles::Process self_;
  std::string name_;
  std::vector<int> descriptors_;
  state::ProcessControl& control_;
  RespawnPolicy policy_;
  std::unique_ptr<process::Process> process_;
  std::optional<process::PipeEnd> channel_;
  std::deque<sys::ToChild> unsent_;
  bool quiescing_{false};
  bool has_refused_{false};
  std::optional<MonoTime> respawn_at_;
  MonoTime spawned_{};
  std::uint64_t last_beat_{0};
  MonoTime last_beat_seen_{};
};

}  // namespace chatd::supervisor
