// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/known_servers.hpp"

#include <sys/stat.h>

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace chatd::client {
namespace {

crypto::PublicKey key(int seed) {
  crypto::PublicKey bytes{};
  bytes.fill(static_cast<std::byte>(seed));
  return bytes;
}

class KnownServersTest : public ::testing::Test {
 protected:
  // The entry of a known server.
  [[nodiscard]] KnownServers::Entry entry(std::string_view server) const {
    const auto found = known_.find(server);
    EXPECT_TRUE(found && *found) << server;
    return found && *found ? **found : KnownServers::Entry{};
  }
  test::TempDir directory_;
  KnownServers known_{directory_ / "uchat/known_servers"};
};

TEST_F(KnownServersTest, HasNoEntriesWithoutAFile) {
  const auto found = known_.find("host:8888");
  ASSERT_TRUE(found);
  EXPECT_FALSE(*found);
}

TEST_F(KnownServersTest, StoresKeysInAFileForItsUserOnly) {
  ASSERT_TRUE(known_.add("host:8888", key(1)));
  ASSERT_TRUE(known_.add("[::1]:9000", key(2)));
  EXPECT_EQ(entry("host:8888").key, key(1));
  EXPECT_EQ(entry("host:8888").line, 1U);
  EXPECT_EQ(entry("[::1]:9000").key, key(2));
  EXPECT_EQ(entry("[::1]:9000").line, 2U);
  struct stat status {};
  ASSERT_EQ(::stat(known_.file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(KnownServersTest, DistinguishesPorts) {
  ASSERT_TRUE(known_.add("host:8888", key(1)));
  EXPECT_FALSE(*known_.find("host:888"));
  EXPECT_FALSE(*known_.find("host:8889"));
}

TEST_F(KnownServersTest, KeepsTheLinesOfTheUser) {
  ASSERT_TRUE(known_.add("first:1", key(1)));
  test::write_file(known_.file(), "# mine\n\n" + test::file_text(known_.file()) + "# no newline");
  ASSERT_TRUE(known_.add("second:2", key(2)));
  EXPECT_EQ(entry("first:1").line, 3U);
  EXPECT_EQ(entry("second:2").line, 5U);
  EXPECT_TRUE(test::file_text(known_.file()).starts_with("# mine\n\n"));
}

TEST_F(KnownServersTest, FindsALineWithoutAValidKey) {
  std::filesystem::create_directories(directory_ / "uchat");
  test::write_file(known_.file(), "host:8888 bm90IGEga2V5\n");
  EXPECT_FALSE(entry("host:8888").key);
}

TEST_F(KnownServersTest, ReportsAnUnreadableFileAsAnError) {
  std::filesystem::create_directories(known_.file());  // a folder of that name
  EXPECT_FALSE(known_.find("host:8888"));
  EXPECT_FALSE(known_.add("host:8888", key(1)));
}

TEST_F(KnownServersTest, RefusesAFileThatOthersCanWrite) {
  ASSERT_TRUE(known_.add("host:8888", key(1)));
  for (const mode_t mode : {0666U, 0602U, 0620U}) {
    ASSERT_EQ(::chmod(known_.file().c_str(), mode), 0);
    const auto found = known_.find("host:8888");
    ASSERT_FALSE(found) << mode;
    EXPECT_NE(found.error().message().find("chmod 600"), std::string::npos);
    EXPECT_EQ(found.error().message().find('\n'), std::string::npos);
  }
  for (const mode_t mode : {0600U, 0644U, 0400U}) {
    ASSERT_EQ(::chmod(known_.file().c_str(), mode), 0);
    EXPECT_TRUE(known_.find("host:8888")) << mode;
  }
}

}  // namespace
}  // namespace chatd::client
