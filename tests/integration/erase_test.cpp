// SPDX-License-Identifier: GPL-3.0-or-later
// erase_test.cpp — lines that are erased leave all files, also if a process is killed meanwhile; an
// export is whole or fails; a backup makes the same server on another machine.
#include <csignal>
#include <filesystem>
#include <future>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/integration/room.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/native_client.hpp"
#include "tests/support/recoveries.hpp"

namespace chatd::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kFast = "limits.messages_per_second = 0\n";

class EraseTest : public ::testing::Test {
 protected:
  [[nodiscard]] static std::vector<std::string> texts(const DaemonUnderTest& daemon) {
    const auto got = daemon.ctl({"--json", "history", "chat", "--lines", "10000"});
    std::vector<std::string> texts;
    if (got.status != 0) return texts;
    const auto report = nlohmann::json::parse(got.out);
    for (const auto& line : report.at("lines")) texts.push_back(line.at("text"));
    return texts;
  }
  static void await_lines(const DaemonUnderTest& daemon, std::size_t lines) {
    EXPECT_TRUE(eventually([&] { return texts(daemon).size() == lines; }));
  }
  // The files of the directory that have the text.
  [[nodiscard]] static std::vector<std::string> files_with(std::string_view text,
                                                           const TempDir& directory) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{directory.path()}) {
      if (!entry.is_regular_file()) continue;
      if (file_text(entry.path()).find(text) != std::string::npos) {
        names.push_back(entry.path().filename().string());
      }
    }
    return names;
  }
  // The lines that a joining member gets.
  [[nodiscard]] static std::vector<std::string> seen_by_joining(const DaemonUnderTest& daemon) {
    NativeClient eve{daemon.endpoint(), {.name = "eve"}};
    eve.enter();
    eve.await_line("+eve");
    return eve.lines();
  }
  static void unpack(const std::string& backup, const TempDir& into) {
    const auto done = run_program({"/bin/tar", "-xf", backup, "-C", into.path()});
    EXPECT_EQ(done.status, 0) << done.err;
  }
  // Kills a process of the role while lines are erased, and erases until that was successful.
  void expect_erased_although_killed(const char* role) {
    DaemonUnderTest daemon{{.config = kFast, .state = state_.path()}};
    NativeClient ada{daemon.endpoint(), {.name = "ada"}};
    NativeClient bob{daemon.endpoint(), {.name = "bob"}};
    ada.enter();
    bob.enter();
    for (int i = 0; i < 50; ++i) {
      ada.say("secretplugh " + std::to_string(i));
      bob.say("fine " + std::to_string(i));
    }
    await_lines(daemon, 100);
    const pid_t pid = pid_of(daemon, role);
    const std::vector<std::string> erase{"erase", "--author", "ada", "--now", "--yes"};
    auto erasing = std::async(std::launch::async, [&] { return daemon.ctl(erase); });
    ASSERT_EQ(::kill(pid, SIGKILL), 0);
    Finished done = erasing.get();
    // An answer is a promise; without one it is asked again, and there may be nothing left.
    const auto is_over = [&] {
      return done.status == 0 || done.err.find("is stored") != std::string::npos ||
             done.err.find("no such line") != std::string::npos;
    };
    EXPECT_TRUE(eventually([&] {
      if (!is_over()) done = daemon.ctl(erase);
      return is_over();
    })) << done.err;
    EXPECT_TRUE(eventually([&] { return files_with("secretplugh", state_).empty(); }));
    await_lines(daemon, 50);
    EXPECT_THAT(texts(daemon), Not(Contains(HasSubstr("secretplugh"))));
    EXPECT_THAT(seen_by_joining(daemon), Not(Contains(HasSubstr("secretplugh"))));
  }

  TempDir state_;
  TempDir other_;  // another machine, and what is carried to it
};

