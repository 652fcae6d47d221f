// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_host.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "common/base/version.hpp"
#include "daemon/gateway/control_answers.hpp"
#include "daemon/state/counters.hpp"

namespace chatd::gateway {

namespace {

std::string_view name_of(state::ProcessState state) {
  using state::ProcessState;
  switch (state) {
    case ProcessState::empty:
      return "empty";
    case ProcessState::starting:
      return "starting";
    case ProcessState::ready:
      return "ready";
    case ProcessState::hung:
      return "hung";
    case ProcessState::waiting:
      return "waiting";
    case ProcessState::stopping:
      return "stopping";
  }
  return "unknown";
}

// The row of a process, with the figures that its role has.
wire::ProcessRow row_of(const roles::Process& process, const state::StateView& state) {
  const auto& control = state.process(process.row);
  wire::ProcessRow row;
  row.role = process.role;
  row.index = process.index;
  row.pid = control.pid.load(std::memory_order_relaxed);
  row.state = name_of(control.state.load(std::memory_order_relaxed));
  row.restarts = control.restarts.load(std::memory_order_relaxed);
  row.since = wall_time_of(control.started_wall.load(std::memory_order_relaxed));
  if (process.role == roles::kGateway) {
    const auto& counters = state.counters();
    row.members = static_cast<std::uint32_t>(counters.sessions_now.load());
    row.datagrams = counters.datagrams_received.load();
  } else if (process.role == roles::kWorker) {
    const auto& counters = state.worker_counters(process.index);
    row.members = static_cast<std::uint32_t>(counters.members.load());
    row.datagrams = counters.datagrams_sent.load();
  }
  return row;
}

// The room of chatctl --room, see Verb::takes_room.
std::optional<std::string_view> room_in(const control::Args& args, const wire::Verb& verb) {
  if (args.size() <= verb.max_args) return std::nullopt;
  return args.back();
}

std::uint64_t figure(const state::Counter& counter) {
  return counter.load(std::memory_order_relaxed);
}

// The counters of the gateway, then each counter of the workers as the sum over all workers.
wire::Counters counters_of(const state::StateView& state) {
  wire::Counters counters;
  for (const auto& row : state::kGatewayCounters) {
    counters.emplace_back(row.name, figure(state.counters().*row.member));
  }
  for (const auto& row : state::kWorkerCounters) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < state::kMaxWorkers; ++i) {
      sum += figure(state.worker_counters(i).*row.member);
    }
    counters.emplace_back(row.name, sum);
  }
  return counters;
}

std::uint32_t count_ready_workers(const state::StateView& state,
                                  std::span<const roles::Process> processes) {
  return static_cast<std::uint32_t>(std::ranges::count_if(processes, [&](const auto& process) {
    return process.role == roles::kWorker &&
           state.process(process.row).state.load(std::memory_order_relaxed) ==
               state::ProcessState::ready;
  }));
}

}  // namespace

ControlHost::ControlHost(const Inheritance& inheritance, const state::StateView& state,
                         chat::Chat& chat, Hooks hooks)
    : inheritance_{inheritance},
      state_{state},
      chat_{chat},
      hooks_{std::move(hooks)},
      rooms_{state, chat, *inheritance.config} {
  set_handlers();
  set_room_handlers();
}

void ControlHost::set_handlers() {
  namespace verb = wire::verb;
  handlers_.on(verb::kStatus, [this] { return status(); });
  handlers_.on(verb::kWorkers, [this] { return workers(); });
  handlers_.on(verb::kFingerprint, [this] {
    return wire::FingerprintReport{crypto::fingerprint(inheritance_.identity.public_key)};
  });
  handlers_.on(verb::kReload,
               [this](control::Done<wire::ReloadReport> done) { reload(std::move(done)); });
  handlers_.on(verb::kUpgrade,
               [this](control::Done<wire::EmptyReport> done) { upgrade(std::move(done)); });
  handlers_.on(verb::kStop, [this] { return stop(); });
  handlers_.on(verb::kPing, [] { return wire::EmptyReport{}; });
  handlers_.on(verb::kVersion, [] { return wire::VersionReport{std::string{kVersion}}; });
}

void ControlHost::set_room_handlers() {
  namespace verb = wire::verb;
  using control::Args;
  handlers_.on(verb::kRooms, [this] { return rooms_.rooms(); });
  handlers_.on(verb::kRoom, [this](const Args& args) { return rooms_.room(args[0]); });
  handlers_.on(verb::kRoomMake, [this](const Args& args) { return rooms_.make(args[0]); });
  handlers_.on(verb::kRoomKeep, [this](const Args& args) { return rooms_.keep(args[0]); });
  handlers_.on(verb::kRoomDrop, [this](const Args& args) { return changed(rooms_.drop(args[0])); });
  handlers_.on(verb::kUsers, [this](const Args& args) -> control::Answer<wire::UsersReport> {
    const auto room = room_in(args, verb::kUsers.row);
    if (room) return rooms_.users(*room);
    return rooms_.users();
  });
  handlers_.on(verb::kAnnounce, [this](const Args& args) {
    return changed(rooms_.announce(room_in(args, verb::kAnnounce.row), args[0]));
  });
  handlers_.on(verb::kKick, [this](const Args& args) {
    const auto room = room_in(args, verb::kKick.row);
    const std::string_view reason = args.size() > 1 ? std::string_view{args[1]} : "";
    return room ? changed(rooms_.kick(*room, args[0], reason)) : kick(args[0], reason);
  });
}

