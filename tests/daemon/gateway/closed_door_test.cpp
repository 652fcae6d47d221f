// SPDX-License-Identifier: GPL-3.0-or-later
// server.door = "invited": logins with and without a code, in both protocols.
#include "common/crypto/invitation_code.hpp"
#include "tests/daemon/gateway/text_service_fixture.hpp"
#include "tests/support/member_events.hpp"
#include "tests/support/native_world.hpp"

namespace chatd::gateway {
namespace {

using wire::Reason;

class ClosedDoorForText : public TextServiceTest {
 protected:
  ClosedDoorForText() { config_.server.door = config::WhoEnters::invited; }
};

TEST_F(ClosedDoorForText, EachCommandGetsOneLineAndBeginsNothing) {
  const std::string line{wire::phrase(wire::Language::en, Reason::not_invited)};
  EXPECT_LE(line.size(), 120U);
  EXPECT_EQ(ask(ada_, "L ada"), line);
  EXPECT_EQ(ask(ada_, "C hello"), line);
  EXPECT_EQ(figure(&Counters::logins_refused), 1U);
  EXPECT_EQ(sessions().size(), 0U);
}

TEST_F(ClosedDoorForText, AQuitIsAnsweredWithExit) { EXPECT_EQ(ask(ada_, "Q"), "EXIT"); }

TEST(ClosedDoorForNatives, APersonIsAdmittedByACodeOnceAndThenWithoutIt) {
  config::Config config = test::NativeWorld::quick_config();
  config.server.door = config::WhoEnters::invited;
  test::NativeWorld world{1, config};
  const auto code = crypto::InvitationCode::make(crypto::sha256({world.identity().public_key}));
  ASSERT_TRUE(
      world.chat().invitations.add({.hash = crypto::hash_of_invitation(code.secret()),
                                    .now = world.server_now().wall,
                                    .until = world.server_now().wall + std::chrono::hours{1}}));
  const std::string secret{reinterpret_cast<const char*>(code.secret().data()),
                           code.secret().size()};
  const auto come = [&](std::string_view name, const crypto::KeyPair& key, std::string sent) {
    auto& seat = world.add({.name = std::string{name}, .identity = key, .code = std::move(sent)});
    world.start(seat);
    EXPECT_TRUE(
        world.run_until([&] { return seat.member.is_joined() || seat.member.has_ended(); }));
    return seat.member.has_ended() ? test::end_of(seat.events).text : "in";
  };
  const auto ada = crypto::generate_key_pair().value();
  const auto eve = crypto::generate_key_pair().value();
  const std::string no_code{wire::phrase(wire::Language::en, Reason::not_invited)};
  const std::string bad_code{wire::phrase(wire::Language::en, Reason::code_refused)};
  EXPECT_EQ(come("ada", ada, ""), no_code);
  EXPECT_EQ(come("ada", ada, "wrong"), bad_code);
  EXPECT_EQ(come("ada", ada, secret), "in");
  EXPECT_EQ(come("eve", eve, secret), bad_code);
  EXPECT_EQ(come("ada2", ada, ""), "in");
  EXPECT_EQ(come("ada3", ada, secret), "in");
}

TEST(ClosedDoorForNatives, ARefusedLoginHasTheNumberOfTheReason) {
  config::Config config = test::NativeWorld::quick_config();
  config.server.door = config::WhoEnters::invited;
  test::NativeWorld world{1, config};
  auto& eve = world.add({.name = "eve"});
  world.start(eve);
  ASSERT_TRUE(world.run_until([&] { return eve.member.has_ended(); }));
  EXPECT_EQ(test::end_of(eve.events).reason, Reason::not_invited);
}

// A login that is refused for another reason leaves the code for the next one.
TEST(ClosedDoorForNatives, ACodeIsNotUsedByALoginThatIsRefused) {
  config::Config config = test::NativeWorld::quick_config();
  test::NativeWorld world{1, config};
  world.enter("ada");
  ASSERT_TRUE(world.chat().invitations.add(
      {.hash = crypto::hash_of_invitation(std::as_bytes(std::span{std::string_view{"secret"}})),
       .now = world.server_now().wall,
       .until = world.server_now().wall + std::chrono::hours{1}}));
  auto& eve = world.add({.name = "ada", .code = "secret"});
  world.start(eve);
  ASSERT_TRUE(world.run_until([&] { return eve.member.has_ended(); }));
  EXPECT_EQ(test::end_of(eve.events).reason, Reason::name_taken);
  EXPECT_EQ(world.chat().invitations.used(state::InvitationId{1}), 0U);
}

}  // namespace
}  // namespace chatd::gateway
