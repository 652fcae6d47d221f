// SPDX-License-Identifier: GPL-3.0-or-later
// chaos.cpp — a room in trouble: people talk, everything that can go wrong does, in an order
// that the seed decides, and at the end of each round the history must hold.
//
// Runs in:   a machine of its own under systemd: chaos_test.sh, packaging/soak.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <random>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tests/fault/chaos/history_check.hpp"
#include "tests/fault/chaos/people.hpp"
#include "tests/fault/chaos/service.hpp"
#include "tests/fault/chaos/troubles.hpp"

namespace chatd::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Options {
  std::string server{"127.0.0.1:8888"};
  std::size_t natives{12};
  std::size_t texts{4};
  std::size_t seconds{20};
  std::size_t round_seconds{20};
  std::uint64_t seed{1};
  std::string history{"history.txt"};
  std::string clock;
  std::string disk;
  bool is_quiet{false};
};

class Chaos {
 public:
  explicit Chaos(const Options& options)
      : options_{options},
        people_{{.server = parse_endpoint(options.server).value(),
                 .natives = options.natives,
                 .texts = options.texts,
                 .seed = options.seed}},
        troubles_{{.seed = options.seed, .clock = options.clock, .disk = options.disk},
                  service_,
                  people_},
        random_{options.seed + 1} {}

  // False: a promise was broken.
  bool run() {
    if (!people_.enter()) return fail({"not everybody could come in"});
    begin_ = mono_now();
    const auto rounds = std::max<std::size_t>(1, options_.seconds / options_.round_seconds);
    Rosters rosters{.before = {}, .after = {}};
    for (std::size_t round = 0; round < rounds; ++round) {
      rosters.before = std::move(rosters.after);
      if (round != 0) people_.begin_round();
      trouble(seconds{std::min(options_.round_seconds, options_.seconds)});
      if (!end_round(rosters)) return false;
      if (round == 0) memory_then_ = Service::memory();
    }
    report();
    return true;
  }

 private:
  void tell(const std::string& words) const {
    if (options_.is_quiet) return;
    const double now = static_cast<double>((mono_now() - begin_).count()) / 1e6;
    std::cout << fmt::format("{:9.3f} s  {}\n", now, words) << std::flush;
  }

  void trouble(seconds time) {
    const MonoTime end = mono_now() + time;
    while (mono_now() < end) {
      const MonoTime next = mono_now() + milliseconds{100 + random_() % 900};
      while (mono_now() < std::min(next, end)) {
        people_.run_until(std::min({next, end, mono_now() + milliseconds{20}}));
        after_commands();
      }
      const std::string struck = troubles_.strike(mono_now());
      if (!struck.empty()) tell(struck);
    }
    troubles_.calm();
  }

  void after_commands() {
    troubles_.mend(mono_now());
    for (const auto& [command, status] : service_.ended()) {
      static constexpr std::string_view kAnnounce = " announce ";
      if (status != 0) tell(fmt::format("\"{}\" ended with {}", command, status));
      const auto at = command.find(kAnnounce);
      if (at == std::string::npos || status != 0) continue;
      people_.announced(command.substr(at + kAnnounce.size()), true);
    }
  }

  bool end_round(Rosters& rosters) {
    const MonoTime patience = mono_now() + seconds{60};
    while (service_.is_busy() && mono_now() < patience) {
      people_.run_until(mono_now() + milliseconds{20});
      after_commands();
    }
    const std::string unsettled = people_.settle();
    auto roster = Service::roster();
    if (!roster) return fail({"chatctl users gives no answer after the troubles"});
    rosters.after = std::move(*roster);
    auto faults = find_faults(people_.history(), rosters);
    if (!unsettled.empty()) faults.insert(faults.begin(), unsettled);
    return faults.empty() || fail(faults);
  }

  bool fail(const std::vector<std::string>& faults) {
    for (const auto& fault : faults) std::cout << "FAILED: " << fault << '\n';
    std::ofstream file{options_.history};
    people_.history().write(file);
    std::cout << fmt::format("seed {}; the history is in {}\n", options_.seed, options_.history);
    return false;
  }

  void report() {
    const auto& figures = people_.figures();
    for (const auto& [name, count] : troubles_.counts()) {
      std::cout << fmt::format("{:6} x  {}\n", count, name);
    }
    std::cout << fmt::format(
        "seed {}: every promise was kept. {} messages said, {} lines heard, {} letters refused, "
        "{} clients; the longest wait for an acknowledgement {} ms; memory of all processes "
        "{} KiB after the first round, {} KiB at the end\n",
        options_.seed, figures.said, figures.heard, figures.refused, figures.clients,
        figures.longest_wait.count() / 1000, memory_then_, Service::memory());
  }

  Options options_;
  Service service_;
  People people_;
  Troubles troubles_;
  std::mt19937_64 random_;
  MonoTime begin_{};
  std::uint64_t memory_then_{0};
};

}  // namespace
}  // namespace chatd::test

int main(int argc, char** argv) {
  chatd::test::Options options;
  CLI::App app{"Everything that can go wrong, in an order that a seed decides"};
  app.add_option("--server", options.server, "where the room is");
  app.add_option("--natives", options.natives, "members who speak the native protocol")
      ->check(CLI::Range(3, 1000));
  app.add_option("--texts", options.texts, "members who speak the text protocol");
  app.add_option("--seconds", options.seconds, "how long there is trouble");
  app.add_option("--round", options.round_seconds, "after so many the history is checked")
      ->check(CLI::PositiveNumber);
  app.add_option("--seed", options.seed, "the same seed, the same troubles");
  app.add_option("--history", options.history, "where the history of a failed round goes");
  app.add_option("--clock", options.clock, "the file that the daemon's clock shift is read from");
  app.add_option("--disk", options.disk, "a folder on the daemon's disk, to be filled up");
  app.add_flag("--quiet", options.is_quiet, "tell the end only");
  CLI11_PARSE(app, argc, argv);
  return chatd::test::Chaos{options}.run() ? EXIT_SUCCESS : EXIT_FAILURE;
}
