// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ctl/render.hpp"
#include "tests/ctl/render_now.hpp"

namespace chatd::ctl {
namespace {

using std::chrono::hours;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(RenderRooms, ShowsARowForEachRoom) {
  const wire::RoomsReport report{{{.name = "chat",
                                   .is_default = true,
                                   .is_kept = true,
                                   .members = 12,
                                   .made = kNow - hours{50},
                                   .records = 345,
                                   .log_bytes = 67'890},
                                  {.name = "art", .is_kept = true, .made = kNow},
                                  {.name = "实验室", .members = 1, .made = kNow - hours{1}}}};
  EXPECT_EQ(render(report, {}, kNow),
            "ROOM     MEMBERS  KIND       MADE            RECORDS  BYTES\n"
            "#chat         12  default    2 days 2 h ago      345  67890\n"
            "#art           0  kept       now                   0      0\n"
            "#实验室        1  temporary  1 h ago               0      0\n"
            "\n"
            "3 rooms\n");
}

TEST(RenderRooms, OneRoomIsCountedInTheSingular) {
  const wire::RoomsReport report{{{.name = "chat", .is_default = true, .made = kNow}}};
  EXPECT_THAT(render(report, {}, kNow), HasSubstr("\n1 room\n"));
  EXPECT_EQ(render(report, {.legend = false}, kNow), "#chat  0  default  now  0  0\n");
}

TEST(RenderRoom, ShowsTheRoomItsMakerAndItsMembers) {
  const wire::RoomReport report{
      .room = {.name = "lab", .members = 1, .made = kNow - hours{50}, .records = 7, .log_bytes = 8},
      .maker = "SHA256:abc",
      .log_limit_bytes = 262'144,
      .users = {{.name = "ada",
                 .address = "[::1]:5",
                 .protocol = "native",
                 .joined = kNow - hours{2},
                 .idle = std::chrono::seconds{4},
                 .messages = 3}},
      .messages = 12,
      .per_second = 50,
      .at_once = 200,
      .too_fast = 3};
  EXPECT_EQ(
      render(report, {}, kNow),
      "#lab is a temporary room\n"
      "  members    1\n"
      "  made       2027-01-13T06:00:00.000Z (2 days 2 h ago), by SHA256:abc\n"
      "  records    7\n"
      "  log        8 of 262144 bytes\n"
      "  messages   12 within the last minute; at most 50 a second after 200 at once: 3 refused "
      "since the gateway was started\n"
      "\n"
      "NAME  ADDRESS  PROTOCOL  JOINED   IDLE  MESSAGES\n"
      "ada   [::1]:5  native    2 h ago   4 s         3\n");
}

TEST(RenderRoom, ARoomOfTheAdministratorHasNoMakerAndMayHaveNoMembers) {
  const wire::RoomReport kept{.room = {.name = "art", .is_kept = true, .made = kNow},
                              .messages = 0};
  EXPECT_EQ(render(kept, {}, kNow),
            "#art is a kept room\n"
            "  members    0\n"
            "  made       2027-01-15T08:00:00.000Z (now)\n"
            "  records    0\n"
            "  log        0 of 0 bytes\n"
            "  messages   0 within the last minute\n");
  EXPECT_THAT(render(wire::RoomReport{.room = kept.room}, {}, kNow),
              EndsWith("  messages   not counted, because the log is large\n"));
  const wire::RoomReport whole{.room = {.name = "chat", .is_default = true, .is_kept = true}};
  EXPECT_THAT(render(whole, {.color = true}, kNow),
              StartsWith("\x1b[1m#chat\x1b[0m is the default room\n"));
}

TEST(RenderRoomChanges, ShowTheRoomWithTheHashSign) {
  EXPECT_EQ(render(wire::MadeRoomReport{"lab"}), "made #lab\n");
  EXPECT_EQ(render(wire::KeptRoomReport{"lab"}), "#lab stays, also without members\n");
  EXPECT_EQ(render(wire::DroppedRoomReport{"lab", 2}), "dropped #lab, which had 2 members\n");
  EXPECT_EQ(render(wire::DroppedRoomReport{"lab", 1}), "dropped #lab, which had 1 member\n");
}

TEST(RenderRoomChanges, AnAnnouncementAndAKickNameTheirRoom) {
  EXPECT_EQ(render(wire::AnnounceReport{.members = 1, .room = "lab"}),
            "announced to 1 member of #lab\n");
  EXPECT_EQ(render(wire::AnnounceReport{.members = 2}), "announced to 2 members\n");
  EXPECT_EQ(render(wire::KickReport{"ada", "[::1]:5", "lab"}), "kicked ada ([::1]:5) from #lab\n");
  EXPECT_EQ(render(wire::KickReport{"ada", "[::1]:5", ""}), "kicked ada ([::1]:5)\n");
}

TEST(RenderRoomChanges, EscapeControlCharacters) {
  const std::string bad = "\x1b[2J\n";
  const wire::RoomRow row{.name = bad};
  const std::string shown = "#\\x1b[2J\\n";
  EXPECT_THAT(render(wire::RoomsReport{{row}}, {}, kNow), HasSubstr(shown));
  EXPECT_THAT(render(wire::RoomReport{.room = row, .maker = bad}, {}, kNow),
              AllOf(StartsWith(shown + " is"), HasSubstr("by \\x1b[2J\\n\n")));
  EXPECT_EQ(render(wire::MadeRoomReport{bad}), "made " + shown + "\n");
  EXPECT_EQ(render(wire::KeptRoomReport{bad}), shown + " stays, also without members\n");
  EXPECT_EQ(render(wire::DroppedRoomReport{bad, 0}),
            "dropped " + shown + ", which had 0 members\n");
  EXPECT_EQ(render(wire::AnnounceReport{.members = 0, .room = bad}),
            "announced to 0 members of " + shown + "\n");
  EXPECT_EQ(render(wire::KickReport{"ada", "x", bad}), "kicked ada (x) from " + shown + "\n");
}

TEST(RenderRoom, ShowsTopicRolesPropertiesAndRules) {
  wire::RoomReport report{.room = {.name = "lab", .made = kNow}};
  EXPECT_THAT(render(report, {}, kNow), AllOf(Not(HasSubstr("properties")), Not(HasSubstr("topic")),
                                              Not(HasSubstr("owners"))));
  report.topic = "loops";
  report.topic_set = "2027-01-15T07:00:00.000Z";
  report.owners = {"ada", "bob"};
  report.moderators = {"cyd"};
  report.is_invited = report.is_hidden = report.is_lecture = true;
  report.slow_seconds = 10;
  report.history = "30d";
  report.invitations = 2;
  report.rules = {{.id = 3,
                   .kind = "mute",
                   .by_what = "key",
                   .target = "eve",
                   .room = "lab",
                   .undo = "chatctl unmute 3"}};
  EXPECT_THAT(render(report, {}, kNow),
              HasSubstr("  topic      loops (by the administrator, 2027-01-15T07:00:00.000Z)\n"
                        "  owners     ada, bob\n"
                        "  moderators cyd\n"
                        "  properties only invited members join, hidden, lecture: only owners and "
                        "moderators speak, slow: one message in 10 s, messages are stored for at "
                        "most 30 days\n"
                        "  invited    2 persons\n"
                        "\n"
                        "KIND  TYPE  TARGET  ROOM  BY       ENDS         HITS  REASON  UNDO\n"
                        "mute  key   eve     #lab  [admin]  without end     0          chatctl "
                        "unmute 3\n"));
}

TEST(RenderRoom, AChangeHasOneLine) {
  EXPECT_EQ(render(wire::RenamedRoomReport{.from = "lab", .to = "art"}), "#lab is #art now\n");
  EXPECT_EQ(render(wire::RoomSetReport{.room = "lab", .property = "slow", .value = "10"}),
            "slow of #lab is now: 10\n");
  EXPECT_EQ(render(wire::RoomSetReport{.room = "lab", .property = "topic"}),
            "#lab has no topic now\n");
  EXPECT_EQ(render(wire::RoomRoleReport{.room = "lab", .name = "ada", .role = "owner"}),
            "ada is an owner of #lab now\n");
  EXPECT_EQ(render(wire::RoomRoleReport{.room = "lab", .name = "ada", .role = "moderator"}),
            "ada is a moderator of #lab now\n");
  EXPECT_EQ(render(wire::RoomRoleReport{.room = "lab", .name = "ada", .role = "none"}),
            "ada has no role in #lab now\n");
}

TEST(RenderRoom, EscapesControlCharactersOfTopicsAndNames) {
  const wire::RoomReport report{.room = {.name = "lab"}, .topic = "\x1b[2J", .owners = {"\x1b[2J"}};
  EXPECT_THAT(render(report, {}, kNow), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace chatd::ctl
