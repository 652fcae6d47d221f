// SPDX-License-Identifier: GPL-3.0-or-later
// cold_start_test.cpp — all processes are killed, and the daemon starts again from the disk: rooms
// that are kept, rules and the last lines are back; if they cannot be read, it says so.
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "daemon/store/database.hpp"
#include "tests/integration/detached_daemon.hpp"
#include "tests/support/daemon_under_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/native_client.hpp"
#include "tests/support/registry_text.hpp"

namespace chatd::test {
namespace {

using client::JoinRoom;
using client::RoomJoined;
using client::Say;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const RegistryText kRegistry{
    .rooms = {room_row(7, "lab", R"(,"properties":)" + properties("physics"))},
    .rules = {rule_row(1, 1, 2, R"(,"name":"eve","reason":"spam")"),
              rule_row(2, 2, 2, R"(,"name":"bob","room":7)")},
    .default_properties = properties("welcome"),
    .last_room = 9,
    .last_rule = 5};
constexpr const char* kNoDatabase = "this is no database, but a long text\n";

class ColdStart : public ::testing::Test {
 protected:
  void write_registry() const { kRegistry.write_database(state_ / "registry.db"); }
  [[nodiscard]] DaemonUnderTest::Options options(std::string config = "") const {
    return {.config = "limits.messages_per_second = 0\n" + config, .state = state_.path()};
  }
  static void join(NativeClient& client, const std::string& room) {
    (void)client.member().send(JoinRoom{.name = room}, mono_now());
    EXPECT_EQ(client.await<RoomJoined>().room.name, room);
  }
  template <class T>
  static void send(NativeClient& client, const T& message) {
    (void)client.member().send(message, mono_now());
    client.pump_until([&] { return client.member().unconfirmed() == 0; });
  }
  static void say_in(NativeClient& client, const std::string& room, const std::string& text) {
    send(client, Say{.text = text, .room = room});
  }
  static void await_stored(const DaemonUnderTest& daemon, const std::string& room,
                           const std::string& text) {
    EXPECT_TRUE(eventually([&] {
      return daemon.ctl({"history", room}).out.find(text) != std::string::npos;
    })) << text;
  }
  // Starts a daemon that ends by itself.
  [[nodiscard]] Finished refused_start() const {
    std::vector<std::string> argv{
        chatd_program(), "--foreground", "--control", state_ / "control.sock",
        "--state-dir",   state_.path(),  "--listen",  "127.0.0.1:0"};
    if (::geteuid() == 0) argv.insert(argv.end(), {"--user", "root"});
    return run_program(argv, {.environment = {{"LC_ALL", "C.UTF-8"}, {"NOTIFY_SOCKET", ""}}});
  }
  TempDir state_;
};

TEST_F(ColdStart, RoomsAndRulesAreBackBeforeTheFirstClientIsAnswered) {
  write_registry();
  const DaemonUnderTest daemon{options()};
  const auto room = daemon.ctl({"room", "lab"});
  EXPECT_EQ(room.status, 0) << room.err;
  EXPECT_THAT(room.out, HasSubstr("physics"));
  EXPECT_THAT(daemon.ctl({"bans"}).out, HasSubstr("eve"));
  EXPECT_THAT(daemon.log(), HasSubstr("1 rooms and 2 bans, mutes, invitations and roles are back "
                                      "(registry.db)"));
  NativeClient eve{daemon.endpoint(), {.name = "Eve"}};
  eve.member().start(mono_now());
  EXPECT_EQ(eve.await<client::Ended>().reason, wire::Reason::banned);
  NativeClient ada{daemon.endpoint(), {.name = "ada"}};
  ada.enter();
  join(ada, "lab");
  ASSERT_EQ(daemon.ctl({"room", "make", "den"}).status, 0);
  EXPECT_EQ(daemon.ctl({"ban", "mallory"}).status, 0);
  EXPECT_THAT(daemon.ctl({"--json", "bans"}).out, HasSubstr("\"id\":6")) << "ids are used once";
}

TEST_F(ColdStart, LinesAreBackAfterAllProcessesWereKilledAndTheirNumbersGoOn) {
  write_registry();
  DaemonUnderTest daemon{options()};
  {
    NativeClient ada{daemon.endpoint(), {.name = "ada"}};
    ada.enter();
    join(ada, "lab");
    ada.say("to all");
    say_in(ada, "lab", "to the lab");
    await_stored(daemon, "chat", "to all");
    await_stored(daemon, "lab", "to the lab");
  }
  for (int start = 0; start < 3; ++start) {
    daemon.kill();
    daemon.start_again();
    NativeClient bea{daemon.endpoint(), {.name = "bea"}};
    bea.enter();
    bea.await_line("ada: to all");
    join(bea, "lab");
    bea.await_line("ada: to the lab");
    const std::string next = "after start " + std::to_string(start);
    say_in(bea, "lab", next);
    await_stored(daemon, "lab", next);
  }
  std::vector<std::string> texts;
  std::vector<std::uint64_t> numbers;
  const auto history = daemon.ctl_json({"history", "lab"});
  for (const auto& line : history.at("lines")) {
    texts.push_back(line.at("text"));
    numbers.push_back(line.at("number"));
  }
  EXPECT_THAT(
      texts, testing::ElementsAre("to the lab", "after start 0", "after start 1", "after start 2"));
  EXPECT_TRUE(std::ranges::is_sorted(numbers, std::ranges::less_equal{}));
  EXPECT_EQ(std::set<std::uint64_t>(numbers.begin(), numbers.end()).size(), numbers.size());
}

TEST_F(ColdStart, ChangesThatWereSavedAreInForceAfterAllProcessesWereKilled) {
  DaemonUnderTest daemon{options()};
  crypto::KeyPair key;
  {
    NativeClient ada{daemon.endpoint(), {.name = "ada"}};
    ada.enter();
    key = ada.identity();
    send(ada, client::MakeRoom{.name = "lab"});
    ASSERT_EQ(daemon.ctl({"room", "keep", "lab"}).status, 0);
    ASSERT_EQ(daemon.ctl({"room", "set", "lab", "topic", "physics"}).status, 0);
    say_in(ada, "lab", "hello");
    await_stored(daemon, "lab", "hello");
    ASSERT_EQ(daemon.ctl({"ban", "eve"}).status, 0);
  }
  for (int start = 0; start < 2; ++start) {
    daemon.kill();
    daemon.start_again();
    EXPECT_THAT(daemon.ctl({"room", "lab"}).out, HasSubstr("physics"));
    NativeClient eve{daemon.endpoint(), {.name = "eve"}};
    eve.member().start(mono_now());
    EXPECT_EQ(eve.await<client::Ended>().reason, wire::Reason::banned);
    NativeClient ada{daemon.endpoint(), {.name = "ada", .identity = key}};
    ada.enter();
    join(ada, "lab");
    ada.await_line("ada: hello");
    send(ada,
         client::SetProperty{.property = wire::RoomProperty::lecture, .value = 1, .room = "lab"});
    NativeClient bob{daemon.endpoint(), {.name = "bob"}};
    bob.enter();
    join(bob, "lab");
    send(bob, Say{.text = "I want to speak", .room = "lab"});
    EXPECT_EQ(bob.await<client::Refused>().code, "lecture") << "ada is still the owner";
  }
}

TEST_F(ColdStart, ALineThatAMemberCouldNotReadStaysUnreadable) {
  DaemonUnderTest daemon{options()};
  std::optional<crypto::KeyPair> bobs_key;
  {
    NativeClient ada{daemon.endpoint(), {.name = "ada"}};
    NativeClient bob{daemon.endpoint(), {.name = "bob"}};
    ada.enter();
    bob.enter();
    bobs_key = bob.identity();
    send(ada, client::MakeRoom{.name = "lab"});
    ASSERT_EQ(daemon.ctl({"room", "keep", "lab"}).status, 0);
    send(ada,
         client::SetProperty{.property = wire::RoomProperty::invited, .value = 1, .room = "lab"});
    say_in(ada, "lab", "not for bob");
    send(ada,
         client::Moderate{.action = wire::ModerateAction::invite, .name = "bob", .room = "lab"});
    (void)bob.await<client::RoomInvited>();
    join(bob, "lab");
    say_in(ada, "lab", "for bob, too");
    bob.await_line("ada: for bob, too");
    await_stored(daemon, "lab", "for bob, too");
    // A change of the administrator is answered when it and all before it are saved.
    ASSERT_EQ(daemon.ctl({"room", "set", "lab", "topic", "physics"}).status, 0);
  }
  daemon.kill();
  daemon.start_again();
  NativeClient bob{daemon.endpoint(), {.name = "bob", .identity = bobs_key}};
  bob.enter();
  join(bob, "lab");
  bob.await_line("ada: for bob, too");
  EXPECT_THAT(bob.lines(), Not(testing::Contains("ada: not for bob")));
  NativeClient eve{daemon.endpoint(), {.name = "eve"}};
  eve.enter();
  send(eve, JoinRoom{.name = "lab"});
  EXPECT_EQ(eve.await<client::Refused>().code, "no_such_room");
}

TEST_F(ColdStart, TheDocumentIsUsedIfTheDatabaseIsDamagedAndStatusSaysSo) {
  write_file(state_ / "registry.db", kNoDatabase);
  write_file(state_ / "registry.json", kRegistry.document());
  const DaemonUnderTest daemon{options()};
  EXPECT_EQ(daemon.ctl({"room", "lab"}).status, 0);
  EXPECT_THAT(daemon.log(), AllOf(HasSubstr("registry.db cannot be read"),
                                  HasSubstr("are back (registry.json)")));
  EXPECT_THAT(daemon.ctl({"status"}).out, HasSubstr("at the start, registry.db cannot be read"));
}

TEST_F(ColdStart, WithoutAReadableRegistryTheStartEndsWith78AndSaysWhatToDo) {
  write_file(state_ / "registry.db", kNoDatabase);
  const Finished finished = refused_start();
  EXPECT_EQ(finished.status, 78);
  EXPECT_THAT(finished.err,
              AllOf(HasSubstr("registry.db cannot be read"), HasSubstr("registry.json is missing"),
                    HasSubstr("backup"), HasSubstr("registry.required = false")));
}

TEST_F(ColdStart, TheTerminalOfADetachedStartGetsTheSameSentenceAndStatus) {
  DetachedDaemon daemon;
  std::filesystem::create_directory(daemon.directory() + "/state");
  write_file(daemon.directory() + "/state/registry.json", "{");
  const Finished finished = daemon.start();
  EXPECT_EQ(finished.status, 78);
  EXPECT_THAT(finished.err, AllOf(HasSubstr("chatd: in "), HasSubstr("registry.json cannot"),
                                  Not(HasSubstr("chatd: chatd:"))));
  // This program is the parent of the daemon that has ended.
  EXPECT_TRUE(eventually([] {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    return errno == ECHILD;
  }));
}

TEST_F(ColdStart, WithTheSettingItStartsWithoutARegistryAndSaysSo) {
  write_file(state_ / "registry.db", kNoDatabase);
  const DaemonUnderTest daemon{options("registry.required = false\n")};
  EXPECT_EQ(daemon.ctl({"room", "lab"}).status, 1);
  EXPECT_THAT(daemon.log(), HasSubstr("bans, kept rooms and roles are lost"));
  EXPECT_THAT(daemon.ctl({"status"}).out, HasSubstr("bans, kept rooms and roles are lost"));
}

TEST_F(ColdStart, ADatabaseOfMessagesThatCannotBeReadIsNoReasonNotToStart) {
  write_registry();
  write_file(state_ / "history.db", kNoDatabase);
  const DaemonUnderTest daemon{options()};
  EXPECT_EQ(daemon.ctl({"room", "lab"}).status, 0);
  EXPECT_THAT(daemon.log(), HasSubstr("rooms begin without lines, history.db: "));
}

// As after a downgrade: the files of the later version are not changed, and the rooms go on.
TEST_F(ColdStart, DatabasesOfALaterVersionAreLeftAloneAndTheRoomsRun) {
  std::optional<crypto::KeyPair> key;
  {
    DaemonUnderTest daemon{options()};
    ASSERT_EQ(daemon.ctl({"room", "make", "lab"}).status, 0);
    NativeClient ada{daemon.endpoint(), {.name = "ada"}};
    ada.enter();
    key = ada.identity();
    join(ada, "lab");
    say_in(ada, "lab", "of the later version");
    await_stored(daemon, "lab", "of the later version");
    daemon.stop();
  }
  for (const char* file : {"history.db", "registry.db"}) {
    auto database = store::Database::open(state_ / file, std::uint64_t{1} << 30U);
    ASSERT_TRUE(database) << database.error().message();
    const auto version = database->number("PRAGMA user_version");
    ASSERT_TRUE(database->run(fmt::format("PRAGMA user_version={}", *version + 1).c_str()));
  }
  const std::string copy = file_text(state_ / "registry.json");
  DaemonUnderTest daemon{options()};
  EXPECT_THAT(daemon.log(), AllOf(HasSubstr("registry.db cannot be read (it is of a later version"),
                                  HasSubstr("are back (registry.json)")));
  NativeClient ada{daemon.endpoint(), {.name = "ada", .identity = key}};
  ada.enter();
  join(ada, "lab");
  say_in(ada, "lab", "goes on");
  ada.await_line("ada: goes on");
  EXPECT_TRUE(eventually([&] {
    const auto archive = daemon.ctl_json({"archive"});
    return archive.at("state") == "newer" && archive.at("registry") == "newer";
  })) << daemon.ctl({"archive"}).out;
  EXPECT_THAT(daemon.ctl({"status"}).out, HasSubstr("later version"));
  daemon.stop();
  for (const char* file : {"history.db", "registry.db"}) {
    EXPECT_FALSE(std::filesystem::exists(state_ / (std::string{file} + ".broken"))) << file;
    auto database = store::Database::open(state_ / file, std::uint64_t{1} << 30U);
    ASSERT_TRUE(database) << database.error().message();
    EXPECT_GT(database->number("PRAGMA user_version").value(), 1) << file;
  }
  EXPECT_EQ(file_text(state_ / "registry.json"), copy)
      << "it may have more than this version knows";
}

}  // namespace
}  // namespace chatd::test
