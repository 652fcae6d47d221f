// SPDX-License-Identifier: GPL-3.0-or-later
// rooms_test.cpp — further rooms with the real programs: chatctl makes and drops them, uchat
// listens and sends in them, and a dead process or an upgrade of the daemon loses nothing.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <functional>
#include <sstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/integration/detached_daemon.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/native_client.hpp"
#include "tests/support/recoveries.hpp"

namespace chatd::test {
namespace {

using Json = nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The environment of a user with its own directory, so that each user has its own key.
ProgramOptions user_in(const std::string& directory) {
  std::filesystem::create_directories(directory);
  return {.environment = {{"XDG_CONFIG_HOME", directory}, {"LC_ALL", "C.UTF-8"}, {"TZ", "UTC"}}};
}

// `uchat listen --json` of one user. The destructor ends it.
class RoomListener {
 public:
  RoomListener(const std::string& name, const Endpoint& server,
               const std::vector<std::string>& options) {
    std::vector<std::string> argv{uchat_program(), "listen", "--json"};
    argv.insert(argv.end(), options.begin(), options.end());
    argv.push_back(name + "@" + to_text(server));
    pid_ = start_program(argv, user_in(directory_ / "config"),
                         {.out = directory_ / "out", .err = directory_ / "err"});
  }
  RoomListener(const RoomListener&) = delete;
  RoomListener& operator=(const RoomListener&) = delete;
  ~RoomListener() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGTERM);
    EXPECT_EQ(wait_for_program(pid_, kGenerous), 0) << output();
  }

  // The complete lines of standard output so far.
  [[nodiscard]] std::vector<Json> events() const {
    std::vector<Json> events;
    std::istringstream lines{file_text(directory_ / "out")};
    for (std::string line; std::getline(lines, line) && !lines.eof();) {
      events.push_back(Json::parse(line));
    }
    return events;
  }
  // The texts of the events of that type in that room; an event without a text has "".
  [[nodiscard]] std::vector<std::string> texts(std::string_view event,
                                               std::string_view room) const {
    std::vector<std::string> found;
    for (const Json& one : events()) {
      if (one.at("event") == event && one.at("room") == room)
        found.push_back(one.value("text", ""));
    }
    return found;
  }
  [[nodiscard]] bool gets(std::string_view event, std::string_view room,
                          std::string_view text = {}) const {
    return eventually([&] { return std::ranges::count(texts(event, room), text) > 0; });
  }
  [[nodiscard]] std::string output() const {
    return file_text(directory_ / "out") + file_text(directory_ / "err");
  }
  // Waits until the program ends by itself; returns its exit status.
  [[nodiscard]] std::optional<int> end() {
    const auto status = wait_for_program(pid_, kGenerous);
    if (status) pid_ = -1;
    return status;
  }

 private:
  TempDir directory_;
  pid_t pid_{-1};
};

// A RoomListener that has joined the room "lab".
struct LabListener : RoomListener {
  LabListener(const std::string& name, const Endpoint& server)
      : RoomListener{name, server, {"--room", "lab"}} {
    EXPECT_TRUE(gets("room_joined", "lab")) << output();
  }
};

Finished send_to(const Endpoint& server, std::string_view room, std::string_view text) {
  const TempDir directory;
  return run_program({uchat_program(), "send", "--room", std::string{room},
                      "bob@" + to_text(server), std::string{text}},
                     user_in(directory / "config"));
}

std::vector<std::string> names_of(const Json& rows) {
  std::vector<std::string> names;
  for (const Json& row : rows) names.push_back(row.at("name"));
  return names;
}

class RoomPrograms : public ::testing::Test {
 protected:
  RoomPrograms() { EXPECT_EQ(daemon_.ctl({"room", "make", "lab"}).status, 0); }

  [[nodiscard]] Finished send(std::string_view room, std::string_view text) const {
    return send_to(daemon_.endpoint(), room, text);
  }

