// SPDX-License-Identifier: GPL-3.0-or-later
// A conversation as the user sees it on a terminal.
#include "tests/terminal/chat_on_screen.hpp"

namespace chatd::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Conversation : public ChatOnScreen {
 protected:
  NativeClient bob_{daemon_.endpoint(), {.name = "bob"}};
};

TEST_F(Conversation, ShowsMessagesAboveTheInputLine) {
  bob_.enter();
  bob_.say("早上好");
  start();
  EXPECT_TRUE(has_line("bob: 早上好")) << "a message of the replay";
  screen_.type("half a li");
  bob_.say("你好，ada 😀");
  EXPECT_TRUE(has_line("» bob: 你好，ada 😀"));
  EXPECT_TRUE(screen_.ends_with("ada> half a li"));
  screen_.enter("ne");
  bob_.await_line("ada: half a line");
  EXPECT_TRUE(has_line("ada: half a line ✓"));
  EXPECT_TRUE(screen_.ends_with("ada>"));
  screen_.enter("/me 挥手");
  bob_.await_line("* ada 挥手");
  EXPECT_TRUE(has_line("* ada 挥手 ✓"));
}

TEST_F(Conversation, MarksTheReplay) {
  bob_.enter();
  bob_.say("old");
  start();
  bob_.say("new");
  ASSERT_TRUE(has_line("bob: new"));
  const std::string all = timeless(screen_.history());
  const auto earlier = all.find("---- earlier ----");
  const auto now = all.find("---- now ----");
  ASSERT_NE(earlier, std::string::npos);
  ASSERT_NE(now, std::string::npos);
  EXPECT_LT(earlier, all.find("bob: old"));
  EXPECT_LT(all.find("bob: old"), now);
  EXPECT_LT(now, all.find("bob: new"));
}

TEST_F(Conversation, ShowsJoinsLeavesAndAnnouncements) {
  start();
  bob_.enter();
  EXPECT_TRUE(has_line("-- bob joined"));
  EXPECT_EQ(daemon_.ctl({"announce", "tea is ready"}).status, 0);
  EXPECT_TRUE(has_line("[admin] tea is ready"));
  bob_.member().quit(mono_now());
  (void)bob_.await<client::Ended>();
  EXPECT_TRUE(has_line("-- bob left"));
}

TEST_F(Conversation, JoinsThatComeTogetherAreOneLine) {
  start();
  NativeClient cy{daemon_.endpoint(), {.name = "cy"}};
  NativeClient dan{daemon_.endpoint(), {.name = "dan"}};
  NativeClient eve{daemon_.endpoint(), {.name = "eve"}};
  for (NativeClient* const client : {&bob_, &cy, &dan, &eve}) client->enter();
  bob_.say("all are here");
  ASSERT_TRUE(has_line("bob: all are here"));
  const std::string all = timeless(screen_.history());
  const std::regex line{"\nTIME -- [^\n]* joined\n(?=TIME bob: all are here\n)"};
  EXPECT_TRUE(std::regex_search(all, line)) << all;
  EXPECT_EQ(all.find("TIME -- eve joined"), std::string::npos) << "she came with the others";
}

TEST_F(Conversation, AQuietConversationHasNoJoinsAndLeaves) {
  screen_.enter("$CHAT --quiet " + target("ada"));
  ASSERT_TRUE(screen_.ends_with("ada>"));
  bob_.enter();
  bob_.say("hello");
  ASSERT_TRUE(has_line("bob: hello"));
  screen_.enter("/quiet off");
  ASSERT_TRUE(screen_.has_row("-- joins and leaves are shown from now on"));
  bob_.member().quit(mono_now());
  (void)bob_.await<client::Ended>();
  EXPECT_TRUE(has_line("-- bob left"));
  EXPECT_EQ(screen_.history().find("bob joined"), std::string::npos);
}

TEST_F(Conversation, MarksTheFirstLineThatCameWithoutTheFocus) {
  bob_.enter();
  start();
  bob_.say("read");
  ASSERT_TRUE(has_line("bob: read"));
  screen_.type("\x1b[O");  // the window has lost the focus
  screen_.type("draft");
  ASSERT_TRUE(screen_.ends_with("ada> draft"));
  bob_.say("unread");
  bob_.say("unread as well");
  ASSERT_TRUE(has_line("bob: unread as well"));
  screen_.type("\x1b[I");
  screen_.enter(" and text");
  ASSERT_TRUE(has_line("ada: draft and text ✓"));
  bob_.say("read again");
  ASSERT_TRUE(has_line("bob: read again"));
  EXPECT_THAT(timeless(screen_.history()),
              HasSubstr("TIME bob: read\n---- new ----\nTIME bob: unread\nTIME bob: unread as "
                        "well\nTIME ada: draft and text ✓\nTIME bob: read again\n"));
}

