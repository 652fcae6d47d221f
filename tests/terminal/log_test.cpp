// SPDX-License-Identifier: GPL-3.0-or-later
// The log of a conversation.
#include "tests/terminal/chat_on_screen.hpp"

namespace chatd::test {
namespace {

class LogOfAConversation : public ChatOnScreen {
 protected:
  // The log, with "TIME" in place of the date and the time, and without the room.
  [[nodiscard]] std::string log() const {
    static const std::regex kTime{"(^|\n)[-0-9]{10} [0-9]{2}:[0-9]{2}:[0-9]{2} "};
    static const std::regex kRoom{" #[^ ]* "};
    const std::string text = std::regex_replace(file_text(path_), kTime, "$1TIME ");
    return std::regex_replace(text, kRoom, " ");
  }
  void start_with_log() {
    screen_.enter("$CHAT --log " + path_ + " " + target("ada"));
    ASSERT_TRUE(screen_.ends_with("ada>"));
  }
  NativeClient bob_{daemon_.endpoint(), {.name = "bob"}};
  const std::string path_{screen_.folder() + "/log"};
};

TEST_F(LogOfAConversation, HasTheLinesWithoutColours) {
  bob_.enter();
  bob_.say("old");
  bob_.await_line("bob: old");
  start_with_log();
  bob_.say("good morning");
  ASSERT_TRUE(has_line("bob: good morning"));
  screen_.enter("hello, bob");
  ASSERT_TRUE(has_line("ada: hello, bob ✓"));
  screen_.enter("quit");
  ASSERT_TRUE(screen_.ends_with("$"));
  EXPECT_THAT(log(), ::testing::EndsWith("TIME [earlier] bob: old\n"
                                         "TIME bob: good morning\n"
                                         "TIME ada: hello, bob ✓\n"));
  EXPECT_EQ(file_text(path_).find('\x1b'), std::string::npos);
}

TEST_F(LogOfAConversation, OneProgramWritesToIt) {
  start_with_log();
  screen_.press("C-z");
  ASSERT_TRUE(screen_.shows("Stopped"));
  screen_.enter("$CHAT --log " + path_ + " " + target("ada2"));
  EXPECT_TRUE(screen_.has_row("uchat: another program writes to the log " + path_));
  EXPECT_TRUE(ended_with(1));
  screen_.enter("fg");
  EXPECT_TRUE(screen_.ends_with("ada>"));
}

TEST_F(LogOfAConversation, AFileThatCannotBeWrittenIsOneWarning) {
  start();  // makes the key of the user
  screen_.enter("quit");
  ASSERT_TRUE(screen_.ends_with("$"));
  screen_.enter("clear; ulimit -f 0");
  start_with_log();
  bob_.enter();
  bob_.say("one");
  EXPECT_TRUE(screen_.shows("! the log cannot be written"));
  bob_.say("two");
  EXPECT_TRUE(has_line("bob: two"));
  const std::string all = screen_.history();
  EXPECT_EQ(all.find("! the log cannot be written"), all.rfind("! the log cannot be written"));
}

}  // namespace
}  // namespace chatd::test
