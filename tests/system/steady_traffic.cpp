// SPDX-License-Identifier: GPL-3.0-or-later
// steady_traffic.cpp — members that talk until the end of standard input; then it checks that each
// member has received all lines, and prints the result. The shell tests of this folder use it to
// have traffic while they restart or kill the daemon.
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "tests/support/crowd.hpp"
#include "tests/support/native_crowd.hpp"
#include "tests/support/told_joins.hpp"

namespace chatd::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kBetween{20};
// Shorter than wait_until of system_test.bash, which prints what this program says.
constexpr milliseconds kToSettle{45'000};

[[noreturn]] void give_up(const std::string& why) {
  std::cout << "FAILED: " << why << std::endl;
  std::exit(EXIT_FAILURE);
}

bool input_is_over() {
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  if (::poll(&input, 1, 0) <= 0) return false;
  char byte = 0;
  return ::read(STDIN_FILENO, &byte, 1) <= 0;
}

template <class Members>
bool all_received(const Members& members, std::string_view text) {
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto& lines = members.lines(i);
    if (std::ranges::none_of(lines, [&](const auto& line) { return line.ends_with(text); })) {
      return false;
    }
  }
  return true;
}

class Traffic {
 public:
  Traffic(const Endpoint& server, std::size_t natives, std::size_t texts, const std::string& prefix,
          bool texts_talk)
      : natives_{server, {.size = natives, .prefix = prefix}},
        texts_{server, texts},
        texts_talk_{texts_talk} {
    if (!natives_.enter()) give_up("not every native member could enter");
    if (texts != 0 && !texts_.enter()) give_up(who_could_not_enter());
    const std::size_t all = natives + texts;
    const auto told = [this] { return told_joins(natives_.lines(0)); };
    if (!natives_.pump_until([&] { return told() >= all; }, kToSettle)) {
      give_up(fmt::format("the first native member was told {} joins of {}", told(), all));
    }
    // A line marks the begin: the last join would not do, because members that join later do not
    // receive it.
    natives_.say(0, "all are here");
    const bool settled = natives_.pump_until(
        [&] {
          texts_.receive(milliseconds{0});
          return natives_.unconfirmed() == 0 && all_received(natives_, ": all are here") &&
                 all_received(texts_, " : all are here");
        },
        kToSettle);
    if (!settled) give_up("not everybody hears that all are here");
    natives_.forget_lines();
    texts_.forget_lines();
    std::cout << "ready: " << all << " members" << std::endl;
    natives_.on_event = [this](std::size_t member, const client::Event& event) {
      using std::holds_alternative;
      if (holds_alternative<client::Missed>(event)) give_up("a native member missed something");
      if (holds_alternative<client::Ended>(event)) give_up("a native member was thrown out");
      if (member != 0 || !holds_alternative<client::Line>(event)) return;
      const auto now = steady_clock::now();
      stall_ = std::max(stall_, now - last_line_);
      last_line_ = now;
    };
  }

  void talk() {
    last_line_ = steady_clock::now();
    for (auto due = steady_clock::now(); !input_is_over(); due += kBetween) {
      while (steady_clock::now() < due) natives_.pump(milliseconds{2});
      texts_.receive(milliseconds{0});
      natives_.say(sent_ % natives_.size(), "line " + std::to_string(sent_));
      ++sent_;
      if (!texts_talk_ || texts_.size() == 0 || sent_ % 4 != 0) continue;
      texts_.send(text_sent_ % texts_.size(), "C text " + std::to_string(text_sent_));
      ++text_sent_;
    }
  }

  void check() {
    const std::size_t all = sent_ + text_sent_;
    const bool arrived = natives_.pump_until([&] {
      texts_.receive(milliseconds{0});
      return natives_.unconfirmed() == 0 && natives_.delivered() >= all * natives_.size();
    });
    if (!arrived) {
      give_up(fmt::format("{} of {} lines reached the native members, {} are unconfirmed",
                          natives_.delivered(), all * natives_.size(), natives_.unconfirmed()));
    }
    for (std::size_t i = 0; i < natives_.size(); ++i) {
      if (natives_.lines(i).size() != all) give_up(first_wrong_line(i));
      if (natives_.lines(i) != natives_.lines(0)) give_up("two native members saw two orders");
    }
    check_senders();
    for (std::size_t i = 0; i < texts_.size(); ++i) check_text_member(i);
    std::cout << fmt::format(
                     "everything arrived: {} lines, {} members; longest stall {} ms; {} lines came "
                     "twice to a text member",
                     all, natives_.size() + texts_.size(),
                     std::chrono::duration_cast<milliseconds>(stall_).count(), repeated_)
              << std::endl;
  }

