// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/supervisor/supervisor.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "common/base/overloaded.hpp"
#include "common/process/reaper.hpp"
#include "daemon/sys/notify.hpp"

namespace chatd::supervisor {

using std::chrono::milliseconds;

namespace {
// A hang is found within workers.hang_timeout and one tick, a respawn is at most one tick late.
constexpr milliseconds kTick{250};
// A tick that is so late: the whole machine or all processes were stopped, as by a pause of a
// container. The children may be continued later than this process. Less than the shortest
// workers.hang_timeout, of 1 s.
constexpr milliseconds kLateTick{2 * kTick};

// Only a process of the ingress stage serves administrators, and takes in what a stop waits for.
bool may_send(const roles::Role& role, const sys::ToSupervisor& message) {
  const bool is_own =
      std::holds_alternative<sys::Ready>(message) || std::holds_alternative<sys::Failed>(message);
  return is_own || role.stage == roles::Stage::ingress;
}

void log_refused(const Child& child) {
  log(LogLevel::error,
      fmt::format("{} (pid {}) has sent what only the gateway may send; it is ignored",
                  child.name(), child.pid()),
      {{"CHATD_PROCESS", child.name()}});
}
}  // namespace

Supervisor::Supervisor(Plan plan, state::StateView state, io::EventLoop loop)
    : plan_{std::move(plan)}, state_{std::move(state)}, loop_{std::move(loop)} {
  children_.reserve(plan_.processes.size());  // handlers keep pointers to the children
  for (const auto& process : plan_.processes) {
    const auto role = std::ranges::find(plan_.roles, process.role, &roles::Role::name);
    children_.emplace_back(*role, process, plan_.inheritance(*role, process),
                           state_.process(process.row));
  }
}

Result<std::unique_ptr<Supervisor>> Supervisor::create(Plan plan, state::StateView state) {
  auto loop = io::EventLoop::create();
  if (!loop) return fail(loop.error());
  if (auto done = state.keep_out_of_children(); !done) return fail(done.error());
  for (const auto& process : plan.processes) {
    if (std::ranges::find(plan.roles, process.role, &roles::Role::name) == plan.roles.end()) {
      return fail("a process without a role: " + std::string{process.role});
    }
  }
  std::unique_ptr<Supervisor> supervisor{
      new Supervisor{std::move(plan), std::move(state), std::move(*loop)}};
  if (auto done = supervisor->watch_signals(); !done) return fail(done.error());
  if (auto done = supervisor->watch_clock(); !done) return fail(done.error());
  return supervisor;
}

Result<> Supervisor::watch(Result<io::EventLoop::Watch> watch) {
  if (!watch) return fail(watch.error());
  watches_.push_back(std::move(*watch));
  return {};
}

Result<> Supervisor::watch_signals() {
  // A write to the channel of a dead child returns an error instead of ending this process.
  (void)::signal(SIGPIPE, SIG_IGN);
  if (auto done = watch(loop_.on_signal(SIGCHLD, [this] { on_deaths(); })); !done) return done;
  if (auto done = watch(loop_.on_signal(SIGTERM, [this] { on_stop_signal("SIGTERM"); })); !done)
    return done;
  if (auto done = watch(loop_.on_signal(SIGINT, [this] { on_stop_signal("SIGINT"); })); !done)
    return done;
  if (auto done = watch(loop_.on_signal(SIGHUP, [this] { reload(); })); !done) return done;
  return watch(loop_.on_signal(SIGUSR2, [this] { on_hand_over_signal(); }));
}

Result<> Supervisor::watch_clock() {
  if (const auto interval = sys::notify::watchdog_interval()) {
    // A hung child is killed and replaced at once. If SIGKILL does not end it (it waits in the
    // kernel), the pings stop, and the service manager restarts the service.
    const auto ping = std::chrono::duration_cast<milliseconds>(*interval);
    const auto ping_if_well = [this] {
      const auto is_hung = [](const Child& c) {
        return c.is_vital() && c.state() == state::ProcessState::hung;
      };
      if (std::ranges::none_of(children_, is_hung)) (void)sys::notify::ping();
    };
    if (auto done = watch(loop_.every(ping, ping_if_well)); !done) return done;
  }
  return watch(loop_.every(kTick, [this] { tick(); }));
}

Result<Ending> Supervisor::run() {
  // Followers first: what the ingress processes append has its readers.
  for (const auto stage : roles::kStages) {
    for (Child& child : children_) {
      if (child.role().stage == stage && failure_.empty()) spawn(child);
    }
  }
  if (failure_.empty()) {
    if (auto done = loop_.run(); !done) return fail(done.error());
  }
  for (Child& child : children_) {
    if (!child.is_vital()) child.leave_behind(kTick);
  }
  if (!failure_.empty()) return fail(failure_);
  return ending_;
}

// A spawn that fails is repeated by tick().
void Supervisor::spawn(Child& child) {
  const MonoTime now = mono_now();
  if (auto started = child.spawn(plan_.config, now, wall_now()); !started) {
    if (phase_ == Phase::starting && child.is_vital()) {
      return give_up_start(started.error().message());
    }
    log(LogLevel::error, started.error().message(),
        {{"CHATD_EVENT", "process_died"}, {"CHATD_PROCESS", child.name()}});
    (void)child.await_respawn(now);
    return;
  }
  auto watch = loop_.on_readable(child.channel()->fd(), [this, &child] { on_readable(child); });
  if (watch) {
    child.channel_watch = std::move(*watch);
    return;
  }
  // A child that cannot be watched would never become ready.
  log(LogLevel::error, child.name() + ": " + watch.error().message());
  child.kill();
}

void Supervisor::on_readable(Child& child) {
  while (auto* channel = child.channel()) {
    const auto message = sys::receive_from_child(*channel);
    if (!message && process::is_timeout(message.error())) return;
    if (!message || !*message) break;
    on_message(child, **message);
  }
  // Web closes its end when it is ready. SIGCHLD reports the death of the others.
  child.channel_watch = {};
  child.close_channel();
}

void Supervisor::on_message(Child& child, const sys::ToSupervisor& message) {
  if (!may_send(child.role(), message)) {
    if (child.note_refused()) log_refused(child);
    return;
  }
  const Overloaded handle{
      [&](const sys::Ready&) { on_ready(child); },
      [&](const sys::Failed& failed) {
        if (child.is_vital()) child_reason_ = failed.why;
      },
      [&](const sys::AskReload&) { reload(); },
      [&](const sys::AskUpgrade&) { upgrade(); },
      [&](const sys::AskKey& asked) { change_key(asked); },
      [&](const sys::AskStop&) { stop("chatctl stop"); },
      [&](const sys::Quiescent&) {
        child.on_quiescent();
        if (is_stopping()) continue_stop();
      },
  };
  std::visit(handle, message);
}

// To every process that serves administrators.
void Supervisor::send_to_ingress(const sys::ToChild& message) {
  for (Child& child : children_) {
    if (child.role().stage == roles::Stage::ingress) (void)child.send(message);
  }
}

void Supervisor::on_ready(Child& child) {
  child.on_ready();
  log(LogLevel::debug, fmt::format("{} (pid {}) is ready", child.name(), child.pid()),
      {{"CHATD_EVENT", "process_started"}, {"CHATD_PROCESS", child.name()}});
  if (phase_ == Phase::reloading) return continue_reload();
  if (stop_wanted_) return begin_stop();
  if (phase_ != Phase::starting || !all_ready()) return;
  phase_ = Phase::running;
  if (auto done = plan_.on_ready(); !done) return give_up_start(done.error().message());
  update_status();
  if (reload_wanted_) reload();
}

void Supervisor::on_deaths() {
  const auto deaths = process::reap_children();
  if (!deaths) return log(LogLevel::error, deaths.error().message());
  for (const auto& death : *deaths) {
    if (successor_check_ && successor_check_->pid() == death.pid) {
      on_checked(death.status);
      continue;
    }
    const auto child = std::ranges::find(children_, death.pid, &Child::pid);
    if (child != children_.end()) on_death(*child, death.status);
  }
}

void Supervisor::on_death(Child& child, process::ExitStatus status) {
  // Its last messages may be unread: why it failed, or that an administrator asks for a stop.
  if (child.channel_watch.is_active()) on_readable(child);
  child.channel_watch = {};
  const bool asked = child.state() == state::ProcessState::stopping || is_stopping();
  const std::string report = child.on_death(status, mono_now());
  const std::string index = std::to_string(child.self().index);
  std::vector<LogField> fields{{"CHATD_EVENT", "process_died"}, {"CHATD_PROCESS", child.name()}};
  const auto index_field = child.role().index_field;
  if (!index_field.empty()) fields.push_back({index_field, index});
  log(asked ? LogLevel::debug : LogLevel::warning, report, fields);

  if (phase_ == Phase::starting && child.is_vital()) {
    return give_up_start(child_reason_.empty() ? report : child.name() + ": " + child_reason_);
  }
  if (is_stopping()) return continue_stop();
  if (asked) return spawn(child);  // reloading: the new process has the new configuration
  if (child.await_respawn(mono_now())) return spawn(child);
  if (phase_ == Phase::reloading) continue_reload();
}

void Supervisor::kill_if_hung(Child& child, MonoTime now) {
  const milliseconds own = child.role().hang_timeout;
  const milliseconds limit = own.count() != 0 ? own : plan_.config.workers.hang_timeout;
  if (!child.is_hung(now, limit)) return;
  log(LogLevel::warning,
      fmt::format("{} (pid {}) gives no sign of life; killing it", child.name(), child.pid()),
      {{"CHATD_EVENT", "process_hung"}, {"CHATD_PROCESS", child.name()}});
  if (child.state() != state::ProcessState::stopping) child.mark_hung();
  child.expect_beat_from(now);  // one that waits for a disk is reported once in each limit
  child.kill();
}

// All that is due is looked for here, so that no event that fails to come leaves a child behind.
void Supervisor::tick() {
  const MonoTime now = mono_now();
  const bool was_stopped = now - std::exchange(last_tick_, now) > kLateTick;
  for (Child& child : children_) {
    if (was_stopped) child.expect_beat_from(now);
    kill_if_hung(child, now);
    child.send_unsent();
    if (!is_stopping() && child.is_respawn_due(now)) spawn(child);
  }
  if (successor_check_ && successor_check_->is_late(now)) successor_check_->kill();
  if (is_stopping()) return continue_stop();
  if (stop_wanted_) begin_stop();
  if (phase_ == Phase::running) renew_certificate(now);
  if (phase_ != Phase::starting) update_status();
}

void Supervisor::update_status() {
  const auto ready = std::ranges::count_if(children_, [](const Child& c) { return c.is_ready(); });
  const auto& counters = state_.counters();
  std::string status = fmt::format("{}/{} processes ready, {} sessions", ready, children_.size(),
                                   counters.sessions_now.load(std::memory_order_relaxed));
  if (status == status_) return;
  status_ = std::move(status);
  (void)sys::notify::status(status_);
}

void Supervisor::give_up_start(std::string why) {
  if (!failure_.empty()) return;
  failure_ = std::move(why);
  phase_ = Phase::failed;
  kill_all();
  loop_.stop();
}

bool Supervisor::is_stopping() const {
  return phase_ == Phase::quiescing || phase_ == Phase::ending || phase_ == Phase::failed;
}

bool Supervisor::all_ready() const {
  return std::ranges::all_of(
      children_, [](const Child& child) { return !child.is_vital() || child.is_ready(); });
}

}  // namespace chatd::supervisor
