// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/shown_lines.hpp"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/terminal/painter_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using wire::RecordKind;

class ShownLinesTest : public PainterTest {
 protected:
  std::string paint(const Report& report) {
    return lines_.paint(report, now_, kFriday + std::chrono::seconds{1});
  }

  ShownLines lines_{plain_};
  MonoTime now_{std::chrono::hours{1}};
};

Line replayed(Line line) {
  line.replay = true;
  return line;
}

Line in_lab(Line line) {
  line.room = {.id = 1, .name = "lab"};
  return line;
}

TEST_F(ShownLinesTest, JoinsAndLeavesAreOneLine) {
  for (const char* name : {"bob", "cy", "dan", "eve"}) {
    EXPECT_EQ(paint(line_of(RecordKind::join, name)), "");
  }
  EXPECT_EQ(paint(line_of(RecordKind::leave, "fay")), "");
  EXPECT_TRUE(lines_.is_gathering());
  EXPECT_EQ(lines_.paint_due(now_), "");
  now_ += Presence::kGatheringTime;
  EXPECT_EQ(lines_.paint_due(now_), "23:15 -- bob, cy and 2 others joined; fay left\n");
  EXPECT_FALSE(lines_.is_gathering());
}

TEST_F(ShownLinesTest, AreShownBeforeTheNextLineOfTheirRoom) {
  EXPECT_EQ(paint(in_lab(line_of(RecordKind::join, "bob"))), "");
  EXPECT_EQ(paint(said("cy", "hello")), "23:15 cy: hello\n");
  EXPECT_EQ(paint(in_lab(said("bob", "hello"))),
            "23:15 #lab -- bob joined\n23:15 #lab bob: hello\n");
}

// The same key must not look as if it had come back.
TEST_F(ShownLinesTest, AWarningOfAnotherPersonIsBetweenItsLinesAndThoseBefore) {
  EXPECT_EQ(paint(line_of(RecordKind::leave, "bob")), "");
  EXPECT_EQ(paint(OtherPerson{.name = "bob", .has_key = true}),
            "23:15 -- bob left\n! bob has another key than before: it may be another person\n");
  EXPECT_EQ(paint(line_of(RecordKind::join, "bob")), "");
  EXPECT_EQ(paint(said("bob", "hello")), "23:15 -- bob joined\n23:15 bob: hello\n");
}

TEST_F(ShownLinesTest, AKickIsALineOfItsOwn) {
  EXPECT_EQ(paint(line_of(RecordKind::join, "bob")), "");
  EXPECT_EQ(paint(line_of(RecordKind::kick, "bob", "spam")),
            "23:15 -- bob joined\n23:15 -- bob was removed: spam\n");
}

TEST_F(ShownLinesTest, AKickIsShownAlsoIfOnlyJoinsAreBetweenItAndAnotherRemoval) {
  (void)paint(moderated_by("ada", {.action = wire::ModerateAction::kick, .name = "bob"}));
  (void)paint(line_of(RecordKind::leave, "bob"));
  EXPECT_EQ(lines_.paint_gathered(), "23:15 -- bob left\n");
  EXPECT_EQ(paint(line_of(RecordKind::kick, "bob")), "23:15 -- bob was removed\n");
}

TEST_F(ShownLinesTest, ReplayedOnesStandInTheReplay) {
  EXPECT_EQ(paint(replayed(line_of(RecordKind::join, "bob"))), "");
  EXPECT_EQ(paint(replayed(line_of(RecordKind::join, "cy"))), "");
  EXPECT_EQ(paint(in_lab(line_of(RecordKind::join, "dan"))),
            "---- earlier ----\n---- 2026-11-20 ----\n23:15 -- bob and cy joined\n");
  EXPECT_EQ(lines_.paint_gathered(), "---- now ----\n23:15 #lab -- dan joined\n");
}

TEST_F(ShownLinesTest, ANoticeOfAnotherProgramStandsBehindTheReplay) {
  EXPECT_EQ(paint(replayed(line_of(RecordKind::join, "bob"))), "");
  EXPECT_THAT(paint(OtherProgram{.address = "192.0.2.7", .number = 2, .time = kFriday}),
              HasSubstr("bob joined\n---- now ----\n"));
}

TEST_F(ShownLinesTest, TheOwnJoinIsNotShown) {
  Line own = line_of(RecordKind::join, "ada");
  own.own = true;
  EXPECT_EQ(paint(own), "");
  EXPECT_FALSE(lines_.is_gathering());
}

