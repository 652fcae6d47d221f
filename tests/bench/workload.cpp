// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/workload.hpp"

#include <algorithm>
#include <exception>
#include <thread>

#include <fmt/format.h>

#include "tests/bench/accounts.hpp"
#include "tests/bench/bare_sender.hpp"
#include "tests/bench/handicap.hpp"
#include "tests/bench/text_members.hpp"

namespace chatd::bench {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kTimeout{120};
constexpr milliseconds kWarmUp{1000};
// Wait after the last message. Longer than the longest retransmission timeout.
constexpr milliseconds kDrainTime{3000};
constexpr milliseconds kSettling{500};
// A server that uses less of a core is almost idle. 10,000 idle native members take about 0.01.
constexpr double kLittle = 0.02;
// A generator that is busier than this share of its core may be the bottleneck.
constexpr double kMaxGeneratorShare = 0.85;
constexpr std::size_t kSaturatingPublishers = 4;

double us(Nanos time) { return std::chrono::duration<double, std::micro>{time}.count(); }

// Time and processor time of server and generator since the construction.
class Stopwatch {
 public:
  explicit Stopwatch(pid_t server)
      : server_{server}, began_{Clock::now()}, cpu_{cpu_of_family(server)}, own_{own_cpu()} {}

  [[nodiscard]] Nanos wall() const { return Clock::now() - began_; }
  [[nodiscard]] Nanos server() const { return cpu_of_family(server_) - cpu_; }
  void put_shares(Figures& figures) const {
    figures.server_share = us(server()) / us(wall());
    figures.generator_share = us(own_cpu() - own_) / us(wall());
  }

 private:
  pid_t server_;
  Clock::time_point began_;
  Nanos cpu_;
  Nanos own_;
};

struct Stage {
  std::unique_ptr<Server> server;
  std::unique_ptr<Members> members;

  Stage(const ServerKind& kind, MembersOptions options) : server{start_server(kind)} {
    options.server = server->endpoint();
    options.logins_at_once = kind.logins_at_once;
    members = make_members(kind.dialect, options);
  }
  // False if one is not a member in time. Delivering the joins takes time: waits until the server
  // is almost idle, so that a measurement does not include them.
  [[nodiscard]] bool enter() const {
    if (!members->enter(kTimeout)) return false;
    const auto end = Clock::now() + kTimeout;
    while (server_share() >= kLittle && Clock::now() < end) {
    }
    return true;
  }

 private:
  // The share of a core that the server uses during kSettling.
  [[nodiscard]] double server_share() const {
    const Stopwatch watch{server->pid()};
    (void)members->pump_until([] { return false; }, kSettling);
    return us(watch.server()) / us(watch.wall());
  }
};

// The figures of a server that has not admitted all members.
Figures not_entered() {
  return {.fault = fmt::format("not everybody could enter in {} s", kTimeout.count())};
}

void put_latencies(Figures& figures, const Histogram& latency) {
  figures.p50_ms = latency.ms(0.5);
  figures.p99_ms = latency.ms(0.99);
  figures.p999_ms = latency.ms(0.999);
  figures.worst_ms = latency.ms(1);
}

// Describes missing, repeated and invented deliveries; "" if there are none.
std::string fault_of(Members& members, std::uint64_t expected) {
  const Tally& tally = members.tally();
  if (tally.repeated() != 0 || tally.invented() != 0) {
    return fmt::format("{} doubled or out of order, {} that nobody said", tally.repeated(),
                       tally.invented());
  }
  if (tally.delivered() != expected && !members.may_lose()) {
    return fmt::format("{} of {} deliveries", tally.delivered(), expected);
  }
  return {};
}

// Publishes messages at fixed times, or as fast as a window of unreceived messages allows.
class Publishing {
 public:
  Publishing(const Workload& workload, Members& members) : workload_{workload}, members_{members} {
    next_.resize(members.options().publishers);
  }

