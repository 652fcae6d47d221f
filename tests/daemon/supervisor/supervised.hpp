// SPDX-License-Identifier: GPL-3.0-or-later
// supervised.hpp — a supervisor in a process of its own, with roles that do as they are told.
//
// Runs in:   test programs; the supervisor in a fork of them, the roles in forks of that.
// Owns:      a board in shared memory: what the roles shall do, and what they have done.
// Invariant: after the test no process is left.
#pragma once

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

// What a role does when it is born.
enum class Act : std::uint32_t {
  serve,  // as it should
  wait,   // is not ready until it is told to serve
  fail,   // says why it cannot, and ends
  die,    // ends at once, without a word
  hang,   // is ready, and its heart stands still
  stay,   // serves, and does not end when it is asked to
};
enum class Ask : std::uint32_t { nothing, reload, stop, upgrade };
enum class Choice : std::uint32_t { same, other_burst, other_sessions, other_control, bad };

struct Board {
  static constexpr std::size_t kRoles = 3;  // gateway, worker 0, worker 1
  std::array<std::atomic<Act>, kRoles> act;
  std::array<std::atomic<std::uint32_t>, kRoles> burst;  // of the configuration it was born with
  std::atomic<Ask> ask;                                  // what the gateway asks for, once
  std::atomic<Choice> configuration;                     // what is read at a reload
  std::atomic<std::uint32_t> times_ready;                // how often on_ready was called
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
  // It cannot open anything any more.
  void take_descriptors() const;

  [[nodiscard]] pid_t pid_of(std::size_t role) const { return state_.process(role).pid.load(); }
  [[nodiscard]] state::ProcessState state_of(std::size_t role) const {
    return state_.process(role).state.load();
  }
  [[nodiscard]] std::uint64_t restarts_of(std::size_t role) const {
    return state_.process(role).restarts.load();
  }
  // Ready, and not the process `old`.
  [[nodiscard]] bool is_replaced(std::size_t role, pid_t old) const;
  void await_log(std::string_view words) const;
  // Lines of the log and of the roles' diary, without their time and level.
  [[nodiscard]] std::vector<std::string> log() const;
  [[nodiscard]] std::size_t place_of(std::string_view words) const;  // in log()
  void expect_no_zombie() const;

  Board& board_;
  // Of the plan; set before start().
  std::vector<std::string> successor_;
  bool sessions_are_kept_{false};

 private:
  [[noreturn]] void supervise();
  Role role(std::size_t index);
  int play(std::size_t index, process::PipeEnd& supervisor, const config::Config& config);
  int play_gateway(process::PipeEnd& supervisor);
  int play_worker(std::size_t index);
  std::expected<config::Config, std::vector<config::Problem>> read_config() const;

  chatd::test::TempDir directory_;
  config::Config config_;
  pid_t supervisor_{0};
};

}  // namespace chatd::supervisor
