// SPDX-License-Identifier: GPL-3.0-or-later
// The output of uchat on a terminal while it reads a pipe.
#include <string>

#include "tests/terminal/chat_on_screen.hpp"

namespace chatd::test {
namespace {

class PipeOnScreen : public ChatOnScreen {};

TEST_F(PipeOnScreen, ShowsTheProgressOfALongInputAndRemovesIt) {
  screen_.enter("seq 45 | $CHAT " + target("ada") + " >/dev/null; echo the end");
  EXPECT_TRUE(screen_.shows(" messages sent, "));
  ASSERT_TRUE(screen_.has_row("the end"));
  EXPECT_EQ(screen_.history().find(" messages sent, "), std::string::npos);
}

TEST_F(PipeOnScreen, PrintsMessagesOfOthersInRowsOfTheirOwn) {
  NativeClient bob{daemon_.endpoint(), {.name = "bob"}};
  bob.enter();
  screen_.enter("seq 45 | $CHAT " + target("ada") + "; echo the end");
  ASSERT_TRUE(screen_.shows(" messages sent, "));
  bob.say("hello");
  EXPECT_TRUE(has_line("bob: hello"));
  ASSERT_TRUE(screen_.has_row("the end"));
  EXPECT_EQ(screen_.history().find(" messages sent, "), std::string::npos);
}

}  // namespace
}  // namespace chatd::test
