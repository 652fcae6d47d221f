// SPDX-License-Identifier: GPL-3.0-or-later
// Which unauthenticated peers become native members.
#include <gmock/gmock.h>

#include "tests/support/native_world.hpp"

namespace chatd::gateway {
namespace {

using client::End;
using test::NativeWorld;

End refused(NativeWorld& world, NativeWorld::NewMember who) {
  auto& seat = world.add(std::move(who));
  world.start(seat);
  EXPECT_TRUE(world.run_until([&] { return seat.member.has_ended(); }));
  return test::end_of(seat.events).reason;
}

TEST(NativeLogin, ANameThatIsTakenOrNotPossibleIsRefusedWithAReason) {
  NativeWorld world{1};
  world.enter("ada");
  EXPECT_EQ(refused(world, {.name = "ADA"}), End::name_taken);
  EXPECT_EQ(refused(world, {.name = "two words"}), End::name_refused);
  EXPECT_EQ(refused(world, {.name = ""}), End::name_refused);
}

TEST(NativeLogin, AFullRoomIsRefusedWithItsReason) {
  NativeWorld world{2};
  for (int i = 0; i < 64; ++i) world.enter("member" + std::to_string(i));
  EXPECT_EQ(refused(world, {.name = "ada"}), End::room_full);
}

TEST(NativeLogin, ABannedNameIsRefusedWithTheTextOfTheRule) {
  NativeWorld world{3};
  ASSERT_TRUE(world.chat().rules.add({.kind = state::RuleKind::ban,
                                      .target = state::RuleTarget::name,
                                      .name = "eve",
                                      .reason = "noise",
                                      .now = WallTime{Micros{1}}}));
  auto& eve = world.add({.name = "EVE"});
  world.start(eve);
  ASSERT_TRUE(world.run_until([&] { return eve.member.has_ended(); }));
  EXPECT_EQ(test::end_of(eve.events).reason, End::banned);
  EXPECT_EQ(test::end_of(eve.events).text, "banned: noise");
}

TEST(NativeLogin, ALostWelcomeIsSentAgain) {
  for (std::uint64_t seed = 10; seed < 40; ++seed) {
    NativeWorld world{seed};
    world.weather.loss = 0.2;
    auto& ada = world.add({.name = "ada"});
    world.start(ada);
    EXPECT_TRUE(world.run_until([&] { return ada.member.is_joined(); })) << seed;
    EXPECT_EQ(world.figure(&state::GatewayCounters::joins), 1U) << seed;
  }
}

TEST(NativeLogin, ALostRefusalIsSentAgain) {
  for (std::uint64_t seed = 10; seed < 40; ++seed) {
    NativeWorld world{seed};
    world.enter("ada");
    world.weather.loss = 0.2;
    EXPECT_EQ(refused(world, {.name = "ADA"}), End::name_taken) << seed;
  }
}

TEST(NativeLogin, AProgramAboveTheLimitReplacesTheFirstWhichGetsABye) {
  NativeWorld world{11, NativeWorld::one_program_config()};
  const auto identity = crypto::generate_key_pair().value();
  auto& first = world.add({.name = "ada", .identity = identity});
  world.start(first);
  ASSERT_TRUE(world.run_until([&] { return first.member.is_joined(); }));
  auto& second = world.add({.name = "Ada", .identity = identity});
  world.start(second);
  ASSERT_TRUE(world.run_until([&] { return first.member.has_ended(); }));
  EXPECT_EQ(test::end_of(first.events).reason, End::replaced);
  second.member.say("here now", world.now());
  EXPECT_TRUE(world.run_until([&] { return second.lines.size() == 1; }));
  EXPECT_EQ(world.figure(&state::GatewayCounters::joins), 1U);
  EXPECT_EQ(world.sessions().all().size(), 1U);
}

TEST(NativeLogin, ALoginThatIsRefusedTakesNoSessionOver) {
  NativeWorld world{11, NativeWorld::one_program_config()};
  const auto identity = crypto::generate_key_pair().value();
  auto& first = world.add({.name = "ada", .identity = identity});
  world.start(first);
  ASSERT_TRUE(world.run_until([&] { return first.member.is_joined(); }));
  // The rule alone ends no session.
  ASSERT_TRUE(world.chat().rules.add({.kind = state::RuleKind::ban,
                                      .target = state::RuleTarget::name,
                                      .name = "ada",
                                      .now = WallTime{Micros{1}}}));
  EXPECT_EQ(refused(world, {.name = "ada", .identity = identity}), End::banned);
  first.member.say("still here", world.now());
  EXPECT_TRUE(world.run_until([&] { return first.lines.size() == 1; }));
  EXPECT_FALSE(first.member.has_ended());
}

// A laptop was suspended while its user joined from another machine.
class ReplacedClient : public ::testing::Test {
 protected:
  ReplacedClient() {
    world_.start(first_);
    EXPECT_TRUE(world_.run_until([&] { return first_.member.is_joined(); }));
    first_.asleep = true;
    world_.start(second_);
    EXPECT_TRUE(world_.run_until([&] { return second_.member.is_joined(); }));
  }
  void expect_told() {
    first_.asleep = false;
    first_.member.path_changed(world_.now());
    ASSERT_TRUE(world_.run_until([&] { return first_.member.has_ended(); }));
    EXPECT_EQ(test::end_of(first_.events).reason, End::replaced);
    world_.run_for(std::chrono::seconds{30});
    EXPECT_TRUE(second_.member.is_joined());
    EXPECT_FALSE(test::has<client::Reconnecting>(second_.events));
  }
  NativeWorld world_{11, NativeWorld::one_program_config()};
  const crypto::KeyPair identity_{crypto::generate_key_pair().value()};
  NativeWorld::Seat& first_{world_.add({.name = "ada", .identity = identity_})};
  NativeWorld::Seat& second_{world_.add({.name = "ada", .identity = identity_})};
};

TEST_F(ReplacedClient, GetsTheByeAgainWhenItWasLost) { expect_told(); }

TEST_F(ReplacedClient, DoesNotTakeTheSessionBackFromTheNextGateway) {
  world_.replace_gateway();
  expect_told();
}

TEST_F(ReplacedClient, DoesNotTakeTheSessionBackAfterAnyTime) {
  world_.run_for(std::chrono::seconds{600});
  expect_told();
}

TEST(NativeLogin, AKickedClientGetsTheByeAgainWhenItWasLost) {
  NativeWorld world{12};
  auto& ada = world.enter("ada");
  ada.asleep = true;
  world.service().remove(world.sessions().find_name("ada").value(), state::LeaveKind::kicked,
                         "spam", world.server_now());
  world.run_for(std::chrono::seconds{1});
  ada.asleep = false;
  ada.member.path_changed(world.now());
  ASSERT_TRUE(world.run_until([&] { return ada.member.has_ended(); }));
  EXPECT_EQ(test::end_of(ada.events).reason, End::kicked);
  EXPECT_EQ(test::end_of(ada.events).text, "spam");
}

TEST(NativeLogin, ARoomWithAPasswordAcceptsTheRightOneOnly) {
  NativeWorld world{12};
  world.password = "open sesame";
  world.replace_gateway();
  EXPECT_EQ(refused(world, {.name = "ada"}), End::password_wanted);
  EXPECT_EQ(refused(world, {.name = "ada", .password = "open barley"}), End::wrong_password);
  auto& ada = world.add({.name = "ada", .password = "open sesame"});
  world.start(ada);
  EXPECT_TRUE(world.run_until([&] { return ada.member.is_joined(); }));
}

TEST(NativeLogin, AGatewayKilledInAHandshakeCostsOneRoundTrip) {
  NativeWorld world{5};
  auto& ada = world.add({.name = "ada"});
  world.start(ada);
  for (int i = 0; i < 5; ++i) {
    world.run_for(std::chrono::milliseconds{1});
    world.replace_gateway();
  }
  EXPECT_TRUE(world.run_until([&] { return ada.member.is_joined(); }));
  EXPECT_EQ(world.figure(&state::GatewayCounters::joins), 1U);
}

TEST(NativeLogin, BeforeItsAddressIsProvedAPeerGetsLessThanItSent) {
  NativeWorld world{6};
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  bool proved = false;
  world.on_datagram = [&](std::span<const std::byte> bytes, bool to_server) {
    proved |= wire::packet_type(bytes) == wire::PacketType::confirm;
    if (proved) return;
    (to_server ? in : out) += bytes.size();
    EXPECT_LE(out, in);
  };
  world.enter("ada");
  EXPECT_GT(out, 0U);
}

TEST(HostileLogin, RepeatedConfirmsAreAnsweredAtTheReplyRate) {
  NativeWorld world{1};
  std::vector<std::byte> confirm;
  std::uint64_t answers = 0;
  world.on_datagram = [&](std::span<const std::byte> bytes, bool to_server) {
    if (!to_server) ++answers;
    if (to_server && wire::packet_type(bytes) == wire::PacketType::confirm) {
      confirm.assign(bytes.begin(), bytes.end());
    }
  };
  auto& eve = world.enter("eve");
  world.run_for(std::chrono::seconds{1});
  ASSERT_FALSE(confirm.empty());
  answers = 0;
  for (int i = 0; i < 5000; ++i) {
    world.inject(confirm, eve.socket.endpoint());
    if (i % 100 == 99) world.run_for(Micros{1});
  }
  EXPECT_GE(answers, 900U);
  EXPECT_LE(answers, 1'100U);
}

}  // namespace
}  // namespace chatd::gateway
