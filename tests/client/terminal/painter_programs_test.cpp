// SPDX-License-Identifier: GPL-3.0-or-later
// The programs of the user as lines for people.
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/terminal/painter_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

class PainterPrograms : public PainterTest {};

TEST_F(PainterPrograms, ShowsTheListWithNumbersInColumns) {
  const std::vector<Program> programs{
      {.number = 1,
       .address = "192.0.2.1:50000",
       .since = kFriday,
       .idle_seconds = 0,
       .is_this = true},
      {.number = 12, .address = "[2001:db8::1]:50000", .since = kFriday, .idle_seconds = 5'400}};
  EXPECT_EQ(plain_.programs(programs),
            "-- you are in with 2 programs:\n"
            "    1 192.0.2.1:50000      since 2026-11-20 23:15, this one\n"
            "   12 [2001:db8::1]:50000  since 2026-11-20 23:15, silent for 1 hour 30 minutes\n");
  EXPECT_EQ(chinese_.programs(programs),
            "-- 你的 2 个程序在聊天室：\n"
            "    1 192.0.2.1:50000      进入于 2026-11-20 23:15，当前程序\n"
            "   12 [2001:db8::1]:50000  进入于 2026-11-20 23:15，已静默 1 小时 30 分钟\n");
  EXPECT_EQ(plain_.programs({programs[0]}),
            "-- you are in with 1 program:\n"
            "    1 192.0.2.1:50000  since 2026-11-20 23:15, this one\n");
}

TEST_F(PainterPrograms, ShowsNoTimeThatIsNotKnown) {
  EXPECT_EQ(plain_.programs({{.number = 2, .address = "there", .idle_seconds = 0}}),
            "-- you are in with 1 program:\n    2 there  \n");
  EXPECT_EQ(plain_.programs({}), "-- you are in with 0 programs:\n");
}

TEST_F(PainterPrograms, OfAHostileServerMoveNoCursor) {
  const std::string evil = "\x1b[2J\r\xff" + std::string(4'000, 'x');
  const std::string shown =
      plain_.programs({{.number = std::numeric_limits<std::uint32_t>::max(),
                        .address = evil,
                        .idle_seconds = std::numeric_limits<std::uint32_t>::max()},
                       {.number = 2, .address = "there"}});
  EXPECT_EQ(shown.find_first_of("\x1b\r\xff"), std::string::npos);
  EXPECT_LT(shown.size(), evil.size() + 300) << "the other rows are not as wide";
  EXPECT_THAT(shown, HasSubstr("silent for 49710 days 6 hours\n    2 there"));
}

TEST_F(PainterPrograms, ShowsAnotherProgramWithItsTimeAndWithoutARoom) {
  OtherProgram other{.address = "192.0.2.1:50000", .number = 2, .time = kFriday};
  plain_.set_room("lab");
  EXPECT_EQ(plain_.paint(other),
            "23:15 -- you are in with another program, from 192.0.2.1:50000; /programs lists "
            "them\n");
  EXPECT_EQ(chinese_.paint(other),
            "23:15 -- 你的另一个程序从 192.0.2.1:50000 进入了聊天室；/programs 列出你的程序\n");
  other.address = "\x1b]0;x\x07\n";
  EXPECT_THAT(plain_.paint(other), HasSubstr("from \\x1b]0;x\\x07 ; /programs"));
}

TEST_F(PainterPrograms, ShowsWhatAnotherProgramSaysAsAnOwnLine) {
  const Line own = said_by_me("ada", "ada is my name");
  EXPECT_THAT(plain_.paint(own), EndsWith("23:15 ada: ada is my name ✓\n"));
  Line direct = line_of(wire::RecordKind::direct, "bob", "psst");
  direct.own = true;
  EXPECT_EQ(plain_.paint(direct), "23:15 [to bob] psst ✓\n");
}

TEST_F(PainterPrograms, DoNotChangeWhichRemovalIsShown) {
  (void)plain_.paint(moderated_by("bob", {.action = wire::ModerateAction::kick, .name = "cyd"}));
  (void)plain_.paint(OtherProgram{.time = kFriday});
  EXPECT_EQ(plain_.paint(line_of(wire::RecordKind::kick, "cyd")), "");
}

}  // namespace
}  // namespace chatd::client