  void at_pace(milliseconds lasts) {
    const Nanos between{1'000'000'000 / workload_.rate};
    const auto start = Clock::now();
    for (auto due = start; due < start + lasts; due += between) {
      while (Clock::now() < due) members_.pump(due);
      publish(due);
    }
  }
  // If nothing arrives within kStall, messages that can be lost count as lost.
  void in_window(milliseconds lasts) {
    constexpr milliseconds kStall{50};
    const auto end = Clock::now() + lasts;
    auto arrived = Clock::now();
    for (auto now = arrived; now < end; now = Clock::now()) {
      while (in_flight() < workload_.window * members_.receivers()) publish(now);
      const std::uint64_t before = members_.tally().delivered();
      members_.pump(now + kStall);
      now = Clock::now();
      if (members_.tally().delivered() != before) arrived = now;
      if (members_.may_lose() && now - arrived >= kStall) given_up_ += in_flight();
    }
  }
  void begin() {
    members_.tally().begin();
    published_ = 0;
    given_up_ = 0;
  }
  // Pumps until all messages have arrived, or until no more arrive.
  void finish() {
    std::uint64_t before = 0;
    do {
      before = members_.tally().delivered();
      (void)members_.pump_until([&] { return members_.tally().delivered() == expected(); },
                                kDrainTime);
    } while (members_.tally().delivered() != before);
  }
  [[nodiscard]] std::uint64_t expected() const { return published_ * members_.receivers(); }

 private:
  void publish(Clock::time_point due) {
    const std::size_t publisher = turn_++ % next_.size();
    members_.publish({.publisher = static_cast<std::uint32_t>(publisher),
                      .number = next_[publisher]++,
                      .due = due.time_since_epoch()});
    ++published_;
  }
  [[nodiscard]] std::uint64_t in_flight() const {
    const Tally& tally = members_.tally();
    const std::uint64_t finished = tally.delivered() + tally.skipped() + given_up_;
    return expected() - std::min(expected(), finished);
  }

  const Workload& workload_;
  Members& members_;
  std::vector<std::uint32_t> next_;  // of each publisher
  std::size_t turn_{0};
  std::uint64_t published_{0};
  std::uint64_t given_up_{0};
};

// The number of publishers: each further room has one.
std::size_t publishers_of(const Workload& workload) {
  if (workload.rooms != 0) return workload.rooms;
  return workload.kind == Workload::Kind::paced ? 1 : kSaturatingPublishers;
}

Figures run_messages(const Workload& workload, const ServerKind& kind) {
  const bool paced = workload.kind == Workload::Kind::paced;
  Stage stage{kind,
              {.server = {},
               .publishers = publishers_of(workload),
               .listeners = workload.listeners,
               .rooms = workload.rooms,
               .room_members = workload.room_members}};
  if (!stage.enter()) return not_entered();
  Members& members = *stage.members;
  if (workload.loss > 0) members.lose(workload.loss);
  Publishing publishing{workload, members};
  std::optional<Handicap> handicap;
  if (!paced) handicap.emplace(stage.server->pid());
  const auto publish_for = [&](milliseconds lasts) {
    if (paced) return publishing.at_pace(lasts);
    return publishing.in_window(lasts);
  };
  publish_for(std::min(kWarmUp, workload.lasts));
  publishing.finish();
  publishing.begin();

  Figures figures;
  const Stopwatch watch{stage.server->pid()};
  publish_for(workload.lasts);
  watch.put_shares(figures);
  const Nanos wall = watch.wall();
  const auto delivered_in_time = static_cast<double>(members.tally().delivered());
  publishing.finish();
  const Nanos server = watch.server();

  const auto delivered = static_cast<double>(members.tally().delivered());
  const auto expected = static_cast<double>(publishing.expected());
  figures.cpu_us = us(server) / std::max(delivered, 1.0);
  figures.per_second = delivered_in_time / us(wall) * 1e6;
  figures.lost_share = 1 - delivered / std::max(expected, 1.0);
  put_latencies(figures, members.tally().latency());
  figures.fault = fault_of(members, publishing.expected());
  figures.is_void = figures.generator_share > kMaxGeneratorShare;
  return figures;
}

Figures run_joins(const Workload& workload, const ServerKind& kind) {
  Stage stage{kind, {.server = {}, .publishers = 1, .listeners = workload.listeners - 1}};
  Figures figures;
  const Stopwatch watch{stage.server->pid()};
  if (!stage.members->enter(kTimeout)) return not_entered();
  const Nanos wall = watch.wall();
  (void)stage.members->pump_until([] { return false; }, kSettling);
  figures.cpu_us = us(watch.server()) / static_cast<double>(workload.listeners);
  figures.per_second = static_cast<double>(workload.listeners) / us(wall) * 1e6;
  return figures;
}

Figures run_memory(const Workload& workload, const ServerKind& kind) {
  Stage stage{kind, {.server = {}, .publishers = 1, .listeners = workload.listeners - 1}};
  const Memory before = memory_of_family(stage.server->pid());
  if (!stage.enter()) return not_entered();
  const Memory after = memory_of_family(stage.server->pid());
  const auto each = [&](std::uint64_t now, std::uint64_t then) {
    return (static_cast<double>(now) - static_cast<double>(then)) /
           static_cast<double>(workload.listeners);
  };
  Figures figures;
  figures.bytes_each = each(after.total(), before.total());
  figures.kernel_each = each(after.sockets, before.sockets);
  return figures;
}

Figures run_idle(const Workload& workload, const ServerKind& kind) {
  Stage stage{kind, {.server = {}, .publishers = 1, .listeners = workload.listeners - 1}};
  if (!stage.enter()) return not_entered();
  Figures figures;
  const Stopwatch watch{stage.server->pid()};
  (void)stage.members->pump_until([] { return false; }, workload.lasts);
  watch.put_shares(figures);
  return figures;
}

}  // namespace

Figures run(const Workload& workload, const ServerKind& kind) {
  try {
    switch (workload.kind) {
      case Workload::Kind::paced:
      case Workload::Kind::saturated:
        return run_messages(workload, kind);
      case Workload::Kind::joins:
        return run_joins(workload, kind);
      case Workload::Kind::memory:
        return run_memory(workload, kind);
      case Workload::Kind::idle:
        return run_idle(workload, kind);
    }
  } catch (const std::exception& error) {
    return {.fault = error.what()};
  }
  return {};
}

Figures run_floor(const Workload& workload, Floor floor) {
  const bool paced = workload.kind == Workload::Kind::paced;
  TextMembers members{{.server = {}, .publishers = 1, .listeners = workload.listeners}};
  if (floor == Floor::in_runs) members.take_runs();
  // Packed: the lines of a window at once, at a rate at which the generator can read them.
  constexpr std::uint32_t kRoundsASecond = 8;
  BareLoad load{.members = {},
                .rounds = 0,
                .between = Nanos{1'000'000'000 / (paced ? workload.rate : kRoundsASecond)},
                .lines_a_round = paced ? 1 : workload.window,
                .in_runs = floor == Floor::in_runs};
  load.rounds = static_cast<std::uint32_t>(Nanos{workload.lasts} / load.between);
  for (std::size_t i = 1; i < members.options().all(); ++i) {
    load.members.push_back(members.endpoint(i));
  }
  const Nanos own = own_cpu();
  const auto began = Clock::now();
  const Nanos cpu = send_bare(load, [&] { members.pump(Clock::now() + milliseconds{5}); });
  Figures figures;
  figures.generator_share = us(own_cpu() - own) / us(Clock::now() - began);
  (void)members.pump_until([] { return false; }, milliseconds{200});
  const auto delivered = static_cast<double>(members.tally().delivered());
  figures.cpu_us = us(cpu) / std::max(delivered, 1.0);
  figures.per_second = delivered / us(Nanos{workload.lasts}) * 1e6;
  put_latencies(figures, members.tally().latency());
  figures.fault = fault_of(members, 0);
  return figures;
}

}  // namespace chatd::bench