TEST_F(EraseTest, WithNowNoFileHasTheTextAnyMore) {
  DaemonUnderTest daemon{{.state = state_.path()}};
  NativeClient ada{daemon.endpoint(), {.name = "ada"}};
  ada.enter();
  ada.say("a line that stays");
  ada.say("zyxwvplugh is secret");
  await_lines(daemon, 2);
  EXPECT_TRUE(eventually([&] { return daemon.ctl_json({"archive"}).at("indexed") == 2; }));
  ASSERT_THAT(files_with("zyxwvplugh", state_), Not(IsEmpty()));
  const auto lines = daemon.ctl_json({"history", "chat"}).at("lines");
  const std::string number = lines.at(1).at("number").dump();
  const auto erased = daemon.ctl_json({"erase", "--room", "chat", "--message", number, "--now"});
  EXPECT_EQ(erased.at("lines"), 1);
  EXPECT_EQ(erased.at("gone"), true);
  EXPECT_THAT(files_with("zyxwvplugh", state_), IsEmpty());
  EXPECT_THAT(texts(daemon), ElementsAre("a line that stays"));
  EXPECT_THAT(seen_by_joining(daemon), Not(Contains(HasSubstr("zyxwvplugh"))));
  const auto again = daemon.ctl({"erase", "--room", "chat", "--message", number, "--now"});
  EXPECT_EQ(again.status, 1) << again.out;
  EXPECT_EQ(daemon.log().find("zyxwvplugh"), std::string::npos);
  daemon.stop();
  EXPECT_THAT(files_with("zyxwvplugh", state_), IsEmpty());
  daemon.start_again();
  EXPECT_THAT(texts(daemon), ElementsAre("a line that stays"));
}

TEST_F(EraseTest, AnArchiveThatIsKilledMeanwhileLeavesNoTextForLong) {
  expect_erased_although_killed("archive");
}

TEST_F(EraseTest, AGatewayThatIsKilledMeanwhileLeavesNoTextForLong) {
  expect_erased_although_killed("gateway");
}

TEST_F(EraseTest, AnExportIsWholeOrFails) {
  DaemonUnderTest daemon{{.config = kFast, .state = state_.path()}};
  NativeClient ada{daemon.endpoint(), {.name = "ada"}};
  ada.enter();
  constexpr std::size_t kLines = 900;
  for (std::size_t i = 0; i < kLines; ++i) ada.say(std::to_string(i) + std::string(800, 'x'));
  await_lines(daemon, kLines);
  const auto exported = daemon.ctl({"export"});
  EXPECT_EQ(exported.status, 0) << exported.err;
  std::istringstream in{exported.out};
  std::string line;
  for (std::size_t i = 0; i < kLines; ++i) {
    ASSERT_TRUE(std::getline(in, line));
    EXPECT_THAT(nlohmann::json::parse(line).at("text").get<std::string>(),
                testing::StartsWith(std::to_string(i) + "x"));
  }
  ASSERT_TRUE(std::getline(in, line));
  EXPECT_EQ(nlohmann::json::parse(line).at("lines"), kLines);
  // The archive dies while the reader takes its time.
  const std::string script = "exec 3>\"$2.part\"; { '" + chatctl_program() + "' --socket '" +
                             daemon.control() +
                             "' export; echo $? >\"$2.status\"; } | "
                             "{ head -c 1000 >&3; echo >\"$2.begun\"; sleep 1; cat >&3; }";
  const std::string name = other_ / "export";
  auto reading = std::async(std::launch::async, [&] {
    return run_program({"/bin/sh", "-c", script, "sh", "x", name});
  });
  EXPECT_TRUE(eventually([&] { return std::filesystem::exists(name + ".begun"); }));
  ASSERT_EQ(::kill(pid_of(daemon, "archive"), SIGKILL), 0);
  (void)reading.get();
  EXPECT_NE(file_text(name + ".status"), "0\n");
  EXPECT_NE(file_text(name + ".status"), "");
  EXPECT_THAT(file_text(name + ".part"), Not(HasSubstr("\"end\":true")));
}