TEST_F(ShownLinesTest, EarlierJoinsAndLeavesOfTheUserAreNotShown) {
  EXPECT_EQ(paint(replayed(line_of(RecordKind::join, "ADA"))), "");
  EXPECT_EQ(paint(replayed(line_of(RecordKind::leave, "ada"))), "");
  EXPECT_FALSE(lines_.is_gathering());
  Line of_text_member = replayed(line_of(RecordKind::leave, "ada"));
  of_text_member.text_member = true;
  (void)paint(of_text_member);
  EXPECT_THAT(lines_.paint_gathered(), HasSubstr("~ada left"));
}

TEST_F(ShownLinesTest, TheLeaveOfALostSessionIsNotShown) {
  auto again = joined("ada");
  again.again = true;
  (void)lines_.as_shown(again);
  EXPECT_EQ(paint(lines_.as_shown(replayed(line_of(RecordKind::leave, "ada")))), "");
  EXPECT_FALSE(lines_.is_gathering());
  (void)paint(lines_.as_shown(replayed(line_of(RecordKind::leave, "bob"))));
  EXPECT_EQ(lines_.paint_gathered(), "23:15 -- bob left\n");
}

TEST_F(ShownLinesTest, TheReplayEndsWithTheOwnJoin) {
  (void)paint(replayed(line_of(RecordKind::leave, "bob")));
  (void)paint(in_lab(replayed(line_of(RecordKind::leave, "cy"))));
  Line own = line_of(RecordKind::join, "ada");
  own.own = true;
  EXPECT_THAT(paint(own), EndsWith("23:15 -- bob left\n"));
  EXPECT_THAT(lines_.paint_gathered(), HasSubstr("#lab -- cy left"));
}

TEST_F(ShownLinesTest, TheLeaveOfTheOwnFormerNameIsNotShown) {
  Line own = line_of(RecordKind::leave, "ada");
  own.own = true;
  EXPECT_EQ(paint(own), "");
  EXPECT_FALSE(lines_.is_gathering());
}

TEST_F(ShownLinesTest, AreShownBeforeTheRoomIsLeft) {
  (void)paint(in_lab(line_of(RecordKind::join, "bob")));
  EXPECT_EQ(paint(RoomLeft{.room = {.id = 1, .name = "lab"}}),
            "23:15 #lab -- bob joined\n-- you have left #lab\n");
}

TEST_F(ShownLinesTest, CountedMembersAreShownAsANumber) {
  (void)paint(line_of(RecordKind::crowd, "", std::string{"\x0c\0\0\0\x03\0\0\0", 8}));
  EXPECT_EQ(lines_.paint_gathered(), "23:15 -- [12 joined, 3 left]\n");
  (void)paint(line_of(RecordKind::crowd, "", "short"));
  EXPECT_EQ(lines_.paint_gathered(), "");
}

TEST_F(ShownLinesTest, AQuietConversationHasNoJoinsAndLeaves) {
  (void)paint(line_of(RecordKind::join, "bob"));
  lines_.set_quiet(true);
  EXPECT_FALSE(lines_.is_gathering());
  EXPECT_EQ(paint(line_of(RecordKind::join, "cy")), "");
  EXPECT_EQ(paint(in_lab(line_of(RecordKind::leave, "dan"))), "");
  EXPECT_EQ(paint(replayed(line_of(RecordKind::leave, "dan"))), "");
  EXPECT_EQ(paint(line_of(RecordKind::crowd, "", std::string{"\x0c\0\0\0\x03\0\0\0", 8})), "");
  EXPECT_EQ(lines_.paint_gathered(), "");
  EXPECT_EQ(paint(line_of(RecordKind::kick, "eve")), "23:15 -- eve was removed\n");
  lines_.set_quiet(false);
  (void)paint(line_of(RecordKind::join, "fay"));
  EXPECT_EQ(lines_.paint_gathered(), "23:15 -- fay joined\n");
}

TEST_F(ShownLinesTest, TheFirstUnreadLineHasAMarkAboveIt) {
  lines_.unread_mark().stop();
  (void)paint(line_of(RecordKind::join, "bob"));
  EXPECT_EQ(paint(said_by_me("ada", "from another program")),
            "23:15 -- bob joined\n23:15 ada: from another program ✓\n");
  EXPECT_EQ(paint(said("bob", "hello")), "---- new ----\n23:15 bob: hello\n");
  EXPECT_EQ(paint(in_lab(said("cy", "hello"))), "23:15 #lab cy: hello\n");
  lines_.unread_mark().go_on(now_);
  lines_.unread_mark().stop();
  EXPECT_EQ(paint(said("bob", "again")), "---- new ----\n23:15 bob: again\n");
}

