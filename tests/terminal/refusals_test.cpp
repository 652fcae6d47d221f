// SPDX-License-Identifier: GPL-3.0-or-later
// Refusals and removals by the server, as the user sees them on a terminal.
#include "tests/terminal/chat_on_screen.hpp"

namespace chatd::test {
namespace {

class Refusals : public ChatOnScreen {};

TEST_F(Refusals, ATakenNameIsFollowedByAQuestionForAnother) {
  NativeClient other{daemon_.endpoint(), {.name = "ada"}};
  other.enter();
  screen_.enter("$CHAT " + target("ada"));
  ASSERT_TRUE(screen_.has_row("! the name ada is taken"));
  ASSERT_TRUE(screen_.ends_with("another name:"));
  screen_.enter("ada2");
  EXPECT_TRUE(screen_.shows("as ada2"));
  EXPECT_TRUE(screen_.ends_with("ada2>"));
}

TEST_F(Refusals, AKickIsOneLineAndTheTypedTextIsShown) {
  start();
  screen_.type("half a line");
  ASSERT_TRUE(screen_.ends_with("ada> half a line"));
  EXPECT_EQ(daemon_.ctl({"kick", "ada", "enough"}).status, 0);
  EXPECT_TRUE(screen_.has_row("! not sent: it was not entered yet: half a line"));
  EXPECT_TRUE(screen_.has_row("uchat: you were removed from the server: enough"));
  EXPECT_TRUE(ended_with(12));
}

// The texts of the server, of which the user's sentences are made.
TEST_F(Refusals, AMuteAndABanAreShownWithTheirEndAndReason) {
  start();
  ASSERT_EQ(daemon_.ctl({"mute", "ada", "--for", "1h", "--reason", "too loud"}).status, 0);
  screen_.enter("hello");
  EXPECT_TRUE(screen_.shows("! not sent: you are muted until 20"));
  EXPECT_TRUE(screen_.shows(": too loud: hello"));
  ASSERT_EQ(daemon_.ctl({"ban", "ada", "--reason", "enough"}).status, 0);
  EXPECT_TRUE(screen_.has_row("uchat: you were removed from the server: banned: enough"));
  EXPECT_TRUE(ended_with(12));
  screen_.enter("$CHAT --language zh " + target("ada"));
  EXPECT_TRUE(screen_.has_row("uchat: 你已被禁止进入 " + to_text(daemon_.endpoint()) + "：enough"));
  EXPECT_TRUE(ended_with(21));
}

TEST_F(Refusals, TheFileWithTheKeyIsShownOnce) {
  start();
  EXPECT_TRUE(screen_.shows("-- the key of the server is kept in "));
  screen_.press("C-d");
  ASSERT_TRUE(screen_.ends_with("$"));
  screen_.enter("clear");
  start();
  for (const std::string& row : screen_.rows()) {
    EXPECT_EQ(row.find("is kept in"), std::string::npos) << row;
  }
}

TEST_F(Refusals, AChangedKeyIsRefusedWithTheLineOfTheFile) {
  const std::string server = to_text(daemon_.endpoint());
  std::filesystem::create_directory(screen_.folder() + "/uchat");
  write_file(screen_.folder() + "/uchat/known_servers",
             "# mine\n" + server + " AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
  screen_.enter("$CHAT " + target("ada"));
  ASSERT_TRUE(screen_.shows("uchat: the key of " + server + " is not the known one: line 2 of "));
  EXPECT_TRUE(ended_with(6));
}

TEST_F(Refusals, AnotherTerminalOfTheUserEndsThisOneOnlyByACommand) {
  start();
  Screen other;
  other.enter("XDG_CONFIG_HOME=" + screen_.folder() + " $CHAT " + target("ada"));
  EXPECT_TRUE(other.shows("-- connected to "));
  EXPECT_TRUE(screen_.shows("you are in with another program, from 127.0.0.1"));
  other.enter("hello from the other one");
  EXPECT_TRUE(screen_.shows("hello from the other one"));
  other.enter("/programs end 7");
  EXPECT_TRUE(other.shows("you have no other program of that number here"));
  other.enter("/programs");
  EXPECT_TRUE(other.shows("2 programs"));
  other.enter("/programs end 0");  // the number of the first session of the server
  EXPECT_TRUE(screen_.shows("uchat: another program of ada has ended this one"));
  EXPECT_TRUE(ended_with(22));
}

TEST_F(Refusals, ShowsMessagesInChinese) {
  Screen chinese{80, 40, "zh_CN.UTF-8"};
  chinese.enter("$CHAT --language zh " + target("小明"));
  ASSERT_TRUE(chinese.ends_with("密钥正确吗（yes/no）？"));
  chinese.enter("是");
  EXPECT_TRUE(chinese.shows("你的名字是 小明"));
  EXPECT_TRUE(chinese.ends_with("小明>"));
  chinese.enter("/help");
  EXPECT_TRUE(chinese.shows("列出聊天室成员"));
}

TEST(Passwords, AreAskedForAndNotShown) {
  TempDir directory;
  write_secret_file(directory / "password", "open sesame\n");
  DaemonUnderTest daemon{
      {.config = "[room]\npassword_file = \"" + directory / "password" + "\"\n"}};
  Screen screen;
  screen.enter("$CHAT ada@" + to_text(daemon.endpoint()));
  ASSERT_TRUE(screen.ends_with("password:"));
  screen.enter("wrong");
  ASSERT_TRUE(screen.shows("! first contact with 127.0.0.1:"));
  ASSERT_TRUE(screen.ends_with("is that its key (yes/no)?"));
  screen.enter("yes");
  ASSERT_TRUE(screen.shows("! the password is not right"));
  ASSERT_TRUE(screen.ends_with("password:"));
  screen.enter("open sesame");
  EXPECT_TRUE(screen.ends_with("ada>"));
  EXPECT_EQ(screen.history().find("sesame"), std::string::npos);
}

}  // namespace
}  // namespace chatd::test
