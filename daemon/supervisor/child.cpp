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

namespace {

// A terminal sends SIGINT, and a service manager may send SIGUSR2, to every process of the
// service; only the supervisor acts on them. No child outlives it (PR_SET_PDEATHSIG).
void ignore_signals() {
  for (const int signal : {SIGINT, SIGHUP, SIGUSR2, SIGPIPE}) (void)::signal(signal, SIG_IGN);
  (void)::signal(SIGXFSZ, SIG_IGN);  // a log file at its size limit must not end the process
}

}  // namespace

Child::Child(const roles::Role& role, const roles::Process& process, std::vector<int> descriptors,
             state::ProcessControl& control)
    : role_{role},
      self_{process},
      name_{roles::title_of(role, process)},
      descriptors_{std::move(descriptors)},
      control_{control} {
  enter(ProcessState::empty);
}

Result<> Child::spawn(const config::Config& config, MonoTime now, WallTime wall) {
  respawn_at_.reset();
  spawned_ = now;  // also of a failure: it counts as a death after no time
  auto ends = process::make_pipe();
  if (!ends) return fail(std::move(ends).error().within("channel of " + name_));
  auto& [ours, theirs] = *ends;

  std::vector<int> keep = descriptors_;
  keep.push_back(theirs.fd());
  keep.push_back(ours.fd());  // so that close() closes no other descriptor
  process_ = std::make_unique<process::Process>(
      // Both ends stay valid in the child's copy of this frame: the target runs inside start(). The
      // child closes the supervisor's: with `theirs` it can close the memory of the channel, too.
      [this, &ours, &theirs, &config] {
        ours.close();
        ignore_signals();
        sys::set_process_title("chatd: " + name_);
        // The manager logs a complaint about a READY=1 of any process but the supervisor.
        sys::notify::clear_environment();
        return role_.run(self_, theirs, config);
      },
      process::ProcessOptions{.name = "chatd: " + name_, .daemon = true, .keep_fds = keep});
  if (auto started = process_->start(); !started) {
    process_.reset();
    return fail(std::move(started).error().within("start " + name_));
  }
  if (auto done = ours.keep_out_of_children(); !done) {
    process_.reset();  // kills it
    return fail(std::move(done).error().within("channel of " + name_));
  }
  channel_.emplace(std::move(ours));
  last_beat_seen_ = now;
  last_beat_ = heartbeat();
  control_.pid.store(process_->pid(), std::memory_order_relaxed);
  const std::int64_t started = wall.time_since_epoch().count();
  control_.started_wall.store(started, std::memory_order_relaxed);
  if (state() == ProcessState::waiting) {
    control_.replaced_wall.store(started, std::memory_order_relaxed);
  }
  has_refused_ = false;
  enter(ProcessState::starting);
  return {};
}

void Child::on_ready() {
  if (state() == ProcessState::starting) enter(ProcessState::ready);
}

void Child::stop(Ask ask, MonoTime now) {
  if (!is_running()) return enter(ProcessState::empty);
  last_beat_seen_ = now;  // the time limit for its end begins now
  enter(ProcessState::stopping);
  // The signal fails if the process has died already; SIGCHLD then reports its death.
  if (ask == Ask::by_signal) (void)process_->terminate();
}

void Child::kill() {
  if (process_) (void)process_->kill();
}

void Child::leave_behind(milliseconds limit) {
  if (!process_) return;
  kill();
  const auto ended = process_->join(limit);
  if (!ended || !*ended) (void)process_.release();  // the destructor would wait without a limit
}

Result<> Child::send(const sys::ToChild& message) {
  if (!channel_) return fail(name_ + " has no channel");
  if (unsent_.empty()) {
    auto sent = sys::send(*channel_, message);
    if (sent || !process::is_timeout(sent.error())) return sent;
  }
  unsent_.push_back(message);
  return {};
}

void Child::send_unsent() {
  while (channel_ && !unsent_.empty()) {
    const auto sent = sys::send(*channel_, unsent_.front());
    if (!sent && process::is_timeout(sent.error())) return;
    unsent_.pop_front();
  }
}

void Child::quiesce() { quiescing_ = send(sys::Quiesce{}).has_value(); }

std::string Child::on_death(process::ExitStatus status, MonoTime now) {
  process_->record_exit(status);
  const bool asked = state() == ProcessState::stopping;
  std::string report =
      fmt::format("{} (pid {}) {} after {} ms", name_, process_->pid(), process::to_text(status),
                  std::chrono::duration_cast<milliseconds>(now - spawned_).count());
  process_.reset();
  channel_.reset();
  unsent_.clear();
  quiescing_ = false;
  control_.pid.store(0, std::memory_order_relaxed);
  if (!asked) control_.restarts.fetch_add(1, std::memory_order_relaxed);
  enter(asked ? ProcessState::empty : ProcessState::waiting);
  return report;
}

bool Child::await_respawn(MonoTime now) {
  enter(ProcessState::waiting);
  const auto delay = policy_.on_death(std::chrono::duration_cast<milliseconds>(now - spawned_));
  respawn_at_ = now + delay;
  return delay == milliseconds{0};
}

bool Child::is_respawn_due(MonoTime now) const { return respawn_at_ && now >= *respawn_at_; }

bool Child::is_hung(MonoTime now, milliseconds limit) {
  if (!is_running() || state() == ProcessState::hung) return false;
  const std::uint64_t beat = heartbeat();
  if (beat != last_beat_ && state() != ProcessState::stopping) {
    last_beat_ = beat;
    last_beat_seen_ = now;
  }
  return now - last_beat_seen_ > limit;
}

std::uint64_t Child::heartbeat() const {
  return role_.heartbeat ? role_.heartbeat() : control_.heartbeat.load(std::memory_order_relaxed);
}

void Child::mark_hung() { enter(ProcessState::hung); }

ProcessState Child::state() const { return control_.state.load(std::memory_order_relaxed); }

bool Child::is_settled() const { return is_ready() || state() == ProcessState::waiting; }

bool Child::is_running() const { return process_ != nullptr; }

pid_t Child::pid() const { return process_ ? process_->pid() : 0; }

void Child::enter(ProcessState state) { control_.state.store(state, std::memory_order_relaxed); }

}  // namespace chatd::supervisor
