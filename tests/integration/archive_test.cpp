// SPDX-License-Identifier: GPL-3.0-or-later
// archive_test.cpp — messages are stored once, also if the archive is killed; rooms go on, also if
// the disk does not.
#include <csignal>
#include <filesystem>
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
using ::testing::Not;

class ArchiveTest : public ::testing::Test {
 protected:
  // The texts that are stored of the default room, the oldest one first.
  [[nodiscard]] static std::vector<std::string> texts(const DaemonUnderTest& daemon,
                                                      const std::string& room = "chat") {
    const auto got = daemon.ctl({"--json", "history", room, "--lines", "10000"});
    std::vector<std::string> texts;
    if (got.status != 0) return texts;
    const auto report = nlohmann::json::parse(got.out);
    for (const auto& line : report.at("lines")) texts.push_back(line.at("text"));
    return texts;
  }
  [[nodiscard]] static std::string state(const DaemonUnderTest& daemon) {
    return daemon.ctl_json({"archive"}).at("state");
  }
  static void say(const DaemonUnderTest& daemon, const std::string& text) {
    EXPECT_EQ(daemon.ctl({"announce", text}).status, 0);
  }
};

TEST_F(ArchiveTest, EachLineIsStoredOnceAlthoughTheArchiveIsKilledAgainAndAgain) {
  DaemonUnderTest daemon{{.config = "limits.messages_per_second = 0\n"}};
  NativeClient ada{daemon.endpoint(), {.name = "ada"}};
  ada.enter();
  std::vector<std::string> said;
  for (int i = 0; i < 200; ++i) {
    said.push_back("number " + std::to_string(i));
    ada.say(said.back());
    if (i % 40 != 7) continue;
    const pid_t pid = pid_of(daemon, "archive");
    ASSERT_EQ(::kill(pid, SIGKILL), 0);
    EXPECT_TRUE(eventually([&] {
      const pid_t successor = pid_of(daemon, "archive");
      return successor != 0 && successor != pid;
    }));
  }
  EXPECT_TRUE(eventually([&] { return texts(daemon).size() >= said.size(); }));
  EXPECT_EQ(texts(daemon), said);
  EXPECT_EQ(daemon.processes("archive").at(0).at("restarts"), 5);
}

TEST_F(ArchiveTest, MessagesAreThereAfterAColdStartAndTheirNumbersGoOn) {
  DaemonUnderTest daemon;
  {
    NativeClient ada{daemon.endpoint(), {.name = "ada"}};
    ada.enter();
    ada.say("before");
    daemon.stop();
  }
  daemon.start_again();
  say(daemon, "after");
  EXPECT_TRUE(eventually([&] { return texts(daemon).size() == 2; }));
  const auto lines = daemon.ctl_json({"history", "chat"}).at("lines");
  EXPECT_EQ(lines.at(0).at("text"), "before");
  EXPECT_EQ(lines.at(0).at("name"), "ada");
  EXPECT_THAT(lines.at(0).at("key").get<std::string>(), testing::StartsWith("SHA256:"));
  EXPECT_EQ(lines.at(1).at("kind"), "announce");
  EXPECT_LT(lines.at(0).at("number"), lines.at(1).at("number"));
}

TEST_F(ArchiveTest, FurtherRoomsAreStoredUnderTheirNames) {
  DaemonUnderTest daemon;
  ASSERT_EQ(daemon.ctl({"room", "make", "lab"}).status, 0);
  ASSERT_EQ(daemon.ctl({"announce", "hello lab", "--room", "lab"}).status, 0);
  ASSERT_EQ(daemon.ctl({"room", "set", "lab", "topic", "physics"}).status, 0);
  EXPECT_TRUE(eventually([&] { return texts(daemon, "lab").size() == 2; }));
  EXPECT_THAT(texts(daemon, "#LAB"), ElementsAre("hello lab", "physics"));
  EXPECT_EQ(daemon.ctl({"history", "none"}).status, 1);
}

