// SPDX-License-Identifier: GPL-3.0-or-later
// member_history_test.cpp — members read what is stored of their rooms, and nothing else, whatever
// process is killed meanwhile.
// See:       history_load_test.cpp, for many askers.
#include <algorithm>
#include <csignal>
#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "client/member/member.hpp"
#include "tests/integration/room.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/native_client.hpp"
#include "tests/support/program.hpp"
#include "tests/support/recoveries.hpp"

namespace chatd::test {
namespace {

using client::HistoryPage;
using client::HistoryRequest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();

class MemberHistoryTest : public ::testing::Test {
 protected:
  static HistoryPage ask(NativeClient& member, const HistoryRequest& request = {}) {
    member.member().ask_history(mono_now(), request);
    return member.await<HistoryPage>();
  }
  static std::vector<std::string> texts(const HistoryPage& page) {
    std::vector<std::string> texts;
    for (const auto& line : page.lines) texts.push_back(line.text);
    return texts;
  }
  // Until so many lines of the room are stored.
  static bool are_stored(NativeClient& member, std::size_t lines, const std::string& room = {}) {
    return eventually([&] { return ask(member, {.room = room}).lines.size() >= lines; });
  }
  static void say_in(NativeClient& member, const std::string& room, const std::string& text) {
    member.member().send(client::Say{.text = text, .room = room}, mono_now());
    member.pump_until([&] { return member.member().unconfirmed() == 0; });
  }
  static void order(NativeClient& member, const client::Message& message) {
    member.member().send(message, mono_now());
    member.pump_until([&] { return member.member().unconfirmed() == 0; });
  }
  Finished uchat(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), uchat_program());
    return run_program(
        arguments,
        {.environment = {{"XDG_CONFIG_HOME", home_.path()}, {"LC_ALL", "C.UTF-8"}, {"TZ", "UTC"}}});
  }
  TempDir home_;
  static constexpr const char* kNoLimits =
      "limits.messages_per_second = 0\nlimits.questions_per_second = 0\n"
      "limits.sessions = 1100\nlimits.sessions_per_address = 0\n";
};

TEST_F(MemberHistoryTest, AMemberReadsPagesAlsoAfterAColdStart) {
  DaemonUnderTest daemon{{.config = kNoLimits}};
  {
    NativeClient ada{daemon.endpoint(), {.name = "ada"}};
    ada.enter();
    for (int i = 0; i < 70; ++i) ada.say("line " + std::to_string(i));
    ASSERT_TRUE(are_stored(ada, 50));
    daemon.stop();
  }
  daemon.start_again();
  NativeClient bob{daemon.endpoint(), {.name = "bob"}};
  bob.enter();
  auto page = ask(bob);
  ASSERT_THAT(page.lines, SizeIs(50));
  EXPECT_EQ(page.lines.front().text, "line 20");
  EXPECT_EQ(page.lines.back().text, "line 69");
  EXPECT_EQ(page.lines.back().name, "ada");
  EXPECT_NE(page.lines.back().person, 0U);
  EXPECT_TRUE(page.has_older);
  page = ask(bob, {.value = page.first});
  EXPECT_THAT(page.lines, SizeIs(20));
  EXPECT_FALSE(page.has_older);
}

TEST_F(MemberHistoryTest, OnlyTheMembersOfARoomReadIt) {
  DaemonUnderTest daemon{{.config = kNoLimits}};
  NativeClient ada{daemon.endpoint(), {.name = "ada"}};
  NativeClient bob{daemon.endpoint(), {.name = "bob"}};
  ada.enter();
  bob.enter();
  order(ada, client::MakeRoom{"lab"});
  order(ada,
        client::SetProperty{.property = wire::RoomProperty::invited, .value = 1, .room = "lab"});
  say_in(ada, "lab", "secret");
  order(ada,
        client::Moderate{.action = wire::ModerateAction::invite, .name = "bob", .room = "lab"});
  order(bob, client::JoinRoom{"lab"});
  say_in(ada, "lab", "hello bob");
  ASSERT_TRUE(are_stored(ada, 2, "lab"));
  EXPECT_THAT(texts(ask(ada, {.room = "lab"})), ElementsAre("secret", "hello bob"));
  for (const auto way : {wire::HistoryWay::before, wire::HistoryWay::after,
                         wire::HistoryWay::around, wire::HistoryWay::since}) {
    const auto page = ask(
        bob, {.room = "lab", .way = way, .value = way == wire::HistoryWay::before ? kLargest : 0});
    EXPECT_THAT(texts(page), ElementsAre("hello bob")) << static_cast<int>(way);
    EXPECT_FALSE(page.has_older);
  }
  // The client does not know yet that it was removed.
  bob.member().ask_history(mono_now(), {.room = "lab"});
  order(ada, client::Moderate{.action = wire::ModerateAction::ban, .name = "bob", .room = "lab"});
  const auto page = bob.await<HistoryPage>();
  EXPECT_TRUE(page.code == "no_such_room" || page.code == "not_in_room") << page.code;
  EXPECT_TRUE(page.lines.empty());
}

