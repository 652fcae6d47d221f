// SPDX-License-Identifier: GPL-3.0-or-later
// chat_bench.cpp — compares chatd with other servers, and with a loop that only sends. See
// README.md in this folder.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tests/bench/plan.hpp"
#include "tests/bench/report.hpp"
#include "tests/support/processes.hpp"
#include "tests/support/sample.hpp"

namespace chatd::bench {
namespace {

struct Settings {
  bool is_short{false};
  int rounds{3};
  int milliseconds{0};  // length of each run; 0: as in the plan
  std::vector<std::string> workloads;
  std::vector<std::string> servers;
  std::size_t others{0};  // how many servers that are not chatd, drawn; 0: all
  std::string out;
};

Figures run_one(const Workload& workload, std::string_view server) {
  if (server == kBare) return run_floor(workload, Floor::bare);
  if (server == kBarePacked) return run_floor(workload, Floor::packed);
  if (server == kBareRuns) return run_floor(workload, Floor::in_runs);
  return run(workload, *find_server(server));
}

// The servers that are installed, and of those that are not chatd only `others`, unless that is 0.
std::vector<std::string_view> available(std::size_t others) {
  std::vector<std::string_view> names;
  std::vector<std::string_view> rest;
  for (const ServerKind& kind : server_kinds()) {
    if (!is_installed(kind)) continue;
    (kind.name.starts_with("chatd") ? names : rest).push_back(kind.name);
  }
  if (others != 0) rest = test::sample_of(rest, others, "chat_bench");
  names.insert(names.end(), rest.begin(), rest.end());
  return names;
}

std::vector<Case> chosen(const Settings& settings) {
  std::vector<Case> cases = plan(settings.is_short);
  const auto is_named = [](const std::vector<std::string>& names, std::string_view name) {
    return names.empty() || std::ranges::find(names, name) != names.end();
  };
  const std::vector<std::string_view> there = available(settings.others);
  const auto is_there = [&](std::string_view server) {
    // A floor needs no program.
    return find_server(server) == nullptr || std::ranges::find(there, server) != there.end();
  };
  std::erase_if(cases,
                [&](const Case& one) { return !is_named(settings.workloads, one.workload.name); });
  for (Case& one : cases) {
    std::erase_if(one.servers, [&](std::string_view server) {
      return !is_named(settings.servers, server) || !is_there(server);
    });
    if (settings.milliseconds != 0) {
      one.workload.lasts = std::chrono::milliseconds{settings.milliseconds};
    }
  }
  return cases;
}

// Each round measures each server once, so that a slow minute of the machine affects all of them.
Results measure(const Settings& settings, const std::vector<Case>& cases) {
  Results results;
  for (int round = 1; round <= settings.rounds; ++round) {
    for (const Case& one : cases) {
      fmt::print("round {}: {}\n", round, heading(one.workload));
      for (const std::string_view server : one.servers) {
        const Figures figures = run_one(one.workload, server);
        results.add(one.workload.name, server, figures);
        fmt::print("         {}\n", row(one.workload, server, figures));
        std::cout << std::flush;
      }
    }
  }
  return results;
}

void write(const std::string& path, const std::string& text) {
  std::ofstream file{path};
  if (!(file << text << std::flush)) {
    std::cerr << "chat_bench: cannot write " << path << '\n';
    std::exit(EXIT_FAILURE);
  }
}

int run_all(const Settings& settings) {
  test::adopt_orphans();
  const std::vector<Case> cases = chosen(settings);
  const Results results = measure(settings, cases);
  const std::vector<Verdict> judged = verdicts(results);
  fmt::print("\nMedians of {} rounds\n\n", settings.rounds);
  for (const Case& one : cases) fmt::print("{}\n", table(one, results));
  if (!settings.is_short) fmt::print("{}", table(judged));
  if (!settings.out.empty()) {
    std::filesystem::create_directories(settings.out);
    write(settings.out + "/results.json", json(cases, results, judged));
    write(settings.out + "/results.tsv", columns(cases, results));
  }
  // The exit status reports lost, repeated and invented messages, never the speed.
  return results.has_fault() ? EXIT_FAILURE : EXIT_SUCCESS;
}

}  // namespace
}  // namespace chatd::bench

int main(int argc, char** argv) {
  chatd::bench::Settings settings;
  CLI::App app{"Compares chatd with other servers on this machine; see tests/bench/README.md."};
  app.add_flag("--short", settings.is_short, "Only whether everything arrives, in a few seconds");
  app.add_option("--rounds", settings.rounds, "Of each run")->check(CLI::Range(1, 1000));
  app.add_option("--milliseconds", settings.milliseconds, "Of each run, instead of the plan's")
      ->check(CLI::Range(1, 3'600'000));
  app.add_option("--workload", settings.workloads, "Only these (comma between them)")
      ->delimiter(',');
  app.add_option("--server", settings.servers, "Only these")->delimiter(',');
  app.add_option("--others", settings.others, "So many of the other servers, drawn as for a test");
  app.add_option("--out", settings.out, "A folder for results.json and results.tsv");
  CLI11_PARSE(app, argc, argv);
  return chatd::bench::run_all(settings);
}
