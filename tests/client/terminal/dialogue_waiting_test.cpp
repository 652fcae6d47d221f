// SPDX-License-Identifier: GPL-3.0-or-later
// Lines that are typed before the first login, and while the server is away.
#include <variant>
#include <vector>

#include <gmock/gmock.h>

#include "tests/client/terminal/dialogue_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(DialogueTest, KeepsLinesUntilTheLogin) {
  dialogue_.start();
  (void)dialogue_.take_orders();
  type("hello\nagain");
  type("/msg bob psst");
  EXPECT_EQ(dialogue_.take_text(), "");
  EXPECT_THAT(prompt(), HasSubstr("(sending 3)"));
  type("/users");
  EXPECT_EQ(dialogue_.take_text(), "! not connected yet\n");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  report(joined("ada"));
  std::vector<Message> sent;
  for (const Order& order : dialogue_.take_orders()) {
    if (const auto* post = std::get_if<Post>(&order)) sent.push_back(post->message);
  }
  EXPECT_THAT(sent, ElementsAre(Message{Say{"hello"}}, Message{Say{"again"}},
                                Message{Direct{"bob", "psst"}}));
}

TEST_F(DialogueTest, GivesBackTheLinesThatWaitForALoginThatFails) {
  dialogue_.start();
  type("hello");
  dialogue_.on_session_lost("signal 9");
  EXPECT_EQ(dialogue_.take_text(), "! not sent: not connected yet: hello\n");
}

TEST_F(DialogueTest, ShowsTheUsersThatWereAskedForBeforeANewSession) {
  join_room();
  report(Reconnecting{});
  type("/users");
  (void)dialogue_.take_text();
  report(joined("ada"));
  (void)dialogue_.take_text();
  report(users("ada\nbob"));
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("2 here:"));
  report(users("ada\nbob"));
  EXPECT_EQ(dialogue_.take_text(), "") << "once";
}

TEST_F(DialogueTest, SendsNoBlankAtTheEndOfAPartOfALongText) {
  join_room();
  LimitsChanged limits{};
  limits.max_text = 10;
  report(limits);
  type("hello you and me");
  for (const Message& message : messages()) {
    EXPECT_FALSE(std::get<Say>(message).text.ends_with(' ')) << std::get<Say>(message).text;
  }
}

}  // namespace
}  // namespace chatd::client