TEST_F(ArchiveTest, HistoryIsShownInPages) {
  DaemonUnderTest daemon;
  for (int i = 0; i < 5; ++i) say(daemon, "line " + std::to_string(i));
  EXPECT_TRUE(eventually([&] { return texts(daemon).size() == 5; }));
  const auto page = daemon.ctl_json({"history", "chat", "--lines", "2"});
  EXPECT_EQ(page.at("lines").at(1).at("text"), "line 4");
  EXPECT_EQ(page.at("more"), true);
  const auto shown =
      daemon.ctl({"history", "chat", "--before", page.at("lines").at(0).at("number").dump()});
  EXPECT_THAT(shown.out, HasSubstr("[admin] line 2\n"));
  EXPECT_THAT(shown.out, Not(HasSubstr("line 3")));
  EXPECT_EQ(daemon.ctl({"history", "chat", "--lines", "x"}).status, 2);
}

TEST_F(ArchiveTest, WordsAreFoundInAllRoomsAndInOne) {
  DaemonUnderTest daemon;
  ASSERT_EQ(daemon.ctl({"room", "make", "lab"}).status, 0);
  say(daemon, "打开配置文件 first");
  ASSERT_EQ(daemon.ctl({"announce", "配置 second", "--room", "lab"}).status, 0);
  const auto found = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"--json", "search"});
    const auto shown = daemon.ctl(words);
    EXPECT_EQ(shown.status, 0) << shown.err;
    std::vector<std::string> lines;
    const auto report = nlohmann::json::parse(shown.out);
    for (const auto& line : report.at("lines")) {
      lines.push_back(line.at("room").get<std::string>() + ": " +
                      line.at("text").get<std::string>());
    }
    return lines;
  };
  // Lines are found before they are indexed, too.
  EXPECT_TRUE(eventually([&] { return found({"配置"}).size() == 2; }));
  EXPECT_THAT(found({"配置", "sec"}), ElementsAre("lab: 配置 second"));
  EXPECT_THAT(found({"置", "--room", "lab"}), ElementsAre("lab: 配置 second"));
  EXPECT_THAT(found({"配置", "in:#chat", "since:1h"}), ElementsAre("chat: 打开配置文件 first"));
  EXPECT_THAT(found({"\"配置 first\""}), ElementsAre());
  EXPECT_TRUE(eventually([&] { return daemon.ctl_json({"archive"}).at("indexed") == 2; }));
  EXPECT_THAT(found({"配置", "sec"}), ElementsAre("lab: 配置 second"));
  EXPECT_THAT(daemon.ctl({"search", "first"}).out, HasSubstr("chat #"));
  EXPECT_EQ(daemon.ctl({"search", "x", "--room", "none"}).status, 1);
  EXPECT_EQ(daemon.ctl({"search", "in:#lab"}).status, 2);
}

TEST_F(ArchiveTest, WithoutHistoryThereIsNoFileOfMessages) {
  const TempDir state;
  DaemonUnderTest daemon{{.config = "history.enabled = false\n", .state = state.path()}};
  say(daemon, "hello");
  EXPECT_EQ(ArchiveTest::state(daemon), "off");
  EXPECT_TRUE(eventually([&] { return daemon.ctl_json({"archive"}).at("registry") == "ok"; }));
  EXPECT_THAT(daemon.ctl({"history", "chat"}).err, HasSubstr("history.enabled is false"));
  daemon.stop();
  for (const auto& entry : std::filesystem::directory_iterator{state.path()}) {
    const std::string name = entry.path().filename();
    EXPECT_TRUE(name.ends_with(".key") || name == "server.cert" || name.starts_with("registry."))
        << name;
  }
}

TEST_F(ArchiveTest, ADatabaseThatCannotBeOpenedStopsNoConversationAndAllIsStoredLater) {
  const TempDir state;
  std::filesystem::create_directory(state / "history.db");
  DaemonUnderTest daemon{{.state = state.path()}};
  EXPECT_TRUE(eventually([&] { return ArchiveTest::state(daemon) == "broken"; }));
  NativeClient ada{daemon.endpoint(), {.name = "ada"}};
  ada.enter();
  ada.say("hello");
  EXPECT_THAT(daemon.ctl_json({"status"}).at("problems"),
              Contains(HasSubstr("messages are not stored")));
  EXPECT_THAT(daemon.ctl({"history", "chat"}).err, HasSubstr("cannot be read now"));
  std::filesystem::remove(state / "history.db");
  EXPECT_TRUE(eventually([&] { return texts(daemon).size() == 1; }));
  EXPECT_THAT(texts(daemon), ElementsAre("hello"));
  EXPECT_EQ(ArchiveTest::state(daemon), "ok");
}

