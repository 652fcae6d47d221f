// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/found_rows.hpp"

#include <gmock/gmock.h>

#include "tests/client/found_servers.hpp"

namespace chatd::client {
namespace {

KnownServers::Known known(int seed, std::string name) {
  return {.server = std::move(name), .entry = {.line = 1, .key = test::key(seed), .serial = 5}};
}

UserConfig config_with(const char* alias, const char* address) {
  UserConfig config;
  auto& server = config.servers.emplace_back();
  server.alias = alias;
  server.address = parse_target(address).value();
  return config;
}

TEST(FoundRows, AServerThatIsNotInTheFileIsNotKnown) {
  const auto rows = found_rows({found(1, {"192.168.1.5:8888"})}, {known(2, "lab:8888")}, {});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].known, "");
  EXPECT_EQ(rows[0].alias, "");
  EXPECT_EQ(rows[0].fingerprint, crypto::fingerprint(test::key(1)));
  EXPECT_EQ(target_text(rows[0]), "192.168.1.5:8888");
  EXPECT_FALSE(is_known({known(2, "lab:8888")}, test::key(1)));
}

TEST(FoundRows, AServerIsKnownByItsIdentityAndNotByItsAddress) {
  const std::vector<KnownServers::Known> file{known(2, "192.168.1.5:8888"), known(1, "lab:8888")};
  const auto rows = found_rows({found(1, {"192.168.1.5:8888"})}, file, {});
  EXPECT_EQ(rows.at(0).known, "lab:8888");
  EXPECT_EQ(target_text(rows.at(0)), "lab:8888");
  EXPECT_TRUE(is_known(file, test::key(1)));
}

TEST(FoundRows, TheAddressUnderWhichItIsKnownComesFirst) {
  const std::vector<KnownServers::Known> file{known(1, "lab:8888"), known(1, "10.0.0.7:8888")};
  const auto rows = found_rows({found(1, {"192.168.1.5:8888", "10.0.0.7:8888"})}, file, {});
  EXPECT_EQ(rows.at(0).known, "10.0.0.7:8888");
  EXPECT_EQ(to_text(rows.at(0).server.addresses.front()), "10.0.0.7:8888");
}

TEST(FoundRows, AnAliasIsThatOfTheKnownNameOrElseOfTheAddress) {
  const auto alias = config_with("hall", "lab");
  EXPECT_EQ(target_text(
                found_rows({found(1, {"192.168.1.5:8888"})}, {known(1, "lab:8888")}, alias).at(0)),
            "hall");
  const auto by_address = config_with("hall", "192.168.1.5");
  EXPECT_EQ(found_rows({found(1, {"192.168.1.5:8888"})}, {}, by_address).at(0).alias, "hall");
  EXPECT_EQ(
      found_rows({found(1, {"192.168.1.5:8888"})}, {known(1, "lab:8888")}, by_address).at(0).alias,
      "")
      << "the file of known servers has another name for this identity";
}

TEST(FoundRows, ALineOfAnEarlierVersionHasNoIdentity) {
  auto line = known(1, "lab:8888");
  line.entry.serial.reset();
  EXPECT_EQ(found_rows({found(1, {"192.168.1.5:8888"})}, {line}, {}).at(0).known, "");
  EXPECT_FALSE(is_known({line}, test::key(1)));
}

}  // namespace
}  // namespace chatd::client
