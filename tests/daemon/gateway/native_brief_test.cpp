// SPDX-License-Identifier: GPL-3.0-or-later
// Brief sessions by sealed packets: what the other members receive, and what a client receives,
// also a hostile one, before its join is told.
#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "common/wire/native/record_name.hpp"
#include "tests/support/native_world.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;
using test::NativeWorld;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::RecordKind;

class NativeBrief : public ::testing::Test {
 protected:
  NativeBrief() {
    world_.run_for(seconds{1});
    bob_.events.clear();
  }
  // A client of ada, as `uchat send`, when it is a member.
  NativeWorld::Seat& enter_briefly() {
    auto& ada = world_.add({.name = "ada", .identity = adas_key_, .is_brief = true});
    world_.start(ada);
    EXPECT_TRUE(world_.run_until([&] { return ada.member.is_joined(); }));
    return ada;
  }
  NativeWorld::Seat& enter_to_read() {
    auto& ada = world_.add({.name = "ada", .identity = adas_key_});
    world_.start(ada);
    EXPECT_TRUE(world_.run_until([&] { return ada.member.is_joined(); }));
    return ada;
  }
  void say_and_leave(NativeWorld::Seat& ada) {
    ada.member.say("hello", world_.now());
    EXPECT_TRUE(world_.run_until([&] { return ada.member.unconfirmed() == 0; }));
    ada.member.quit(world_.now());
    EXPECT_TRUE(world_.run_until([&] { return ada.member.has_ended(); }));
  }
  // The lines of others that bob has read: "join ada".
  std::vector<std::string> read_by_bob() {
    world_.run_for(seconds{1});
    std::vector<std::string> seen;
    for (const auto& line : test::events_of<client::Line>(bob_.events)) {
      if (line.own) continue;
      seen.push_back(std::string{wire::name_of(line.record)} + ' ' + line.name);
    }
    return seen;
  }
  // The lines of rooms that a client has received.
  static std::size_t lines_of(const NativeWorld::Seat& seat) {
    return test::events_of<client::Line>(seat.events).size();
  }

  NativeWorld world_{1};
  NativeWorld::Seat& bob_{world_.enter("bob")};
  const crypto::KeyPair adas_key_{crypto::generate_key_pair().value()};
};

TEST_F(NativeBrief, AMessageIsConfirmedAndReadWithoutAJoinOrALeave) {
  say_and_leave(enter_briefly());
  EXPECT_THAT(read_by_bob(), ElementsAre("say ada"));
  EXPECT_EQ(world_.figure(&state::GatewayCounters::joins), 1U) << "that of bob";
  EXPECT_EQ(world_.figure(&state::GatewayCounters::leaves), 0U);
}

TEST_F(NativeBrief, EachMessageIsReadOnceOverABadNetwork) {
  world_.weather.loss = 0.2;
  for (int i = 0; i < 20; ++i) say_and_leave(enter_briefly());
  world_.weather.loss = 0;
  world_.run_for(seconds{30});
  const auto seen = read_by_bob();
  EXPECT_EQ(std::ranges::count(seen, "say ada"), 20);
  EXPECT_EQ(std::ranges::count(seen, "join ada"), std::ranges::count(seen, "leave ada"));
}

TEST_F(NativeBrief, TheNextGatewayGoesOn) {
  auto& ada = enter_briefly();
  world_.replace_gateway();
  say_and_leave(ada);
  EXPECT_THAT(read_by_bob(), ElementsAre("say ada"));
}

TEST_F(NativeBrief, AClientThatStaysReadsNothingBeforeItIsTold) {
  auto& ada = enter_briefly();
  for (int i = 0; i < 8; ++i) {
    bob_.member.say("secret", world_.now());
    world_.run_for(seconds{1});
  }
  EXPECT_EQ(lines_of(ada), 0U);
  EXPECT_THAT(read_by_bob(), IsEmpty());
  EXPECT_TRUE(world_.run_until([&] { return lines_of(ada) == 9; }));  // and its own join
  EXPECT_THAT(read_by_bob(), ElementsAre("join ada"));
  ada.member.quit(world_.now());
  EXPECT_TRUE(world_.run_until([&] { return ada.member.has_ended(); }));
  EXPECT_THAT(read_by_bob(), ElementsAre("join ada", "leave ada"));
}

TEST_F(NativeBrief, BesideAnotherProgramItReadsAfterTheSameTime) {
  (void)enter_to_read();
  auto& ada = enter_briefly();
  bob_.member.say("hello", world_.now());
  world_.run_for(seconds{8});
  EXPECT_EQ(lines_of(ada), 0U);
  EXPECT_TRUE(world_.run_until([&] { return lines_of(ada) == 1; }));
  EXPECT_THAT(read_by_bob(), ElementsAre("join ada"));
}

