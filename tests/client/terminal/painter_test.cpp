// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/painter.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/member/list_text.hpp"
#include "client/terminal/input.hpp"
#include "common/wire/display_width.hpp"
#include "tests/client/terminal/painter_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using wire::RecordKind;

TEST_F(PainterTest, ShowsNameTextAndTimeOfALine) {
  EXPECT_EQ(plain_.paint(said("bob", "hello")), "23:15 bob: hello\n");
  EXPECT_EQ(plain_.paint(line_of(RecordKind::action, "bob", "waves")), "23:15 * bob waves\n");
  EXPECT_EQ(plain_.paint(line_of(RecordKind::direct, "bob", "psst")), "23:15 [from bob] psst\n");
  EXPECT_EQ(plain_.paint(line_of(RecordKind::announce, "", "tea")), "23:15 [admin] tea\n");
}

TEST_F(PainterTest, ShowsJoinsAndLeaves) {
  EXPECT_EQ(plain_.paint(line_of(RecordKind::join, "bob")), "23:15 -- bob joined\n");
  EXPECT_EQ(plain_.paint(line_of(RecordKind::leave, "bob")), "23:15 -- bob left\n");
  EXPECT_EQ(plain_.paint(line_of(RecordKind::kick, "bob")), "23:15 -- bob was removed\n");
  EXPECT_EQ(plain_.paint(line_of(RecordKind::kick, "bob", "spam")),
            "23:15 -- bob was removed: spam\n");
  EXPECT_EQ(chinese_.paint(line_of(RecordKind::join, "小明")), "23:15 -- 小明 进入了聊天室\n");
}

TEST_F(PainterTest, DoesNotShowTheOwnJoin) {
  Line own = line_of(RecordKind::join, "ada");
  own.own = true;
  EXPECT_EQ(plain_.paint(own), "");
  own.replay = true;
  EXPECT_THAT(plain_.paint(own), HasSubstr("ada joined"));
}

TEST_F(PainterTest, MarksOwnLinesThatTheServerHas) {
  Line own = said("ada", "hello");
  own.own = true;
  EXPECT_EQ(plain_.paint(own), "23:15 ada: hello ✓\n");
  own.record = RecordKind::direct;
  own.name = "bob";
  EXPECT_EQ(plain_.paint(own), "23:15 [to bob] hello ✓\n");
}

TEST_F(PainterTest, SetsReplayAndDaysApart) {
  Line old = said("bob", "old");
  old.replay = true;
  EXPECT_EQ(plain_.paint(old), "---- earlier ----\n---- 2026-11-20 ----\n23:15 bob: old\n");
  old.time += std::chrono::hours{1};
  EXPECT_EQ(plain_.paint(old), "---- 2026-11-21 ----\n00:15 bob: old\n");
  Line live = said("bob", "new");
  live.time = old.time;
  EXPECT_EQ(plain_.paint(live), "---- now ----\n00:15 bob: new\n");
}

// A hostile server can send any 64 bits.
TEST_F(PainterTest, ATimeThatIsNotPossibleHasNoDate) {
  Line line = said("bob", "hello");
  line.replay = true;
  EXPECT_THAT(plain_.paint(line), HasSubstr("---- 2026-11-20 ----\n"));
  for (const WallTime time : {WallTime::min(), WallTime{Micros{-1}}, WallTime{}, WallTime::max()}) {
    line.time = time;
    EXPECT_EQ(plain_.paint(line), "--:-- bob: hello\n");
  }
  line.time = kFriday + std::chrono::years{300};
  EXPECT_THAT(plain_.paint(line), StartsWith("---- 2326-11-"))
      << "behind the nanoseconds of 64 bits";
}

TEST_F(PainterTest, HighlightsMentionsAndAnnouncements) {
  const std::string usual = colored_.paint(said("bob", "hello"));
  const std::string mention = colored_.paint(said("bob", "hello ada"));
  const std::string bob{color_of("bob").many};
  EXPECT_THAT(usual, HasSubstr(bob + "bob:\x1b[0m hello"));
  EXPECT_THAT(mention, HasSubstr("\x1b[1;7m»\x1b[0m \x1b[1;7m" + bob + "bob:\x1b[0m hello ada\n"));
  EXPECT_THAT(colored_.paint(line_of(RecordKind::direct, "bob", "psst")),
              HasSubstr("\x1b[1;7m" + bob + "[from bob]\x1b[0m psst\n"));
  EXPECT_THAT(colored_.paint(line_of(RecordKind::announce, "", "tea")), HasSubstr("\x1b[1;35m"));
  EXPECT_THAT(colored_.paint(line_of(RecordKind::join, "bob")), HasSubstr("\x1b[2m-- bob joined"));
  Line old = said("bob", "ada?");
  old.replay = true;
  EXPECT_THAT(colored_.paint(old), HasSubstr("\x1b[2m23:15 » bob: ada?\x1b[0m\n"));
}

