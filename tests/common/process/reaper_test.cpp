// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/reaper.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include <gtest/gtest.h>

#include "common/process/process.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

class ReaperTest : public test::LeakCheck {};

TEST_F(ReaperTest, ReportsNoDeathWithoutChildren) {
  auto deaths = reap_children();
  ASSERT_TRUE(deaths.has_value());
  EXPECT_TRUE(deaths->empty());
}

TEST_F(ReaperTest, ReportsNoDeathOfALivingChild) {
  Process process{{.name = "sleeper", .daemon = true}, [] { return ::pause(); }};
  ASSERT_TRUE(process.start().has_value());
  auto deaths = reap_children();
  ASSERT_TRUE(deaths.has_value());
  EXPECT_TRUE(deaths->empty());
}

TEST_F(ReaperTest, CollectsAllChildrenThatHaveDied) {
  std::vector<std::unique_ptr<Process>> children;
  for (int code = 0; code < 5; ++code) {
    children.push_back(std::make_unique<Process>([code] { return code; }));
    ASSERT_TRUE(children.back()->start().has_value());
  }
  for (const auto& child : children) {
    siginfo_t info{};
    ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child->pid()), &info, WEXITED | WNOWAIT), 0);
  }
  auto deaths = reap_children();
  ASSERT_TRUE(deaths.has_value());
  ASSERT_EQ(deaths->size(), children.size());
  for (int code = 0; code < 5; ++code) {
    const auto& child = children[static_cast<std::size_t>(code)];
    const auto death = std::ranges::find(*deaths, child->pid(), &Death::pid);
    ASSERT_NE(death, deaths->end());
    EXPECT_EQ(death->status.code, code);
    child->record_exit(death->status);
  }
  EXPECT_FALSE(test::has_children());
}

}  // namespace
}  // namespace chatd::process