// The client says that it has everything, and that it has space for more.
TEST_F(NativeBrief, AcknowledgementsDoNotBeginItsStream) {
  auto& ada = enter_briefly();
  bob_.member.say("secret", world_.now());
  world_.run_for(seconds{1});
  ada.asleep = true;
  (void)ada.socket.drain();
  const std::uint64_t tail = world_.view().ring_head().tail;
  for (const std::uint64_t offset : {tail - 8, tail}) {
    world_.forge(ada, "ada",
                 std::vector<wire::Frame>{wire::AckFrame{
                     .stream = wire::kRoomStream, .window = 65'536, .cumulative = offset}});
  }
  bob_.member.say("another secret", world_.now());
  world_.run_for(seconds{2});
  std::size_t bytes = 0;
  for (const std::string& datagram : ada.socket.drain()) bytes += datagram.size();
  EXPECT_EQ(bytes, 0U);
}

TEST_F(NativeBrief, APingDoesNotTellHowMuchIsWritten) {
  auto& ada = enter_briefly();
  const auto ping = [&] {
    ada.asleep = true;
    (void)ada.socket.drain();
    world_.forge(ada, "ada", std::vector<wire::Frame>{wire::PingFrame{.size = 0}});
    world_.run_for(Micros{500'000});
    std::size_t bytes = 0;
    for (const std::string& datagram : ada.socket.drain()) bytes = std::max(bytes, datagram.size());
    return bytes;
  };
  const std::size_t untold = ping();
  world_.run_for(seconds{12});
  constexpr std::size_t kHead = wire::kFrameHeaderBytes + wire::encoded_bytes(wire::HeadFrame{});
  EXPECT_GE(ping(), untold + kHead);
  EXPECT_GT(untold, 0U);
}

// As `uchat users` does.
TEST_F(NativeBrief, TheListOfMembersIsAnsweredWithoutAJoinOrALeave) {
  auto& ada = enter_briefly();
  ada.member.ask_programs(world_.now());
  EXPECT_TRUE(world_.run_until([&] { return test::has<client::ProgramList>(ada.events); }));
  ada.member.ask_users(world_.now());
  EXPECT_TRUE(world_.run_until([&] { return test::has<client::Users>(ada.events); }));
  const auto lists = test::events_of<client::Users>(ada.events);
  EXPECT_THAT(lists.at(0).list, ::testing::HasSubstr("bob"));
  ada.member.quit(world_.now());
  EXPECT_TRUE(world_.run_until([&] { return ada.member.has_ended(); }));
  EXPECT_THAT(read_by_bob(), IsEmpty());
  EXPECT_EQ(lines_of(ada), 0U);
}

TEST_F(NativeBrief, AnotherQuestionIsToldFirst) {
  auto& ada = enter_briefly();
  ada.member.ask_rooms(world_.now());
  EXPECT_TRUE(world_.run_until([&] { return test::has<client::RoomList>(ada.events); }));
  EXPECT_THAT(read_by_bob(), ElementsAre("join ada"));
}

TEST_F(NativeBrief, ADirectMessageIsToldFirst) {
  auto& ada = enter_briefly();
  ada.member.write_to("bob", "psst", world_.now());
  EXPECT_TRUE(world_.run_until([&] { return ada.member.unconfirmed() == 0; }));
  EXPECT_EQ(world_.figure(&state::GatewayCounters::joins), 2U);
}

// A later login reads what the first session was confirmed.
TEST_F(NativeBrief, AClientThatLosesItsSessionIsToldWhenItLogsInAgain) {
  auto& ada = enter_briefly();
  ada.member.say("one", world_.now());
  EXPECT_TRUE(world_.run_until([&] { return ada.member.unconfirmed() == 0; }));
  world_.service().remove(world_.sessions().find_name("ada").value(), state::LeaveKind::idle, {},
                          world_.server_now());
  ada.member.say("two", world_.now());
  EXPECT_TRUE(world_.run_until([&] { return ada.member.unconfirmed() == 0; }));
  EXPECT_THAT(read_by_bob(), ElementsAre("say ada", "join ada", "say ada"));
}

// The line could be taken for one of the person that had the name.
TEST_F(NativeBrief, AnotherPersonUnderTheNameIsReportedBeforeItsMessage) {
  auto& first = world_.enter("ada");
  first.member.quit(world_.now());
  ASSERT_TRUE(world_.run_until([&] { return first.member.has_ended(); }));
  world_.run_for(seconds{1});
  bob_.events.clear();
  say_and_leave(enter_briefly());
  world_.run_for(seconds{1});
  std::vector<std::string> seen;
  for (const auto& event : bob_.events) {
    if (const auto* other = std::get_if<client::OtherPerson>(&event)) {
      seen.push_back("other " + other->name);
    }
    if (std::holds_alternative<client::Line>(event)) seen.emplace_back("line");
  }
  EXPECT_THAT(seen, ElementsAre("other ada", "line"));
}

}  // namespace
}  // namespace chatd::gateway
