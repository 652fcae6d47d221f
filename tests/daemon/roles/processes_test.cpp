// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/roles/processes.hpp"

#include <gmock/gmock.h>

#include "daemon/roles/role.hpp"
#include "daemon/state/layout.hpp"

namespace chatd::roles {
namespace {

using ::testing::HasSubstr;

std::vector<Role> table(std::uint32_t workers, std::uint32_t archives) {
  return {{.name = kGateway, .count = 1, .stage = Stage::ingress},
          {.name = kWorker, .count = workers, .follows = true, .index_field = "CHATD_WORKER"},
          {.name = "archive", .count = archives, .follows = true}};
}

TEST(Processes, TheRowIsTheFirstRowOfTheRolePlusTheIndex) {
  const auto processes = make_processes(table(2, 1)).value();
  ASSERT_EQ(processes.list.size(), 4U);
  const std::string_view names[] = {"gateway", "worker", "worker", "archive"};
  const std::uint32_t indices[] = {0, 0, 1, 0};
  for (std::uint32_t row = 0; row < 4; ++row) {
    EXPECT_EQ(processes.list[row].role, names[row]);
    EXPECT_EQ(processes.list[row].index, indices[row]);
    EXPECT_EQ(processes.list[row].row, row);
  }
}

TEST(Processes, EveryFollowerHasABellAndNoOtherProcessHas) {
  const auto processes = make_processes(table(2, 1)).value();
  EXPECT_FALSE(processes.list[0].bell);
  ASSERT_EQ(processes.bells.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(processes.list[1 + i].bell, processes.bells[i].get());
  }
}

TEST(Processes, ARoleWithTheCountZeroHasNoProcess) {
  const auto processes = make_processes(table(2, 0)).value();
  EXPECT_EQ(processes.list.size(), 3U);
  EXPECT_EQ(processes.bells.size(), 2U);
  EXPECT_EQ(count_of("archive", processes.list), 0U);
  EXPECT_EQ(count_of(kWorker, processes.list), 2U);
  EXPECT_EQ(row_of(kWorker, processes.list), processes.list[1].row);
  EXPECT_EQ(row_of("no such role", processes.list), 0U);
}

TEST(Processes, MoreProcessesThanRowsAreAnError) {
  constexpr auto kWorkers = static_cast<std::uint32_t>(state::kMaxProcesses - 1);
  EXPECT_TRUE(make_processes(table(kWorkers, 0)).has_value());
  const auto processes = make_processes(table(kWorkers, 1));
  ASSERT_FALSE(processes.has_value());
  EXPECT_THAT(processes.error().message(), HasSubstr("processes"));
}

TEST(Processes, TheTitleHasTheIndexOnlyWhereARoleHasOne) {
  const auto roles = table(2, 0);
  const auto processes = make_processes(roles).value();
  EXPECT_EQ(title_of(roles[0], processes.list[0]), "gateway");
  EXPECT_EQ(title_of(roles[1], processes.list[2]), "worker 1");
}

}  // namespace
}  // namespace chatd::roles
