// SPDX-License-Identifier: GPL-3.0-or-later
// A Member that goes on under another name.
#include <algorithm>

#include <gmock/gmock.h>

#include "client/member/member.hpp"
#include "tests/support/native_world.hpp"

namespace chatd::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::NativeWorld;
using ::testing::ElementsAre;

class MemberRename : public ::testing::Test {
 protected:
  void rename(std::string_view name) { ada_.member.rename(name, world_.now()); }
  bool is_in(std::string_view name) { return world_.sessions().find_name(name).has_value(); }
  // Waits until the member has this name only, and everything is confirmed.
  bool is_only(std::string_view name, std::string_view other) {
    return world_.run_until(
        [&] { return is_in(name) && !is_in(other) && ada_.member.unconfirmed() == 0; });
  }
  // The names of the sessions of ada's client.
  std::vector<std::string> own_names() {
    std::vector<std::string> names;
    for (const Joined& joined : test::events_of<Joined>(ada_.events)) names.push_back(joined.name);
    return names;
  }
  std::vector<Line> lines_of(wire::RecordKind kind, const NativeWorld::Seat& seat) {
    auto lines = test::events_of<Line>(seat.events);
    std::erase_if(lines, [&](const Line& line) { return line.record != kind; });
    return lines;
  }

  NativeWorld world_{31};
  NativeWorld::Seat& bob_{world_.enter("bob")};
  NativeWorld::Seat& ada_{world_.enter("ada")};
};

TEST_F(MemberRename, JoinsUnderTheNewNameBeforeItLeavesTheOldOne) {
  rename("eve");
  ASSERT_TRUE(is_only("eve", "ada"));
  EXPECT_THAT(own_names(), ElementsAre("ada", "eve"));
  EXPECT_TRUE(test::events_of<Joined>(ada_.events).back().again);
  std::vector<std::string> seen;
  ASSERT_TRUE(world_.run_until([&] { return !lines_of(wire::RecordKind::leave, bob_).empty(); }));
  for (const Line& line : test::events_of<Line>(bob_.events)) {
    if (line.record == wire::RecordKind::join) seen.push_back("+" + line.name);
    if (line.record == wire::RecordKind::leave) seen.push_back("-" + line.name);
  }
  EXPECT_THAT(seen, ElementsAre("+bob", "+ada", "+eve", "-ada"));
  EXPECT_FALSE(test::has<Reconnecting>(ada_.events));
  EXPECT_FALSE(test::has<Missed>(ada_.events));
}

TEST_F(MemberRename, TheLeaveOfTheOldNameIsTheMembersOwn) {
  rename("eve");
  ASSERT_TRUE(is_only("eve", "ada"));
  ASSERT_TRUE(world_.run_until([&] { return !lines_of(wire::RecordKind::leave, ada_).empty(); }));
  const Line left = lines_of(wire::RecordKind::leave, ada_).front();
  EXPECT_EQ(left.name, "ada");
  EXPECT_TRUE(left.own);
  EXPECT_FALSE(lines_of(wire::RecordKind::leave, bob_).front().own);
}

TEST_F(MemberRename, KeepsTheNameIfTheServerRefusesTheNewOne) {
  rename("bob");
  ada_.member.say("hello", world_.now());
  ASSERT_TRUE(world_.run_until([&] { return ada_.member.unconfirmed() == 0; }));
  const auto refused = test::first_of<NameRefused>(ada_.events);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->name, "bob");
  EXPECT_EQ(refused->reason, End::name_taken);
  EXPECT_THAT(own_names(), ElementsAre("ada"));
  ASSERT_TRUE(world_.run_until([&] { return !bob_.lines.empty(); }));
  EXPECT_THAT(bob_.lines, ElementsAre("ada: hello"));
  EXPECT_FALSE(ada_.member.has_ended());
  rename("eve");
  EXPECT_TRUE(is_only("eve", "ada")) << "another name is possible";
}

TEST_F(MemberRename, ANameThatCountsAsTheSameChangesNothing) {
  rename("ADA");
  ada_.member.say("hello", world_.now());
  ASSERT_TRUE(world_.run_until([&] { return !bob_.lines.empty(); }));
  EXPECT_THAT(own_names(), ElementsAre("ada"));
  EXPECT_TRUE(is_in("ada"));
}

