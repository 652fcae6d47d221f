// SPDX-License-Identifier: GPL-3.0-or-later
// The gateway is killed after each step of a question about stored lines and of its answer, and
// another one takes over: the client gets one whole answer, in which each line is once.
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/crash.hpp"
#include "tests/support/native_world.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t kLines = 50;

// A member, and a test in place of the archive.
class AskingWorld {
 public:
  AskingWorld() {
    world_.archive = [this](const sys::Question& question) {
      asked_.push_back(question);
      return true;
    };
    world_.replace_gateway();
    world_.replace_worker();
    world_.run_for(seconds{1});
    read_before_ = acknowledged();
  }

  void ask() { ada_.member.ask_history(world_.now(), {}); }
  // Answers are longer than a mailbox.
  void answer_all() {
    for (const sys::Question& question : std::exchange(asked_, {})) {
      sys::Answer answer{.id = question.id, .is_read = true, .first = 0, .last = kLines - 1};
      for (std::uint64_t number = 0; number < kLines; ++number) {
        answer.lines.push_back(
            {.number = number, .kind = 3, .name = "bob", .text = std::string(200, 'x')});
      }
      world_.questions->answered(std::move(answer), world_.server_now());
    }
  }
  // Everything until the answer is read, if nothing is killed.
  void work() {
    ask();
    world_.run_for(milliseconds{50});
    answer_all();
    world_.run_for(seconds{2});
  }
  void replace_gateway() {
    asked_.clear();
    world_.replace_gateway();
    world_.replace_worker();
  }
  bool is_answered() {
    return world_.run_until([&] {
      answer_all();
      return !test::events_of<client::HistoryPage>(ada_.events).empty();
    });
  }
  // Of the answers that have come.
  std::vector<client::HistoryPage> pages() {
    world_.run_for(seconds{20});
    answer_all();
    world_.run_for(seconds{20});
    return test::events_of<client::HistoryPage>(ada_.events);
  }
  bool has_acknowledged() { return acknowledged() != read_before_; }
  test::NativeWorld& world() { return world_; }

 private:
  std::uint64_t acknowledged() {
    const chat::Slot slot = world_.sessions().find_name("ada").value();
    return state::peer_of(world_.view().native_slots()[slot]).acked[wire::kMailboxStream];
  }

  test::NativeWorld world_{1};
  test::NativeWorld::Seat& ada_{world_.enter("ada")};
  std::vector<sys::Question> asked_;
  std::uint64_t read_before_{0};
};

void expect_one_answer(AskingWorld& asking) {
  ASSERT_TRUE(asking.is_answered());
  const auto pages = asking.pages();
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_EQ(pages[0].code, "");
  ASSERT_EQ(pages[0].lines.size(), kLines);
  for (std::uint64_t number = 0; number < kLines; ++number) {
    EXPECT_EQ(pages[0].lines[number].number, number);
  }
}

TEST(MemberQuestionsCrash, AGatewayThatIsKilledAtAnyStepCostsTimeAndNothingElse) {
  bool was_killed = true;
  int step = 1;
  for (; was_killed; ++step) {
    SCOPED_TRACE("crash point " + std::to_string(step));
    AskingWorld asking;
    was_killed = test::is_killed_at(step, [&] { asking.work(); });
    // From there on the client of the killed process has read what this one has not.
    if (asking.has_acknowledged()) break;
    asking.replace_gateway();
    // The client of the killed process sends the same command again.
    asking.ask();
    expect_one_answer(asking);
    if (::testing::Test::HasFailure()) return;
  }
  EXPECT_GT(step, 10);
}

TEST(MemberQuestionsCrash, AGatewayThatEndsWithAPartOfTheAnswerCostsTimeAndNothingElse) {
  AskingWorld asking;
  asking.world().weather.least_delay = asking.world().weather.most_delay = milliseconds{50};
  asking.ask();
  asking.world().run_for(milliseconds{200});
  asking.answer_all();
  asking.world().run_for(milliseconds{250});
  EXPECT_FALSE(asking.world().questions->is_idle()) << "a part of it";
  asking.replace_gateway();
  expect_one_answer(asking);
}

TEST(MemberQuestionsCrash, AnAnswerIsWholeOverABadNetwork) {
  AskingWorld asking;
  asking.world().weather.loss = 0.3;
  asking.ask();
  expect_one_answer(asking);
}

}  // namespace
}  // namespace chatd::gateway
