// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/recoveries.hpp"

#include <algorithm>
#include <csignal>
#include <optional>
#include <sstream>

#include <gtest/gtest.h>

#include "common/wire/rfc3339.hpp"

namespace chatd::test {

namespace {

struct LogLine {
  WallTime when;
  std::string message;
};

std::vector<LogLine> lines_of(const std::string& log) {
  std::vector<LogLine> lines;
  std::istringstream in{log};
  for (std::string line; std::getline(in, line);) {
    std::istringstream fields{line};
    std::string time;
    std::string level;
    fields >> time >> level >> std::ws;
    const auto when = wire::parse_rfc3339(time);
    std::string message;
    std::getline(fields, message);
    if (when) lines.push_back({.when = *when, .message = std::move(message)});
  }
  return lines;
}

std::chrono::milliseconds between(WallTime from, WallTime to) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(to - from);
}

}  // namespace

std::vector<Victim> victims(const DaemonUnderTest& daemon) { return victims(daemon.pid()); }

pid_t pid_of(const DaemonUnderTest& daemon, std::string_view role) {
  const auto found = victims(daemon);
  const auto victim = std::ranges::find(found, role, &Victim::role);
  return victim == found.end() ? 0 : victim->pid;
}

void Recoveries::kill(const Victim& victim) {
  // Killed a moment ago and not reaped yet.
  if (std::ranges::any_of(killed_, [&](const Killed& k) { return k.victim.pid == victim.pid; })) {
    return;
  }
  killed_.push_back({.victim = victim, .when = wall_now()});
  EXPECT_EQ(::kill(victim.pid, SIGKILL), 0);
}

std::size_t Recoveries::kills(const std::string& role) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(killed_, [&](const Killed& k) { return k.victim.role == role; }));
}

std::vector<Recoveries::Recovery> Recoveries::read(const std::string& log) const {
  const auto lines = lines_of(log);
  std::map<std::string, supervisor::RespawnPolicy> policies;
  std::map<std::string, WallTime> born;
  if (!lines.empty()) {
    for (const auto& killed : killed_) born.emplace(killed.victim.role, lines.front().when);
  }
  std::vector<Recovery> recoveries;
  for (const auto& [victim, when] : killed_) {
    const std::string victim_name = victim.role + " (pid " + std::to_string(victim.pid) + ")";
    const auto successor = std::ranges::find_if(lines, [&](const LogLine& line) {
      return line.when >= when && line.message.starts_with(victim.role + " (pid ") &&
             line.message.ends_with(" is ready") && !line.message.starts_with(victim_name);
    });
    if (successor == lines.end()) {
      ADD_FAILURE() << "nobody followed " << victim_name;
      continue;
    }
    const auto back_off = policies[victim.role].on_death(between(born.at(victim.role), when));
    recoveries.push_back(
        {.role = victim.role, .took = between(when, successor->when), .back_off = back_off});
    born[victim.role] = successor->when;
  }
  return recoveries;
}

}  // namespace chatd::test
