// SPDX-License-Identifier: GPL-3.0-or-later
// Records and answers as events of a member.
#include <gmock/gmock.h>

#include "tests/support/native_world.hpp"

namespace chatd::client {
namespace {

using test::NativeWorld;
using Seat = NativeWorld::Seat;

const Event* find(const Seat& seat, Event::Kind kind) {
  const auto found = std::ranges::find(seat.events, kind, &Event::kind);
  return found == seat.events.end() ? nullptr : &*found;
}

TEST(MemberEvents, OwnMessagesCarryTheNumberOfTheirCommand) {
  NativeWorld world{1};
  Seat& ada = world.enter("ada");
  const std::uint64_t number = ada.member.say("hello", world.now());
  ASSERT_TRUE(world.run_until([&] { return !ada.lines.empty() && ada.member.unconfirmed() == 0; }));
  EXPECT_EQ(find(ada, Event::Kind::confirmed)->command, number);
  const auto line = std::ranges::find(ada.events, wire::RecordKind::say, &Event::record);
  EXPECT_TRUE(line->own);
  EXPECT_FALSE(line->replay);
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
  for (const auto& event : bob.events) {
    if (event.record == wire::RecordKind::say) replays.push_back(event.replay);
  }
  EXPECT_THAT(replays, ::testing::ElementsAre(true, false));
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
  for (const auto& event : ada.events) {
    if (event.kind == Event::Kind::confirmed) confirmed.push_back(event.command);
  }
  EXPECT_THAT(confirmed, ::testing::ElementsAre(before, after));
  ASSERT_NE(find(ada, Event::Kind::refused), nullptr);
  EXPECT_EQ(find(ada, Event::Kind::refused)->command, refused);
  EXPECT_EQ(find(ada, Event::Kind::refused)->name, "no_such_member");
}

TEST(MemberEvents, UsersComeAsOneListHoweverMany) {
  NativeWorld world{4};
  Seat& first = world.enter("member-with-a-long-name-00");
  for (int i = 10; i < 60; ++i) world.enter("member-with-a-long-name-" + std::to_string(i));
  first.member.ask_users(world.now());
  ASSERT_TRUE(world.run_until([&] { return find(first, Event::Kind::users) != nullptr; }));
  EXPECT_EQ(std::ranges::count(find(first, Event::Kind::users)->text, '\n'), 50);
}

TEST(MemberEvents, ADirectMessageReachesItsReceiverOnly) {
  NativeWorld world{5};
  Seat& ada = world.enter("ada");
  Seat& bob = world.enter("bob");
  Seat& cyd = world.enter("cyd");
  ada.member.write_to("BOB", "psst", world.now());
  const auto letter = [](const Seat& seat) {
    return std::ranges::find(seat.events, wire::RecordKind::letter, &Event::record);
  };
  ASSERT_TRUE(world.run_until([&] { return letter(bob) != bob.events.end(); }));
  EXPECT_EQ(letter(bob)->text, "psst");
  EXPECT_EQ(letter(bob)->name, "ada");
  EXPECT_EQ(letter(cyd), cyd.events.end());
}

}  // namespace
}  // namespace chatd::client