TEST_F(ArchiveTest, ADamagedDatabaseIsSetAside) {
  const TempDir state;
  write_file(state / "history.db", std::string(8192, 'x'));
  DaemonUnderTest daemon{{.state = state.path()}};
  say(daemon, "hello");
  EXPECT_TRUE(eventually([&] { return texts(daemon).size() == 1; }));
  EXPECT_TRUE(std::filesystem::exists(state / "history.db.broken"));
  EXPECT_THAT(daemon.log(), HasSubstr("the damaged database is kept as"));
}

TEST_F(ArchiveTest, OfTwoDaemonsOnOneDirectoryOneStores) {
  const TempDir state;
  DaemonUnderTest first{{.state = state.path()}};
  say(first, "first");
  EXPECT_TRUE(eventually([&] { return texts(first).size() == 1; }));
  DaemonUnderTest second{{.state = state.path()}};
  EXPECT_TRUE(eventually([&] { return ArchiveTest::state(second) == "locked"; }));
  say(second, "second");
  say(first, "third");
  EXPECT_TRUE(eventually([&] { return texts(first).size() == 2; }));
  EXPECT_THAT(texts(first), ElementsAre("first", "third"));
  second.stop();
  first.stop();
}

TEST_F(ArchiveTest, AStoppedArchiveDelaysNoMessage) {
  DaemonUnderTest daemon;
  const pid_t archive = pid_of(daemon, "archive");
  ASSERT_NE(archive, 0);
  ASSERT_EQ(::kill(archive, SIGSTOP), 0);
  NativeClient ada{daemon.endpoint(), {.name = "ada"}};
  NativeClient bob{daemon.endpoint(), {.name = "bob"}};
  ada.enter();
  bob.enter();
  ada.say("hello");
  bob.await_line("ada: hello");
  ASSERT_EQ(::kill(archive, SIGCONT), 0);
  EXPECT_TRUE(eventually([&] { return texts(daemon).size() == 1; }));
}

TEST_F(ArchiveTest, AnotherUserReadsNoHistory) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  DaemonUnderTest daemon;
  constexpr uid_t kNobody = 65534;
  std::filesystem::permissions(std::filesystem::path{daemon.control()}.parent_path(),
                               std::filesystem::perms{0755});
  std::filesystem::permissions(daemon.control(), std::filesystem::perms{0666});
  const TempDir theirs;
  std::filesystem::permissions(theirs.path(), std::filesystem::perms{0777});
  NativeClient ada{daemon.endpoint(), {.name = "ada"}};
  ada.enter();
  ada.say("xyzzy, a secret");
  const std::vector<std::vector<std::string>> reading{{"history", "chat"},
                                                      {"history", "chat", "--follow"},
                                                      {"search", "xyzzy"},
                                                      {"export"},
                                                      {"export", "--room", "chat"},
                                                      {"backup", theirs / "backup.tar"},
                                                      {"erase", "--room", "chat", "--yes"}};
  for (const auto& command : reading) {
    const auto refused = daemon.ctl(command, {.uid = kNobody});
    EXPECT_EQ(refused.status, 4) << command.front() << refused.err;
    EXPECT_THAT(refused.err, HasSubstr("only root and the daemon's own user")) << command.front();
    EXPECT_THAT(refused.out, Not(HasSubstr("xyzzy"))) << command.front();
  }
  EXPECT_FALSE(std::filesystem::exists(theirs / "backup.tar") &&
               std::filesystem::file_size(theirs / "backup.tar") != 0);
}

}  // namespace
}  // namespace chatd::test
