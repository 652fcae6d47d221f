// SPDX-License-Identifier: GPL-3.0-or-later
// Members without a key, and names that belong to another person than before.
#include "tests/support/text_client.hpp"
#include "tests/terminal/chat_on_screen.hpp"

namespace chatd::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class TextMembers : public ChatOnScreen {
 protected:
  void leave(NativeClient& client) {
    client.member().quit(mono_now());
    (void)client.await<client::Ended>();
  }
  NativeClient bob_{daemon_.endpoint(), {.name = "bob"}};
  TextClient text_{daemon_.endpoint(), TextClient::Kind::lines};
};

TEST_F(TextMembers, AreMarkedInEachLineAndInTheList) {
  bob_.enter();
  text_.enter("tex");
  text_.send("C from before");
  bob_.await_line("tex: from before");
  start();
  EXPECT_TRUE(has_line("~tex: from before"));
  EXPECT_TRUE(screen_.has_row("-- 3 here, 1 without a key (~), not encrypted:"));
  EXPECT_TRUE(screen_.has_row("ada   bob   ~tex"));
  text_.send("C hello");
  EXPECT_TRUE(has_line("~tex: hello"));
  bob_.say("hello");
  EXPECT_TRUE(has_line("bob: hello"));
  text_.send("Q");
  EXPECT_TRUE(has_line("-- ~tex left"));
}

TEST_F(TextMembers, AreWarnedOfUnderTheNameOfAKey) {
  bob_.enter();
  start();
  leave(bob_);
  ASSERT_TRUE(has_line("-- bob left"));
  text_.enter("bob");
  text_.send("C I am bob, really");
  ASSERT_TRUE(has_line("~bob: I am bob, really"));
  EXPECT_THAT(timeless(screen_.history()),
              HasSubstr("! ~bob had a key before and has none now: it may be another person\n"
                        "TIME -- ~bob joined\nTIME ~bob: I am bob, really\n"));
}

TEST_F(TextMembers, AnotherKeyUnderANameIsShownBeforeItsFirstLine) {
  bob_.enter();
  start();
  leave(bob_);
  ASSERT_TRUE(has_line("-- bob left"));
  NativeClient other{daemon_.endpoint(), {.name = "bob"}};
  other.enter();
  other.say("hello");
  ASSERT_TRUE(has_line("bob: hello"));
  EXPECT_THAT(timeless(screen_.history()),
              HasSubstr("! bob has another key than before: it may be another person\n"
                        "TIME -- bob joined\nTIME bob: hello\n"));
}

TEST_F(TextMembers, NoWarningFollowsTheSameKey) {
  bob_.enter();
  start();
  leave(bob_);
  ASSERT_TRUE(has_line("-- bob left"));
  NativeClient again{daemon_.endpoint(), {.name = "bob", .identity = bob_.identity()}};
  again.enter();
  again.say("hello again");
  ASSERT_TRUE(has_line("bob: hello again"));
  EXPECT_THAT(screen_.history(), Not(HasSubstr("another person")));
}

}  // namespace
}  // namespace chatd::test