TEST_F(PainterTest, MarksLinesWithTheOwnName) {
  EXPECT_EQ(plain_.paint(said("bob", "hello Ada!")), "23:15 » bob: hello Ada!\n");
  EXPECT_EQ(plain_.paint(line_of(RecordKind::action, "bob", "waves to ada")),
            "23:15 » * bob waves to ada\n");
  EXPECT_EQ(plain_.paint(said("bob", "hello adam")), "23:15 bob: hello adam\n");
  EXPECT_EQ(plain_.paint(said("ada", "hello")), "23:15 ada: hello\n") << "the name of the sender";
  EXPECT_EQ(plain_.paint(said_by_me("ada", "I am ada")), "23:15 ada: I am ada ✓\n");
  Line elsewhere = said("bob", "ada?");
  elsewhere.room = {.id = 7, .name = "lab"};
  EXPECT_EQ(plain_.paint(elsewhere), "23:15 » #lab bob: ada?\n");
  Painter for_script{{.language = wire::Language::en, .sections = false}};
  for_script.set_name("ada");
  EXPECT_EQ(for_script.paint(said("bob", "ada?")), "23:15 bob: ada?\n");
}

// A line from before the join is not known to be the user's own: its name says it.
TEST_F(PainterTest, EarlierLinesOfTheUserAreNoMentions) {
  Line earlier = said("ADA", "I am ada");
  earlier.replay = true;
  EXPECT_THAT(plain_.paint(earlier), HasSubstr("\n23:15 ADA: I am ada\n"));
  earlier.text_member = true;
  EXPECT_EQ(plain_.paint(earlier), "23:15 » ~ADA: I am ada\n") << "perhaps another person";
}

TEST_F(PainterTest, EachNameHasItsColourAndTheOwnNameIsBold) {
  const std::string bob{color_of("bob").many};
  EXPECT_THAT(colored_.paint(line_of(RecordKind::action, "Bob", "waves")),
              HasSubstr("* " + bob + "Bob\x1b[0m waves"));
  EXPECT_THAT(colored_.paint(said_by_me("ada", "hello")), HasSubstr("\x1b[1mada:\x1b[0m hello"));
  Painter simple{{.language = wire::Language::en, .colors = Colors::few}};
  EXPECT_THAT(simple.paint(said("bob", "hello")),
              HasSubstr(std::string{color_of("bob").few} + "bob:\x1b[0m hello"));
}

TEST_F(PainterTest, EscapesControlCharacters) {
  const std::string evil =
      "\x1b]0;x\x07\r\n\xc2\x9b"
      "2J\xff";
  for (const auto kind :
       {RecordKind::say, RecordKind::action, RecordKind::direct, RecordKind::join,
        RecordKind::leave, RecordKind::kick, RecordKind::announce, RecordKind::topic}) {
    const std::string shown = plain_.paint(line_of(kind, evil, evil));
    EXPECT_EQ(shown.find_first_of("\x1b\x07\r\xff"), std::string::npos);
    EXPECT_EQ(shown.find("\xc2\x9b"), std::string::npos);
    EXPECT_EQ(shown.find('\n'), shown.size() - 1);
  }
  EXPECT_EQ(plain_.users(evil, 80).find('\x1b'), std::string::npos);
  EXPECT_EQ(plain_.warning(evil).find('\x1b'), std::string::npos);
}

TEST_F(PainterTest, ShowsReportsAboutTheSession) {
  const FirstContact contact{.fingerprint = "SHA256:x", .file = "/f"};
  EXPECT_EQ(plain_.paint(contact),
            "-- first contact with host:8888: its key is SHA256:x, kept in /f\n");
  EXPECT_EQ(plain_.paint(FirstContact{.fingerprint = "SHA256:x", .file = "/f", .confirmed = true}),
            "-- the key of the server is kept in /f\n");
  EXPECT_EQ(plain_.paint(MissedHere{12}), "! 12 lines missed while the terminal was stopped\n");
  EXPECT_THAT(plain_.paint(Missed{}), StartsWith("! some lines are lost"));
  EXPECT_EQ(plain_.paint(Notice{"note"}), "! note\n");
  EXPECT_EQ(plain_.paint(Confirmed{1}), "");
}