wire::StatusReport ControlHost::status() const {
  const auto& gateway = state_.counters();
  wire::StatusReport report;
  report.version = kVersion;
  report.pid = inheritance_.supervisor_pid;
  report.started = wall_time_of(state_.header().started_wall);
  report.uptime = std::chrono::duration_cast<std::chrono::seconds>(wall_now() - report.started);
  report.sessions = static_cast<std::uint32_t>(figure(gateway.sessions_now));
  report.sessions_limit = state_.geometry().sessions;
  report.sessions_peak = static_cast<std::uint32_t>(figure(gateway.sessions_peak));
  report.messages = figure(gateway.messages);
  report.workers_configured = roles::count_of(roles::kWorker, inheritance_.processes);
  report.workers_ready = count_ready_workers(state_, inheritance_.processes);
  for (const auto& socket : inheritance_.sockets) report.listen.push_back(to_text(socket.where));
  report.config_file = inheritance_.config_file;
  report.language = inheritance_.language == wire::Language::zh ? "zh" : "en";
  for (const auto& warning : config::warnings(*inheritance_.config, inheritance_.config_file)) {
    report.warnings.push_back(config::to_text(warning));
  }
  if (const auto warning = room_name_warning()) report.warnings.push_back(*warning);
  report.counters = counters_of(state_);
  return report;
}

std::optional<std::string> ControlHost::room_name_warning() const {
  auto why = rooms_.default_name_conflict();
  if (!why) return std::nullopt;
  const std::string& file = inheritance_.config_file;
  return config::to_text({.where = file.empty() ? "built-in defaults" : file,
                          .key = "room.name",
                          .why = std::move(*why)});
}

void ControlHost::log_warnings() const {
  if (const auto warning = room_name_warning()) {
    log(LogLevel::warning, *warning, {{"CHATD_EVENT", "config_warning"}});
  }
}

wire::WorkersReport ControlHost::workers() const {
  wire::ProcessRow supervisor;
  supervisor.role = "supervisor";
  supervisor.pid = inheritance_.supervisor_pid;
  supervisor.state = "ready";
  supervisor.since = wall_time_of(state_.header().started_wall);

  wire::WorkersReport report;
  report.processes.push_back(std::move(supervisor));
  for (const auto& process : inheritance_.processes) {
    report.processes.push_back(row_of(process, state_));
  }
  return report;
}

control::Answer<wire::KickReport> ControlHost::kick(std::string_view name,
                                                    std::string_view reason) {
  auto kick = find_kick(chat_.sessions, name, reason);
  if (!kick) return std::unexpected{std::move(kick).error()};
  hooks_.remove(kick->slot, state::LeaveKind::kicked, kick->reason, control_now());
  hooks_.changed();
  return std::move(kick->report);
}

void ControlHost::reload(control::Done<wire::ReloadReport> done) {
  waiting_for_reload_.push_back(std::move(done));
  // Each request is sent, even while others wait: the file may have changed since the last one.
  if (auto sent = sys::send(*inheritance_.supervisor, sys::AskReload{}); !sent) {
    on_reload_refused({{sent.error().message()}});
  }
}

void ControlHost::on_reloaded(const sys::Reloaded& reloaded) {
  wire::ReloadReport report;
  for (const auto& change : reloaded.changes) {
    (change.needs_restart ? report.needs_restart : report.changed).push_back(change.setting);
  }
  report.warnings = reloaded.warnings;
  answer_reloads(report);
}

void ControlHost::on_reload_refused(const sys::ReloadRefused& refused) {
  std::string problems;
  for (const auto& problem : refused.problems) problems += (problems.empty() ? "" : "\n") + problem;
  answer_reloads(refuse_request(wire::code::kBadConfig, std::move(problems)));
}

void ControlHost::answer_reloads(const control::Answer<wire::ReloadReport>& answer) {
  for (const auto& done : std::exchange(waiting_for_reload_, {})) done(answer);
}

void ControlHost::upgrade(control::Done<wire::EmptyReport> done) {
  waiting_for_upgrade_.push_back(std::move(done));
  if (auto sent = sys::send(*inheritance_.supervisor, sys::AskUpgrade{}); !sent) {
    on_upgrade_outcome(sent.error().message());
  }
}

void ControlHost::on_upgrade_outcome(std::optional<std::string> why_not) {
  control::Answer<wire::EmptyReport> answer;
  if (why_not) answer = refuse_request(wire::code::kFailed, std::move(*why_not));
  for (const auto& done : std::exchange(waiting_for_upgrade_, {})) done(answer);
}

wire::StopReport ControlHost::stop() {
  // If this fails the supervisor is dead, and this process ends as well.
  (void)sys::send(*inheritance_.supervisor, sys::AskStop{});
  return {.pid = inheritance_.supervisor_pid};
}

}  // namespace chatd::gateway
