// SPDX-License-Identifier: GPL-3.0-or-later
// chaos.cpp — the main program of the chaos test: simulated users talk, faults are injected in an
// order that depends on the seed, and at the end of each round the history is checked.
//
// Runs in:   a separate machine under systemd: chaos_test.sh, packaging/soak.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <random>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tests/fault/chaos/fault_injector.hpp"
#include "tests/fault/chaos/history_check.hpp"
#include "tests/fault/chaos/idle_faults.hpp"
#include "tests/fault/chaos/people.hpp"
#include "tests/fault/chaos/service.hpp"

namespace chatd::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Options {
  std::string server{"127.0.0.1:8888"};
  std::size_t natives{12};
  std::size_t two_programs{0};
  std::size_t texts{4};
  std::size_t rooms{0};
  std::size_t kill_every_ms{0};
  std::size_t seconds{20};
  std::size_t round_seconds{20};
  std::uint64_t seed{1};
  std::string history{"history.txt"};
  std::string clock;
  std::string disk;
  std::string disk_faults;
  std::string default_room;
  std::string config;
  bool is_quiet{false};
};

class Chaos {
 public:
  explicit Chaos(const Options& options)
      : options_{options},
        people_{{.server = parse_endpoint(options.server).value(),
                 .natives = options.natives,
                 .two_programs = options.two_programs,
                 .texts = options.texts,
                 .rooms = options.rooms,
                 .seed = options.seed}},
        faults_{{.seed = options.seed,
                 .clock = options.clock,
                 .disk = options.disk,
                 .disk_faults = options.disk_faults,
                 .config = options.config},
                service_,
                people_},
        random_{options.seed + 1} {}

  // Runs all rounds. False: a guarantee was violated; the history is written to a file.
  bool run() {
    note_rules();
    for (const auto& [name, key] : people_.owned_names()) {
      if (!Service::give_name(name, key)) return fail({"`chatctl name give` fails"});
    }
    if (!people_.enter()) return fail({"not everybody could come in"});
    begin_ = mono_now();
    const auto rounds = std::max<std::size_t>(1, options_.seconds / options_.round_seconds);
    for (std::size_t round = 0; round < rounds; ++round) {
      if (round != 0) {
        note_rules();
        people_.begin_round();
      }
      inject_faults(seconds{std::min(options_.round_seconds, options_.seconds)});
      if (!end_round()) return false;
      if (round == 0) first_memory_ = Service::memory();
    }
    const auto idle = find_idle_faults(faults_.counts(), people_.figures());
    if (!idle.empty()) return fail(idle);
    report();
    return true;
  }

 private:
  void print(const std::string& text) const {
    if (options_.is_quiet) return;
    const double now = static_cast<double>((mono_now() - begin_).count()) / 1e6;
    std::cout << fmt::format("{:9.3f} s  {}\n", now, text) << std::flush;
  }

  // At the beginning of a round.
  void note_rules() {
    for (const auto& [room, history] : people_.rooms()) rosters_[room].rules = people_.rules(room);
  }

  void inject_faults(seconds time) {
    const MonoTime end = mono_now() + time;
    while (mono_now() < end) {
      const MonoTime next = mono_now() + milliseconds{100 + random_() % 900};
      while (mono_now() < std::min(next, end)) {
        people_.run_until(std::min({next, end, mono_now() + milliseconds{20}}));
        after_commands();
        kill_when_due();
      }
      const std::string injected = faults_.inject(mono_now());
      if (!injected.empty()) print(injected);
    }
    faults_.end_all();
  }

  // Kills a process every kill_every_ms milliseconds, in addition to the random faults.
  void kill_when_due() {
    if (options_.kill_every_ms == 0 || mono_now() < next_kill_) return;
    next_kill_ = mono_now() + milliseconds{options_.kill_every_ms};
    if (faults_.kill()) ++kills_;
  }

  void after_commands() {
    faults_.end_due(mono_now());
    for (const auto& [command, status] : service_.ended()) {
      if (status == 0) faults_.confirm(command);
      if (status != 0) print(fmt::format("\"{}\" ended with {}", command, status));
    }
  }

  bool end_round() {
    const MonoTime deadline = mono_now() + seconds{60};
    while (service_.is_busy() && mono_now() < deadline) {
      people_.run_until(mono_now() + milliseconds{20});
      after_commands();
    }
    const std::string unsettled = people_.settle();
    std::vector<std::string> violations;
    if (!unsettled.empty()) violations.push_back(unsettled);
    check("", people_.history(), violations);
    for (const auto& [room, history] : people_.rooms()) check(room, history, violations);
    check_stored(violations);
    check_names(violations);
    return violations.empty() || fail(violations);
  }

  // Appends the violations in the history of `room`; "" is the default room.
  void check(const std::string& room, const History& history,
             std::vector<std::string>& violations) {
    Rosters& rosters = rosters_[room];
    rosters.before = std::move(rosters.after);
    const std::string where = room.empty() ? "" : fmt::format("#{}: ", room);
    auto roster = Service::roster(room.empty() ? room : people_.name_of(room));
    if (!roster) return violations.push_back(where + "chatctl users fails at the end of a round");
    rosters.after.clear();
    for (const auto& [name, programs] : *roster) rosters.after.push_back(name);
    if (room.empty()) {
      rosters.programs = programs_of(*roster);
      for (const auto& [name, key] : people_.owned_names()) rosters.owned.insert(name);
    }
    for (auto& violation : find_violations(
             history, rosters, room.empty() ? Scope::default_room : Scope::further_room)) {
      violations.push_back(where + violation);
    }
  }

