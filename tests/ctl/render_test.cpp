// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/render.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ctl/render_now.hpp"

namespace chatd::ctl {
namespace {

using std::chrono::hours;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(RenderUsers, AnEmptyRoomIsCounted) {
  EXPECT_THAT(render(wire::UsersReport{}, {}, kNow), HasSubstr("\n0 members\n"));
  EXPECT_EQ(render(wire::UsersReport{}, {.legend = false}, kNow), "");
}

TEST(RenderProcesses, OnlyWorkersHaveANumber) {
  const wire::WorkersReport report{{{.role = "gateway", .pid = 5, .state = "ready"},
                                    {.role = "worker", .index = 0, .state = "starting"}}};
  const std::string text = render(report, {}, kNow);
  EXPECT_THAT(text, HasSubstr("\ngateway "));
  EXPECT_THAT(text, HasSubstr("\nworker 0 "));
}

}  // namespace
}  // namespace chatd::ctl
