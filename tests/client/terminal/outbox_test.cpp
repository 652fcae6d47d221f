// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/outbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/reports.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class OutboxTest : public ::testing::Test {
 protected:
  // The texts of the ordered messages since the last call; "quit" for Quit.
  std::vector<std::string> ordered() {
    std::vector<std::string> texts;
    for (const Order& order : outbox_.take_orders()) {
      const auto* post = std::get_if<Post>(&order);
      texts.push_back(post == nullptr ? "quit" : text_of(post->message));
    }
    return texts;
  }
  Outbox outbox_;
};

TEST_F(OutboxTest, CountsAMessageUntilTheServerHasAnswered) {
  outbox_.post(Say{"one"});
  outbox_.post(Say{"two"});
  EXPECT_THAT(ordered(), ElementsAre("one", "two"));
  EXPECT_EQ(outbox_.unconfirmed(), 2U);
  EXPECT_EQ(outbox_.confirm(1), Message{Say{"one"}});
  EXPECT_EQ(outbox_.confirm(1), std::nullopt);
  const auto refusal = outbox_.refuse(2);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->message, Message{Say{"two"}});
  EXPECT_FALSE(refusal->room);
  EXPECT_FALSE(outbox_.refuse(3));
  EXPECT_EQ(outbox_.unconfirmed(), 0U);
}

TEST_F(OutboxTest, OrdersAMessageToARoomWhenTheUserIsInIt) {
  outbox_.post_join(JoinRoom{"lab"}, "lab");
  EXPECT_TRUE(outbox_.is_joining("lab"));
  outbox_.post(Say{.text = "hello", .room = "lab"});
  outbox_.quit();
  EXPECT_THAT(ordered(), ElementsAre("lab"));
  outbox_.on_room_joined("LAB");
  EXPECT_THAT(ordered(), ElementsAre("hello", "quit"));
  EXPECT_TRUE(outbox_.confirm(1));
  outbox_.quit();
  EXPECT_THAT(ordered(), IsEmpty());
}

TEST_F(OutboxTest, GivesBackWhatWaitedForAJoinThatIsRefused) {
  outbox_.post_join(JoinRoom{"lab"}, "lab");
  outbox_.post(Say{.text = "hello", .room = "lab"});
  outbox_.quit();
  (void)ordered();
  const auto refusal = outbox_.refuse(1);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->room, "lab");
  EXPECT_THAT(refusal->waiting, ElementsAre(Message{Say{.text = "hello", .room = "lab"}}));
  EXPECT_THAT(ordered(), ElementsAre("quit"));
  EXPECT_EQ(outbox_.unconfirmed(), 0U);
}

TEST_F(OutboxTest, OrdersQuitWithoutTheMessagesThatWaitForAJoin) {
  outbox_.post_join(JoinRoom{"lab"}, "lab");
  outbox_.post(Say{.text = "hello", .room = "lab"});
  outbox_.quit();
  EXPECT_THAT(ordered(), ElementsAre("lab"));
  outbox_.quit_now();
  outbox_.quit_now();
  EXPECT_THAT(ordered(), ElementsAre("quit"));
}

TEST_F(OutboxTest, GivesTheUnconfirmedMessagesInTheirOrder) {
  for (const char* text : {"a", "b", "c"}) outbox_.post(Say{text});
  (void)outbox_.confirm(2);
  EXPECT_THAT(outbox_.take_unconfirmed(), ElementsAre(Message{Say{"a"}}, Message{Say{"c"}}));
  EXPECT_EQ(outbox_.unconfirmed(), 0U);
}

}  // namespace
}  // namespace chatd::client
