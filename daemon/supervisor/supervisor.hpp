// SPDX-License-Identifier: GPL-3.0-or-later
// supervisor.hpp — the parent: starts the processes of all roles, reaps and respawns them, reloads,
// stops. It knows the stages and restart groups of the table of roles, and no role.
//
// Runs in:   supervisor. Parses no datagram. Blocks on the files of the configuration and of keys
//            only, and on 0.1 s of scrypt for a password. It never waits for a child.
// Owns:      the event loop and the children. Borrows: all descriptors; main() owns them,
//            so that a dead child takes none with it.
// Invariant: while the phase is `running` every child is alive, or dead and due to be spawned
//            again at a time that every tick looks at. No zombie: SIGCHLD is answered by reaping
//            all that died.
//
//   starting ──all ready──> running ──SIGHUP, chatctl reload──> reloading ──> running
//      │ a child dies         │ SIGTERM, SIGINT, chatctl stop; SIGUSR2
//      └──────> failed        └──> quiescing ──> ending, one stage after another ──> (end)
// SIGUSR2 ends the processes in the same order, but without a goodbye: the sessions are in memory
// that outlives the service, and its successor continues them.
// A stop waits a few seconds at most until every child is ready, so that no member misses its last
// lines and its EXIT; a reload waits for the end of the start.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/io/event_loop.hpp"
#include "daemon/roles/role.hpp"
#include "daemon/state/state_view.hpp"
#include "daemon/supervisor/child.hpp"
#include "daemon/supervisor/successor_check.hpp"
#include "daemon/sys/channel.hpp"

namespace chatd::supervisor {

struct Plan {
  config::Config config;
  // Reads the configuration again, with what the command line overrides.
  std::function<std::expected<config::Config, std::vector<config::Problem>>()> read_config;
  // Both are for children that start later. renew_certificate: once a minute; true: it is new.
  std::function<sys::KeyAnswer(const sys::AskKey&, const config::Config&)> change_key;
  std::function<bool(const config::Config&)> renew_certificate;
  // Warnings about a configuration that was read; they do not refuse it.
  std::function<std::vector<config::Problem>(const config::Config&)> warnings;
  // Settings without an effect in this service: a change of them is not reported.
  std::vector<std::string> without_effect;
  std::vector<roles::Role> roles;         // the table
  std::vector<roles::Process> processes;  // made of it
  // The descriptors that a process keeps, besides its channel.
  std::function<std::vector<int>(const roles::Role&, const roles::Process&)> inheritance;
  // Called once, when every process is ready. An error ends the service.
  std::function<Result<>()> on_ready;
  bool sessions_are_kept{false};       // by the service manager, while no process runs
  std::vector<std::string> successor;  // takes over otherwise: its path and its arguments
};

enum class Ending {
  stopped,      // with a goodbye to every member
  refused,      // the same, because a successor would not start
  handed_over,  // the service manager keeps the sessions
  upgraded,     // a successor is to be executed in this process
};
[[nodiscard]] constexpr bool has_goodbye(Ending ending) noexcept {
  return ending == Ending::stopped || ending == Ending::refused;
}

class Supervisor {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Supervisor>> create(Plan plan,
                                                                  state::StateView state);
  // Returns when the service has been stopped. Error: why it could not start.
  [[nodiscard]] Result<Ending> run();

 private:
  enum class Phase { starting, running, reloading, quiescing, ending, failed };

  Supervisor(Plan plan, state::StateView state, io::EventLoop loop);
  Result<> watch(Result<io::EventLoop::Watch> watch);
  Result<> watch_signals();
  Result<> watch_clock();

  void spawn(Child& child);
  void on_readable(Child& child);
  void on_message(Child& child, const sys::ToSupervisor& message);
  void send_to_ingress(const sys::ToChild& message);
  void on_ready(Child& child);
  void on_deaths();
  void on_death(Child& child, process::ExitStatus status);
  void kill_if_hung(Child& child, MonoTime now);
  void tick();
  void update_status();
  void give_up_start(std::string why);

  // supervisor_reload.cpp
  void reload();
  void replace_children();
  void change_key(const sys::AskKey& asked);
  void renew_certificate(MonoTime now);
  void note_changes(const config::Config& fresh);
  void refuse_reload(const std::vector<config::Problem>& problems);
  void continue_reload();
  void finish_reload();
  // supervisor_upgrade.cpp
  void on_hand_over_signal();
  void upgrade();
  void check_successor();
  void on_checked(process::ExitStatus status);
  void on_verdict(const Result<>& verdict);
  void hand_over();
  void refuse_upgrade(const std::string& why);
  // supervisor_stop.cpp
  void stop(std::string_view why, Ending ending = Ending::stopped);
  void on_stop_signal(std::string_view name);
  void begin_stop();
  void enter(Phase step);
  void end_stage(roles::Stage stage);
  void continue_stop();
  void kill_laggards();
  void kill_all();

  [[nodiscard]] bool is_stopping() const;
  [[nodiscard]] bool all_ready() const;
  // Is this true of every child of the group?
  [[nodiscard]] bool all_of(roles::RestartGroup group, bool (Child::*is)() const) const;
  [[nodiscard]] bool is_over(roles::Stage stage) const;

  Plan plan_;
  state::StateView state_;
  io::EventLoop loop_;
  Phase phase_{Phase::starting};
  std::vector<Child> children_;  // by row of the process table; never grows
  std::vector<io::EventLoop::Watch> watches_;
  sys::Reloaded reloaded_;  // result of the current reload
  bool last_group_was_asked_{false};
  bool reload_wanted_{false};  // while starting
  bool stop_wanted_{false};    // while not every child is ready for it
  MonoTime last_tick_{};
  MonoTime certificate_check_{};  // the next one is due
  MonoTime step_began_{};         // of the stop
  roles::Stage stage_{};          // that ends, in the phase `ending`
  Ending ending_{Ending::stopped};
  std::optional<SuccessorCheck> successor_check_;
  std::string failure_;
  std::string child_reason_;
  std::string status_;
};

}  // namespace chatd::supervisor
