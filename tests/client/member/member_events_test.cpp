// SPDX-License-Identifier: GPL-3.0-or-later
// Records and answers as events of a member.
#include <gmock/gmock.h>

#include "tests/support/native_world.hpp"

namespace chatd::client {
namespace {

using test::NativeWorld;
using Seat = NativeWorld::Seat;

std::vector<Line> lines_of(const Seat& seat, wire::RecordKind record) {
  auto lines = test::events_of<Line>(seat.events);
  std::erase_if(lines, [&](const Line& line) { return line.record != record; });
  return lines;
}

TEST(MemberEvents, AnOwnMessageIsConfirmedAndMarked) {
  NativeWorld world{1};
  Seat& ada = world.enter("ada");
  const std::uint64_t number = ada.member.say("hello", world.now());
  ASSERT_TRUE(world.run_until([&] { return !ada.lines.empty() && ada.member.unconfirmed() == 0; }));
  EXPECT_EQ(test::first_of<Confirmed>(ada.events).value().number, number);
  const Line line = lines_of(ada, wire::RecordKind::say).at(0);
  EXPECT_TRUE(line.own);
  EXPECT_FALSE(line.replay);
}

TEST(MemberEvents, EarlierMessagesAreAReplay) {
  NativeWorld world{2};
  Seat& ada = world.enter("ada");
  ada.member.say("early", world.now());
  ASSERT_TRUE(world.run_until([&] { return !ada.lines.empty(); }));
  Seat& bob = world.enter("bob");
  ada.member.say("late", world.now());
  ASSERT_TRUE(world.run_until([&] { return bob.lines.size() == 2; }));
  std::vector<bool> replays;
  for (const Line& line : lines_of(bob, wire::RecordKind::say)) replays.push_back(line.replay);
  EXPECT_THAT(replays, ::testing::ElementsAre(true, false));
  const auto of_bob = lines_of(bob, wire::RecordKind::say);
  EXPECT_LT(of_bob.at(0).sequence, of_bob.at(1).sequence);
  EXPECT_EQ(of_bob.at(1).sequence, lines_of(ada, wire::RecordKind::say).at(1).sequence);
}

TEST(MemberEvents, ARefusalIsReportedAndIsNotAConfirmation) {
  NativeWorld world{3};
  Seat& ada = world.enter("ada");
  world.weather.loss = 0.3;
  const auto before = ada.member.say("one", world.now());
  const auto refused = ada.member.write_to("nobody", "psst", world.now());
  const auto after = ada.member.say("two", world.now());
  ASSERT_TRUE(world.run_until([&] { return ada.member.unconfirmed() == 0; }));
  std::vector<std::uint64_t> confirmed;
  for (const auto& one : test::events_of<Confirmed>(ada.events)) confirmed.push_back(one.number);
  EXPECT_THAT(confirmed, ::testing::ElementsAre(before, after));
  const auto refusal = test::first_of<Refused>(ada.events);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->number, refused);
  EXPECT_EQ(refusal->code, "no_such_member");
}

TEST(MemberEvents, UsersComeAsOneListHoweverMany) {
  NativeWorld world{4};
  Seat& first = world.enter("member-with-a-long-name-00");
  for (int i = 10; i < 60; ++i) world.enter("member-with-a-long-name-" + std::to_string(i));
  first.member.ask_users(world.now());
  ASSERT_TRUE(world.run_until([&] { return test::has<Users>(first.events); }));
  EXPECT_EQ(std::ranges::count(test::first_of<Users>(first.events)->list, '\n'), 50);
}

TEST(MemberEvents, ADirectMessageReachesItsReceiverOnly) {
  NativeWorld world{5};
  Seat& ada = world.enter("ada");
  Seat& bob = world.enter("bob");
  Seat& cyd = world.enter("cyd");
  ada.member.write_to("BOB", "psst", world.now());
  const auto direct = [](const Seat& seat) { return lines_of(seat, wire::RecordKind::direct); };
  ASSERT_TRUE(world.run_until([&] { return !direct(bob).empty(); }));
  EXPECT_EQ(direct(bob).front().text, "psst");
  EXPECT_EQ(direct(bob).front().name, "ada");
  EXPECT_TRUE(direct(cyd).empty());
}

TEST(MemberEvents, ADirectMessageToItselfComesOnceAndBeforeItsConfirmation) {
  NativeWorld world{5};
  Seat& ada = world.enter("ada");
  ada.member.write_to("ADA", "note", world.now());
  ASSERT_TRUE(world.run_until([&] { return test::has<Confirmed>(ada.events); }));
  const auto direct = lines_of(ada, wire::RecordKind::direct);
  ASSERT_EQ(direct.size(), 1U);
  EXPECT_EQ(direct.front().text, "note");
  EXPECT_TRUE(direct.front().own);
}

}  // namespace
}  // namespace chatd::client