TEST_F(MemberRename, IsInItsRoomsAgain) {
  ada_.member.send(MakeRoom{"lab"}, world_.now());
  ASSERT_TRUE(world_.run_until([&] { return ada_.member.unconfirmed() == 0; }));
  bob_.member.send(JoinRoom{"lab"}, world_.now());
  ASSERT_TRUE(world_.run_until([&] { return bob_.member.unconfirmed() == 0; }));
  rename("eve");
  ada_.member.send(Say{.text = "hello", .room = "lab"}, world_.now());
  ASSERT_TRUE(is_only("eve", "ada"));
  const auto rooms = test::events_of<RoomJoined>(ada_.events);
  ASSERT_EQ(rooms.size(), 2U);
  EXPECT_TRUE(rooms.back().again);
  EXPECT_FALSE(test::has<RoomLeft>(ada_.events));
  ASSERT_TRUE(world_.run_until([&] { return !bob_.lines.empty(); }));
  EXPECT_THAT(bob_.lines, ElementsAre("eve: hello"));
  EXPECT_EQ(lines_of(wire::RecordKind::say, bob_).back().room.name, "lab");
}

TEST_F(MemberRename, ANewChangeWaitsForTheOneBefore) {
  rename("eve");
  rename("joe");
  ASSERT_TRUE(is_only("eve", "ada"));
  rename("ada");
  ASSERT_TRUE(is_only("ada", "eve"));
  EXPECT_THAT(own_names(), ElementsAre("ada", "eve", "ada"));
  EXPECT_FALSE(is_in("joe"));
}

TEST_F(MemberRename, QuitsUnderTheNewNameIfTheLoginHasBegun) {
  rename("eve");
  ada_.member.say("last", world_.now());
  ada_.member.quit(world_.now());
  ASSERT_TRUE(world_.run_until([&] { return ada_.member.has_ended(); }));
  EXPECT_TRUE(world_.run_until([&] { return !is_in("eve") && !is_in("ada"); }, seconds{5}));
  EXPECT_THAT(bob_.lines, ElementsAre("eve: last"));
}

// No packet arrives while the user says something, takes another name, and is away.
class MemberRenameOffline : public MemberRename {
 protected:
  void is_lost_for(Micros time) {
    world_.tamper = [](std::vector<std::byte>& datagram) { datagram.clear(); };
    ada_.member.say("as ada", world_.now());
    world_.run_for(seconds{20});
    EXPECT_TRUE(test::has<Reconnecting>(ada_.events));
    rename("eve");
    ada_.member.send(SetAway{"tea"}, world_.now());
    ada_.member.say("as eve", world_.now());
    world_.run_for(time);
    world_.tamper = nullptr;
  }
  // The names that ada's client has, and when it is away.
  std::vector<std::string> order() {
    std::vector<std::string> seen;
    for (const Event& event : ada_.events) {
      if (const auto* joined = std::get_if<Joined>(&event)) seen.push_back(joined->name);
      if (const auto* away = std::get_if<MemberAway>(&event)) seen.push_back("away " + away->text);
    }
    return seen;
  }
};

TEST_F(MemberRenameOffline, TheCommandsAfterItAreUnderTheNewName) {
  is_lost_for(seconds{5});
  ASSERT_TRUE(is_only("eve", "ada"));
  ASSERT_TRUE(world_.run_until([&] { return bob_.lines.size() == 2; }));
  EXPECT_THAT(bob_.lines, ElementsAre("ada: as ada", "eve: as eve"));
  EXPECT_THAT(order(), ElementsAre("ada", "eve", "away tea"));
}

TEST_F(MemberRenameOffline, TheCommandsAfterItAreUnderTheNewNameInAnotherSession) {
  is_lost_for(seconds{600});
  EXPECT_FALSE(is_in("ada")) << "the session has ended";
  ASSERT_TRUE(is_only("eve", "ada"));
  ASSERT_TRUE(world_.run_until([&] { return bob_.lines.size() == 2; }));
  EXPECT_THAT(bob_.lines, ElementsAre("ada: as ada", "eve: as eve"));
  EXPECT_THAT(order(), ElementsAre("ada", "ada", "eve", "away tea"));
}

TEST_F(MemberRenameOffline, ARefusedNameLetsTheCommandsAfterItGo) {
  world_.enter("eve");
  is_lost_for(seconds{5});
  ASSERT_TRUE(world_.run_until([&] { return bob_.lines.size() == 2; }));
  EXPECT_THAT(bob_.lines, ElementsAre("ada: as ada", "ada: as eve"));
  EXPECT_THAT(order(), ElementsAre("ada", "away tea"));
}

