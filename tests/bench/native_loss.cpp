// SPDX-License-Identifier: GPL-3.0-or-later
// How soon a line reaches native members over a network that loses datagrams, both ways.
// See README.md beside this file.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "tests/bench/arguments.hpp"
#include "tests/support/daemon_under_test.hpp"
#include "tests/support/native_crowd.hpp"

namespace chatd::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

struct Settings {
  int members{100};
  int rate{100};
  int seconds{10};
  std::vector<int> loss{0, 1, 5, 20};  // percent
};

Settings parse(int argc, char** argv) {
  Settings settings;
  int percent = -1;
  read_arguments("native_loss", argc, argv,
                 {{"--members", &settings.members},
                  {"--rate", &settings.rate},
                  {"--seconds", &settings.seconds},
                  {"--loss", &percent}});
  if (percent >= 0) settings.loss = {percent};
  return settings;
}

// Counted from the moment that the line was due, so that a late generator flatters nobody.
class Latencies {
 public:
  void begin(steady_clock::time_point start, nanoseconds between) {
    start_ = start;
    between_ = between;
  }
  void took(std::size_t line) {
    const auto due = start_ + between_ * line;
    values_.push_back(steady_clock::now() - due);
  }
  [[nodiscard]] double ms(double share) {
    const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(values_.size() - 1));
    std::ranges::nth_element(values_, values_.begin() + place);
    return static_cast<double>(values_[static_cast<std::size_t>(place)].count()) / 1e6;
  }

 private:
  steady_clock::time_point start_;
  nanoseconds between_{};
  std::vector<nanoseconds> values_;
};

void measure(const Settings& settings, int percent) {
  test::DaemonUnderTest daemon{
      {.config = "limits.messages_per_second = 0\nlimits.sessions_per_address = 0\n"}};
  const auto members = static_cast<std::size_t>(settings.members);
  test::NativeCrowd crowd{daemon.endpoint(), {.size = members, .keeps_lines = false}};
  if (!crowd.enter()) give_up("native_loss", "not everybody could enter");
  // Until the joins have been read, and nothing is on the way.
  (void)crowd.pump_until([] { return false; }, milliseconds{500});
  if (percent != 0) crowd.lose(percent / 100.0);

  const auto total =
      static_cast<std::size_t>(settings.rate) * static_cast<std::size_t>(settings.seconds);
  Latencies latencies;
  std::vector<std::size_t> next(members);  // the line that each must see now
  std::size_t seen = 0;
  crowd.on_event = [&](std::size_t member, const client::Event& event) {
    if (event.kind == client::Event::Kind::ended) give_up("native_loss", "a member was thrown out");
    if (event.kind != client::Event::Kind::line || event.record != wire::RecordKind::say) return;
    std::size_t line = 0;
    std::from_chars(event.text.data(), event.text.data() + 8, line);
    if (line != next[member]++) give_up("native_loss", "a line is lost, doubled or out of order");
    latencies.took(line);
    ++seen;
  };
  const nanoseconds between{1'000'000'000 / settings.rate};
  const auto start = steady_clock::now();
  latencies.begin(start, between);
  for (std::size_t i = 0; i < total; ++i) {
    const auto due = start + between * i;
    while (steady_clock::now() < due) crowd.pump(milliseconds{0});
    // One speaks: the order of several is the server's to choose. Zeros in front keep the length.
    crowd.say(0, fmt::format("{:08} a message of ordinary length to everybody in here", i));
  }
  if (!crowd.pump_until([&] { return seen == total * members; })) {
    give_up("native_loss", fmt::format("{} of {} lines have come", seen, total * members));
  }
  fmt::print("{:4} %  p50 {:7.2f} ms  p99 {:7.2f} ms  p99.9 {:7.2f} ms  worst {:7.2f} ms\n",
             percent, latencies.ms(0.5), latencies.ms(0.99), latencies.ms(0.999), latencies.ms(1));
}

}  // namespace
}  // namespace chatd::bench

int main(int argc, char** argv) {
  const auto settings = chatd::bench::parse(argc, argv);
  fmt::print(
      "{} members, {} messages a second from one of them, {} s; every line reached all of "
      "them, once and in order\n",
      settings.members, settings.rate, settings.seconds);
  for (const int percent : settings.loss) chatd::bench::measure(settings, percent);
  return EXIT_SUCCESS;
}