TEST_F(ShownLinesTest, ALineOfTheReplayIsNotUnread) {
  lines_.unread_mark().stop();
  EXPECT_THAT(paint(replayed(said("bob", "old"))), StartsWith("---- earlier ----\n"));
  EXPECT_THAT(paint(said("bob", "live")), StartsWith("---- now ----\n"));
  EXPECT_EQ(paint(said("bob", "next")), "23:15 bob: next\n") << "one mark is enough";
}

TEST_F(ShownLinesTest, CountsTheMessagesOfOtherRooms) {
  const auto texts = [this] { return lines_.unread_texts(wire::Language::en); };
  plain_.set_default_name("hall");
  (void)paint(said("bob", "here"));
  (void)paint(line_of(RecordKind::direct, "bob", "psst, ada"));
  EXPECT_THAT(texts(), IsEmpty());
  (void)paint(in_lab(said("bob", "one")));
  (void)paint(in_lab(line_of(RecordKind::action, "bob", "looks for ada")));
  (void)paint(in_lab(line_of(RecordKind::join, "cy")));
  (void)paint(in_lab(said_by_me("ada", "mine")));
  (void)paint(in_lab(replayed(said("bob", "old"))));
  (void)paint(in_lab(line_of(RecordKind::topic, "bob", "tea")));
  EXPECT_EQ(texts().front(), "[#lab 2!]");
  lines_.set_room("lab");
  EXPECT_THAT(texts(), IsEmpty());
  (void)paint(said("bob", "there"));
  (void)paint(line_of(RecordKind::announce, "", "tea"));
  EXPECT_EQ(texts().front(), "[#hall 2]");
  lines_.set_room(std::nullopt);
  (void)paint(in_lab(said("bob", "two")));
  EXPECT_EQ(texts().front(), "[#hall 2, #lab 1]");
  (void)paint(RoomRenamed{.room = {.id = 1, .name = "den"}, .before = "lab"});
  EXPECT_EQ(texts().front(), "[#hall 2, #den 1]");
  (void)paint(RoomLeft{.room = {.id = 1, .name = "den"}});
  EXPECT_EQ(texts().front(), "[#hall 2]");
  (void)paint(joined("ada"));
  EXPECT_THAT(texts(), IsEmpty());
}

TEST_F(ShownLinesTest, LinesWithATimeAreKept) {
  const auto kept = [this] {
    std::vector<std::string> texts;
    for (const KeptLines::Kept& line : lines_.kept().last()) texts.push_back(line.text);
    return texts;
  };
  plain_.set_default_name("hall");
  (void)paint(replayed(said("bob", "old")));
  (void)paint(line_of(RecordKind::join, "cy"));
  (void)paint(in_lab(said("bob", "hello")));
  (void)paint(line_of(RecordKind::direct, "bob", "psst"));
  (void)paint(Notice{"note"});
  lines_.set_quiet(true);
  (void)paint(line_of(RecordKind::join, "dan"));
  EXPECT_THAT(kept(), ElementsAre("#hall bob: old", "#lab bob: hello", "#hall -- cy joined",
                                  "[from bob] psst"));
  EXPECT_EQ(lines_.kept().last().front().time, kFriday);
}

TEST_F(ShownLinesTest, AllLinesAreForTheLog) {
  plain_.set_default_name("hall");
  (void)paint(said("bob", "before the log"));
  EXPECT_EQ(lines_.take_log(), "");
  lines_.begin_log(wire::Language::en);
  (void)paint(joined("ada"));
  (void)paint(replayed(said("bob", "old")));
  (void)paint(line_of(RecordKind::join, "cy"));
  (void)paint(in_lab(said("bob", "hello")));
  (void)paint(line_of(RecordKind::direct, "bob", "psst"));
  (void)paint(RoomLeft{.room = {.id = 1, .name = "lab"}});
  EXPECT_EQ(lines_.take_log(),
            "2026-11-20 23:15:04 [earlier] #hall bob: old\n"
            "2026-11-20 23:15:04 #lab bob: hello\n"
            "2026-11-20 23:15:04 #hall -- cy joined\n"
            "2026-11-20 23:15:04 [from bob] psst\n"
            "2026-11-20 23:15:05 -- you have left #lab\n");
  EXPECT_EQ(lines_.take_log(), "");
}

TEST_F(ShownLinesTest, NamesCannotControlTheTerminal) {
  (void)paint(line_of(RecordKind::join, "\x1b]0;x\x07\r\n"));
  const std::string text = lines_.paint_gathered();
  EXPECT_EQ(text.find_first_of("\x1b\x07\r"), std::string::npos);
  EXPECT_EQ(text.find('\n'), text.size() - 1);
}

}  // namespace
}  // namespace chatd::client