TEST_F(Conversation, CountsUnreadMessagesOfOtherRoomsBeforeTheInputLine) {
  bob_.enter();
  start();
  screen_.enter("/make lab");
  ASSERT_TRUE(screen_.ends_with("#lab ada>"));
  screen_.type("draft");
  bob_.say("hello");
  ASSERT_TRUE(screen_.shows(" 1] #lab ada> draft"));
  bob_.say("ada?");
  ASSERT_TRUE(screen_.shows(" 2!] #lab ada> draft"));
  screen_.press("M-1");
  ASSERT_TRUE(screen_.shows(" ada> draft"));
  EXPECT_TRUE(eventually([&] { return screen_.last().find(']') == std::string::npos; }));
}

TEST_F(Conversation, ShowsTheLastLinesAgain) {
  bob_.enter();
  start();
  for (int i = 0; i < 30; ++i) bob_.say("number " + std::to_string(i));
  ASSERT_TRUE(has_line("bob: number 29"));
  screen_.enter("/last NUMBER 7");
  ASSERT_TRUE(screen_.shows("-- the last lines with \"NUMBER 7\":"));
  EXPECT_TRUE(eventually([&] {
    static const std::regex kLine{"\n20[-0-9: ]{17} #[^\n]* bob: number 7\n"};
    return std::regex_search(screen_.history(), kLine);
  }));
  EXPECT_TRUE(screen_.ends_with("ada>"));
}

TEST_F(Conversation, SendsAndShowsDirectMessages) {
  bob_.enter();
  start();
  screen_.enter("/msg bob psst");
  EXPECT_TRUE(has_line("[to bob] psst ✓"));
  bob_.pump_until([&] {
    return !bob_.lines().empty() && bob_.lines().back().find("psst") != std::string::npos;
  });
  bob_.member().write_to("ada", "what?", mono_now());
  bob_.pump_until([&] { return bob_.member().unconfirmed() == 0; });
  EXPECT_TRUE(has_line("[from bob] what?"));
  screen_.enter("/msg nobody hello");
  EXPECT_TRUE(screen_.has_row("! not sent: nobody named nobody is here: /msg nobody hello"));
}

TEST_F(Conversation, GoesOnUnderAnotherName) {
  bob_.enter();
  start();
  screen_.enter("/nick bob");
  ASSERT_TRUE(screen_.has_row("! the name bob is taken; you are still ada"));
  screen_.type("/nick eve\nhello\nhalf a line");
  bob_.await_line("eve: hello");
  ASSERT_TRUE(screen_.has_row("-- you are eve now"));
  EXPECT_TRUE(has_line("eve: hello ✓"));
  EXPECT_TRUE(screen_.ends_with("eve> half a line"));
  bob_.await_line("-ada");
  bob_.say("goodbye to ada");
  EXPECT_TRUE(has_line("bob: goodbye to ada"));
  EXPECT_THAT(screen_.history(), Not(HasSubstr("ada left")));
}

TEST_F(Conversation, AnotherNameOfAMemberIsOneLine) {
  bob_.enter();
  start();
  bob_.member().rename("eve", mono_now());
  bob_.pump_until([&] { return daemon_.names() == std::vector<std::string>{"ada", "eve"}; });
  EXPECT_TRUE(has_line("-- bob is now eve"));
  EXPECT_THAT(screen_.history(), Not(HasSubstr("eve joined")));
  EXPECT_THAT(screen_.history(), Not(HasSubstr("bob left")));
}

TEST_F(Conversation, CompletesNames) {
  bob_.enter();
  start();
  screen_.type("bo");
  screen_.press("Tab");
  EXPECT_TRUE(screen_.ends_with("ada> bob:"));
  screen_.type("hi");  // the completion has added a blank
  screen_.press("Enter");
  bob_.await_line("ada: bob: hi");
  screen_.type("/us");
  screen_.press("Tab");
  EXPECT_TRUE(screen_.ends_with("ada> /users"));
  screen_.press("Enter");
  EXPECT_TRUE(screen_.has_row("ada  bob"));
}

