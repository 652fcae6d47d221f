// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "ctl/render.hpp"
#include "tests/ctl/render_now.hpp"

namespace chatd::ctl {
namespace {

using ::testing::HasSubstr;

const Style kPlain{};

TEST(RenderNames, EachKeyHasALineAndTheNameIsWrittenOnce) {
  const wire::NamesReport report{
      .names = {{.name = "ada",
                 .keys = {{.key = "SHA256:one", .since = {}, .label = "laptop"},
                          {.key = "SHA256:two", .since = {}, .label = ""}},
                 .since = kNow - std::chrono::hours{48},
                 .seen = kNow - std::chrono::hours{1},
                 .waiting = 7}}};
  const std::string text = render(report, kPlain, kNow);
  EXPECT_THAT(text, HasSubstr("ada"));
  EXPECT_THAT(text, HasSubstr("owned"));
  EXPECT_THAT(text, HasSubstr("SHA256:one"));
  EXPECT_THAT(text, HasSubstr("laptop"));
  EXPECT_THAT(text, HasSubstr(" 1 h ago        7  SHA256:one"));
  EXPECT_EQ(text.find("ada"), text.rfind("ada"));
  EXPECT_LT(text.find("SHA256:one"), text.find("SHA256:two"));
}

TEST(RenderNames, ANameThatRestsShowsForHowLong) {
  wire::NamesReport report{
      .names = {
          {.name = "ada", .keys = {}, .rests_until = to_rfc3339(kNow + std::chrono::hours{1})}}};
  EXPECT_THAT(render(report, kPlain, kNow), HasSubstr("rests for"));
  report.names[0].is_released = true;
  EXPECT_THAT(render(report, kPlain, kNow), HasSubstr("released, rests for"));
}

TEST(RenderNames, AChangeSaysWhatTheNameIsNow) {
  EXPECT_EQ(render(wire::ChangedNameReport{.name = "ada", .change = "given", .key = "SHA256:x"}),
            "ada belongs to SHA256:x\n");
  EXPECT_EQ(render(wire::ChangedNameReport{.name = "ada", .change = "taken"}), "ada is free\n");
  EXPECT_EQ(render(wire::ChangedNameReport{.name = "ada", .change = "rests"}),
            "ada rests for 30 days\n");
}

TEST(RenderNames, ATokenStandsAlone) {
  EXPECT_EQ(render(wire::TokenReport{.name = "robot", .change = "made", .token = "AbC"}), "AbC\n");
  EXPECT_EQ(render(wire::TokenReport{.name = "robot", .change = "revoked"}),
            "the token of robot is ended, and the name is free\n");
}

}  // namespace
}  // namespace chatd::ctl