TEST_F(MemberRenameOffline, TheCommandsAfterItAreSentIfTheUserQuits) {
  is_lost_for(seconds{0});
  ada_.member.quit(world_.now());
  ASSERT_TRUE(world_.run_until([&] { return ada_.member.has_ended(); }));
  EXPECT_THAT(bob_.lines, ElementsAre("ada: as ada", "ada: as eve"));
}

// The server does not answer the login.
TEST_F(MemberRename, KeepsTheNameWithoutAnAnswer) {
  world_.tamper = [](std::vector<std::byte>& datagram) {
    if (wire::packet_type(datagram) != wire::PacketType::sealed) datagram.clear();
  };
  rename("eve");
  ada_.member.say("hello", world_.now());
  ASSERT_TRUE(world_.run_until([&] { return test::has<NameRefused>(ada_.events); }));
  EXPECT_EQ(test::first_of<NameRefused>(ada_.events)->reason, End::no_answer);
  EXPECT_TRUE(world_.run_until([&] { return !bob_.lines.empty(); }));
  EXPECT_THAT(bob_.lines, ElementsAre("ada: hello"));
  EXPECT_FALSE(is_in("eve"));
}

// The server has carried the login out, and its answer is lost for so long that the client gives
// up.
TEST_F(MemberRename, GoesOnUnderTheOldNameIfTheAnswerIsLost) {
  world_.tamper = [this](std::vector<std::byte>& datagram) {
    if (is_in("eve")) datagram.clear();
  };
  rename("eve");
  ada_.member.say("hello", world_.now());
  world_.run_for(seconds{30});
  EXPECT_TRUE(is_in("eve"));
  world_.tamper = nullptr;
  ASSERT_TRUE(
      world_.run_until([&] { return ada_.member.unconfirmed() == 0 && !bob_.lines.empty(); }));
  ASSERT_TRUE(test::has<NameRefused>(ada_.events));
  EXPECT_EQ(test::first_of<NameRefused>(ada_.events)->reason, End::no_answer);
  EXPECT_THAT(bob_.lines, ElementsAre("ada: hello"));
}

class MemberRenameInWeather : public ::testing::TestWithParam<std::uint64_t> {};

// Every line arrives exactly once and in order at both members, whatever the network does, and
// every own line is marked as own.
TEST_P(MemberRenameInWeather, NoLineIsLostDoubledOrReordered) {
  NativeWorld world{GetParam()};
  NativeWorld::Seat& ada = world.enter("ada");
  NativeWorld::Seat& bob = world.enter("bob");
  world.weather = {.loss = 0.02 * static_cast<double>(GetParam() % 10),
                   .twice = 0.1,
                   .least_delay = Micros{200},
                   .most_delay = milliseconds{1 + GetParam() % 90}};
  constexpr int kLines = 30;
  for (int i = 0; i < kLines; ++i) {
    ada.member.say("a" + std::to_string(i), world.now());
    bob.member.say("b" + std::to_string(i), world.now());
    if (i % 10 == 4) ada.member.rename(i == 14 ? "ada" : "eve", world.now());
    if (i == 20 && GetParam() % 3 == 0) world.replace_gateway();
    world.run_for(milliseconds{GetParam() % 120});
  }
  const auto is_all_there = [&] {
    return ada.member.unconfirmed() == 0 && bob.member.unconfirmed() == 0 &&
           ada.lines.size() >= 2U * kLines && bob.lines.size() >= 2U * kLines;
  };
  ASSERT_TRUE(world.run_until(is_all_there, seconds{300}))
      << ada.lines.size() << ' ' << bob.lines.size();
  world.run_for(seconds{5});
  EXPECT_EQ(ada.lines, bob.lines);
  std::vector<std::string> texts;
  for (const std::string& line : bob.lines) {
    if (line.find(": a") != std::string::npos) texts.push_back(line.substr(line.find(": a") + 3));
  }
  ASSERT_EQ(texts.size(), static_cast<std::size_t>(kLines));
  for (int i = 0; i < kLines; ++i) EXPECT_EQ(texts[static_cast<std::size_t>(i)], std::to_string(i));
  for (const Line& line : test::events_of<Line>(ada.events)) {
    if (line.record != wire::RecordKind::say) continue;
    EXPECT_EQ(line.own, line.text.starts_with('a')) << line.name << ": " << line.text;
  }
  EXPECT_FALSE(test::has<Missed>(ada.events));
}

INSTANTIATE_TEST_SUITE_P(Seeds, MemberRenameInWeather, ::testing::Range<std::uint64_t>(1, 21));

}  // namespace
}  // namespace chatd::client