TEST_F(Conversation, AcceptsALongLineOfChinese) {
  bob_.enter();
  start();
  std::string text;
  for (int i = 0; i < 60; ++i) text += "长话";
  screen_.type(text);
  // The prompt has 5 columns, 37 characters follow in the first row, the rest is below.
  ASSERT_TRUE(screen_.shows("ada> " + text.substr(0, std::size_t{37} * 3)));
  bob_.say("in between");
  ASSERT_TRUE(has_line("bob: in between"));
  screen_.press("Enter");
  bob_.await_line("ada: " + text);
  EXPECT_TRUE(has_divided_line("ada: " + text + " ✓"));
  EXPECT_TRUE(screen_.ends_with("ada>"));
  const std::string all = screen_.history();
  EXPECT_EQ(all.find("> 长话"), std::string::npos) << "a rest of the typed line: " << all;
}

TEST_F(Conversation, SendsPastedLinesOneByOne) {
  bob_.enter();
  start();
  screen_.paste("first\n/quit\nlast");
  screen_.press("Enter");
  bob_.await_line("ada: first");
  bob_.await_line("ada: /quit");
  bob_.await_line("ada: last");
  EXPECT_TRUE(screen_.ends_with("ada>"));
}

// As on a terminal that does not mark pastes.
TEST_F(Conversation, DoesNotCarryOutCommandsOfAPasteWithoutMarks) {
  bob_.enter();
  start();
  screen_.type("first\n/quit\nlast\n");
  ASSERT_TRUE(screen_.ends_with("last"));
  screen_.press("Enter");
  bob_.await_line("ada: first");
  bob_.await_line("ada: /quit");
  bob_.await_line("ada: last");
  EXPECT_TRUE(screen_.ends_with("ada>"));
}

TEST_F(Conversation, ShowsMessagesAboveALineThatIsHigherThanTheWindow) {
  bob_.enter();
  start();
  std::string pasted;
  for (int i = 1; i <= 30; ++i) pasted += "row " + std::to_string(i) + (i < 30 ? "\n" : "");
  screen_.paste(pasted);
  ASSERT_TRUE(screen_.ends_with("row 30"));
  bob_.say("do you see this?");
  ASSERT_TRUE(screen_.shows("bob: do you see this?"));
  EXPECT_TRUE(screen_.has_row("ada> [30 lines]"));
  screen_.press("C-u");
  EXPECT_TRUE(screen_.ends_with("ada>"));
  screen_.press("C-y");
  ASSERT_TRUE(screen_.ends_with("row 30"));
  screen_.press("Enter");
  ASSERT_TRUE(screen_.ends_with("send 30 lines? Enter sends them, Ctrl-C clears them:"));
  screen_.press("C-c");
  ASSERT_TRUE(screen_.ends_with("ada>"));
  screen_.press("Up");
  ASSERT_TRUE(screen_.ends_with("row 30"));
  screen_.press("Enter");
  ASSERT_TRUE(screen_.shows("send 30 lines?"));
  screen_.press("Enter");
  for (int i = 1; i <= 30; ++i) bob_.await_line("ada: row " + std::to_string(i));
  screen_.press("Up");
  ASSERT_TRUE(screen_.has_row("ada> [30 lines]"));
  screen_.press("Down");
  EXPECT_TRUE(screen_.ends_with("ada>"));
  const std::string all = screen_.history();
  EXPECT_EQ(all.find("[30 lines]"), std::string::npos) << "a rest of the typed line: " << all;
}

TEST_F(Conversation, SendsALineThatIsTooLongAsSeveralMessages) {
  bob_.enter();
  start();
  std::string text;
  for (int i = 0; i < 301; ++i) text += "话";
  screen_.enter(text);  // 903 bytes; a message has 900
  bob_.await_line("ada: " + text.substr(0, 900));
  bob_.await_line("ada: 话");
  EXPECT_TRUE(has_line("ada: 话 ✓"));
}

TEST_F(Conversation, ControlCClearsTheLineAndUpRecallsIt) {
  bob_.enter();
  start();
  screen_.type("half a draft");
  ASSERT_TRUE(screen_.ends_with("ada> half a draft"));
  screen_.press("C-c");
  ASSERT_TRUE(screen_.ends_with("ada>"));
  screen_.press("Up");
  ASSERT_TRUE(screen_.ends_with("ada> half a draft"));
  screen_.press("Enter");
  bob_.await_line("ada: half a draft");
  ASSERT_TRUE(screen_.ends_with("ada>"));
  screen_.press("C-c");
  EXPECT_TRUE(screen_.has_row("-- you have left"));
  EXPECT_TRUE(ended_with(0));
}

