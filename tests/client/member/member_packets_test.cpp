// SPDX-License-Identifier: GPL-3.0-or-later
// Packets that a member must not accept, and the end of sessions.
#include <gmock/gmock.h>

#include "common/crypto/random.hpp"
#include "common/crypto/ratchet.hpp"
#include "common/transport/packet_seal.hpp"
#include "tests/support/native_world.hpp"

namespace chatd::client {
namespace {

using std::chrono::seconds;
using test::NativeWorld;

// The end of a member whose login a server refuses with this frame.
Ended refused_with(const wire::RefusedFrame& frame) {
  const MonoTime now{seconds{100}};
  state::GatewayCounters counters{};
  gateway::FloodLog floods;
  gateway::UnauthenticatedLimits unauthenticated{0, 42, counters, floods};  // without a limit
  const auto identity = crypto::generate_key_pair().value();
  gateway::Handshakes server{identity, {}, std::nullopt, unauthenticated, now};
  Member member{{.name = "ada",
                 .identity = crypto::generate_key_pair().value(),
                 .is_trusted = [](const client::ServerProof&) { return true; },
                 .random = [](std::span<std::byte> out) { crypto::fill_random(out); }}};
  member.start(now);
  std::vector<std::byte> datagram;
  for (int hello = 0; hello < 2; ++hello) {
    EXPECT_TRUE(member.next_datagram(datagram, now));
    const auto outcome = server.on_hello(datagram, {}, now);
    member.receive(outcome.reply, now);
  }
  EXPECT_TRUE(member.next_datagram(datagram, now));
  const auto arrival = server.on_confirm(datagram, {}, now).arrival;
  EXPECT_TRUE(arrival);
  if (!arrival) return {};
  std::array<std::byte, wire::kBaseDatagram> frames{};
  wire::ByteWriter out{frames};
  wire::write_frame(out, frame);
  std::array<std::byte, wire::kBaseDatagram> packet{};
  crypto::Aead aead;
  const auto size = transport::seal_packet(
      aead, arrival->to_client,
      {.connection = wire::connection_of(0xFF'FFFF, 1), .counter = 0, .time = 0, .echo = 0},
      out.written(), packet);
  member.receive(std::span{packet}.first(size), now);
  EXPECT_TRUE(member.has_ended());
  std::vector<Event> events;
  while (auto event = member.next_event()) events.push_back(std::move(*event));
  return test::end_of(events);
}

TEST(MemberPackets, AnUnwelcomeClientLearnsThatAndTheText) {
  const Ended ended =
      refused_with({.code = wire::RefusalCode::not_welcome, .text = "this network is blocked"});
  EXPECT_EQ(ended.reason, End::not_welcome);
  EXPECT_EQ(ended.text, "this network is blocked");
}

TEST(MemberPackets, AnUnknownRefusalCodeIsNotWelcomeWithItsText) {
  const Ended ended =
      refused_with({.code = static_cast<wire::RefusalCode>(99), .text = "of tomorrow"});
  EXPECT_EQ(ended.reason, End::not_welcome);
  EXPECT_EQ(ended.text, "of tomorrow");
}

TEST(MemberPackets, AFullAddressIsAFullRoomWithTheTextOfTheServer) {
  const Ended ended =
      refused_with({.code = wire::RefusalCode::address_full, .text = "too many of you"});
  EXPECT_EQ(ended.reason, End::room_full);
  EXPECT_EQ(ended.text, "too many of you");
}

TEST(MemberPackets, ForgedAndReplayedPacketsChangeNothing) {
  NativeWorld world{1};
  auto& ada = world.enter("ada");
  std::vector<std::vector<std::byte>> seen;
  world.on_datagram = [&](std::span<const std::byte> bytes, bool to_server) {
    if (!to_server) seen.emplace_back(bytes.begin(), bytes.end());
  };
  ada.member.say("hello", world.now());
  ASSERT_TRUE(world.run_until([&] { return ada.member.unconfirmed() == 0 && !ada.lines.empty(); }));
  const std::size_t events = ada.events.size();
  for (const auto& right : seen) {
    ada.member.receive(right, world.now());  // a replay
    for (std::size_t i = 0; i < right.size(); ++i) {
      auto wrong = right;
      wrong[i] ^= std::byte{0x10};
      ada.member.receive(wrong, world.now());
    }
  }
  EXPECT_FALSE(ada.member.next_event());
  world.run_for(seconds{1});
  EXPECT_EQ(ada.events.size(), events);
}

TEST(MemberPackets, OnlyTheRightTokenResets) {
  NativeWorld world{2};
  auto& ada = world.enter("ada");
  std::uint64_t connection = 0;
  world.on_datagram = [&](std::span<const std::byte> bytes, bool) {
    if (const auto header = wire::read_sealed(bytes)) connection = header->connection;
  };
  ada.member.say("hello", world.now());
  world.run_for(seconds{1});
  const auto send = [&](const wire::ResetToken& token) {
    std::array<std::byte, 24> bytes{};
    wire::ByteWriter out{bytes};
    wire::write_reset(out, {.connection = connection, .token = token});
    ada.member.receive(bytes, world.now());
    world.run_for(seconds{1});
  };
  send({});
  EXPECT_FALSE(test::has<Reconnecting>(ada.events));
  send(crypto::reset_token(world.keys().reset_secret(), connection));
  EXPECT_TRUE(test::has<Reconnecting>(ada.events));
  EXPECT_TRUE(world.run_until([&] { return test::has<Reconnected>(ada.events); }));
}

// A later build may have more reasons.
TEST(MemberPackets, AByeOfAnUnknownReasonBeginsAnotherSession) {
  NativeWorld world{3};
  auto& ada = world.enter("ada");
  std::array<std::byte, 16> bytes{};
  wire::ByteWriter out{bytes};
  wire::write_frame(out, wire::ByeFrame{.reason = wire::ByeReason{99}, .text = "why"});
  world.forge_to(ada, "ada", out.written());
  EXPECT_TRUE(world.run_until([&] { return test::has<Reconnected>(ada.events); }));
  EXPECT_FALSE(ada.member.has_ended());
}

// The user has chosen the other program: this one does not come back by itself.
TEST(MemberPackets, AByeBecauseOfAnotherProgramEndsTheMember) {
  for (const auto& [bye, reason] : {std::pair{wire::ByeReason::replaced, End::replaced},
                                    std::pair{wire::ByeReason::ended, End::program_ended}}) {
    NativeWorld world{3};
    auto& ada = world.enter("ada");
    std::array<std::byte, 16> bytes{};
    wire::ByteWriter out{bytes};
    wire::write_frame(out, wire::ByeFrame{.reason = bye, .text = "why"});
    world.forge_to(ada, "ada", out.written());
    ASSERT_TRUE(world.run_until([&] { return ada.member.has_ended(); }));
    EXPECT_EQ(test::end_of(ada.events).reason, reason);
    world.run_for(seconds{60});
    std::vector<std::byte> datagram;
    EXPECT_FALSE(ada.member.next_datagram(datagram, world.now()));
    EXPECT_FALSE(test::has<Reconnecting>(ada.events));
  }
}

TEST(MemberPackets, AMemberReconnectsToAServerThatStopped) {
  NativeWorld world{3};
  auto& ada = world.enter("ada");
  world.service().send_goodbyes(world.server_now());
  world.weather.loss = 0;
  ASSERT_TRUE(world.run_until([&] { return test::has<Reconnecting>(ada.events); }));
  EXPECT_TRUE(test::has<ServerStopped>(ada.events));
  EXPECT_FALSE(ada.member.has_ended());
  EXPECT_TRUE(world.run_until([&] { return test::has<Reconnected>(ada.events); }));
}

TEST(MemberPackets, AQuitAfterTheServersByeEndsAtOnce) {
  NativeWorld world{3};
  auto& ada = world.enter("ada");
  world.weather.loses_uplink = true;  // the server is gone
  world.service().send_goodbyes(world.server_now());
  world.run_for(seconds{1});
  ada.member.quit(world.now());
  EXPECT_TRUE(ada.member.has_ended());
}

TEST(MemberPackets, PacketsOfTheOldSessionAreIgnoredAfterABye) {
  NativeWorld world{3};
  auto& ada = world.enter("ada");
  world.weather.loses_uplink = true;  // the server is gone
  world.service().send_goodbyes(world.server_now());
  world.run_for(seconds{1});
  // A packet of the old session that arrives after the BYE.
  ASSERT_TRUE(world.chat().commands.announce("late", world.server_now()));
  world.run_for(seconds{20});
  EXPECT_TRUE(test::has<Reconnecting>(ada.events));
  EXPECT_FALSE(test::has<Reconnected>(ada.events));
  EXPECT_EQ(ada.idle_ticks, 0U);
}

}  // namespace
}  // namespace chatd::client
