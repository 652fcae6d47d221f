// SPDX-License-Identifier: GPL-3.0-or-later
// fault_injector.hpp — injects random faults into a running service and its users. Each kind of
// fault is one row of a table.
//
// Runs in:   chaos.
// Owns:      the pending ends of faults: good network weather again, SIGCONT, ...
// Invariant: the choice and the parameters of faults come from the seed. After end_all() every
//            fault has ended, except those from which the service recovers itself.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/fault/chaos/people.hpp"
#include "tests/fault/chaos/service.hpp"

namespace chatd::test {

class FaultInjector {
 public:
  struct Options {
    std::uint64_t seed{};
    std::string clock{};        // the file that clock_shift.cpp reads; "": the clock cannot jump
    std::string disk{};         // a folder on the disk to fill up; "": the disk is not filled
    std::string disk_faults{};  // the file that disk_faults.cpp reads; "": no such faults
    // The daemon's configuration file: upgrade() changes limits.rooms in it. "": no upgrades.
    std::string config{};
  };
  FaultInjector(const Options& options, Service& service, People& people);

  // Injects one random fault. Returns its name and its target; empty: the chosen fault is not
  // possible at the moment.
  std::string inject(MonoTime now);
  // Kills a child, in addition to the faults of inject(). False: the service has no child, or it is
  // starting. It discards its state after three failed starts (man chatd), so a start is not
  // interrupted.
  bool kill() { return Service::has_started() && kill_a_child() != ""; }
  // A command of Service has ended well: what it announced or changed in a room is certain.
  void confirm(const std::string& command);
  // Ends the faults whose time is over.
  void end_due(MonoTime now);
  // Ends all faults.
  void end_all();

  // The number of injected faults by kind.
  [[nodiscard]] const std::map<std::string, std::size_t>& counts() const { return counts_; }

 private:
  struct Kind {
    const char* name;
    unsigned weight;  // the probability, relative to the sum of all weights
    std::string (FaultInjector::*inject)();
  };
  static const std::array<Kind, 30> kKinds;

  // Each of these injects one kind of fault and returns its target; empty: not possible now.
  std::string kill_a_child();
  std::string kill_all_children();
  std::string kill_the_supervisor();
  std::string kill_everything();
  std::string stop_a_child();
  std::string hang_a_child();
  std::string stop_the_supervisor();
  std::string restart();
  std::string upgrade();
  std::string reload();
  std::string announce();
  std::string change_a_rule();
  std::string bad_weather();
  std::string move();
  std::string crash_a_client();
  std::string leave_and_return();
  std::string end_a_program();
  std::string take_over();
  std::string kick_from_a_room();
  std::string drop_a_room();
  std::string suspend();
  std::string full_mailbox();
  std::string full_room();
  std::string let_messages_wait();
  std::string log_in_under_owned_name();
  std::string no_descriptors();
  std::string full_disk();
  std::string slow_disk();
  std::string read_only_disk();
  std::string jump_clock();

  // Starts chatctl with a verb that makes a record in `room`, if it is carried out.
  void administer(std::vector<std::string> argv, const std::string& room, History::Announced what);
  [[nodiscard]] bool may_lose_the_supervisor();
  // The other program of the same user.
  [[nodiscard]] std::optional<std::size_t> other_program(std::size_t program) const;
  std::string stop(pid_t pid, Micros time);
  // Until a random time: fsync takes longer, writes fail with this error.
  std::string disk_fault(Micros delay, int error);
  // Registers the end of a fault: `undo` is called after `time`.
  void later(Micros time, std::function<void()> undo) {
    due_.emplace(now_ + time, std::move(undo));
  }
  [[nodiscard]] std::size_t a_native() { return random_() % people_.natives(); }
  [[nodiscard]] std::size_t an_owner();  // of a name
  [[nodiscard]] std::size_t a_program() { return random_() % people_.programs(); }
  // A random time in milliseconds; both limits are included.
  [[nodiscard]] Micros between(unsigned least, unsigned most) {
    return std::chrono::milliseconds{least + random_() % (most - least + 1)};
  }

  Options options_;
  Service& service_;
  People& people_;
  std::mt19937_64 random_;
  MonoTime now_{};
  MonoTime supervisor_lost_{};
  std::multimap<MonoTime, std::function<void()>> due_;
  std::map<std::string, std::size_t> counts_;
  std::size_t announcements_{0};
  // The room and the text of the record of each command of administer().
  std::map<std::string, std::pair<std::string, std::string>> administered_;
  std::size_t upgrades_{0};
};

}  // namespace chatd::test