// By page, by number and by search, in one room and in all.
TEST_F(MemberHistoryTest, ASearchInAllRoomsFindsWhatTheAskerMayRead) {
  DaemonUnderTest daemon{{.config = kNoLimits}};
  NativeClient ada{daemon.endpoint(), {.name = "ada"}};
  NativeClient bob{daemon.endpoint(), {.name = "bob"}};
  ada.enter();
  bob.enter();
  for (const char* room : {"lab", "den", "attic"}) order(ada, client::MakeRoom{room});
  order(ada,
        client::SetProperty{.property = wire::RoomProperty::invited, .value = 1, .room = "den"});
  say_in(ada, "lab", "tea in the lab");
  say_in(ada, "den", "secret tea");
  ada.say("tea for all");
  say_in(ada, "attic", "tea in the attic");
  order(bob, client::JoinRoom{"lab"});
  order(ada,
        client::Moderate{.action = wire::ModerateAction::invite, .name = "bob", .room = "den"});
  order(bob, client::JoinRoom{"den"});
  say_in(ada, "den", "tea with bob");
  ASSERT_TRUE(are_stored(ada, 2, "den"));
  HistoryRequest search{.way = wire::HistoryWay::search_all, .text = "tea"};
  EXPECT_THAT(texts(ask(ada, search)), SizeIs(5));
  const auto found = ask(bob, search);
  EXPECT_THAT(texts(found), ElementsAre("tea in the lab", "tea for all", "tea with bob"));
  EXPECT_EQ(found.lines.at(0).room, "lab");
  EXPECT_EQ(found.lines.at(1).room, "");
  EXPECT_EQ(found.lines.at(2).room, "den");
  EXPECT_FALSE(found.has_older);
  // In pages of one line.
  std::vector<std::string> all;
  search.lines = 1;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = ask(bob, search);
    for (const auto& text : texts(page)) all.insert(all.begin(), text);
    if (!page.has_older) break;
    search.value = page.first;
    search.at = page.first_room;
  }
  // Pages follow the order of storing.
  EXPECT_THAT(all, UnorderedElementsAre("tea in the lab", "tea for all", "tea with bob"));
  // Kicked: neither at once, nor by the place of an earlier page, nor for an answer on its way.
  bob.member().ask_history(mono_now(), {.way = wire::HistoryWay::search_all, .text = "tea"});
  order(ada, client::Moderate{.action = wire::ModerateAction::ban, .name = "bob", .room = "den"});
  const auto late = bob.await<HistoryPage>();
  EXPECT_TRUE(late.code == "no_such_room" || texts(late).size() >= 2) << late.code;
  EXPECT_THAT(texts(ask(bob, {.way = wire::HistoryWay::search_all, .text = "tea"})),
              ElementsAre("tea in the lab", "tea for all"));
  const auto refused = ask(bob, {.way = wire::HistoryWay::search_all,
                                 .value = found.lines.at(2).number,
                                 .text = "tea",
                                 .at = found.lines.at(2).room_id});
  EXPECT_EQ(refused.code, "no_such_room");
  EXPECT_TRUE(refused.lines.empty());
}

TEST_F(MemberHistoryTest, ADroppedRoomThatIsMadeAgainIsAnotherOne) {
  DaemonUnderTest daemon{{.config = kNoLimits}};
  NativeClient ada{daemon.endpoint(), {.name = "ada"}};
  ada.enter();
  order(ada, client::MakeRoom{"lab"});
  say_in(ada, "lab", "of the first lab");
  ASSERT_TRUE(are_stored(ada, 1, "lab"));
  ASSERT_EQ(daemon.ctl({"room", "drop", "lab"}).status, 0);
  (void)ada.await<client::RoomLeft>();
  order(ada, client::MakeRoom{"lab"});
  EXPECT_THAT(ask(ada, {.room = "lab"}).lines, SizeIs(0));
}

