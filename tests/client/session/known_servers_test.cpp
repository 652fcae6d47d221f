// SPDX-License-Identifier: GPL-3.0-or-later
// known_servers_test.cpp — the file of known servers (client/session/trust.hpp).
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/session/trust.hpp"
#include "tests/support/server_proof.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;

// The number is the identity, and no serial is smaller.
crypto::Certificate key(int seed) { return {.identity = test::key(seed), .key = {}, .serial = 1}; }

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
  EXPECT_EQ(entry("host:8888").key, test::key(1));
  EXPECT_EQ(entry("host:8888").line, 1U);
  EXPECT_EQ(entry("[::1]:9000").key, test::key(2));
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

TEST_F(KnownServersTest, ListsItsServersInTheOrderOfTheFile) {
  EXPECT_THAT(known_.all().value(), ::testing::IsEmpty());
  ASSERT_TRUE(known_.add("second:2", key(2)));
  ASSERT_TRUE(known_.add("first:1", key(1)));
  test::write_file(known_.file(), "# mine\n\n" + test::file_text(known_.file()) + "bad:3 no key\n");
  const auto all = known_.all().value();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].server, "second:2");
  EXPECT_EQ(all[0].entry.line, 3U);
  EXPECT_EQ(all[1].entry.key, test::key(1));
  EXPECT_EQ(all[2].server, "bad:3");
  EXPECT_FALSE(all[2].entry.key);
}

TEST_F(KnownServersTest, ReplacesTheFirstLineOnlyByALargerSerial) {
  ASSERT_TRUE(known_.add("host:8888", key(1)));
  const auto before = entry("host:8888");
  EXPECT_EQ(before.serial, 1U);
  crypto::Certificate newer = key(1);
  newer.serial = 9;
  ASSERT_TRUE(known_.replace("host:8888", before, newer));
  EXPECT_EQ(entry("host:8888").serial, 9U);
  newer.serial = 5;  // of a program that has read the file before
  ASSERT_TRUE(known_.replace("host:8888", before, newer));
  EXPECT_EQ(entry("host:8888").serial, 9U);
}

TEST_F(KnownServersTest, ForgetsAServerAndKeepsEverythingElse) {
  ASSERT_TRUE(known_.add("first:1", key(1)));
  ASSERT_TRUE(known_.add("second:2", key(2)));
  test::write_file(known_.file(),
                   "# first:1 is mine\n" + test::file_text(known_.file()) + "first:1 twice");
  ASSERT_EQ(::chmod(known_.file().c_str(), 0640), 0);
  EXPECT_TRUE(known_.remove("first:1").value());
  EXPECT_FALSE(*known_.find("first:1"));
  EXPECT_EQ(entry("second:2").key, test::key(2));
  EXPECT_EQ(entry("second:2").line, 2U);
  EXPECT_TRUE(test::file_text(known_.file()).starts_with("# first:1 is mine\n"));
  struct stat status {};
  ASSERT_EQ(::stat(known_.file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
  EXPECT_FALSE(std::filesystem::exists(known_.file() + ".new"));
  EXPECT_FALSE(known_.remove("first:1").value());
}

TEST_F(KnownServersTest, ForgetsNothingOfAFileThatDoesNotExist) {
  EXPECT_FALSE(known_.remove("host:8888").value());
  EXPECT_FALSE(std::filesystem::exists(known_.file()));
}

TEST_F(KnownServersTest, ForgetsInTheFileThatASymbolicLinkNames) {
  ASSERT_TRUE(known_.add("first:1", key(1)));
  const std::string link = directory_ / "link";
  std::filesystem::create_symlink(known_.file(), link);
  EXPECT_TRUE(KnownServers{link}.remove("first:1").value());
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_FALSE(*known_.find("first:1"));
}

TEST_F(KnownServersTest, LosesNoLineOfProcessesThatWriteAtTheSameTime) {
  constexpr int kWriters = 4;
  constexpr int kServers = 50;
  const auto name = [](int writer, int i) { return fmt::format("host{}:{}", writer, i + 1); };
  std::vector<pid_t> children;
  for (int writer = 0; writer <= kWriters; ++writer) {
    const pid_t child = ::fork();
    if (child > 0) {
      children.push_back(child);
      continue;
    }
    bool good = true;
    for (int i = 0; i < kServers; ++i) {
      if (writer < kWriters) {
        good = good && known_.add(name(writer, i), key(writer));
      } else {
        good = good && known_.add("forgotten:1", key(9)) && known_.remove("forgotten:1");
      }
    }
    ::_exit(good ? 0 : 1);
  }
  for (const pid_t child : children) {
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(known_.all().value().size(), static_cast<std::size_t>(kWriters * kServers));
  for (int writer = 0; writer < kWriters; ++writer) {
    for (int i = 0; i < kServers; ++i) EXPECT_EQ(entry(name(writer, i)).key, test::key(writer));
  }
}

TEST_F(KnownServersTest, AddsAServerOnce) {
  ASSERT_TRUE(known_.add("host:8888", key(1)));
  const std::string before = test::file_text(known_.file());
  EXPECT_TRUE(known_.add("host:8888", key(1)));
  const auto other = known_.add("host:8888", key(2));
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message(), HasSubstr("line 1 of " + known_.file()));
  EXPECT_EQ(test::file_text(known_.file()), before);
}

TEST_F(KnownServersTest, IsUnchangedIfALineCannotBeWrittenWhole) {
  ASSERT_TRUE(known_.add("first:1", key(1)));
  const std::string before = test::file_text(known_.file());
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{.rlim_cur = before.size() + 10, .rlim_max = before.size() + 10};
    const bool is_limited = ::setrlimit(RLIMIT_FSIZE, &limit) == 0;
    ::_exit(is_limited && !known_.add("second:2", key(2)) ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(test::file_text(known_.file()), before);
}

// Each process has another key for the same servers: at most one of them may be trusted.
TEST_F(KnownServersTest, OneKeyOfAServerIsTrustedIfProcessesJudgeAtTheSameTime) {
  constexpr int kProcesses = 4;
  constexpr int kServers = 50;
  std::vector<pid_t> children;
  for (int process = 0; process < kProcesses; ++process) {
    const pid_t child = ::fork();
    if (child > 0) {
      children.push_back(child);
      continue;
    }
    std::string trusted;
    for (int i = 0; i < kServers; ++i) {
      const std::string server = fmt::format("host:{}", i + 1);
      const test::Shown shown{test::certificate(process + 1)};
      if (judge(known_, server, shown.proof(), {}, WallTime{}, wire::Language::en).trusted) {
        trusted += server + '\n';
      }
    }
    test::write_file(directory_ / std::to_string(process), trusted);
    ::_exit(0);
  }
  std::string trusted;
  for (int process = 0; process < kProcesses; ++process) {
    int status = -1;
    ASSERT_EQ(::waitpid(children[static_cast<std::size_t>(process)], &status, 0),
              children[static_cast<std::size_t>(process)]);
    trusted += test::file_text(directory_ / std::to_string(process));
  }
  EXPECT_EQ(std::ranges::count(trusted, '\n'), kServers);
  EXPECT_EQ(known_.all().value().size(), static_cast<std::size_t>(kServers));
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
