// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/role_table.hpp"

#include <fcntl.h>

#include <algorithm>

#include <gmock/gmock.h>

#include "daemon/state/layout.hpp"

namespace chatd {
namespace {

using ::testing::Contains;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

UniqueFd descriptor() { return UniqueFd{::open("/dev/null", O_RDONLY | O_CLOEXEC)}; }

class RoleTableTest : public ::testing::Test {
 protected:
  RoleTableTest() {
    service_.state = descriptor();
    service_.keys = descriptor();
    service_.resources.control = descriptor();
    service_.archive.gateway = descriptor();
    service_.archive.archive = descriptor();
    service_.config.workers.count = 2;
    table_ = role_table(service_);
    service_.processes = roles::make_processes(table_).value();
  }
  [[nodiscard]] std::vector<int> inheritance(std::size_t row) const {
    const auto& process = service_.processes.list[row];
    const auto role = std::ranges::find(table_, process.role, &roles::Role::name);
    return inheritance_of(service_, *role, process);
  }

  Service service_;
  std::vector<roles::Role> table_;
};

TEST_F(RoleTableTest, TheGatewayHasTheFirstRowAndTheWorkersFollow) {
  const auto& list = service_.processes.list;
  ASSERT_EQ(list.size(), 4U);
  EXPECT_EQ(list[0].role, roles::kGateway);
  EXPECT_EQ(list[1].role, roles::kWorker);
  EXPECT_EQ(list[2].index, 1U);
}

TEST_F(RoleTableTest, AWorkerKeepsItsOwnBellAndNoControlSocket) {
  EXPECT_THAT(inheritance(1), UnorderedElementsAre(service_.state.get(), service_.keys.get(),
                                                   *service_.processes.list[1].bell));
}

TEST_F(RoleTableTest, TheGatewayKeepsTheControlSocketAndAllBells) {
  const auto kept = inheritance(0);
  EXPECT_THAT(kept, Contains(service_.resources.control.get()));
  for (const auto& bell : service_.processes.bells) EXPECT_THAT(kept, Contains(bell.get()));
}

TEST_F(RoleTableTest, TheArchiveHasTheLastRowAndNeitherKeysNorSockets) {
  EXPECT_EQ(service_.processes.list.back().role, roles::kArchive);
  EXPECT_THAT(inheritance(3),
              UnorderedElementsAre(service_.state.get(), service_.archive.archive.get()));
  EXPECT_FALSE(table_.back().is_vital);
}

TEST_F(RoleTableTest, WithoutHistoryTheArchiveSavesRulesAndRooms) {
  service_.config.history.enabled = false;
  const auto processes = roles::make_processes(role_table(service_)).value();
  EXPECT_EQ(roles::count_of(roles::kArchive, processes.list), 1U);
}

TEST_F(RoleTableTest, TheGatewayPassesCallersToTheArchive) {
  EXPECT_THAT(inheritance(0), Contains(service_.archive.gateway.get()));
}

TEST_F(RoleTableTest, WithoutANumberOfWorkersTheUsableCoresDecide) {
  service_.config.workers.count = 0;
  const auto workers = role_table(service_)[1].count;
  EXPECT_GE(workers, 1U);
  EXPECT_LE(workers, 4U);
}

TEST_F(RoleTableTest, TheProcessTableHasRowsForTheLargestConfiguration) {
  service_.config.workers.count = state::kMaxWorkers;
  service_.resources.web.push_back({.fd = descriptor(), .where = {}});
  EXPECT_TRUE(roles::make_processes(role_table(service_)).has_value());
}

TEST_F(RoleTableTest, WithoutAnAddressOfThePageThereIsNoProcessForIt) {
  EXPECT_EQ(roles::count_of(roles::kWeb, service_.processes.list), 0U);
}

TEST_F(RoleTableTest, WebKeepsThePageAndItsChannelAndNoKeys) {
  service_.resources.web.push_back({.fd = descriptor(), .where = {}});
  service_.web_channel = {.gateway = descriptor(), .web = descriptor()};
  service_.web_presence = descriptor();
  table_ = role_table(service_);
  service_.processes = roles::make_processes(table_).value();
  const auto row = roles::row_of(roles::kWeb, service_.processes.list);
  EXPECT_THAT(inheritance(row),
              UnorderedElementsAre(service_.state.get(), service_.web_channel.web.get(),
                                   service_.web_presence.get(), service_.resources.web[0].fd.get(),
                                   *service_.processes.list[row].bell));
  EXPECT_THAT(inheritance(0), Contains(service_.web_channel.gateway.get()));
  EXPECT_THAT(inheritance(0), Not(Contains(service_.resources.web[0].fd.get())));
}

TEST_F(RoleTableTest, TheHeartbeatOfWebIsInTheMemoryThatWebWrites) {
  service_.web_presence = state::WebPresence::create(3).value();
  service_.web_heartbeat = state::WebHeartbeat::map(service_.web_presence.get()).value();
  const auto web = std::ranges::find(table_, roles::kWeb, &roles::Role::name);
  const auto presence = state::WebPresence::map(service_.web_presence.get(), 3).value();
  presence.heartbeat().store(5);
  EXPECT_EQ(web->heartbeat(), 5U);
  for (const auto& role : table_) EXPECT_EQ(bool{role.heartbeat}, role.name == roles::kWeb);
}

}  // namespace
}  // namespace chatd
