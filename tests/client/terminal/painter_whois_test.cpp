// SPDX-License-Identifier: GPL-3.0-or-later
// The facts about a user as lines for people.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/terminal/painter_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kKey = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

class PainterWhois : public PainterTest {
 protected:
  static MemberAbout about(std::string list) { return {.name = "bob", .list = std::move(list)}; }
};

TEST_F(PainterWhois, ShowsAllFacts) {
  const auto facts = about(
      "name\tBob\nprotocol\tnative\nkey\t" + std::string{kKey} +
      "\nsince\t1795216504000000\naway\tlunch\nsilent\t5400\nprograms\t2\nroom\tlab\nroom\tpub\n"
      "more_rooms\t3");
  EXPECT_EQ(plain_.paint(facts), "-- Bob\n   its key is " + std::string{kKey} +
                                     "\n"
                                     "   since 2026-11-20 23:15, programs: 2\n"
                                     "   Bob is away: lunch\n"
                                     "   silent for 1 hour 30 minutes\n"
                                     "   in #lab, #pub and 3 more\n");
  EXPECT_EQ(chinese_.paint(facts), "-- Bob\n   密钥 " + std::string{kKey} +
                                       "\n"
                                       "   进入于 2026-11-20 23:15，程序：2\n"
                                       "   Bob 暂时离开：lunch\n"
                                       "   已静默 1 小时 30 分钟\n"
                                       "   所在房间：#lab、#pub 等，另有 3 个\n");
}

TEST_F(PainterWhois, ShowsNothingThatIsNotKnown) {
  EXPECT_EQ(plain_.paint(about("")), "-- bob\n") << "the name that was typed";
  EXPECT_EQ(plain_.paint(about("protocol\ttext\naway\t")),
            "-- ~bob\n   a text client: no key proves the name\n   bob is away\n");
  EXPECT_EQ(plain_.paint(about("silent\t59\nprograms\t1")), "-- bob\n   programs: 1\n")
      << "a client that is there sends something each 20 seconds";
}

TEST_F(PainterWhois, ShowsARefusal) {
  EXPECT_THAT(plain_.paint(MemberAbout{.name = "zoe", .code = "no_such_member", .text = "No."}),
              HasSubstr("zoe"));
  EXPECT_THAT(plain_.paint(MemberAbout{.name = "zoe", .code = "unknown_command", .text = "No."}),
              ::testing::StartsWith("! "));
}

TEST_F(PainterWhois, OfAHostileServerMovesNoCursor) {
  const std::string evil = "\x1b[2J\r\xff";
  const std::string shown =
      plain_.paint(about("name\t" + evil + "\naway\t" + evil + "\nroom\t" + evil));
  EXPECT_EQ(shown.find_first_of("\x1b\r\xff"), std::string::npos);
  EXPECT_EQ(std::ranges::count(shown, '\n'), 3);
}

// --- who is away ---------------------------------------------------------------------------

TEST_F(PainterWhois, ShowsWhoIsAway) {
  EXPECT_EQ(plain_.paint(MemberAway{.name = "bob", .text = "lunch"}), "-- bob is away: lunch\n");
  EXPECT_EQ(plain_.paint(MemberAway{.name = "bob"}), "-- bob is away\n");
  EXPECT_EQ(plain_.paint(MemberAway{.text = "lunch"}), "-- you are away: lunch\n");
  EXPECT_EQ(plain_.paint(MemberAway{}), "-- you are away\n");
  EXPECT_EQ(plain_.paint(MemberBack{}), "-- you are back\n");
  EXPECT_EQ(chinese_.paint(MemberAway{.name = "bob", .text = "lunch"}), "-- bob 暂时离开：lunch\n");
  EXPECT_EQ(chinese_.paint(MemberAway{.text = "lunch"}), "-- 你已设为离开：lunch\n");
  EXPECT_EQ(chinese_.paint(MemberBack{}), "-- 你回来了\n");
  EXPECT_EQ(plain_.paint(MemberAway{.name = "\x1b[2J", .text = "\r\n"}).find('\x1b'),
            std::string::npos);
}

}  // namespace
}  // namespace chatd::client