  // Logs all members out, so that their names are free for the next traffic, and their ports: the
  // kernel can give the port of a native session that is only away to a text member, which then
  // receives its packets.
  void log_members_out() {
    natives_.on_event = {};
    for (std::size_t i = 0; i < natives_.size(); ++i) natives_.quit(i);
    const auto are_out = [&] { return natives_.ended() == natives_.size(); };
    if (!natives_.pump_until(are_out)) give_up("not every native member could leave");
    for (std::size_t i = 0; i < texts_.size(); ++i) texts_.send(i, "Q");
    if (!texts_.receive_until("EXIT")) give_up("not every text member could leave");
  }

 private:
  [[nodiscard]] std::string who_could_not_enter() const {
    std::string why = "not every text member could enter";
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      const auto& lines = texts_.lines(i);
      if (lines.empty()) return why + "; m" + std::to_string(i) + " has no answer";
      if (lines.front() != "OK") return why + "; m" + std::to_string(i) + ": " + lines.front();
    }
    return why;
  }
  // Describes the first line that came twice or is not a message.
  std::string first_wrong_line(std::size_t member) const {
    std::unordered_map<std::string, int> seen;
    for (const auto& line : natives_.lines(member)) {
      if (++seen[line] == 2) return natives_.name(member) + " heard twice: " + line;
      if (line.find(": ") == std::string::npos) return natives_.name(member) + " heard: " + line;
    }
    return natives_.name(member) + " missed something";
  }

  // Checks that the lines of each sender are in the order in which it sent them.
  void check_senders() {
    std::unordered_map<std::string, long> last;
    for (const auto& line : natives_.lines(0)) {
      const auto colon = line.find(": ");
      if (colon == std::string::npos) give_up("not a line of anybody: " + line);
      const long number = std::stol(line.substr(line.rfind(' ')));
      const auto [place, fresh] = last.try_emplace(line.substr(0, colon), number);
      if (!fresh && number <= place->second) give_up("out of order: " + line);
      place->second = number;
    }
  }

  // The lines that a text member received, each one once. A line can come again, with all lines
  // after it, if a worker was killed after it sent them and before it stored that.
  std::vector<std::string> without_repeated_runs(std::size_t member) const {
    const std::string who = "m" + std::to_string(member);
    std::vector<std::string> history;
    std::unordered_map<std::string_view, std::size_t> place;
    std::size_t next = 0;  // place of the line that comes next without a repetition
    for (const std::string& line : texts_.lines(member)) {
      const auto [known, fresh] = place.try_emplace(line, history.size());
      if (fresh && next != history.size()) give_up(line + " cut a repeated run short for " + who);
      if (known->second > next) give_up(line + " came out of turn to " + who);
      if (fresh) history.push_back(line);
      next = known->second + 1;
    }
    return history;
  }

  // Checks that a text member received the lines of the native members, without its own, in order.
  void check_text_member(std::size_t member) {
    const std::string own = "m" + std::to_string(member) + ": ";
    std::vector<std::string> wanted;
    for (const auto& line : natives_.lines(0)) {
      if (!line.starts_with(own)) wanted.push_back(line);
    }
    for (auto& line : wanted) line.replace(line.find(": "), 2, " : ");
    const auto deadline = steady_clock::now() + milliseconds{10'000};
    while (without_repeated_runs(member).size() < wanted.size() && steady_clock::now() < deadline) {
      texts_.receive(milliseconds{20});
    }
    const auto lines = without_repeated_runs(member);
    if (lines != wanted) {
      const auto [got, want] = std::ranges::mismatch(lines, wanted);
      give_up(fmt::format("m{} read {} lines of {}; the first that differs is \"{}\" for \"{}\"",
                          member, lines.size(), wanted.size(), got == lines.end() ? "" : *got,
                          want == wanted.end() ? "" : *want));
    }
    repeated_ += texts_.lines(member).size() - lines.size();
  }

  NativeCrowd natives_;
  Crowd texts_;
  bool texts_talk_;
  std::size_t sent_{0};
  std::size_t text_sent_{0};
  std::size_t repeated_{0};
  steady_clock::time_point last_line_;
  steady_clock::duration stall_{};
};

}  // namespace
}  // namespace chatd::test

int main(int argc, char** argv) {
  using namespace chatd;
  const bool texts_listen = argc == 6 && argv[5] == std::string_view{"listening"};
  if (argc != 5 && !texts_listen) {
    test::give_up("usage: steady_traffic ADDRESS:PORT NATIVES TEXTS PREFIX [listening]");
  }
  test::Traffic traffic{parse_endpoint(argv[1]).value(), std::stoul(argv[2]), std::stoul(argv[3]),
                        argv[4], !texts_listen};
  traffic.talk();
  traffic.check();
  traffic.log_members_out();
}