  DaemonUnderTest daemon_{
      {.config = "limits.messages_per_second = 0\n", .arguments = {"--workers", "2"}}};
};

TEST_F(RoomPrograms, AMessageReachesOnlyTheMembersOfItsRoom) {
  const LabListener ada{"ada", daemon_.endpoint()};
  const RoomListener cyd{"cyd", daemon_.endpoint(), {}};
  ASSERT_TRUE(cyd.gets("entered", "")) << cyd.output();

  const Finished sent = send("lab", "hello");
  EXPECT_EQ(sent.status, 0) << sent.err;
  EXPECT_EQ(sent.out, "");
  ASSERT_TRUE(ada.gets("say", "lab", "hello")) << ada.output();
  const auto events = ada.events();
  const auto said = std::ranges::find(events, "say", [](const Json& e) { return e.at("event"); });
  EXPECT_EQ(said->at("name"), "bob");
  EXPECT_EQ(said->at("replay"), false);
  EXPECT_EQ(said->at("own"), false);

  EXPECT_EQ(daemon_.ctl({"announce", "the end"}).status, 0);
  ASSERT_TRUE(cyd.gets("announce", "", "the end")) << cyd.output();
  EXPECT_THAT(cyd.texts("say", ""), IsEmpty());
  EXPECT_TRUE(std::ranges::all_of(cyd.events(), [](const Json& e) { return e.at("room") == ""; }))
      << cyd.output();
}

TEST_F(RoomPrograms, ANumberSignBeforeTheNameIsAccepted) {
  const RoomListener ada{"ada", daemon_.endpoint(), {"--room", "#LAB"}};
  ASSERT_TRUE(ada.gets("room_joined", "lab")) << ada.output();
  EXPECT_EQ(send("#lab", "hello").status, 0);
  EXPECT_TRUE(ada.gets("say", "lab", "hello")) << ada.output();
  EXPECT_THAT(names_of(daemon_.ctl_json({"users", "--room", "#lab"}).at("users")),
              ElementsAre("ada"));
}

TEST_F(RoomPrograms, AMessageToARoomThatDoesNotExistIsRefused) {
  const Finished sent = send("nowhere", "x");
  EXPECT_EQ(sent.status, 17);
  EXPECT_EQ(sent.out, "");
  EXPECT_THAT(sent.err, HasSubstr("#nowhere: there is no such room\n"));
  RoomListener ada{"ada", daemon_.endpoint(), {"--room", "nowhere"}};
  EXPECT_EQ(ada.end(), 17) << ada.output();
  EXPECT_THAT(ada.output(), HasSubstr("#nowhere: there is no such room\n"));
  EXPECT_THAT(names_of(daemon_.ctl_json({"rooms"}).at("rooms")), ElementsAre("chat", "lab"));
}