TEST_F(PainterTest, DividesLongLinesBelowTheirText) {
  plain_.set_columns(30);
  colored_.set_columns(30);
  EXPECT_EQ(plain_.paint(said("bob", "one two three four five six")),
            "23:15 bob: one two three four\n      five six\n");
  EXPECT_EQ(plain_.paint(line_of(RecordKind::announce, "", "one two three four five six")),
            "23:15 [admin] one two three\n      four five six\n");
  EXPECT_EQ(plain_.remark("one two three four five six"), "-- one two three four five six\n");
  EXPECT_EQ(plain_.remark("one two three four five six seven"),
            "-- one two three four five six\n   seven\n");
  EXPECT_EQ(plain_.warning("one two three four five six seven eight"),
            "! one two three four five six\n  seven eight\n");
  EXPECT_EQ(
      plain_.paint(OtherProgram{.address = "192.0.2.7", .time = kFriday}),
      "23:15 -- you are in with\n      another program, from\n      192.0.2.7; /programs\n      "
      "lists them\n");
  EXPECT_EQ(colored_.remark("one two three four five six seven"),
            "\x1b[2m-- one two three four five six\n   seven\x1b[0m\n");
  Line old = said("bob", "one two three four five six");
  old.replay = true;
  EXPECT_THAT(plain_.paint(old), HasSubstr("23:15 bob: one two three four\n      five six\n"));
}

TEST_F(PainterTest, DoesNotDivideAFingerprintThatFitsIntoARow) {
  const std::string fingerprint = "SHA256:" + std::string(43, 'x');
  for (const std::size_t columns : {51U, 60U, 80U}) {
    plain_.set_columns(columns);
    const std::string shown =
        plain_.paint(FirstContact{.fingerprint = fingerprint, .file = "/home/ada/known_servers"});
    EXPECT_THAT(shown, HasSubstr(fingerprint + ",")) << columns;
    for (std::string_view rest = shown; !rest.empty();) EXPECT_LE(take_row(rest).size(), columns);
  }
}

// A text member has no key: anybody can take its name.
TEST_F(PainterTest, MarksTextMembers) {
  Line line = said("ada2", "hello");
  line.text_member = true;
  EXPECT_EQ(plain_.paint(line), "23:15 ~ada2: hello\n");
  EXPECT_THAT(colored_.paint(line), HasSubstr("\x1b[0m~ada2: hello\n")) << "it has no colour";
  line.text = "hello ada";
  EXPECT_EQ(plain_.paint(line), "23:15 » ~ada2: hello ada\n");
  EXPECT_THAT(colored_.paint(line), HasSubstr("\x1b[1;7m~ada2:\x1b[0m hello ada\n"));
  line.record = RecordKind::action;
  line.text = "waves";
  EXPECT_EQ(plain_.paint(line), "23:15 * ~ada2 waves\n");
  line.record = RecordKind::join;
  EXPECT_EQ(plain_.paint(line), "23:15 -- ~ada2 joined\n");
  line.record = RecordKind::leave;
  EXPECT_EQ(plain_.paint(line), "23:15 -- ~ada2 left\n");
  line.replay = true;
  EXPECT_THAT(plain_.paint(line), HasSubstr("-- ~ada2 left\n"));
}

TEST_F(PainterTest, WarnsOfAnotherPersonUnderAName) {
  EXPECT_EQ(plain_.paint(OtherPerson{.name = "bob", .has_key = true}),
            "! bob has another key than before: it may be another person\n");
  EXPECT_EQ(plain_.paint(OtherPerson{.name = "bob", .has_key = false}),
            "! ~bob had a key before and has none now: it may be another person\n");
  EXPECT_EQ(plain_.paint(OtherPerson{.name = "bob", .has_key = true, .others = 12}),
            "! bob has another key than before: it may be another person; further names of other "
            "persons: 12\n");
  EXPECT_EQ(plain_.paint(OtherPerson{.name = "bob", .has_key = true, .last_seen = kFriday}),
            "! bob has another key than on 2026-11-20: it may be another person\n");
  EXPECT_EQ(plain_.paint(OtherPerson{.name = "bob", .last_seen = kFriday}),
            "! ~bob had a key on 2026-11-20 and has none now: it may be another person\n");
  EXPECT_EQ(chinese_.paint(OtherPerson{.name = "小明", .has_key = true}),
            "! 小明 的密钥与之前的不同：可能是另一个人\n");
  EXPECT_EQ(plain_.paint(OtherPerson{.name = "\x1b[2J"}).find('\x1b'), std::string::npos);
}

