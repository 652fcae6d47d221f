// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/member.hpp"

#include <map>
#include <tuple>

#include <gmock/gmock.h>

#include "tests/support/native_world.hpp"
#include "tests/support/sample.hpp"

namespace chatd::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::NativeWorld;
using ::testing::ElementsAre;
using Seat = NativeWorld::Seat;

std::vector<std::string> numbered_lines(std::string_view name, int count) {
  std::vector<std::string> lines;
  for (int i = 0; i < count; ++i) lines.push_back(std::string{name} + ": " + std::to_string(i));
  return lines;
}

// Only those of one sender.
std::vector<std::string> of(const Seat& seat, std::string_view name) {
  std::vector<std::string> lines;
  for (const auto& line : seat.lines) {
    if (line.starts_with(std::string{name} + ": ")) lines.push_back(line);
  }
  return lines;
}

TEST(Member, TwoMembersTalk) {
  NativeWorld world{1};
  Seat& ada = world.enter("ada");
  Seat& bob = world.enter("bob");
  ada.member.say("hello", world.now());
  EXPECT_TRUE(world.run_until([&] { return !bob.lines.empty() && ada.member.unconfirmed() == 0; }));
  EXPECT_THAT(bob.lines, ElementsAre("ada: hello"));
  EXPECT_THAT(ada.lines, ElementsAre("ada: hello"));
}

TEST(Member, AnIdleMemberSendsOnePacketInTwentySeconds) {
  NativeWorld world{2};
  Seat& ada = world.enter("ada");
  world.run_for(seconds{5});
  const std::uint64_t before = ada.bytes_sent;
  world.run_for(seconds{60});
  EXPECT_LE(ada.bytes_sent - before, 3U * 200U);
  EXPECT_GT(ada.bytes_sent, before);
  EXPECT_LE(ada.idle_ticks, 3U);
  EXPECT_FALSE(test::has<Reconnecting>(ada.events));
}

class Weathers : public ::testing::TestWithParam<std::uint64_t> {};

// Everything arrives exactly once and in order, both ways, whatever the network does.
TEST_P(Weathers, NoMessageIsLostDoubledOrReordered) {
  for (std::uint64_t seed = GetParam(); seed < GetParam() + 10; ++seed) {
    SCOPED_TRACE(seed);
    NativeWorld world{seed};
    std::vector<Seat*> seats;
    for (const char* name : {"ada", "bob", "cyd"}) seats.push_back(&world.enter(name));
    world.weather = {.loss = 0.01 * static_cast<double>(seed % 31),
                     .twice = 0.1 * static_cast<double>(seed % 3),
                     .least_delay = Micros{200},
                     .most_delay = milliseconds{seed % 4 == 0 ? 2000 : 1 + seed % 50},
                     .largest = seed % 5 == 0 ? std::size_t{1250} : std::size_t{65536}};
    constexpr int kEach = 12;
    for (int i = 0; i < kEach; ++i) {
      for (Seat* seat : seats) seat->member.say(std::to_string(i), world.now());
      if (i == 5) world.move(*seats[seed % 3]);
      world.run_for(milliseconds{seed % 200});
    }
    const auto all_is_there = [&] {
      return std::ranges::all_of(seats, [](const Seat* seat) {
        return seat->lines.size() >= 3U * kEach && seat->member.unconfirmed() == 0;
      });
    };
    ASSERT_TRUE(world.run_until(all_is_there, seconds{300}));
    for (Seat* seat : seats) {
      EXPECT_EQ(seat->lines, seats[0]->lines);
      for (const char* name : {"ada", "bob", "cyd"})
        EXPECT_EQ(of(*seat, name), numbered_lines(name, kEach));
      EXPECT_LT(seat->idle_ticks, 200U);
    }
  }
}

// Of the first seeds of 100 groups of ten.
std::vector<std::uint64_t> seeds() {
  std::vector<std::uint64_t> all;
  for (std::uint64_t seed = 0; seed < 1000; seed += 10) all.push_back(seed);
  return test::sample_of(all, 6, "Weathers");
}
INSTANTIATE_TEST_SUITE_P(Seeds, Weathers, ::testing::ValuesIn(seeds()));

