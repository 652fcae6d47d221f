// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/supervisor/supervisor.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "common/process/reaper.hpp"
#include "daemon/sys/notify.hpp"

namespace chatd::supervisor {

using std::chrono::milliseconds;

namespace {
// Often enough that a hang is found within workers.hang_timeout and a quarter of a second.
constexpr milliseconds kTick{250};
}  // namespace

Supervisor::Supervisor(Plan plan, state::StateView state, io::EventLoop loop)
    : plan_{std::move(plan)}, state_{std::move(state)}, loop_{std::move(loop)} {
  children_.reserve(1 + plan_.workers.size());
  children_.emplace_back(plan_.gateway, state_.process(0));
  for (std::size_t i = 0; i < plan_.workers.size(); ++i) {
    children_.emplace_back(plan_.workers[i], state_.process(1 + i));
  }
  channel_watches_.resize(children_.size());
  respawn_watches_.resize(children_.size());
}

Result<std::unique_ptr<Supervisor>> Supervisor::create(Plan plan, state::StateView state) {
  auto loop = io::EventLoop::create();
  if (!loop) return fail(loop.error());
  if (auto done = state.keep_out_of_children(); !done) return fail(done.error());
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
  // Writing to a channel whose other end just died is an error to be handled, not a death.
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
    // A hung child is killed and replaced at once. One that even that does not end (it waits in
    // the kernel) is more than this process can mend: then the service manager shall try.
    const auto ping = std::chrono::duration_cast<milliseconds>(*interval);
    const auto ping_if_well = [this] {
      const auto is_hung = [](const Child& c) { return c.state() == state::ProcessState::hung; };
      if (std::ranges::none_of(children_, is_hung)) (void)sys::notify::ping();
    };
    if (auto done = watch(loop_.every(ping, ping_if_well)); !done) return done;
  }
  return watch(loop_.every(kTick, [this] { tick(); }));
}

Result<Ending> Supervisor::run() {
  // Workers first: what the gateway appends has its readers.
  for (std::size_t i = children_.size(); i > 0 && failure_.empty(); --i) spawn(i - 1);
  if (failure_.empty()) {
    if (auto done = loop_.run(); !done) return fail(done.error());
  }
  if (!failure_.empty()) return fail(failure_);
  return ending_;
}

void Supervisor::spawn(std::size_t index) {
  Child& child = children_[index];
  respawn_watches_[index] = {};
  if (auto started = child.spawn(plan_.config, mono_now(), wall_now()); !started) {
    if (phase_ == Phase::starting) return give_up_start(started.error().message());
    log(LogLevel::error, started.error().message(), {{"CHATD_EVENT", "process_died"}});
    auto again = loop_.after(child.respawn_delay(mono_now()), [this, index] { spawn(index); });
    if (again) respawn_watches_[index] = std::move(*again);
    return;
  }
  auto watch =
      loop_.on_readable(child.channel()->fd(), [this, index] { on_child_readable(index); });
  if (watch) channel_watches_[index] = std::move(*watch);
}

void Supervisor::on_child_readable(std::size_t index) {
  while (auto* channel = children_[index].channel()) {
    const auto message = sys::receive(*channel);
    if (!message && process::is_timeout(message.error())) return;
    if (!message || !*message) break;
    on_message(index, **message);
  }
  channel_watches_[index] = {};  // its death comes by SIGCHLD
}

void Supervisor::on_message(std::size_t index, const sys::ChannelMessage& message) {
  switch (message.say) {
    case sys::Say::ready:
      return on_ready(index);
    case sys::Say::failed:
      child_reason_ = message.words.empty() ? std::string{} : message.words.front();
      return;
    case sys::Say::reload:
      return reload();
    case sys::Say::stop:
      return stop("chatctl stop");
    case sys::Say::upgrade:
      return upgrade();
    case sys::Say::quiescent:
      return drain_workers();
    default:
      return;  // what only we say
  }
}

void Supervisor::on_ready(std::size_t index) {
  Child& child = children_[index];
  child.on_ready();
  log(LogLevel::debug, fmt::format("{} (pid {}) is ready", child.name(), child.pid()),
      {{"CHATD_EVENT", "process_started"}});
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
    if (child == children_.end()) continue;
    on_death(static_cast<std::size_t>(child - children_.begin()), death.status);
  }
}

void Supervisor::on_death(std::size_t index, process::ExitStatus status) {
  Child& child = children_[index];
  // Its last words may still be unread: why it failed, or that an administrator wants a stop.
  if (channel_watches_[index].is_active()) on_child_readable(index);
  channel_watches_[index] = {};
  const bool asked = child.state() == state::ProcessState::stopping || is_stopping();
  const std::string obituary = child.on_death(status, mono_now());
  const std::string worker = std::to_string(index - 1);
  std::vector<LogField> fields{{"CHATD_EVENT", "process_died"}, {"CHATD_PROCESS", child.name()}};
  if (index != 0) fields.push_back({"CHATD_WORKER", worker});
  log(asked ? LogLevel::debug : LogLevel::warning, obituary, fields);

  if (phase_ == Phase::starting) {
    return give_up_start(child_reason_.empty() ? obituary : child.name() + ": " + child_reason_);
  }
  if (is_stopping()) return continue_stop();
  if (asked) return spawn(index);  // reloading: its successor has the new configuration
  const auto delay = child.respawn_delay(mono_now());
  if (delay == milliseconds{0}) return spawn(index);
  auto again = loop_.after(delay, [this, index] { spawn(index); });
  if (again) respawn_watches_[index] = std::move(*again);
  if (phase_ == Phase::reloading) continue_reload();
}

void Supervisor::tick() {
  const MonoTime now = mono_now();
  for (Child& child : children_) {
    if (!child.is_hung(now, plan_.config.workers.hang_timeout)) continue;
    log(LogLevel::warning,
        fmt::format("{} (pid {}) gives no sign of life; killing it", child.name(), child.pid()),
        {{"CHATD_EVENT", "process_hung"}, {"CHATD_PROCESS", child.name()}});
    if (child.state() != state::ProcessState::stopping) child.mark_hung();
    child.kill();
  }
  if (successor_check_ && successor_check_->is_late(now)) successor_check_->kill();
  if (is_stopping()) return continue_stop();
  if (stop_wanted_) begin_stop();
  if (phase_ != Phase::starting) update_status();
}

void Supervisor::update_status() {
  const auto ready = std::ranges::count_if(children_, [](const Child& c) { return c.is_ready(); });
  const auto& counters = state_.counters();
  std::string status = fmt::format("{}/{} processes ready, {} members", ready, children_.size(),
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
  return phase_ == Phase::quiescing || phase_ == Phase::draining || phase_ == Phase::parting ||
         phase_ == Phase::failed;
}

bool Supervisor::all_ready() const { return std::ranges::all_of(children_, &Child::is_ready); }

}  // namespace chatd::supervisor
