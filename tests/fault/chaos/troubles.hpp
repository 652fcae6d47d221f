// SPDX-License-Identifier: GPL-3.0-or-later
// troubles.hpp — all that can befall a room, one row of a table each.
//
// Runs in:   chaos.
// Owns:      what is still to be made good: the end of a bad weather, SIGCONT, ...
// Invariant: the choice and its course come from the seed; after calm() nothing is wrong any
//            more that does not mend itself.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/fault/chaos/people.hpp"
#include "tests/fault/chaos/service.hpp"

namespace chatd::test {

class Troubles {
 public:
  struct Options {
    std::uint64_t seed{};
    std::string clock{};  // the file that clock_shift.cpp reads; "": the clock cannot jump
    std::string disk{};   // a folder on the disk that is filled up; "": it cannot be
  };
  Troubles(const Options& options, Service& service, People& people);

  // One of them. Its name, with what it struck.
  std::string strike(MonoTime now);
  // What has become due: the end of something.
  void mend(MonoTime now);
  // Mends everything.
  void calm();

  // How often each of them struck.
  [[nodiscard]] const std::map<std::string, std::size_t>& counts() const { return counts_; }

 private:
  struct Kind {
    const char* name;
    unsigned weight;
    std::string (Troubles::*strike)();
  };
  static const std::array<Kind, 20> kKinds;

  std::string kill_a_child();
  std::string kill_all_children();
  std::string kill_the_supervisor();
  std::string kill_everything();
  std::string stop_a_child();
  std::string hang_a_child();
  std::string stop_the_supervisor();
  std::string restart();
  std::string reload();
  std::string announce();
  std::string bad_weather();
  std::string move();
  std::string lose_a_client();
  std::string go_home();
  std::string fall_asleep();
  std::string full_mailbox();
  std::string full_room();
  std::string no_descriptors();
  std::string full_disk();
  std::string jump_clock();
  [[nodiscard]] bool may_lose_the_supervisor();
  std::string stop(pid_t pid, Micros time);
  void later(Micros time, std::function<void()> mend) {
    due_.emplace(now_ + time, std::move(mend));
  }
  [[nodiscard]] std::size_t a_native() { return random_() % people_.natives(); }
  // Milliseconds, both included.
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
};

}  // namespace chatd::test
