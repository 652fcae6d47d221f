// SPDX-License-Identifier: GPL-3.0-or-later
// The gateway is killed after each step of what a browser does, and another one takes over. The
// browser asks again, as Members does: each of its lines is in the log once, and nobody sees a
// leave.
#include <algorithm>

#include <gmock/gmock.h>

#include "tests/support/browser_world.hpp"
#include "tests/support/crash.hpp"

namespace chatd::web {
namespace {

using test::BrowserWorld;
using ::testing::ElementsAre;
using wire::CommandKind;

class WebCrash : public ::testing::Test {
 protected:
  void begin() {
    world_.emplace();
    ada_ = BrowserWorld::page("ada", 1);
    bob_ = BrowserWorld::page("bob", 2, 2);
    (void)world_->enter(bob_);
  }
  // As the code that speaks HTTP does after a start of the gateway.
  void restart() {
    world_->replace_gateway();
    (void)world_->resume(bob_);
  }
  [[nodiscard]] std::ptrdiff_t count(std::string_view text) const {
    return std::ranges::count(world_->texts(), text);
  }
  std::optional<BrowserWorld> world_;
  BrowserWorld::Page ada_;
  BrowserWorld::Page bob_;
};

TEST_F(WebCrash, AnEntryIsOneSessionWhateverStepTheGatewayDiesAt) {
  const int steps = test::at_each_death(
      test::OneProcess{.begin = [this] { begin(); },
                       .work = [this] { (void)world_->enter(ada_); },
                       .check =
                           [this] {
                             restart();
                             const auto entered = world_->enter(ada_);
                             ASSERT_TRUE(entered && *entered);
                             EXPECT_EQ(count("join ada "), 1);
                             EXPECT_EQ(count("leave ada "), 0);
                             EXPECT_EQ(**world_->say(ada_, 1, "hello"), 1U);
                             EXPECT_EQ(world_->sessions().all(state::SessionKind::web).size(), 2U);
                           }});
  EXPECT_GT(steps, 6);
}

TEST_F(WebCrash, ALineIsInTheLogOnceWhateverStepTheGatewayDiesAt) {
  const int steps = test::at_each_death(test::OneProcess{
      .begin = [this] { begin(); },
      .work =
          [this] {
            (void)world_->resume(bob_);  // this is another process
            (void)world_->say(bob_, 1, "hello");
          },
      .check =
          [this] {
            restart();
            EXPECT_EQ(**world_->say(bob_, 1, "hello"), 1U);
            EXPECT_EQ(**world_->say(bob_, 2, "next"), 2U);
            EXPECT_THAT(world_->texts(), ElementsAre("join bob ", "say bob hello", "say bob next"));
          }});
  EXPECT_GT(steps, 3);
}

TEST_F(WebCrash, ARefusalIsInTheMailboxOnceWhateverStepTheGatewayDiesAt) {
  const int steps = test::at_each_death(test::OneProcess{
      .begin = [this] { begin(); },
      .work =
          [this] {
            (void)world_->resume(bob_);
            (void)world_->command(bob_, 1, CommandKind::whois, "nobody");
          },
      .check =
          [this] {
            restart();
            EXPECT_EQ(**world_->command(bob_, 1, CommandKind::whois, "nobody"), 1U);
            EXPECT_EQ(test::mailbox_records(world_->view(), chat::Slot{bob_.entered->session.slot})
                          .size(),
                      1U);
          }});
  EXPECT_GT(steps, 3);
}

TEST_F(WebCrash, ALeaveIsToldOnceWhateverStepTheGatewayDiesAt) {
  const int steps = test::at_each_death(
      test::OneProcess{.begin = [this] { begin(); },
                       .work =
                           [this] {
                             (void)world_->resume(bob_);
                             (void)world_->command(bob_, 1, CommandKind::quit, {});
                           },
                       .check =
                           [this] {
                             restart();
                             if (world_->sessions().find_name("bob")) {
                               (void)world_->command(bob_, 1, CommandKind::quit, {});
                             }
                             EXPECT_EQ(count("leave bob "), 1);
                             EXPECT_TRUE(world_->sessions().all(state::SessionKind::web).empty());
                           }});
  EXPECT_GT(steps, 4);
}

TEST_F(WebCrash, AnotherPageGetsTheSessionOrTheOldOneKeepsIt) {
  const int steps = test::at_each_death(test::OneProcess{
      .begin = [this] { begin(); },
      .work =
          [this] {
            auto second = BrowserWorld::page("bob", 2, 3);
            (void)world_->enter(second);
          },
      .check =
          [this] {
            world_->replace_gateway();
            auto second = BrowserWorld::page("bob", 2, 3);
            ASSERT_TRUE(*world_->enter(second));
            EXPECT_EQ(**world_->say(second, 1, "hello"), 1U);
            EXPECT_THAT(world_->texts(), ElementsAre("join bob ", "say bob hello"));
          }});
  EXPECT_GT(steps, 1);
}

}  // namespace
}  // namespace chatd::web