TEST_F(EraseTest, ABackupMakesTheSameServerOnAnotherMachine) {
  const std::string backup = other_ / "backup.tar";
  const TempDir empty;
  std::string fingerprint;
  std::vector<std::string> before;
  {
    DaemonUnderTest daemon{{.config = kFast, .state = state_.path()}};
    NativeClient ada{daemon.endpoint(), {.name = "ada"}};
    ada.enter();
    ASSERT_EQ(daemon.ctl({"room", "make", "lab"}).status, 0);
    ASSERT_EQ(daemon.ctl({"room", "set", "lab", "topic", "physics"}).status, 0);
    ASSERT_EQ(daemon.ctl({"ban", "bob", "--reason", "spam"}).status, 0);
    for (int i = 0; i < 100; ++i) ada.say("number " + std::to_string(i));
    await_lines(daemon, 100);
    before = texts(daemon);
    auto made = std::async(std::launch::async, [&] {
      return daemon.ctl({"backup", backup, "--with-key"});
    });
    int said = 100;
    while (made.wait_for(std::chrono::seconds{0}) != std::future_status::ready || said < 150) {
      ada.say("number " + std::to_string(said++));
    }
    const Finished done = made.get();
    ASSERT_EQ(done.status, 0) << done.err;
    fingerprint = daemon.ctl_json({"fingerprint"}).at("fingerprint");
  }
  unpack(backup, empty);
  DaemonUnderTest copy{{.config = kFast, .state = empty.path()}};
  EXPECT_EQ(copy.ctl_json({"fingerprint"}).at("fingerprint"), fingerprint);
  EXPECT_THAT(copy.ctl({"rooms"}).out, HasSubstr("lab"));
  EXPECT_THAT(copy.ctl({"room", "lab"}).out, HasSubstr("physics"));
  EXPECT_THAT(copy.ctl({"bans"}).out, HasSubstr("bob"));
  await_lines(copy, texts(copy).size());
  auto after = texts(copy);
  ASSERT_GE(after.size(), before.size());
  after.resize(before.size());
  EXPECT_EQ(after, before);
  const std::uint64_t last =
      copy.ctl_json({"history", "chat", "--lines", "1"}).at("lines").at(0).at("number");
  ASSERT_EQ(copy.ctl({"announce", "on the other machine"}).status, 0);
  EXPECT_TRUE(eventually([&] { return texts(copy).back() == "on the other machine"; }));
  const auto line = copy.ctl_json({"history", "chat", "--lines", "1"}).at("lines").at(0);
  EXPECT_GT(line.at("number"), last);
}

TEST_F(EraseTest, AnOlderBackupDoesNotBringErasedLinesBackWhereTheListIs) {
  const std::string backup = other_ / "backup.tar";
  const TempDir empty;
  DaemonUnderTest daemon{{.state = state_.path()}};
  {
    NativeClient ada{daemon.endpoint(), {.name = "ada"}};
    ada.enter();
    ada.say("a line that stays");
    ada.say("zyxwvplugh is secret");
    await_lines(daemon, 2);
    ASSERT_EQ(daemon.ctl({"backup", backup, "--with-key"}).status, 0);
    const auto lines = daemon.ctl_json({"history", "chat"}).at("lines");
    ASSERT_EQ(
        daemon
            .ctl({"erase", "--room", "chat", "--message", lines.at(1).at("number").dump(), "--now"})
            .status,
        0);
    daemon.stop();
  }
  unpack(backup, state_);
  ASSERT_THAT(files_with("zyxwvplugh", state_), Contains("history.db"));
  daemon.start_again();
  EXPECT_THAT(seen_by_joining(daemon), Not(Contains(HasSubstr("zyxwvplugh"))));
  EXPECT_TRUE(eventually([&] { return texts(daemon).size() == 1; }));
  EXPECT_TRUE(eventually([&] { return files_with("zyxwvplugh", state_).empty(); }));
  daemon.stop();
  // No backup has the list: on an empty machine the lines are there, as chatd(8) says.
  unpack(backup, empty);
  EXPECT_FALSE(std::filesystem::exists(empty / "history.db.erased"));
  DaemonUnderTest copy{{.state = empty.path()}};
  EXPECT_TRUE(eventually([&] { return texts(copy).size() == 2; }));
}

TEST_F(EraseTest, WithoutHistoryABackupHasTheRegistryAndTheKey) {
  const std::string backup = other_ / "backup.tar";
  DaemonUnderTest daemon{{.config = "history.enabled = false\n", .state = state_.path()}};
  ASSERT_EQ(daemon.ctl({"room", "make", "lab"}).status, 0);
  const auto done = daemon.ctl({"backup", backup, "--with-key"});
  ASSERT_EQ(done.status, 0) << done.err;
  const auto fingerprint = daemon.ctl_json({"fingerprint"});
  daemon.stop();
  const TempDir empty;
  unpack(backup, empty);
  EXPECT_FALSE(std::filesystem::exists(empty / "history.db"));
  DaemonUnderTest copy{{.config = "history.enabled = false\n", .state = empty.path()}};
  EXPECT_EQ(copy.ctl_json({"fingerprint"}), fingerprint);
  EXPECT_THAT(copy.ctl({"rooms"}).out, HasSubstr("lab"));
}

}  // namespace
}  // namespace chatd::test