TEST(Member, GatewayAndWorkerMayBeKilledAtAnyTime) {
  NativeWorld world{3};
  Seat& ada = world.enter("ada");
  Seat& bob = world.enter("bob");
  world.weather.loss = 0.1;
  for (int i = 0; i < 30; ++i) {
    ada.member.say(std::to_string(i), world.now());
    world.run_for(milliseconds{7});
    if (i % 3 == 0) world.replace_gateway();
    if (i % 4 == 0) world.replace_worker();
  }
  ASSERT_TRUE(
      world.run_until([&] { return bob.lines.size() >= 30 && ada.member.unconfirmed() == 0; }));
  EXPECT_EQ(bob.lines, numbered_lines("ada", 30));
}

// A packet's counter is its nonce: AES-GCM breaks when one is used twice with one key.
TEST(Member, NoCounterIsUsedTwiceWhenProcessesAreKilled) {
  NativeWorld world{12};
  std::map<std::tuple<std::uint64_t, bool, std::uint64_t>, std::vector<std::byte>> seen;
  std::size_t sealed = 0;
  world.on_datagram = [&](std::span<const std::byte> bytes, bool to_server) {
    const auto header = wire::read_sealed(bytes);
    if (!header) return;
    ++sealed;
    const auto [place, fresh] = seen.try_emplace({header->connection, to_server, header->counter},
                                                 bytes.begin(), bytes.end());
    EXPECT_TRUE(fresh || std::ranges::equal(place->second, bytes)) << header->counter;
  };
  Seat& ada = world.enter("ada");
  Seat& bob = world.enter("bob");
  world.weather.loss = 0.1;
  for (int i = 0; i < 100; ++i) {
    (i % 2 == 0 ? ada : bob).member.say(std::to_string(i), world.now());
    world.run_for(milliseconds{3});
    if (i % 3 == 0) world.replace_gateway();
    if (i % 5 == 0) world.replace_worker();
    if (i % 20 == 0) world.move(bob);
  }
  EXPECT_GT(sealed, 200U);
}

TEST(Member, AMemberStoppedForAMinuteGetsTheMessagesItMissed) {
  NativeWorld world{13};
  Seat& ada = world.enter("ada");
  Seat& bob = world.enter("bob");
  bob.asleep = true;
  for (int i = 0; i < 60; ++i) {
    ada.member.say(std::to_string(i), world.now());
    world.run_for(seconds{1});
  }
  bob.member.say("still here", world.now());
  bob.asleep = false;
  ASSERT_TRUE(world.run_until([&] { return bob.lines.size() >= 61; }, seconds{5}));
  EXPECT_EQ(of(bob, "ada"), numbered_lines("ada", 60));
  EXPECT_EQ(of(ada, "bob"), std::vector<std::string>{"bob: still here"});
  EXPECT_EQ(world.figure(&state::GatewayCounters::leaves), 0U);
}

TEST(Member, AMemberThatWasAwayGetsTheMessagesItMissed) {
  NativeWorld world{4};
  Seat& ada = world.enter("ada");
  Seat& bob = world.enter("bob");
  world.weather.loss = 1;  // the cable is out
  for (int i = 0; i < 5; ++i) ada.member.say(std::to_string(i), world.now());
  world.run_for(seconds{90});
  EXPECT_TRUE(test::has<Reconnecting>(bob.events));
  world.weather.loss = 0;
  ASSERT_TRUE(world.run_until([&] { return bob.lines.size() >= 5; }));
  EXPECT_EQ(bob.lines, numbered_lines("ada", 5));
  EXPECT_TRUE(test::has<Reconnected>(bob.events));
}

