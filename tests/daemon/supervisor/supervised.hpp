// SPDX-License-Identifier: GPL-3.0-or-later
// supervised.hpp — a supervisor in another process, with roles that do what the test asks.
//
// Runs in:   test programs; the supervisor in a fork of them, the roles in forks of that.
// Owns:      a board in shared memory: what the processes shall do, and what they have done.
// Invariant: after the test no process is left.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/supervisor/supervisor.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/state_region.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::supervisor {

// The behaviour of a process after its start.
enum class Act : std::uint32_t {
  serve,  // works as it should
  wait,   // is not ready until the board says `serve`
  fail,   // reports why it cannot work, and ends
  die,    // ends at once, without a message
  hang,   // is ready, and its heartbeat stops
  stay,   // serves, and does not end when it is asked to
  close,  // closes its channel when it is ready, and serves
  ask,    // serves, and sends all that only a process of the ingress stage may send
};
enum class Ask : std::uint32_t { nothing, reload, key, stop, upgrade };
enum class Choice : std::uint32_t { same, other_burst, other_sessions, other_control, bad };

struct Board {
  static constexpr std::size_t kRows = 3;     // gateway, worker 0, worker 1: the usual service
  static constexpr std::size_t kMaxRows = 5;  // with processes of roles that a test adds
  std::array<std::atomic<Act>, kMaxRows> act;
  std::array<std::atomic<std::uint32_t>, kMaxRows> burst;  // of the configuration it started with
  std::atomic<Ask> ask;                                    // request of the gateway, sent once
  std::atomic<Choice> configuration;                       // result of reading it at a reload
  std::atomic<bool> renews;                                // the certificate, at the next check
  std::atomic<std::uint32_t> times_ready;                  // how often on_ready was called
};

class Supervised : public chatd::test::StateFixture {
 protected:
  Supervised();
  ~Supervised() override;

  void start();
  // start(), and waits until all is ready.
  void start_and_await_ready();
  // Its exit status: 0 as run() ends well, or 20 and the Ending; 1 with the reason as the last
  // line of log().
  int end();
  void signal(int number) const { EXPECT_EQ(::kill(supervisor_, number), 0); }
  // From now on the supervisor has at most so many descriptors; those that are open stay open.
  void limit_descriptors(rlim_t limit) const;

  [[nodiscard]] pid_t pid_of(std::size_t row) const { return state_.process(row).pid.load(); }
  [[nodiscard]] state::ProcessState state_of(std::size_t row) const {
    return state_.process(row).state.load();
  }
  [[nodiscard]] std::uint64_t restarts_of(std::size_t row) const {
    return state_.process(row).restarts.load();
  }
  // Ready, and not the process `old`.
  [[nodiscard]] bool is_replaced(std::size_t row, pid_t old) const;
  void await_log(std::string_view words) const;
  // Lines of the log, in which the roles write as well, without their time and level.
  [[nodiscard]] std::vector<std::string> log() const;
  [[nodiscard]] std::size_t place_of(std::string_view words) const;  // in log()
  void expect_no_zombie() const;

  Board& board_;
  // Of the plan; set before start(). A role that is added gets rows behind the usual ones.
  std::vector<roles::Role> table_;
  std::vector<std::string> successor_;
  bool sessions_are_kept_{false};

 private:
  [[noreturn]] void supervise();
  int play(const roles::Role& role, const roles::Process& self, process::PipeEnd& supervisor,
           const config::Config& config);
  int play_ingress(const std::string& name, std::uint32_t row, process::PipeEnd& supervisor);
  int play_follower(const std::string& name, std::uint32_t row);
  std::expected<config::Config, std::vector<config::Problem>> read_config() const;

  chatd::test::TempDir directory_;
  config::Config config_;
  pid_t supervisor_{0};
};

}  // namespace chatd::supervisor
