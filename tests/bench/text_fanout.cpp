// SPDX-License-Identifier: GPL-3.0-or-later
// What it costs the daemon to bring one line to one member, against a bare sendmmsg(2) loop.
// See README.md beside this file.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "tests/bench/arguments.hpp"
#include "tests/bench/bare_sender.hpp"
#include "tests/support/crowd.hpp"
#include "tests/support/daemon_under_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/processes.hpp"

namespace chatd::bench {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct Settings {
  int members{1000};
  int rate{50};
  int seconds{10};
  int rounds{3};
  int workers{0};

  [[nodiscard]] int messages() const { return rate * seconds; }
  [[nodiscard]] microseconds between() const { return microseconds{1'000'000 / rate}; }
  [[nodiscard]] std::size_t deliveries() const {
    return static_cast<std::size_t>(messages()) * static_cast<std::size_t>(members - 1);
  }
};

struct Figures {
  double daemon_us{};  // per delivery
  double bare_us{};
  double datagrams{};  // per delivery
};

Settings parse(int argc, char** argv) {
  Settings settings;
  read_arguments("text_fanout", argc, argv,
                 {{"--members", &settings.members},
                  {"--rate", &settings.rate},
                  {"--seconds", &settings.seconds},
                  {"--rounds", &settings.rounds},
                  {"--workers", &settings.workers}});
  return settings;
}

microseconds cpu_of(const test::DaemonUnderTest& daemon) {
  microseconds sum = test::process_info(daemon.pid())->cpu;
  for (const auto& child : test::children_of(daemon.pid())) sum += child.cpu;
  return sum;
}

void await_lines(test::Crowd& crowd, std::size_t lines) {
  const bool all = test::eventually([&] {
    crowd.receive(milliseconds{10});
    return crowd.lines_read() >= lines;
  });
  if (!all || crowd.lines_read() != lines) {
    give_up("text_fanout", fmt::format("{} of {} lines have come", crowd.lines_read(), lines));
  }
}

void talk(const Settings& settings, test::Crowd& crowd) {
  auto due = steady_clock::now();
  for (int i = 0; i < settings.messages(); ++i, due += settings.between()) {
    while (steady_clock::now() < due) {
      crowd.receive(std::chrono::ceil<milliseconds>(due - steady_clock::now()));
    }
    // As long as the bare sender's line when it has been rendered.
    crowd.send(static_cast<std::size_t>(i % settings.members),
               fmt::format("C a message of ordinary length {:06}", i));
  }
}

Figures measure(const Settings& settings) {
  test::DaemonUnderTest daemon{
      {.config = "limits.messages_per_second = 0\nlimits.sessions_per_address = 0\n",
       .arguments = {"--workers", std::to_string(settings.workers)}}};
  test::Crowd crowd{daemon.endpoint(), static_cast<std::size_t>(settings.members)};
  if (!crowd.enter()) give_up("text_fanout", "not everybody could enter");
  if (daemon.ctl({"announce", "begin"}).status != 0) give_up("text_fanout", "cannot announce");
  if (!crowd.receive_until("[admin] begin"))
    give_up("text_fanout", "not everybody has read the announcement");

  crowd.forget_lines();
  const auto datagrams = daemon.counter("datagrams_sent");
  const auto before = cpu_of(daemon);
  talk(settings, crowd);
  await_lines(crowd, settings.deliveries());
  const microseconds daemon_cpu = cpu_of(daemon) - before;
  const auto sent = daemon.counter("datagrams_sent") - datagrams;

  crowd.forget_lines();
  BareLoad load{.members = {},
                .line = "m500 : a message of ordinary length 000000",
                .messages = settings.messages(),
                .between = settings.between()};
  for (std::size_t i = 1; i < crowd.size(); ++i) load.members.push_back(crowd.endpoint(i));
  const microseconds bare_cpu = send_bare(load, [&] { crowd.receive(milliseconds{5}); });
  await_lines(crowd, settings.deliveries());

  const auto each = [&](auto sum) {
    return static_cast<double>(sum) / static_cast<double>(settings.deliveries());
  };
  return {.daemon_us = each(daemon_cpu.count()),
          .bare_us = each(bare_cpu.count()),
          .datagrams = each(sent)};
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void run(const Settings& settings) {
  std::vector<double> daemon;
  std::vector<double> bare;
  fmt::print("{} members, {} messages a second, {} s\n", settings.members, settings.rate,
             settings.seconds);
  for (int round = 1; round <= settings.rounds; ++round) {
    const Figures figures = measure(settings);
    fmt::print("round {}: chatd {:.2f} us a delivery ({:.2f} datagrams), bare sendmmsg {:.2f} us\n",
               round, figures.daemon_us, figures.datagrams, figures.bare_us);
    daemon.push_back(figures.daemon_us);
    bare.push_back(figures.bare_us);
  }
  fmt::print("medians: chatd {:.2f} us, bare {:.2f} us, ratio {:.2f}\n", median(daemon),
             median(bare), median(daemon) / median(bare));
}

}  // namespace
}  // namespace chatd::bench

int main(int argc, char** argv) {
  const auto settings = chatd::bench::parse(argc, argv);
  if (settings.members < 2 || settings.rate < 1 || settings.rounds < 1) {
    chatd::bench::give_up("text_fanout", "at least 2 members, 1 message a second and 1 round");
  }
  chatd::bench::run(settings);
  return EXIT_SUCCESS;
}