// Long enough that the server has ended both sessions.
TEST(Member, ALostSessionIsResumedWithoutADuplicateLine) {
  NativeWorld world{5};
  Seat& ada = world.enter("ada");
  Seat& bob = world.enter("bob");
  ada.member.say("0", world.now());
  ASSERT_TRUE(world.run_until([&] { return bob.lines.size() == 1; }));
  world.weather.loss = 1;
  ada.member.say("1", world.now());
  world.run_for(seconds{400});
  world.weather.loss = 0;
  ASSERT_TRUE(world.run_until(
      [&] { return bob.lines.size() >= 2 && ada.member.unconfirmed() == 0; }, seconds{120}));
  EXPECT_EQ(bob.lines, numbered_lines("ada", 2));
  EXPECT_EQ(of(ada, "ada"), numbered_lines("ada", 2));
}

TEST(Member, WithoutAServerTheSessionEndsAfterTheTimeLimit) {
  NativeWorld world{6};
  world.weather.loss = 1;
  Seat& ada = world.add({.name = "ada"});
  world.start(ada);
  ASSERT_TRUE(world.run_until([&] { return ada.member.has_ended(); }));
  EXPECT_EQ(test::end_of(ada.events).reason, End::no_answer);
  EXPECT_LT(ada.bytes_sent, 12U * 1200U);
}

TEST(Member, AServerThatIsNotTrustedDoesNotGetTheIdentity) {
  NativeWorld world{7};
  bool confirmed = false;
  world.on_datagram = [&](std::span<const std::byte> bytes, bool) {
    confirmed |= wire::packet_type(bytes) == wire::PacketType::confirm;
  };
  Seat& ada = world.add({.name = "ada", .trusts = false});
  world.start(ada);
  ASSERT_TRUE(world.run_until([&] { return ada.member.has_ended(); }));
  EXPECT_EQ(test::end_of(ada.events).reason, End::changed_key);
  EXPECT_FALSE(confirmed);
}

TEST(Member, AByeThatIsLostIsSentAgain) {
  NativeWorld world{9};
  Seat& ada = world.enter("ada");
  world.weather.loss = 1;
  ada.member.quit(world.now());
  world.run_for(milliseconds{5});
  world.weather.loss = 0;
  ASSERT_TRUE(world.run_until([&] { return ada.member.has_ended(); }, seconds{5}));
  EXPECT_EQ(world.figure(&state::GatewayCounters::leaves), 1U);
}

TEST(Member, AQuitEndsWithoutAnAnswerOfTheServer) {
  NativeWorld world{10};
  Seat& ada = world.enter("ada");
  world.weather.loss = 1;
  ada.member.quit(world.now());
  EXPECT_TRUE(world.run_until([&] { return ada.member.has_ended(); }, seconds{5}));
}

// A program writes four lines a second into a pipe, under the default limits.
class Outages : public ::testing::TestWithParam<bool> {};

TEST_P(Outages, TenSecondsWithoutANetworkLoseAndDoubleNoLine) {
  NativeWorld world{9, {}};
  Seat& ada = world.enter("ada");
  Seat& bob = world.enter("bob");
  constexpr int kLines = 80;
  for (int i = 0; i < kLines; ++i) {
    if (i == 20) world.weather.loss = 1;
    if (i == 60) world.weather.loss = 0;
    // A stop of the gateway looks like this: what was sent meanwhile is not lost, but late.
    if (i == 59 && GetParam()) world.weather.loss = 0;
    ada.member.say(std::to_string(i), world.now());
    world.run_for(milliseconds{250});
  }
  ASSERT_TRUE(
      world.run_until([&] { return ada.member.unconfirmed() == 0 && bob.lines.size() >= kLines; }));
  EXPECT_EQ(bob.lines, numbered_lines("ada", kLines));
  EXPECT_FALSE(test::has<Refused>(ada.events));
}

INSTANTIATE_TEST_SUITE_P(All, Outages, ::testing::Bool());