// The archive is stopped with the question in hand, and the gateway killed: the client asks again.
TEST_F(MemberHistoryTest, AnAnswerComesAlsoIfTheGatewayIsKilledBeforeIt) {
  DaemonUnderTest daemon{{.config = kNoLimits}};
  NativeClient ada{daemon.endpoint(), {.name = "ada"}};
  ada.enter();
  ada.say("hello");
  ASSERT_TRUE(are_stored(ada, 1));
  const pid_t archive = pid_of(daemon, "archive");
  const pid_t gateway = pid_of(daemon, "gateway");
  ASSERT_EQ(::kill(archive, SIGSTOP), 0);
  ada.member().ask_history(mono_now(), {});
  ada.pump_until([&] { return ada.member().unconfirmed() == 0; });
  ASSERT_EQ(::kill(gateway, SIGKILL), 0);
  EXPECT_TRUE(eventually([&] {
    const pid_t successor = pid_of(daemon, "gateway");
    return successor != 0 && successor != gateway;
  }));
  ASSERT_EQ(::kill(archive, SIGCONT), 0);
  EXPECT_THAT(texts(ada.await<HistoryPage>()), ElementsAre("hello"));
}

TEST_F(MemberHistoryTest, AnAnswerComesAlsoIfTheArchiveIsKilledBeforeIt) {
  DaemonUnderTest daemon{{.config = kNoLimits}};
  NativeClient ada{daemon.endpoint(), {.name = "ada"}};
  ada.enter();
  ada.say("hello");
  ASSERT_TRUE(are_stored(ada, 1));
  for (int i = 0; i < 3; ++i) {
    const pid_t archive = pid_of(daemon, "archive");
    ASSERT_EQ(::kill(archive, SIGSTOP), 0);
    ada.member().ask_history(mono_now(), {});
    ada.pump_until([&] { return ada.member().unconfirmed() == 0; });
    ASSERT_EQ(::kill(archive, SIGKILL), 0);
    EXPECT_THAT(texts(ada.await<HistoryPage>()), ElementsAre("hello"));
  }
}

TEST_F(MemberHistoryTest, WithoutHistoryARefusalComesAtOnceAndTheWelcomeSaysSo) {
  DaemonUnderTest daemon{{.config = "history.enabled = false\n"}};
  NativeClient ada{daemon.endpoint(), {.name = "ada"}};
  ada.enter();
  EXPECT_EQ(ada.await<client::Joined>().kept.is, wire::HistoryKept::none);
  EXPECT_EQ(ask(ada).code, "nothing_stored");
}

TEST_F(MemberHistoryTest, TheWelcomeSaysForHowLongLinesAreKept) {
  DaemonUnderTest daemon{{.config = "history.max_age = \"2h\"\n"}};
  NativeClient ada{daemon.endpoint(), {.name = "ada"}};
  ada.enter();
  EXPECT_EQ(ada.await<client::Joined>().kept,
            (client::KeptHistory{.is = wire::HistoryKept::kept, .seconds = 7200}));
}

// A member that reads is seen by the others, also if its session was brief.
TEST_F(MemberHistoryTest, ABriefSessionThatAsksIsToldToTheRoom) {
  DaemonUnderTest daemon{{.config = kNoLimits}};
  NativeClient ada{daemon.endpoint(), {.name = "ada"}};
  ada.enter();
  NativeClient bob{daemon.endpoint(), {.name = "bob", .is_brief = true}};
  bob.enter();
  (void)ask(bob);
  ada.await_line("+bob");
}

TEST_F(MemberHistoryTest, AScriptPrintsTheLines) {
  DaemonUnderTest daemon{{.config = kNoLimits}};
  NativeClient ada{daemon.endpoint(), {.name = "ada"}};
  ada.enter();
  for (int i = 0; i < 120; ++i) ada.say("line " + std::to_string(i));
  ASSERT_TRUE(eventually([&] { return texts(ask(ada)).back() == "line 119"; }));
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "history");
    arguments.push_back("bob@" + to_text(daemon.endpoint()));
    return uchat(std::move(arguments));
  };
  const Finished all = run({"--lines", "110"});
  EXPECT_EQ(all.status, 0) << all.err;
  EXPECT_EQ(std::ranges::count(all.out, '\n'), 110);
  EXPECT_THAT(all.out, HasSubstr(" ada: line 10\n"));
  EXPECT_THAT(all.out, HasSubstr(" ada: line 119\n"));
  const Finished json = run({"--json", "--lines", "1"});
  EXPECT_THAT(json.out, HasSubstr(R"("text":"line 119")"));
  EXPECT_THAT(json.out, HasSubstr(R"("event":"page")"));
  EXPECT_EQ(run({"--room", "none"}).status, 17);
  const Finished found = run({"--search", "LINE 77"});
  EXPECT_EQ(std::ranges::count(found.out, '\n'), 1) << found.err;
  EXPECT_THAT(found.out, HasSubstr(" ada: line 77\n"));
  EXPECT_EQ(run({"--search", "in:#lab tea"}).status, 17);
}

}  // namespace
}  // namespace chatd::test
