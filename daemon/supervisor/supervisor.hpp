// SPDX-License-Identifier: GPL-3.0-or-later
// supervisor.hpp — the parent: starts the roles, reaps and respawns them, reloads, stops.
//
// Runs in:   supervisor. Parses no datagram, and blocks on nothing but the configuration: a reload
//            reads its files, and a password costs 0.1 s of scrypt.
// Owns:      the event loop and the children. Borrows: all descriptors; main() owns them,
//            so that a dead child takes none with it.
// Invariant: while the phase is `running` every child is alive, or dead and due to be
//            spawned again. No zombie: SIGCHLD is answered by reaping all that died.
//
//   starting ──all ready──> running ──SIGHUP, chatctl reload──> reloading ──> running
//      │ a child dies         │ SIGTERM, SIGINT, chatctl stop; SIGUSR2
//      └──────> failed        └──> quiescing ──> draining ──> parting ──> (end)
// SIGUSR2 ends the processes in the same order, but says no goodbye: the sessions, which lie
// in memory that outlives the service, go on in its successor.
// A stop waits until every child is ready, so that nobody's last lines and EXIT are lost; a
// reload waits for the end of the start. Neither waits longer than a few seconds.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/io/event_loop.hpp"
#include "daemon/state/state_view.hpp"
#include "daemon/supervisor/child.hpp"
#include "daemon/supervisor/successor_check.hpp"
#include "daemon/sys/channel.hpp"

namespace chatd::supervisor {

struct Plan {
  config::Config config;
  // Reads the configuration again, with what the command line overrides.
  std::function<std::expected<config::Config, std::vector<config::Problem>>()> read_config;
  // What is to be said about a configuration that was read, and refuses nothing.
  std::function<std::vector<config::Problem>(const config::Config&)> warnings;
  // Settings that somebody else decides in this service: a change of them means nothing.
  std::vector<std::string> without_effect;
  Role gateway;
  std::vector<Role> workers;
  // Once, when every process is ready. An error ends the service.
  std::function<Result<>()> on_ready;
  // Somebody keeps the sessions while no process of the service runs.
  bool sessions_are_kept{false};
  // Who takes over otherwise: the program's path and its arguments.
  std::vector<std::string> successor;
};

// stopped, refused: with a goodbye; refused, because a successor would not start.
// handed_over: the sessions are with whoever keeps them. upgraded: a successor is to be
// executed in this process.
enum class Ending { stopped, refused, handed_over, upgraded };
[[nodiscard]] constexpr bool has_goodbye(Ending ending) noexcept {
  return ending == Ending::stopped || ending == Ending::refused;
}

class Supervisor {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Supervisor>> create(Plan plan,
                                                                  state::StateView state);
  // Until the service has been stopped, in order; an error is why it could not start.
  [[nodiscard]] Result<Ending> run();

 private:
  enum class Phase { starting, running, reloading, quiescing, draining, parting, failed };

  Supervisor(Plan plan, state::StateView state, io::EventLoop loop);
  Result<> watch(Result<io::EventLoop::Watch> watch);
  Result<> watch_signals();
  Result<> watch_clock();

  void spawn(std::size_t index);
  void on_child_readable(std::size_t index);
  void on_message(std::size_t index, const sys::ChannelMessage& message);
  void on_ready(std::size_t index);
  void on_deaths();
  void on_death(std::size_t index, process::ExitStatus status);
  void tick();
  void update_status();
  void give_up_start(std::string why);

  // supervisor_reload.cpp
  void reload();
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
  void drain_workers();
  void part();
  void continue_stop();
  void kill_all();

  [[nodiscard]] bool is_stopping() const;
  [[nodiscard]] bool all_ready() const;
  [[nodiscard]] Child& gateway() { return children_.front(); }

  Plan plan_;
  state::StateView state_;
  io::EventLoop loop_;
  Phase phase_{Phase::starting};
  std::vector<Child> children_;  // 0: gateway, then the workers
  std::vector<io::EventLoop::Watch> channel_watches_;
  std::vector<io::EventLoop::Watch> respawn_watches_;
  std::vector<io::EventLoop::Watch> watches_;
  std::vector<std::string> reload_words_;
  bool gateway_was_told_{false};
  bool reload_wanted_{false};  // while starting
  bool stop_wanted_{false};    // while not every child is ready to play its part
  MonoTime step_began_{};      // of the stop
  Ending ending_{Ending::stopped};
  std::optional<SuccessorCheck> successor_check_;
  std::string failure_;
  std::string child_reason_;
  std::string status_;
};

}  // namespace chatd::supervisor
