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

std::string named(const Victim& victim) {
  return victim.role + " (pid " + std::to_string(victim.pid) + ")";
}

// How long the victim had lived, as the supervisor tells it: "worker 0 (pid 7) ... after 15 ms".
std::chrono::milliseconds life_of(const Victim& victim, const std::vector<LogLine>& lines) {
  constexpr std::string_view kAfter{" after "};
  for (const LogLine& line : lines) {
    const auto after = line.message.rfind(kAfter);
    if (!line.message.starts_with(named(victim)) || after == std::string::npos) continue;
    return std::chrono::milliseconds{std::stoll(line.message.substr(after + kAfter.size()))};
  }
  ADD_FAILURE() << "the log does not tell of the end of " << named(victim);
  return {};
}

std::optional<WallTime> when_ready_after(const Victim& victim, WallTime killed,
                                         const std::vector<LogLine>& lines) {
  const auto ready = std::ranges::find_if(lines, [&](const LogLine& line) {
    return line.when >= killed && line.message.starts_with(victim.role + " (pid ") &&
           line.message.ends_with(" is ready") && !line.message.starts_with(named(victim));
  });
  if (ready == lines.end()) return std::nullopt;
  return ready->when;
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
  // In milliseconds, like the times of the log.
  killed_.push_back(
      {.victim = victim, .when = std::chrono::floor<std::chrono::milliseconds>(wall_now())});
  EXPECT_EQ(::kill(victim.pid, SIGKILL), 0);
}

std::size_t Recoveries::kills(const std::string& role) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(killed_, [&](const Killed& k) { return k.victim.role == role; }));
}

std::vector<Recoveries::Recovery> Recoveries::read(const std::string& log) const {
  const auto lines = lines_of(log);
  std::map<std::string, supervisor::RespawnPolicy> policies;
  std::vector<Recovery> recoveries;
  for (auto killed = killed_.begin(); killed != killed_.end(); ++killed) {
    const auto& [victim, when] = *killed;
    const auto back_off = policies[victim.role].on_death(life_of(victim, lines));
    const auto ready = when_ready_after(victim, when, lines);
    if (!ready) {
      ADD_FAILURE() << "nobody followed " << named(victim);
      continue;
    }
    const bool successor_killed = std::any_of(killed + 1, killed_.end(), [&](const Killed& later) {
      return later.victim.role == victim.role && later.when < *ready;
    });
    if (successor_killed) continue;
    recoveries.push_back(
        {.role = victim.role, .took = between(when, *ready), .back_off = back_off});
  }
  return recoveries;
}

}  // namespace chatd::test
