// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ctl/render.hpp"
#include "tests/ctl/render_now.hpp"

namespace chatd::ctl {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::HasSubstr;
using ::testing::Not;

wire::RuleRow ban_of_bob() {
  return {.id = 12,
          .kind = "ban",
          .by_what = "key",
          .target = "bob",
          .made = kNow,
          .until = to_rfc3339(kNow + hours{2}),
          .reason = "noise",
          .note = "third time",
          .hits = 4,
          .undo = "chatctl unban 12"};
}

TEST(RenderRules, AListShowsTheEndAndTheUndoOfEach) {
  const wire::RulesReport report{{ban_of_bob(),
                                  {.id = 13,
                                   .kind = "mute",
                                   .by_what = "network",
                                   .target = "10.1.2.0/24",
                                   .room = "lab",
                                   .made = kNow,
                                   .by = "ada",
                                   .undo = "chatctl unmute 13"}}};
  EXPECT_EQ(
      render(report, {}, kNow),
      "KIND  TYPE     TARGET       ROOM  BY       ENDS         HITS  REASON              UNDO\n"
      "ban   key      bob          -     [admin]  in 2 h          4  noise [third time]  chatctl "
      "unban 12\n"
      "mute  network  10.1.2.0/24  #lab  ada      without end     0                      chatctl "
      "unmute 13\n"
      "\n"
      "2 rules\n");
}

TEST(RenderRules, AnEmptyListHasOneLine) {
  EXPECT_EQ(render(wire::RulesReport{}, {}, kNow), "no bans, no mutes\n");
  EXPECT_EQ(render(wire::RulesReport{}, {.legend = false}, kNow), "");
}

TEST(RenderRules, ABanShowsItsEndItsHitsAndItsUndo) {
  const wire::PlacedReport report{.rules = {ban_of_bob()},
                                  .hit = {{.name = "bob", .address = "10.1.2.3:4"}}};
  EXPECT_EQ(render(report, {}, kNow),
            "banned the key bob, until 2027-01-15T10:00:00.000Z (2 h)\n"
            "removed bob (10.1.2.3:4)\n"
            "undo it with: chatctl unban 12\n");
}

TEST(RenderRules, AMuteShowsThatItHasNoEndAndNoHits) {
  const wire::PlacedReport report{.rules = {{.id = 3,
                                             .kind = "mute",
                                             .by_what = "name",
                                             .target = "eve",
                                             .room = "lab",
                                             .undo = "chatctl unmute 3"}}};
  EXPECT_EQ(render(report, {}, kNow),
            "muted the name eve in #lab, without end\n"
            "It hits no member that is here now.\n"
            "undo it with: chatctl unmute 3\n");
}

TEST(RenderRules, ADryRunShowsThatNothingWasChanged) {
  wire::PlacedReport report{.is_dry_run = true,
                            .rules = {{.kind = "ban", .by_what = "name", .target = "eve"}}};
  EXPECT_EQ(render(report, {}, kNow),
            "would ban the name eve, without end\n"
            "It would hit no member that is here now.\n"
            "Nothing was changed.\n");
  report.hit = {{.name = "eve", .address = "[::1]:5"}};
  EXPECT_THAT(render(report, {}, kNow), HasSubstr("would remove eve ([::1]:5)\n"));
}

TEST(RenderRules, RemovedRulesAreNamed) {
  EXPECT_EQ(render(wire::LiftedReport{{ban_of_bob()}}), "unbanned the key bob\n");
}

TEST(RenderRules, EscapesControlCharacters) {
  const wire::RuleRow hostile{.kind = "ban", .target = "\x1b[2J", .reason = "\x1b[2J"};
  EXPECT_THAT(render(wire::RulesReport{{hostile}}, {}, kNow), Not(HasSubstr("\x1b")));
  EXPECT_THAT(
      render(wire::PlacedReport{.rules = {hostile}, .hit = {{.name = "\x1b[2J"}}}, {}, kNow),
      Not(HasSubstr("\x1b")));
  EXPECT_THAT(render(wire::LiftedReport{{hostile}}), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace chatd::ctl