TEST_F(PainterTest, ListsTextMembersLastWithTheirNumber) {
  EXPECT_EQ(plain_.users("zoe\tnew\ntex\ttext\taway\nada\ttext\nbob\taway", 80),
            "-- 4 here, 2 without a key (~), not encrypted:\n"
            "bob (away)   zoe          ~ada         ~tex (away)\n");
  EXPECT_EQ(plain_.users("tex\ttext\ttext\taway\taway", 80),
            "-- 1 here, 1 without a key (~), not encrypted:\n~tex (away)\n");
}

TEST_F(PainterTest, ListsUsersInColumnsThatFit) {
  EXPECT_EQ(plain_.users("bob\nada\n小明\taway", 80),
            "-- 3 here:\nada          bob          小明 (away)\n");
  EXPECT_EQ(plain_.users("bob\nada\n小明\taway", 30),
            "-- 3 here:\nada          bob\n小明 (away)\n");
  EXPECT_EQ(plain_.users("bob\nada", 3), "-- 2 here:\nada\nbob\n");
  EXPECT_EQ(plain_.users("", 80), "-- 0 here:\n");
}

TEST_F(PainterTest, HelpNamesEveryCommand) {
  for (const CommandRow& row : kCommands) {
    EXPECT_THAT(plain_.help(80, row.part), HasSubstr(usage_of(row)));
    EXPECT_THAT(chinese_.help(80, row.part), HasSubstr(std::string{row.chinese}));
  }
}

TEST_F(PainterTest, HelpFitsAWindowOfEightyColumns) {
  plain_.set_columns(80);
  chinese_.set_columns(80);
  for (const Painter* painter : {&plain_, &chinese_}) {
    std::string help;
    for (const HelpPart part :
         {HelpPart::usual, HelpPart::owners, HelpPart::lines, HelpPart::users}) {
      std::string one = painter->help(80, part);
      EXPECT_LE(std::ranges::count(one, '\n'), 23) << "a window has 24, with the input line";
      if (part == HelpPart::usual) one.resize(one.rfind("\n--") + 1);  // without the last sentence
      help += one;
    }
    for (std::string_view rest = help; !rest.empty();) {
      const std::string_view row = take_row(rest);
      EXPECT_LT(wire::display_width(row), 80U) << row;
    }
  }
}

TEST_F(PainterTest, HelpIsBelowEachCommandInANarrowWindow) {
  EXPECT_THAT(plain_.help(79, HelpPart::owners),
              HasSubstr("\n   /invite NAME\n      let a member join"));
}

TEST_F(PainterTest, HelpIsDividedBelowItsColumn) {
  for (const std::size_t columns : {40U, 79U, 80U, 100U}) {
    plain_.set_columns(columns);
    const std::string help =
        plain_.help(columns, HelpPart::usual) + plain_.help(columns, HelpPart::owners) +
        plain_.help(columns, HelpPart::lines) + plain_.help(columns, HelpPart::users);
    for (std::string_view rest = help; !rest.empty();) EXPECT_LE(take_row(rest).size(), columns);
  }
}

TEST_F(PainterTest, HelpIsInOneColumn) {
  const std::string blanks(30, ' ');
  EXPECT_THAT(plain_.help(80, HelpPart::owners),
              HasSubstr("\n   /invite NAME               let a member join"));
  EXPECT_THAT(plain_.help(80, HelpPart::owners),
              HasSubstr("|none\n" + blanks + "make a member an owner"));
}

TEST_F(PainterTest, APlainPainterHasTheTextAlone) {
  colored_.set_default_name("hall");
  Line old = said("bob", "ada?");
  EXPECT_THAT(colored_.plain().paint(old), HasSubstr("#hall bob: ada?\n"));
  old.replay = true;
  const std::string text = colored_.plain().paint(old);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_THAT(text, StartsWith("#hall "));
  Line own = line_of(RecordKind::direct, "bob", "psst");
  own.own = true;
  EXPECT_THAT(colored_.plain().paint(own), StartsWith("[to bob] psst"));
}

}  // namespace
}  // namespace chatd::client