TEST_F(Conversation, KeepsAMistypedCommandInTheHistory) {
  bob_.enter();
  start();
  // All lines at once: a user who types before the answers come.
  screen_.type("/mgs bob psst\n/me waves\nhel");
  bob_.await_line("* ada waves");
  ASSERT_TRUE(screen_.shows("! not sent: there is no command /mgs"));
  EXPECT_TRUE(screen_.ends_with("ada> hel"));
  screen_.enter("lo");
  bob_.await_line("ada: hello");
  for (int i = 0; i < 3; ++i) screen_.press("Up");
  EXPECT_TRUE(screen_.ends_with("ada> /mgs bob psst"));
}

TEST_F(Conversation, KeepsTheTypedLineAfterAResize) {
  bob_.enter();
  start();
  screen_.type("typed before the window was made smaller");
  ASSERT_TRUE(screen_.ends_with("ada> typed before the window was made smaller"));
  screen_.resize(30, 10);
  ASSERT_TRUE(screen_.shows("made smaller"));
  bob_.say("a line that is longer than thirty columns");
  ASSERT_TRUE(screen_.has_row("      columns"));
  screen_.press("Enter");
  bob_.await_line("ada: typed before the window was made smaller");
  EXPECT_TRUE(screen_.ends_with("ada>"));
  screen_.resize(100, 24);
  screen_.enter("wide again");
  EXPECT_TRUE(has_line("ada: wide again ✓"));
  EXPECT_TRUE(screen_.ends_with("ada>"));
}

TEST_F(Conversation, EscapeSequencesInMessagesDoNotReachTheTerminal) {
  start();
  bob_.enter();
  bob_.say("\x1b]0;owned\x07\x1b[2J");
  EXPECT_TRUE(screen_.shows("bob: "));
  EXPECT_TRUE(screen_.shows("-- connected to")) << "not cleared";
}

// After each hostile text bob says a harmless line. These lines must be in their place, with ada's
// half line below them.
TEST_F(Conversation, HostileTextDoesNotChangeOtherLines) {
  std::string stacked_marks = "z";
  for (int i = 0; i < 100; ++i) stacked_marks += "\u0301\u0328";
  const std::vector<std::string> hostile{
      "\x1b[2J\x1b[H\x1b[31mred\x1b]0;title\x07",  // terminal escapes
      "\x1bP+q544e\x1b\\ \x1b[6n \x1b[?1049h",     // queries to the terminal, another screen
      "\xc2\x9b"
      "2J \xc2\x9d"
      "0;title\xc2\x9c",                               // the same as C1 controls
      "a\rb\bc\x0b\x0c\x7f",                           // control characters
      "\u202eevil\u202c \u2066isolated\u2069 \u200f",  // bidi controls
      "a\u200bb\u200dc\ufeffd\u00ade\u2060f",          // zero width
      stacked_marks,                                   // many combining marks
      "\xc0\xaf\xe0\x80\xaf overlong",                 // not UTF-8: the server refuses these
      "\xed\xa0\x80\xed\xbf\xbf surrogates",
      "\xf4\x90\x80\x80 beyond",
      "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字"
      "漢字漢字漢字",
      "👩‍👩‍👧‍👦🏳️‍🌈👍🏽 é \u3164 \u2800",  // emoji, fillers
      "bob: not me\n-- ada left\n[admin] obey",                            // forged lines
  };
  start();
  bob_.enter();
  screen_.type("half a line");
  int words = 0;
  for (const std::string& text : hostile) {
    bob_.member().say(text, mono_now());
    bob_.say("word " + std::to_string(++words));
    EXPECT_TRUE(has_line("bob: word " + std::to_string(words))) << words;
    EXPECT_TRUE(screen_.ends_with("ada> half a line")) << words << ": " << screen_.last();
  }
  const std::string all = screen_.history();
  EXPECT_THAT(all, HasSubstr("-- connected to")) << "cleared";
  EXPECT_THAT(all, Not(HasSubstr("\n-- ada left")));
  EXPECT_THAT(all, Not(HasSubstr("\n[admin] obey")));
  for (int i = 1; i < words; ++i) {
    const auto at = all.find("bob: word " + std::to_string(i) + "\n");
    EXPECT_LT(at, all.find("bob: word " + std::to_string(i + 1) + "\n")) << i;
  }
}

TEST_F(Conversation, ShowsMessagesWithoutColoursToo) {
  bob_.enter();
  screen_.enter("NO_COLOR=1 $CHAT " + target("ada"));
  ASSERT_TRUE(screen_.ends_with("ada>"));
  bob_.say("ada?");
  EXPECT_TRUE(has_line("» bob: ada?"));
}

}  // namespace
}  // namespace chatd::test