// The processes are killed while messages are on their way.
TEST_F(RoomPrograms, KilledProcessesLoseDoubleOrReorderNoMessageOfARoom) {
  static constexpr int kMessages = 200;
  const LabListener ada{"ada", daemon_.endpoint()};
  NativeClient bob{daemon_.endpoint(), {.name = "bob"}};
  bob.enter();
  bob.member().send(client::JoinRoom{.name = "lab"}, mono_now());
  EXPECT_EQ(bob.await<client::RoomJoined>().room.name, "lab");

  const auto kill_all = [&](std::string_view role) {
    std::size_t killed = 0;
    for (const Victim& victim : victims(daemon_)) {
      if (!victim.role.starts_with(role)) continue;
      EXPECT_EQ(::kill(victim.pid, SIGKILL), 0) << victim.role;
      ++killed;
    }
    return killed;
  };
  std::vector<std::string> expected;
  for (int i = 0; i < kMessages; ++i) {
    expected.push_back("number " + std::to_string(i));
    bob.member().send(client::Say{.text = expected.back(), .room = "lab"}, mono_now());
    bob.pump(std::chrono::milliseconds{1});
    if (i == 60) {
      EXPECT_TRUE(ada.gets("say", "lab", "number 10")) << ada.output();
      EXPECT_EQ(kill_all("gateway"), 1U);
    } else if (i == 120) {
      bob.pump_until([&] { return bob.member().unconfirmed() < 60; });
      EXPECT_EQ(kill_all("worker"), 2U);
    }
  }
  bob.pump_until([&] { return bob.member().unconfirmed() == 0; });
  EXPECT_TRUE(ada.gets("say", "lab", expected.back())) << ada.output();
  EXPECT_EQ(daemon_.ctl({"announce", "--room", "lab", "the end"}).status, 0);
  EXPECT_TRUE(ada.gets("announce", "lab", "the end")) << ada.output();
  EXPECT_EQ(ada.texts("say", "lab"), expected);
  EXPECT_THAT(ada.texts("lost", "lab"), IsEmpty());
  EXPECT_THAT(ada.texts("leave", "lab"), IsEmpty());
  EXPECT_EQ(ada.texts("room_joined", "lab").size(), 1U);
}

TEST_F(RoomPrograms, ADroppedRoomIsReportedToItsMembersAndNotListed) {
  const RoomListener ada{"ada", daemon_.endpoint(), {"--all"}};
  LabListener cyd{"cyd", daemon_.endpoint()};
  ASSERT_TRUE(ada.gets("room_joined", "lab")) << ada.output();
  const Finished dropped = daemon_.ctl({"room", "drop", "lab"});
  EXPECT_EQ(dropped.status, 0) << dropped.err;
  EXPECT_TRUE(ada.gets("room_left", "lab", "the room was dropped")) << ada.output();
  EXPECT_EQ(cyd.end(), 12) << cyd.output();
  EXPECT_TRUE(cyd.gets("ended", "", "#lab: the room was dropped")) << cyd.output();
  EXPECT_THAT(names_of(daemon_.ctl_json({"rooms"}).at("rooms")), ElementsAre("chat"));
  EXPECT_THAT(daemon_.names(), ElementsAre("ada"));
  EXPECT_EQ(send("lab", "too late").status, 17);
}

TEST_F(RoomPrograms, AMemberKickedFromARoomStaysOnTheServer) {
  const RoomListener ada{"ada", daemon_.endpoint(), {"--all"}};
  ASSERT_TRUE(ada.gets("room_joined", "lab")) << ada.output();
  const Finished kicked = daemon_.ctl({"kick", "--room", "lab", "ada", "too", "loud"});
  EXPECT_EQ(kicked.status, 0) << kicked.err;
  EXPECT_TRUE(ada.gets("room_left", "lab", "by the administrator: too loud")) << ada.output();
  EXPECT_THAT(daemon_.ctl_json({"users", "--room", "lab"}).at("users"), IsEmpty());
  EXPECT_THAT(daemon_.names(), ElementsAre("ada"));
}

TEST_F(RoomPrograms, AnAnnouncementReachesAMemberOfARoomOnce) {
  const RoomListener ada{"ada", daemon_.endpoint(), {"--all"}};
  const RoomListener cyd{"cyd", daemon_.endpoint(), {"--all"}};
  ASSERT_TRUE(ada.gets("room_joined", "lab")) << ada.output();
  ASSERT_TRUE(cyd.gets("room_joined", "lab")) << cyd.output();
  EXPECT_EQ(daemon_.ctl({"announce", "tea"}).out, "announced to 2 members\n");
  for (const std::string room : {"", "lab"}) {
    std::vector<std::string> options{"announce", "the end"};
    if (!room.empty()) options.insert(options.end(), {"--room", room});
    EXPECT_EQ(daemon_.ctl(options).status, 0);
    EXPECT_TRUE(ada.gets("announce", room, "the end")) << ada.output();
    EXPECT_TRUE(cyd.gets("announce", room, "the end")) << cyd.output();
  }
  for (const RoomListener* listener : {&ada, &cyd}) {
    EXPECT_THAT(listener->texts("announce", ""), ElementsAre("tea", "the end"));
    EXPECT_THAT(listener->texts("announce", "lab"), ElementsAre("the end"));
  }
}

