// SPDX-License-Identifier: GPL-3.0-or-later
// The dialogue about another user.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/terminal/dialogue_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;

class DialogueWhois : public DialogueTest {};

TEST_F(DialogueWhois, ShowsTheAnswer) {
  join_room();
  type("/whois bob");
  EXPECT_EQ(one_order<AskMember>(), AskMember{"bob"});
  EXPECT_EQ(dialogue_.take_text(), "");
  report(MemberAbout{.name = "bob", .list = "name\tBob\nprotocol\ttext\nroom\tlab"});
  EXPECT_EQ(dialogue_.take_text(),
            "-- ~Bob\n   a text client: no key proves the name\n   in #lab\n");
}

TEST_F(DialogueWhois, NeedsANameAndAConnection) {
  type("/whois bob");
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("not connected yet"));
  type("/whois");
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("usage: /whois NAME"));
}

TEST_F(DialogueWhois, OrdersToBeAwayInEachRoom) {
  join_room();
  type("/away lunch");
  const auto post = one_order<Post>();
  EXPECT_EQ(post.message, Message{SetAway{"lunch"}});
  EXPECT_EQ(prompt(), "(sending 1) ada> ");
  report(MemberAway{.text = "lunch"});
  report(Confirmed{post.number});
  EXPECT_EQ(dialogue_.take_text(), "-- you are away: lunch\n");
  EXPECT_EQ(prompt(), "ada> ");
  enter_room("lab", 1);
  type("/away");
  EXPECT_EQ(one_order<Post>().message, Message{SetAway{}});
}

TEST_F(DialogueWhois, ATextAboutBeingAwayThatIsTooLongIsNotSent) {
  join_room();
  type("/away " + std::string(121, 'x'));
  EXPECT_TRUE(dialogue_.take_orders().empty());
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("too long by 1 of its 121 characters"));
}

}  // namespace
}  // namespace chatd::client
