// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/supervisor/child.hpp"

#include <csignal>
#include <utility>

#include <fmt/format.h>

#include "daemon/sys/notify.hpp"
#include "daemon/sys/process_title.hpp"

namespace chatd::supervisor {

using state::ProcessState;
using std::chrono::milliseconds;

Child::Child(Role role, state::ProcessControl& control)
    : role_{std::move(role)}, control_{control} {
  enter(ProcessState::empty);
}

Result<> Child::spawn(const config::Config& config, MonoTime now, WallTime wall) {
  auto ends = process::make_pipe();
  if (!ends) return fail(std::move(ends).error().within("channel of " + role_.name));
  auto& [ours, theirs] = *ends;

  std::vector<int> keep = role_.descriptors;
  keep.push_back(theirs.fd());
  process_ = std::make_unique<process::Process>(
      // `theirs` lives on in the child's copy of this frame: the target runs inside start().
      [this, &theirs, &config] {
        // Ctrl-C in a terminal goes to all of us; the supervisor alone stops the service, in
        // order. None of us outlives it (PR_SET_PDEATHSIG).
        (void)::signal(SIGINT, SIG_IGN);
        (void)::signal(SIGHUP, SIG_IGN);
        (void)::signal(SIGPIPE, SIG_IGN);
        (void)::signal(SIGXFSZ, SIG_IGN);  // a log that may not grow is no reason to die
        sys::set_process_title("chatd: " + role_.name);
        // A worker's READY=1 would only be a complaint in the journal.
        sys::notify::clear_environment();
        return role_.run(theirs, config);
      },
      process::ProcessOptions{.name = "chatd: " + role_.name, .daemon = true, .keep_fds = keep});
  if (auto started = process_->start(); !started) {
    return fail(std::move(started).error().within("start " + role_.name));
  }
  channel_.emplace(std::move(ours));
  spawned_ = now;
  last_beat_seen_ = now;
  last_beat_ = control_.heartbeat.load(std::memory_order_relaxed);
  control_.pid.store(process_->pid(), std::memory_order_relaxed);
  control_.started_wall.store(wall.time_since_epoch().count(), std::memory_order_relaxed);
  enter(ProcessState::starting);
  return {};
}

void Child::on_ready() {
  if (state() == ProcessState::starting) enter(ProcessState::ready);
}

void Child::stop(Ask ask, MonoTime now) {
  if (!is_running()) return enter(ProcessState::empty);
  last_beat_seen_ = now;  // the time to end counts from here
  enter(ProcessState::stopping);
  // It may have died already; then its death comes in by SIGCHLD.
  if (ask == Ask::by_signal) (void)process_->terminate();
}

void Child::kill() {
  if (process_) (void)process_->kill();
}

std::string Child::on_death(process::ExitStatus status, MonoTime now) {
  process_->record_exit(status);
  const bool asked = state() == ProcessState::stopping;
  std::string obituary = fmt::format(
      "{} (pid {}) {} after {} ms", role_.name, process_->pid(), process::to_text(status),
      std::chrono::duration_cast<milliseconds>(now - spawned_).count());
  process_.reset();
  channel_.reset();
  control_.pid.store(0, std::memory_order_relaxed);
  if (!asked) control_.restarts.fetch_add(1, std::memory_order_relaxed);
  enter(asked ? ProcessState::empty : ProcessState::waiting);
  return obituary;
}

milliseconds Child::respawn_delay(MonoTime now) {
  return policy_.on_death(std::chrono::duration_cast<milliseconds>(now - spawned_));
}

bool Child::is_hung(MonoTime now, milliseconds limit) {
  if (!is_running() || state() == ProcessState::hung) return false;
  const std::uint64_t beat = control_.heartbeat.load(std::memory_order_relaxed);
  if (beat != last_beat_ && state() != ProcessState::stopping) {
    last_beat_ = beat;
    last_beat_seen_ = now;
  }
  return now - last_beat_seen_ > limit;
}

void Child::mark_hung() { enter(ProcessState::hung); }

ProcessState Child::state() const { return control_.state.load(std::memory_order_relaxed); }

bool Child::is_settled() const { return is_ready() || state() == ProcessState::waiting; }

bool Child::is_running() const { return process_ != nullptr; }

pid_t Child::pid() const { return process_ ? process_->pid() : 0; }

void Child::enter(ProcessState state) { control_.state.store(state, std::memory_order_relaxed); }

}  // namespace chatd::supervisor