TEST_F(RoomPrograms, AnAnnouncementToARoomReachesOnlyItsMembers) {
  const LabListener ada{"ada", daemon_.endpoint()};
  const RoomListener cyd{"cyd", daemon_.endpoint(), {}};
  ASSERT_TRUE(cyd.gets("entered", "")) << cyd.output();
  EXPECT_EQ(daemon_.ctl({"announce", "--room", "lab", "only", "here"}).out,
            "announced to 1 member of #lab\n");
  EXPECT_TRUE(ada.gets("announce", "lab", "only here")) << ada.output();
  EXPECT_EQ(daemon_.ctl({"announce", "the end"}).status, 0);
  EXPECT_TRUE(cyd.gets("announce", "", "the end")) << cyd.output();
  EXPECT_THAT(cyd.texts("announce", ""), ElementsAre("the end"));
  EXPECT_THAT(cyd.texts("announce", "lab"), IsEmpty());
  EXPECT_THAT(ada.texts("announce", "lab"), ElementsAre("only here"));
}

class RoomUpgrade : public ::testing::Test {
 protected:
  [[nodiscard]] Json ctl_json(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "--json");
    const Finished finished = daemon_.ctl(arguments);
    EXPECT_EQ(finished.status, 0) << finished.err;
    return Json::parse(finished.out, nullptr, false);
  }
  [[nodiscard]] Endpoint endpoint() const {
    const Json status = ctl_json({"status"});
    return parse_endpoint(status.at("listen").at(0).get<std::string>()).value();
  }
  // The new gateway answers before its supervisor knows that all processes are ready.
  void await_readiness() const {
    EXPECT_TRUE(eventually([&] {
      const Json workers = ctl_json({"workers"});
      return std::ranges::all_of(workers.at("processes"),
                                 [](const Json& row) { return row.at("state") == "ready"; });
    }));
  }

  DetachedDaemon daemon_;
};

TEST_F(RoomUpgrade, AMemberStaysInItsRoom) {
  ASSERT_EQ(daemon_.start().status, 0);
  ASSERT_EQ(daemon_.ctl({"room", "make", "lab"}).status, 0);
  const LabListener ada{"ada", endpoint()};
  EXPECT_EQ(send_to(endpoint(), "lab", "before").status, 0);
  for (const std::string text : {"after one", "after two"}) {
    const Finished upgraded = daemon_.ctl({"upgrade"});
    ASSERT_EQ(upgraded.status, 0) << upgraded.err;
    await_readiness();
    EXPECT_THAT(names_of(ctl_json({"users", "--room", "lab"}).at("users")), ElementsAre("ada"));
    const Finished sent = send_to(endpoint(), "lab", text);
    EXPECT_EQ(sent.status, 0) << sent.err;
    EXPECT_TRUE(ada.gets("say", "lab", text)) << ada.output();
  }
  EXPECT_THAT(ada.texts("say", "lab"), ElementsAre("before", "after one", "after two"));
  EXPECT_EQ(ada.texts("room_joined", "lab").size(), 1U);
  EXPECT_THAT(ada.texts("room_left", "lab"), IsEmpty());
  EXPECT_THAT(ada.texts("lost", "lab"), IsEmpty());
  const auto rooms = ctl_json({"rooms"}).at("rooms");
  EXPECT_THAT(names_of(rooms), ElementsAre("chat", "lab"));
  EXPECT_EQ(rooms.at(1).at("kept"), true);
}

}  // namespace
}  // namespace chatd::test
