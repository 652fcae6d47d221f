// SPDX-License-Identifier: GPL-3.0-or-later
// The start of uchat as the user sees it on a terminal.
#include <filesystem>

#include "tests/terminal/chat_on_screen.hpp"

namespace chatd::test {
namespace {

class Starting : public ChatOnScreen {
 protected:
  void write_config(std::string_view beginning) const {
    std::filesystem::create_directory(screen_.folder() + "/uchat");
    write_file(screen_.folder() + "/uchat/config.toml", std::string{beginning} +
                                                            "[servers.lab]\naddress = \"" +
                                                            to_text(daemon_.endpoint()) + "\"\n");
  }
};

TEST_F(Starting, GoesToTheDefaultServerAndJoinsTheRoomsOfTheFile) {
  ASSERT_EQ(daemon_.ctl({"room", "make", "course"}).status, 0);
  write_config("server = \"lab\"\nname = \"ada\"\nrooms = [\"course\", \"none\"]\n");
  screen_.enter("$CHAT");
  EXPECT_TRUE(screen_.shows("you are in #course"));
  EXPECT_TRUE(screen_.shows("! not done: there is no such room: /join none"));
  screen_.enter("hello");
  EXPECT_TRUE(screen_.shows("ada: hello")) << "in the room of the server";
  screen_.enter("/2");
  EXPECT_TRUE(screen_.ends_with("#course ada>"));
}

// The session process must not take it for a crash.
TEST_F(Starting, CanBeLeftWhileItConnects) {
  const auto leave = [this](int round) {
    if (round == 0) screen_.press("C-c");
    if (round == 1) screen_.press("C-d");
    if (round == 2) screen_.enter("/quit");
    if (round == 3) screen_.enter("quit");
  };
  for (int round = 0; round < 4; ++round) {
    screen_.enter("$CHAT --wait ada@127.0.0.1:1; echo round $((round++)) ended with $?");
    ASSERT_TRUE(screen_.ends_with("[connecting] ada>")) << round;
    leave(round);
    ASSERT_TRUE(screen_.has_row("round " + std::to_string(round) + " ended with 0"));
  }
  EXPECT_EQ(screen_.history().find("unexpectedly"), std::string::npos);
}

TEST_F(Starting, AsksOnceWhetherTheKeyOfAnUnknownServerIsRight) {
  const Screen first;
  first.enter("$CHAT " + target("ada"));
  ASSERT_TRUE(first.shows("! first contact with 127.0.0.1:"));
  ASSERT_TRUE(first.ends_with("is that its key (yes/no)?"));
  EXPECT_THAT(first.history(), ::testing::HasSubstr(fingerprint()));
  EXPECT_TRUE(daemon_.names().empty()) << "it is asked before the user is in the room";
  first.enter("yes");
  ASSERT_TRUE(first.ends_with("ada>"));
  EXPECT_TRUE(first.shows("-- the key of the server is kept in "));
  first.press("C-d");
  ASSERT_TRUE(first.ends_with("$"));
  first.enter("clear");
  first.enter("$CHAT " + target("ada"));
  ASSERT_TRUE(first.ends_with("ada>"));
  for (const std::string& row : first.rows()) {
    EXPECT_EQ(row.find("first contact"), std::string::npos) << row;
  }
}

TEST_F(Starting, DoesNotKeepAKeyThatIsNotTheRightOne) {
  const Screen first;
  first.enter("$CHAT " + target("ada"));
  ASSERT_TRUE(first.ends_with("is that its key (yes/no)?"));
  first.enter("no");
  EXPECT_TRUE(first.shows("is new, and was not confirmed"));
  first.enter("echo status=$?");
  EXPECT_TRUE(first.has_row("status=19"));
  EXPECT_FALSE(std::filesystem::exists(first.folder() + "/uchat/known_servers"));
}

TEST_F(Starting, ShowsEachMistakeOfTheFileAndEnds) {
  write_config("sever = \"lab\"\nbell = 1\n");
  screen_.enter("$CHAT lab");
  EXPECT_TRUE(ended_with(2));
  const std::string all = screen_.history();
  EXPECT_THAT(all, ::testing::HasSubstr(":1: sever: unknown key; did you mean server?"));
  EXPECT_THAT(all, ::testing::HasSubstr(":2: bell: "));
}

}  // namespace
}  // namespace chatd::test
