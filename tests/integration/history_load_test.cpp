// SPDX-License-Identifier: GPL-3.0-or-later
// history_load_test.cpp — many members that ask for stored lines without pause get answers, and do
// not keep messages from the disk.
#include <algorithm>
#include <iostream>
#include <stop_token>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/daemon_under_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/native_client.hpp"
#include "tests/support/native_crowd.hpp"
#include "tests/support/sample.hpp"
#include "tests/support/sanitized.hpp"

namespace chatd::test {
namespace {

using client::HistoryPage;
using std::chrono::milliseconds;

constexpr const char* kNoLimits =
    "limits.messages_per_second = 0\nlimits.questions_per_second = 0\n"
    "limits.sessions = 1100\nlimits.sessions_per_address = 0\n";

// Members that do nothing else. Each asks again when it has an answer or a refusal.
class Askers {
 public:
  Askers(const Endpoint& server, std::size_t size)
      : crowd_{server, {.size = size, .prefix = "asker", .keeps_lines = false}} {
    crowd_.on_event = [this](std::size_t member, const client::Event& event) {
      const auto* const page = std::get_if<HistoryPage>(&event);
      if (page == nullptr) return;
      ++(page->code.empty() ? answers_ : busy_);
      --open_;
      if (!stop_.stop_requested()) ask(member);
    };
  }
  [[nodiscard]] bool enter() { return crowd_.enter(); }
  // Lets the members read what comes, and ask if `asks`, until the last answer after the stop.
  void run(const std::stop_token& stop, bool asks) {
    stop_ = stop;
    for (std::size_t member = 0; asks && member < crowd_.size(); ++member) ask(member);
    EXPECT_TRUE(crowd_.pump_until([&] { return stop.stop_requested() && open_ == 0; }));
  }
  [[nodiscard]] std::size_t answers() const { return answers_; }
  [[nodiscard]] std::size_t busy() const { return busy_; }

 private:
  void ask(std::size_t member) {
    ++open_;
    crowd_.ask_later(member);
  }
  NativeCrowd crowd_;
  std::stop_token stop_;
  std::size_t open_{0};
  std::size_t answers_{0};
  std::size_t busy_{0};
};

// Questions have at most a quarter of the archive's time, and messages go first.
TEST(HistoryLoadTest, ManyAskersWithoutPauseKeepNoMessageFromTheDisk) {
  const std::size_t size = is_whole_run() ? 1000 : 100;
  DaemonUnderTest daemon{{.config = kNoLimits}};
  NativeClient ada{daemon.endpoint(), {.name = "ada"}};
  ada.enter();
  for (int i = 0; i < 200; ++i) ada.say(std::string(500, 'x'));
  NativeCrowd crowd{daemon.endpoint(), {.size = size, .keeps_lines = false}};
  ASSERT_TRUE(crowd.enter());
  std::size_t answers = 0;
  std::size_t busy = 0;
  crowd.on_event = [&](std::size_t member, const client::Event& event) {
    const auto* const page = std::get_if<HistoryPage>(&event);
    if (page == nullptr) return;
    ++(page->code.empty() ? answers : busy);
    crowd.ask_later(member);
  };
  for (std::size_t member = 0; member < size; ++member) crowd.ask_later(member);
  const int messages = is_whole_run() ? 2000 : 500;
  for (int i = 0; i < messages; ++i) {
    crowd.say(static_cast<std::size_t>(i) % size, "number " + std::to_string(i));
    crowd.pump(milliseconds{2});
  }
  const auto archive = [&] { return daemon.ctl_json({"archive"}); };
  // The members go on between two looks: each look starts a chatctl.
  EXPECT_TRUE(eventually([&] {
    const MonoTime next = mono_now() + milliseconds{500};
    (void)crowd.pump_until([&] { return mono_now() >= next; });
    return archive().at("lines") == 200 + messages;
  })) << archive().dump();
  EXPECT_GT(answers, 0U);
  EXPECT_EQ(archive().at("gaps"), 0);
  std::cout << "[          ] " << answers << " answers, " << busy << " times busy\n";
}

// The times until each of `messages` of a member is saved, in order.
std::vector<Micros> times_until_saved(NativeCrowd& sender, std::size_t messages) {
  bool is_saved = false;
  sender.on_event = [&](std::size_t /*member*/, const client::Event& event) {
    is_saved |= std::holds_alternative<client::Saved>(event);
  };
  std::vector<Micros> times;
  for (std::size_t i = 0; i < messages; ++i) {
    is_saved = false;
    const MonoTime begun = mono_now();
    sender.say(0, std::string(300, 'x'));
    EXPECT_TRUE(sender.pump_until([&] { return is_saved; }));
    times.push_back(std::chrono::duration_cast<Micros>(sender.heard_at() - begun));
  }
  sender.on_event = nullptr;
  std::ranges::sort(times);
  return times;
}

// The sender waits for each SAVED; the other members, in a thread of their own, ask without pause.
TEST(HistoryLoadTest, ManyAskersAtMostDoubleTheTimeUntilAMessageIsSaved) {
  // The rounds with and without askers follow each other, and the median of the rounds counts: what
  // other programs do to the disk for some time slows both.
  constexpr std::size_t kRounds = 5;
  constexpr std::size_t kMessages = 100;  // in each half of a round
  // The time of a machine that does other things as well.
  const Micros noise = milliseconds{is_whole_run() ? 10 : 100};
  DaemonUnderTest daemon{{.config = kNoLimits}};
  NativeCrowd sender{daemon.endpoint(),
                     {.size = 1, .prefix = "ada", .keeps_lines = false, .wants_saved = true}};
  ASSERT_TRUE(sender.enter());
  Askers askers{daemon.endpoint(), is_whole_run() ? 1000U : 100U};
  ASSERT_TRUE(askers.enter());
  const auto p99 = [&](bool asks) {
    const std::jthread others{[&](const std::stop_token& stop) { askers.run(stop, asks); }};
    return times_until_saved(sender, kMessages)[kMessages * 99 / 100 - 1];
  };
  std::vector<Micros> without;
  std::vector<Micros> with;
  for (std::size_t round = 0; round < kRounds; ++round) {
    without.push_back(p99(false));
    with.push_back(p99(true));
  }
  EXPECT_GT(askers.answers(), 0U);
  EXPECT_EQ(daemon.ctl_json({"archive"}).at("gaps"), 0);
  for (auto* const all : {&without, &with}) std::ranges::sort(*all);
  const std::int64_t usual = without[kRounds / 2].count();
  const std::int64_t asked = with[kRounds / 2].count();
  std::cout << "[          ] SAVED p99 " << usual << " us, with " << askers.answers()
            << " answers, " << askers.busy() << " times busy, " << asked << " us\n";
  // The time of sanitized programs is mostly that of their checks. The programs of the dev half of
  // packaging/test keep the bound.
  if (!are_programs_sanitized()) {
    EXPECT_LE(asked, 2 * usual + noise.count());
  }
}

}  // namespace
}  // namespace chatd::test