  // The archive may be behind when a round ends: after faults of the disk it waits for some time
  // before it tries again.
  void check_stored(std::vector<std::string>& violations) {
    if (options_.default_room.empty()) return;
    const MonoTime deadline = mono_now() + seconds{90};
    for (;;) {
      const auto found = all_stored_violations();
      if (!found.empty() && mono_now() < deadline) {
        people_.run_until(mono_now() + milliseconds{500}, false);
        continue;
      }
      violations.insert(violations.end(), found.begin(), found.end());
      return;
    }
  }
  // Ends at the first room that should have lines and cannot be read: the archive may be stopped,
  // and users that are not served for a minute would be removed.
  [[nodiscard]] std::vector<std::string> all_stored_violations() const {
    std::vector<std::string> found;
    bool goes_on = add_stored_violations(options_.default_room, people_.history(), found);
    for (const auto& [room, history] : people_.rooms()) {
      goes_on = goes_on && add_stored_violations(people_.name_of(room), history, found);
    }
    return found;
  }
  static bool add_stored_violations(const std::string& room, const History& history,
                                    std::vector<std::string>& found) {
    const auto rows = Service::stored(room);
    const auto wrong = find_stored_violations(history, rows.value_or(std::vector<StoredRow>{}));
    for (const auto& one : wrong) found.push_back(fmt::format("stored #{}: {}", room, one));
    return rows || wrong.empty();
  }

  void check_names(std::vector<std::string>& violations) const {
    const auto found = Service::owned_names();
    if (!found) return violations.push_back("chatctl names fails at the end of a round");
    const auto wrong = find_name_violations(people_.owned_names(), *found);
    violations.insert(violations.end(), wrong.begin(), wrong.end());
  }

  // Of the native users: all programs run at the end of a round.
  [[nodiscard]] std::map<std::string, Programs> programs_of(const Service::Roster& roster) const {
    std::map<std::string, Programs> programs;
    for (std::size_t i = 0; i < people_.programs(); ++i) ++programs[people_.user(i).name].running;
    for (auto& [name, counts] : programs) {
      const auto row = roster.find(name);
      counts.on_server = row == roster.end() ? 0 : row->second;
    }
    return programs;
  }

  bool fail(const std::vector<std::string>& violations) {
    for (const auto& fault : violations) std::cout << "FAILED: " << fault << '\n';
    std::ofstream file{options_.history};
    people_.history().write(file);
    for (const auto& [room, history] : people_.rooms()) {
      file << "#" << room << '\n';
      history.write(file);
    }
    std::cout << fmt::format("seed {}; the history is in {}\n", options_.seed, options_.history);
    return false;
  }

  void report() {
    const auto& figures = people_.figures();
    for (const auto& [name, count] : faults_.counts()) {
      std::cout << fmt::format("{:6} x  {}\n", count, name);
    }
    std::cout << fmt::format(
        "seed {}: every promise was kept. {} messages said, {} lines heard, {} messages and "
        "changes refused, {} clients, {} joins of further rooms, {} changes of rooms, {} "
        "programs ended by another one, {} sessions taken over, {} direct messages that had "
        "waited, {} refused logins under an owned name, {} regular kills; the longest wait for an "
        "acknowledgement {} ms; memory of all processes "
        "{} KiB after the first round, {} KiB at the end\n",
        options_.seed, figures.said, figures.heard, figures.refused, figures.clients, figures.joins,
        figures.changes, figures.ended, figures.replaced, figures.waited, figures.refused_names,
        kills_, figures.longest_wait.count() / 1000, first_memory_, Service::memory());
  }

  Options options_;
  Service service_;
  People people_;
  FaultInjector faults_;
  std::mt19937_64 random_;
  MonoTime begin_{};
  std::uint64_t first_memory_{0};
  MonoTime next_kill_{};
  std::size_t kills_{0};
  std::map<std::string, Rosters> rosters_;  // by the room's name; "": the default room
};

}  // namespace
}  // namespace chatd::test

int main(int argc, char** argv) {
  chatd::test::Options options;
  CLI::App app{"Everything that can go wrong, in an order that a seed decides"};
  app.add_option("--server", options.server, "where the room is");
  app.add_option("--natives", options.natives, "members who speak the native protocol")
      ->check(CLI::Range(3, 1000));
  app.add_option("--two-programs", options.two_programs,
                 "of the native members, those with two programs; at most half of them");
  app.add_option("--texts", options.texts, "members who speak the text protocol");
  app.add_option("--rooms", options.rooms, "number of further rooms with a history")
      ->check(CLI::Range(std::size_t{0}, chatd::test::People::kMaxRooms));
  app.add_option("--kill-every", options.kill_every_ms,
                 "the time between regular kills of a process, in milliseconds; 0: none");
  app.add_option("--config", options.config,
                 "the daemon's configuration file, which upgrades change");
  app.add_option("--seconds", options.seconds, "how long there is trouble");
  app.add_option("--round", options.round_seconds, "after so many the history is checked")
      ->check(CLI::PositiveNumber);
  app.add_option("--seed", options.seed, "the same seed, the same troubles");
  app.add_option("--history", options.history, "where the history of a failed round goes");
  app.add_option("--clock", options.clock, "the file that the daemon's clock shift is read from");
  app.add_option("--disk", options.disk, "a folder on the daemon's disk, to be filled up");
  app.add_option("--disk-faults", options.disk_faults, "the file that makes the disk slow");
  app.add_option("--stored", options.default_room,
                 "the name of the default room: what is stored is checked, too");
  app.add_flag("--quiet", options.is_quiet, "tell the end only");
  CLI11_PARSE(app, argc, argv);
  return chatd::test::Chaos{options}.run() ? EXIT_SUCCESS : EXIT_FAILURE;
}