// Its client does not know of the limit, or does not keep to it.
TEST(Member, CommandsAboveTheRateAreCarriedOutLaterInOrderAndOnce) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    SCOPED_TRACE(seed);
    NativeWorld world{seed};
    Seat& ada = world.enter("ada");
    Seat& bob = world.enter("bob");
    world.weather.loss = 0.03 * static_cast<double>(seed);
    world.limit_to({.messages_per_second = 5, .burst = 3});
    constexpr int kLines = 30;
    const std::uint64_t before = ada.bytes_sent;
    for (int i = 0; i < kLines; ++i) ada.member.say(std::to_string(i), world.now());
    world.run_for(seconds{2});
    world.replace_gateway();
    ASSERT_TRUE(world.run_until([&] {
      return ada.member.unconfirmed() == 0 && ada.lines.size() >= kLines &&
             bob.lines.size() >= kLines;
    }));
    EXPECT_EQ(bob.lines, numbered_lines("ada", kLines));
    EXPECT_EQ(ada.lines, numbered_lines("ada", kLines));
    EXPECT_FALSE(test::has<Refused>(ada.events));
    EXPECT_LE(ada.bytes_sent - before, 30U * 1200U);
  }
}

TEST(Member, EveryKindOfCommandCountsTowardsTheRateAndNoneIsLost) {
  NativeWorld world{11};
  Seat& ada = world.enter("ada");
  Seat& bob = world.enter("bob");
  world.limit_to({.messages_per_second = 5, .burst = 2});
  ada.member.say("one", world.now());
  ada.member.act("waves", world.now());
  ada.member.write_to("bob", "psst", world.now());
  ada.member.ask_users(world.now());
  ada.member.say("two", world.now());
  const MonoTime begin = world.now();
  ASSERT_TRUE(world.run_until([&] { return ada.member.unconfirmed() == 0; }));
  EXPECT_GE(world.now() - begin, milliseconds{600});
  EXPECT_THAT(bob.lines, ElementsAre("ada: one", "ada: two"));
  EXPECT_TRUE(test::has<Users>(ada.events));
  EXPECT_FALSE(test::has<Refused>(ada.events));
  EXPECT_EQ(std::ranges::count(test::events_of<client::Line>(bob.events), wire::RecordKind::direct,
                               &client::Line::record),
            1);
}

TEST(Member, AReloadOfTheLimitsReachesTheMembers) {
  NativeWorld world{12};
  Seat& ada = world.enter("ada");
  EXPECT_EQ(ada.member.max_text(), 900U);
  world.limit_to({.messages_per_second = 1, .burst = 2, .message_bytes = 100});
  ASSERT_TRUE(world.run_until([&] { return ada.member.max_text() == 100; }, seconds{2}));
  EXPECT_TRUE(test::has<LimitsChanged>(ada.events));
  const MonoTime begin = world.now();
  constexpr int kLines = 30;
  for (int i = 0; i < kLines; ++i) ada.member.say(std::to_string(i), world.now());
  world.run_for(seconds{4});
  EXPECT_LE(ada.lines.size(), 6U);
  EXPECT_EQ(world.figure(&state::GatewayCounters::messages_refused_rate), 0U);
  world.limit_to({.messages_per_second = 100, .burst = 20});
  ASSERT_TRUE(world.run_until([&] { return ada.lines.size() == kLines; }));
  EXPECT_LE(world.now() - begin, seconds{6});
  EXPECT_EQ(ada.lines, numbered_lines("ada", kLines));
}

// The LIMITS of the reload are lost: the next answer of the server has them, too.
TEST(Member, AnIdleMemberGetsNewLimitsWithItsNextPong) {
  NativeWorld world{13};
  Seat& ada = world.enter("ada");
  world.weather.loss = 1;
  world.limit_to({.message_bytes = 100});
  world.run_for(seconds{2});
  world.weather.loss = 0;
  EXPECT_EQ(ada.member.max_text(), 900U);
  EXPECT_TRUE(world.run_until([&] { return ada.member.max_text() == 100; }, seconds{25}));
}

TEST(Member, QuitWaitsForUnconfirmedCommands) {
  NativeWorld world{8};
  Seat& ada = world.enter("ada");
  Seat& bob = world.enter("bob");
  ada.member.say("last words", world.now());
  ada.member.quit(world.now());
  ASSERT_TRUE(world.run_until([&] { return ada.member.has_ended() && !bob.lines.empty(); }));
  EXPECT_EQ(test::end_of(ada.events).reason, End::quit);
  EXPECT_THAT(bob.lines, ElementsAre("ada: last words"));
}

}  // namespace
}  // namespace chatd::client
