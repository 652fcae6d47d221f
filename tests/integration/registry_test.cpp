// SPDX-License-Identifier: GPL-3.0-or-later
// registry_test.cpp — an answer of chatctl says whether its change is on disk; rules are in force
// also if it is not.
#include <csignal>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/integration/room.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/native_client.hpp"
#include "tests/support/recoveries.hpp"

namespace chatd::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class RegistryTest : public ::testing::Test {
 protected:
  static std::string state(const DaemonUnderTest& daemon) {
    return daemon.ctl_json({"archive"}).at("registry");
  }
  // The copy of what is saved.
  [[nodiscard]] nlohmann::json copy() const {
    return nlohmann::json::parse(file_text(state_ / "registry.json"), nullptr, false);
  }
  TempDir state_;
};

TEST_F(RegistryTest, AChangeThatIsAnsweredAsSavedOutlivesAllProcesses) {
  DaemonUnderTest daemon{{.state = state_.path()}};
  EXPECT_EQ(daemon.ctl_json({"room", "make", "lab"}).at("saved"), true);
  EXPECT_EQ(daemon.ctl_json({"ban", "bob", "--reason", "spam"}).at("saved"), true);
  EXPECT_EQ(daemon.ctl_json({"mute", "eve", "--room", "lab"}).at("saved"), true);
  EXPECT_EQ(daemon.ctl_json({"room", "set", "lab", "topic", "physics"}).at("saved"), true);
  EXPECT_TRUE(daemon.ctl_json({"ban", "cyd", "--dry-run"}).at("saved").is_null());
  daemon.kill();
  // The journal has what was committed, also without the end of the process.
  std::string files = file_text(state_ / "registry.db") + file_text(state_ / "registry.db-wal");
  for (const char* text : {"\"name\":\"bob\"", "\"reason\":\"spam\"", "\"name\":\"eve\"",
                           "\"name\":\"lab\"", "\"topic\":\"physics\""}) {
    EXPECT_THAT(files, HasSubstr(text));
  }
}

TEST_F(RegistryTest, AtAStopTheCopyHasAll) {
  DaemonUnderTest daemon{{.config = "history.enabled = false\n", .state = state_.path()}};
  EXPECT_EQ(daemon.ctl({"room", "make", "lab"}).status, 0);
  EXPECT_EQ(daemon.ctl({"ban", "bob"}).status, 0);
  daemon.stop();
  const auto copy = this->copy();
  EXPECT_EQ(copy.at("rooms").at(0).at("name"), "lab");
  EXPECT_EQ(copy.at("rules").at(0).at("name"), "bob");
}

TEST_F(RegistryTest, WithoutADiskABanIsInForceAndSaysThatItIsNotSaved) {
  std::filesystem::create_directory(state_ / "registry.db");
  DaemonUnderTest daemon{{.config = "registry.required = false\n", .state = state_.path()}};
  NativeClient bob{daemon.endpoint(), {.name = "bob"}};
  bob.enter();
  EXPECT_TRUE(eventually([&] { return state(daemon) == "broken"; }));
  const auto banned = daemon.ctl({"ban", "bob"});
  EXPECT_EQ(banned.status, 1);
  EXPECT_THAT(banned.out, StartsWith("banned the key bob"));
  EXPECT_EQ(banned.err, "chatctl: in force, but not on disk: the database cannot be used\n");
  EXPECT_TRUE(eventually([&] { return daemon.names().empty(); }));
  const auto made = daemon.ctl({"--json", "room", "make", "lab"});
  EXPECT_EQ(nlohmann::json::parse(made.out).at("saved"), false);
  EXPECT_THAT(daemon.ctl({}).out, HasSubstr("changes are not saved: the database cannot be used"));
  std::filesystem::remove(state_ / "registry.db");
  EXPECT_TRUE(eventually([&] { return state(daemon) == "ok"; }, std::chrono::seconds{90}));
  EXPECT_EQ(daemon.ctl({"unban", "1"}).status, 0);
}

TEST_F(RegistryTest, AnArchiveThatIsKilledSavesTheChangesAfterwards) {
  DaemonUnderTest daemon{{.state = state_.path()}};
  for (int i = 0; i < 5; ++i) {
    const pid_t pid = pid_of(daemon, "archive");
    if (pid != 0) {
      ASSERT_EQ(::kill(pid, SIGKILL), 0);
    }
    const auto banned = daemon.ctl({"--json", "ban", "bob" + std::to_string(i)});
    EXPECT_EQ(nlohmann::json::parse(banned.out).at("saved"), banned.status == 0);
  }
  EXPECT_TRUE(eventually([&] { return state(daemon) == "ok"; }));
  EXPECT_EQ(daemon.ctl({"mute", "eve"}).status, 0);
  daemon.stop();
  EXPECT_EQ(copy().at("rules").size(), 6U);
}

}  // namespace
}  // namespace chatd::test
