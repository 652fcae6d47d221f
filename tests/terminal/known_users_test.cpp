// SPDX-License-Identifier: GPL-3.0-or-later
// Users that are known from an earlier run.
#include "tests/terminal/chat_on_screen.hpp"

namespace chatd::test {
namespace {

class KnownUsersOnScreen : public ChatOnScreen {
 protected:
  // A run of ada's in which bob writes.
  void meet_bob() {
    bob_.enter();
    start();
    bob_.say("hello");
    ASSERT_TRUE(has_line("bob: hello"));
    end();
    bob_.member().quit(mono_now());
    (void)bob_.await<client::Ended>();
  }
  void end() const {
    screen_.enter("quit");
    ASSERT_TRUE(screen_.ends_with("$"));
  }
  [[nodiscard]] std::string file() const { return screen_.folder() + "/uchat/known_users"; }
  NativeClient bob_{daemon_.endpoint(), {.name = "bob"}};
};

TEST_F(KnownUsersOnScreen, AnotherKeyThanInAnEarlierRunIsShownOnce) {
  meet_bob();
  NativeClient other{daemon_.endpoint(), {.name = "bob"}};
  other.enter();
  start();
  ASSERT_TRUE(screen_.shows("! bob has another key than on 20"));
  end();
  start();
  other.say("hello again");
  ASSERT_TRUE(has_line("bob: hello again"));
  const std::string history = screen_.history();
  EXPECT_EQ(history.find("another key"), history.rfind("another key"));
}

TEST_F(KnownUsersOnScreen, ABrokenLineIsNamed) {
  meet_bob();
  write_file(file(), file_text(file()) + "broken\n");
  start();
  EXPECT_TRUE(screen_.shows("/uchat/known_users:2:"));
}

}  // namespace
}  // namespace chatd::test
