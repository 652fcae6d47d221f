// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_status.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/base/version.hpp"
#include "daemon/gateway/control_answers.hpp"
#include "daemon/metrics/text.hpp"
#include "daemon/state/counters.hpp"

namespace chatd::gateway {

namespace {

// How long the death of a process is reported as a problem.
constexpr std::chrono::minutes kRecently{10};
// How long a cold start is that did not bring back everything.
constexpr std::chrono::hours kReported{24};

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

std::uint64_t figure(const state::Counter& counter) {
  return counter.load(std::memory_order_relaxed);
}

// The sum of a counter of all workers.
std::uint64_t sum_of(const state::StateView& state,
                     state::Counter state::WorkerCounters::*counter) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < state::kMaxWorkers; ++i) {
    sum += figure(state.worker_counters(i).*counter);
  }
  return sum;
}

// The counters of the gateway, then each counter of the workers as the sum over all workers.
wire::Counters counters_of(const state::StateView& state) {
  wire::Counters counters;
  for (const auto& row : state::kGatewayCounters) {
    counters.emplace_back(row.name, figure(state.counters().*row.member));
  }
  for (const auto& row : state::kWorkerCounters) {
    counters.emplace_back(row.name, sum_of(state, row.member));
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

std::uint32_t count_open_codes(const chat::Invitations& invitations, WallTime now) {
  std::uint32_t count = 0;
  invitations.for_each([&](chat::Invitations::Index code, const state::InvitationRow& /*row*/) {
    if (invitations.is_in_force(code, now)) ++count;
  });
  return count;
}

std::string times(std::uint64_t count) {
  return count == 1 ? "once" : fmt::format("{} times", count);
}

// A sentence if there is no space for further rules like this one.
void add_full(const chat::Rules& rules, state::RuleKind kind, std::string_view what,
              std::vector<std::string>& problems) {
  const auto full = rules.full_for(kind);
  if (full == chat::Rules::Full::nobody) return;
  const bool is_for_all = full == chat::Rules::Full::everybody;
  problems.push_back(fmt::format("{} can be made{}: there are {}", what,
                                 is_for_all ? "" : " by owners and moderators",
                                 rules.all_like(kind)));
}

// Sentences about what a cold start could not bring back.
void add_lost(const state::Loaded& loaded, std::vector<std::string>& problems) {
  if (const auto words = view_of(loaded.registry_words); !words.empty()) {
    problems.push_back(fmt::format("at the start, {}", words));
  }
  const std::uint32_t rows = loaded.rows_left_out + loaded.damaged;
  if (loaded.rooms_left_out + loaded.rules_left_out + rows != 0) {
    problems.push_back(
        fmt::format("at the start, {} rooms, {} rules and {} other or damaged rows were left out",
                    loaded.rooms_left_out, loaded.rules_left_out, rows));
  }
  if (const auto words = view_of(loaded.history_words); !words.empty()) {
    problems.push_back(fmt::format("rooms began without lines, history.db: {}", words));
  }
}

// Browsers have rows of their own in the table of sessions.
void add_full_sessions(const wire::StatusReport& report, const chat::Chat& chat,
                       const state::Geometry& geometry, std::vector<std::string>& problems) {
  const auto browsers =
      static_cast<std::uint32_t>(chat.sessions.all(state::SessionKind::web).size());
  const std::uint32_t others = report.sessions - std::min(browsers, report.sessions);
  if (others >= geometry.first_web_slot()) {
    problems.push_back(fmt::format("no further member can join: {} of {} sessions are used", others,
                                   geometry.first_web_slot()));
  }
  if (geometry.web_sessions != 0 && browsers >= geometry.web_sessions) {
    problems.push_back(fmt::format("no further browser can enter: {} of {} sessions are used",
                                   browsers, geometry.web_sessions));
  }
}

// A sentence for each thing of which there is no space for another one.
void add_lacks(const wire::StatusReport& report, const chat::Chat& chat,
               std::vector<std::string>& problems) {
  if (report.rooms_limit != 0 && chat.rooms.space() <= 0) {
    const bool is_for_all = report.rooms >= report.rooms_limit;
    problems.push_back(fmt::format("no further room can be made{}: there are {} of {}",
                                   is_for_all ? "" : " by members", report.rooms,
                                   report.rooms_limit));
  }
  add_full(chat.rules, state::RuleKind::ban, "no further ban or mute", problems);
  add_full(chat.rules, state::RuleKind::invitation, "no further invitation or role", problems);
}

}  // namespace

std::string name_of(const roles::Process& process) {
  const std::string role{process.role};
  return process.role == roles::kWorker ? fmt::format("{} {}", role, process.index) : role;
}

wire::StatusReport ControlStatus::report(chat::Now now) const {
  const auto& gateway = state_.counters();
  wire::StatusReport report;
  report.version = kVersion;
  report.pid = inheritance_.supervisor_pid;
  report.started = wall_time_of(state_.header().started_wall);
  report.uptime = std::chrono::duration_cast<std::chrono::seconds>(now.wall - report.started);
  report.sessions = static_cast<std::uint32_t>(figure(gateway.sessions_now));
  report.sessions_limit = state_.geometry().sessions;
  report.sessions_peak = static_cast<std::uint32_t>(figure(gateway.sessions_peak));
  report.messages = figure(gateway.messages);
  report.workers_configured = roles::count_of(roles::kWorker, inheritance_.processes);
  report.workers_ready = count_ready_workers(state_, inheritance_.processes);
  for (const auto& socket : inheritance_.sockets) report.listen.push_back(to_text(socket.where));
  // A page that a reload has closed has its addresses for the next reload, and refuses all
  // requests.
  if (inheritance_.config->web.enabled) {
    for (const auto& where : inheritance_.page) report.web.push_back(to_text(where));
  }
  report.config_file = inheritance_.config_file;
  report.language = inheritance_.language == wire::Language::zh ? "zh" : "en";
  for (const auto& warning : config::warnings(*inheritance_.config, inheritance_.config_file)) {
    report.warnings.push_back(config::to_text(warning));
  }
  report.counters = counters_of(state_);
  report.rooms = chat_.rooms.size();
  report.rooms_limit = state_.geometry().rooms;
  report.rules = chat_.rules.all_like(state::RuleKind::ban);
  report.door = value_of(chat_.door);
  report.open_codes = count_open_codes(chat_.invitations, now.wall);
  report.last_minute = minute_.until(figures(), now.mono);
  report.problems = problems(report, now);
  return report;
}

wire::LastMinute ControlStatus::figures() const {
  const auto& gateway = state_.counters();
  return {
      .messages = figure(gateway.messages),
      .lines_delivered = sum_of(state_, &state::WorkerCounters::lines_delivered),
      .joins = figure(gateway.joins),
      .leaves = figure(gateway.leaves),
      .logins_refused = figure(gateway.logins_refused),
      .dropped = figure(gateway.datagrams_dropped_overload) + figure(gateway.answers_suppressed)};
}

std::vector<std::string> ControlStatus::problems(const wire::StatusReport& report,
                                                 chat::Now now) const {
  std::vector<std::string> problems;
  for (const auto& process : inheritance_.processes) {
    const auto& control = state_.process(process.row);
    const auto state = control.state.load(std::memory_order_relaxed);
    const std::uint64_t restarts = control.restarts.load(std::memory_order_relaxed);
    const WallTime replaced = wall_time_of(control.replaced_wall.load(std::memory_order_relaxed));
    if (process.role == roles::kWorker && state != state::ProcessState::ready) {
      problems.push_back(fmt::format("{} is {}: its members receive nothing meanwhile",
                                     name_of(process), name_of(state)));
    } else if (process.role == roles::kWeb && state != state::ProcessState::ready) {
      problems.push_back(
          fmt::format("web is {}: browsers get no answer, and the log says why", name_of(state)));
    } else if (restarts != 0 && now.wall - replaced < kRecently) {
      problems.push_back(fmt::format("{} has died {}, and was replaced within the last 10 minutes",
                                     name_of(process), times(restarts)));
    }
  }
  if (!inheritance_.page_problem.empty()) {
    problems.push_back("browsers get no page: " + inheritance_.page_problem);
  }
  add_full_sessions(report, chat_, state_.geometry(), problems);
  add_lacks(report, chat_, problems);
  const state::Loaded& loaded = state_.loaded();
  if (now.wall - wall_time_of(loaded.began_wall) < kReported) add_lost(loaded, problems);
  if (report.last_minute.dropped != 0) {
    problems.push_back(
        fmt::format("{} datagrams or replies were above a limit within the last minute, and were "
                    "dropped",
                    report.last_minute.dropped));
  }
  return problems;
}

wire::MetricsReport ControlStatus::metrics(MonoTime now) const {
  return {.text = metrics::text(metrics::figures_of(state_, inheritance_.processes, now))};
}

wire::WorkersReport ControlStatus::workers() const {
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

}  // namespace chatd::gateway
