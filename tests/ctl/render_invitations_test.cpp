// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ctl/render.hpp"
#include "tests/ctl/render_now.hpp"

namespace chatd::ctl {
namespace {

using std::chrono::hours;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(RenderInvitations, EachCodeHasALineAndTheLastLineSaysWhatTheyAdmit) {
  wire::InvitedReport report{.codes = {{3, "AAAA-1"}, {4, "AAAA-2"}},
                             .uses = 1,
                             .until = kNow + hours{24},
                             .room = "lesson"};
  const std::string text = render(report, {}, kNow);
  EXPECT_THAT(text,
              StartsWith("AAAA-1\nAAAA-2\n\n2 codes, numbers 3 to 4: each admits 1 person, "));
  EXPECT_THAT(text, HasSubstr(", and lets into #lesson\n"));
  EXPECT_THAT(text, Not(HasSubstr("The door is open")));
  report.door = "open";
  EXPECT_THAT(render(report, {}, kNow), HasSubstr("The door is open: persons enter without"));
  EXPECT_EQ(render(report, {.legend = false}, kNow), "AAAA-1\nAAAA-2\n");
}

TEST(RenderInvitations, TheListShowsStatesUsesAndNames) {
  const wire::InvitationsReport report{
      .door = "invited",
      .invitations = {{.id = 3,
                       .state = "open",
                       .uses = 30,
                       .used = 2,
                       .until = kNow + hours{2},
                       .room = "lesson",
                       .admitted = {{.name = "ada", .at = kNow}, {.name = "bob", .at = kNow}}},
                      {.id = 4, .state = "closed", .until = kNow + hours{2}}}};
  const std::string text = render(report, {}, kNow);
  EXPECT_THAT(text, HasSubstr("2/30"));
  EXPECT_THAT(text, HasSubstr("in 2 h"));
  EXPECT_THAT(text, HasSubstr("ada bob"));
  EXPECT_THAT(text, HasSubstr("2 invitation codes\n"));
  EXPECT_THAT(text, Not(HasSubstr("The door is open")));
  EXPECT_THAT(render(wire::InvitationsReport{.door = "open"}, {}, kNow),
              HasSubstr("The door is open: persons enter without a code, too.\n"));
}

TEST(RenderInvitations, ARevokedCodeListsThePersonsThatItDoesNotAdmitAnyMore) {
  EXPECT_EQ(
      render(wire::RevokedReport{.ids = {3}, .removed = {"ada", "bob"}, .still_enter = {"bob"}}),
      "ended the invitation 3\nada is not admitted any more\nbob is not admitted any more\n"
      "bob owns a name, and can still enter\n");
}

TEST(RenderInvitations, ABanNamesTheCodesThatItHasEnded) {
  wire::PlacedReport report;
  report.closed_invitations = {12};
  EXPECT_THAT(render(report, {}, kNow),
              HasSubstr("ended the invitation 12, by which the person came\n"));
  report.is_dry_run = true;
  EXPECT_THAT(render(report, {}, kNow),
              HasSubstr("would end the invitation 12, by which the person came\n"));
}

}  // namespace
}  // namespace chatd::ctl
