// SPDX-License-Identifier: GPL-3.0-or-later
// Members with a valid session that attack the service: whatever eve sends, ada and bob receive all
// messages of each other, and eve uses no more resources than a member may.
#include <gmock/gmock.h>

#include "tests/support/native_world.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;
using test::NativeWorld;

class HostileMember : public ::testing::Test {
 protected:
  // eve's own client sends nothing from now on; the tests forge its packets.
  HostileMember() {
    world_.run_for(seconds{1});
    eve_.asleep = true;
    eve_.bytes_received = 0;
  }
  void forge(std::initializer_list<wire::Frame> frames) { world_.forge(eve_, "eve", frames); }
  void talk(int lines) {
    for (int i = 0; i < lines; ++i) {
      ada_.member.say("line " + std::to_string(i), world_.now());
      world_.run_for(std::chrono::milliseconds{20});
    }
  }
  void expect_heard(std::size_t lines) {
    EXPECT_TRUE(world_.run_until(
        [&] { return bob_.lines.size() == lines && ada_.member.unconfirmed() == 0; }, seconds{10}));
  }
  std::uint64_t tail() const { return world_.chat().room.tail(); }
  const transport::DownState& down_of_eve() {
    return world_.view().native_slots()[world_.sessions().find_name("eve").value()].down;
  }
  std::uint64_t sent_to_eve() {
    const auto slot = world_.sessions().find_name("eve").value();
    return world_.view().native_slots()[slot].streams[wire::kRoomStream].sent.load();
  }

  NativeWorld world_{1};
  NativeWorld::Seat& ada_{world_.enter("ada")};
  NativeWorld::Seat& bob_{world_.enter("bob")};
  NativeWorld::Seat& eve_{world_.enter("eve")};
};

TEST_F(HostileMember, GetsOnlyItsWindowIfItNeverAcknowledges) {
  const std::uint64_t before = sent_to_eve();
  talk(2000);
  expect_heard(2000);
  EXPECT_LE(sent_to_eve() - before, down_of_eve().congestion.window + 14'720U);
  EXPECT_GT(tail() - before, 100'000U);
}

TEST_F(HostileMember, AcknowledgementsBeyondTheTailAreIgnored) {
  const std::uint64_t future = tail() + 1'000'000;
  forge({wire::AckFrame{.stream = wire::kRoomStream, .window = 1U << 30U, .cumulative = future}});
  forge({wire::AckFrame{.stream = 200, .window = ~0U, .cumulative = ~0ULL}});
  forge({wire::AckFrame{.stream = wire::kMailboxStream, .window = ~0U, .cumulative = ~0ULL}});
  EXPECT_EQ(world_.figure(&state::GatewayCounters::acks_refused), 3U);
  const auto slot = world_.sessions().find_name("eve").value();
  const auto& peer = state::peer_of(world_.view().native_slots()[slot]);
  EXPECT_LE(peer.acked[wire::kRoomStream], tail());
  EXPECT_EQ(peer.acked[wire::kMailboxStream], 0U);
  talk(50);
  expect_heard(50);
}

TEST_F(HostileMember, AcknowledgingUnsentDataSkipsIt) {
  const std::uint64_t window = 1U << 20U;
  talk(2000);  // far more than her window: most of it was not sent
  EXPECT_LT(sent_to_eve(), tail());
  forge({wire::AckFrame{.stream = wire::kRoomStream, .window = window, .cumulative = tail()}});
  talk(10);
  expect_heard(2010);
  EXPECT_TRUE(world_.run_until([&] { return sent_to_eve() == tail(); }, seconds{10}));
}

TEST_F(HostileMember, ContradictoryHolesDoNotRaiseTheRepairRate) {
  talk(100);
  const std::uint64_t known = sent_to_eve();
  const auto slot = world_.sessions().find_name("eve").value();
  const std::uint64_t acked =
      state::peer_of(world_.view().native_slots()[slot]).acked[wire::kRoomStream];
  (void)eve_.socket.drain();  // the hundred lines; what follows is the reply to the forged ACKs
  for (int i = 0; i < 1000; ++i) {
    wire::AckFrame ack{
        .stream = wire::kRoomStream, .window = 1U << 20U, .cumulative = acked, .holes = 8};
    for (std::uint32_t h = 0; h < 8; ++h) {  // holes that overlap, and holes beyond the tail
      ack.hole[h] = {.start = (h * 7919U + static_cast<std::uint32_t>(i)) % 5000U,
                     .bytes = ~0U >> h};
    }
    forge({ack});
  }
  eve_.asleep = false;  // her socket is read
  world_.run_for(std::chrono::milliseconds{1});
  EXPECT_GT(eve_.bytes_received, 0U) << "nothing was repaired";
  EXPECT_LE(eve_.bytes_received, 64U * 1024U) << "a thousand contradictions, and an answer to each";
  EXPECT_EQ(sent_to_eve(), known) << "holes let nothing new go";
  expect_heard(100);
}

TEST_F(HostileMember, AnAckWithHolesCallsOnlyTheWorkerOfItsMember) {
  world_.workers = 3;
  world_.replace_gateway();
  const auto calls = [&] {
    std::array<std::uint64_t, 3> all{};
    for (std::uint32_t i = 0; i < 3; ++i) all.at(i) = world_.view().process(1 + i).calls;
    return all;
  };
  auto expected = calls();
  for (int i = 0; i < 10; ++i) {
    forge({wire::AckFrame{.stream = wire::kRoomStream,
                          .window = 65'536,
                          .cumulative = tail(),
                          .holes = 1,
                          .hole = {wire::Hole{.start = 1, .bytes = 9}}}});
  }
  expected.at(world_.sessions().find_name("eve").value() % 3) += 10;
  EXPECT_EQ(calls(), expected);
}

TEST_F(HostileMember, GetsNothingWithAZeroWindowAndAffectsNoOther) {
  const auto slot = world_.sessions().find_name("eve").value();
  const std::uint64_t acked =
      state::peer_of(world_.view().native_slots()[slot]).acked[wire::kRoomStream];
  forge({wire::AckFrame{.stream = wire::kRoomStream, .window = 0, .cumulative = acked}});
  const std::uint64_t before = sent_to_eve();
  talk(200);
  expect_heard(200);
  EXPECT_EQ(sent_to_eve(), before);
}

TEST_F(HostileMember, AHugeWindowIsLimitedByCongestionControl) {
  const std::uint64_t before = sent_to_eve();
  forge({wire::AckFrame{.stream = wire::kRoomStream, .window = ~0U, .cumulative = before}});
  talk(2000);
  expect_heard(2000);
  EXPECT_LE(sent_to_eve() - before, down_of_eve().congestion.window + 14'720U);
}

TEST_F(HostileMember, GetsAMissedEventWhenLappedAndDoesNotDelayTheRoom) {
  talk(10);
  for (int i = 0; i < 3000; ++i) {  // 300 KiB through a ring of 256
    bob_.member.say(std::string(100, 'x'), world_.now());
    if (i % 20 == 0) world_.run_for(std::chrono::milliseconds{50});
  }
  ASSERT_TRUE(world_.run_until([&] { return ada_.lines.size() == 3010; }, seconds{60}));
  eve_.asleep = false;
  eve_.member.path_changed(world_.now());
  bob_.member.say("last", world_.now());
  EXPECT_TRUE(world_.run_until(
      [&] { return !eve_.lines.empty() && eve_.lines.back() == "bob: last"; }, seconds{60}));
  EXPECT_TRUE(test::has<client::Missed>(eve_.events));
}

TEST_F(HostileMember, APacketIsReadUpToTheFrameLimit) {
  const auto slot = world_.sessions().find_name("eve").value();
  const auto said = [&] { return state::peer_of(world_.view().native_slots()[slot]).ack_serial; };
  const std::uint64_t before = said();
  const std::vector<wire::Frame> acks(
      60, wire::AckFrame{.stream = wire::kRoomStream, .window = 65'536, .cumulative = tail()});
  world_.forge(eve_, "eve", acks);
  EXPECT_EQ(said() - before, wire::kMaxFrames);
  talk(10);
  expect_heard(10);
}

TEST_F(HostileMember, PacketsBeyondThePacketRateAreDropped) {
  for (int i = 0; i < 10'000; ++i) forge({wire::AckFrame{.stream = 200}});
  EXPECT_GE(world_.figure(&state::GatewayCounters::datagrams_dropped_overload), 5'500U);
  EXPECT_LE(world_.figure(&state::GatewayCounters::datagrams_dropped_overload), 6'000U);
  world_.run_for(std::chrono::milliseconds{1});
  talk(10);
  expect_heard(10);
}

TEST_F(HostileMember, ForgedPacketsDoNotConsumeThePacketRate) {
  std::vector<std::byte> packet;
  world_.on_datagram = [&](std::span<const std::byte> bytes, bool to_server) {
    if (to_server) packet.assign(bytes.begin(), bytes.end());
  };
  talk(1);
  ASSERT_EQ(wire::packet_type(packet), wire::PacketType::sealed);
  world_.on_datagram = {};
  packet.back() ^= std::byte{1};  // the tag
  packet[8] ^= std::byte{0x80};   // a packet counter that was not used yet
  const std::uint64_t refused = world_.figure(&state::GatewayCounters::packets_refused);
  for (int i = 0; i < 10'000; ++i) world_.inject(packet, ada_.socket.endpoint());
  EXPECT_EQ(world_.figure(&state::GatewayCounters::packets_refused), refused + 10'000);
  talk(10);
  expect_heard(11);
  EXPECT_EQ(world_.figure(&state::GatewayCounters::datagrams_dropped_overload), 0U);
}

// The packet counter of a member that was suspended for hours is far ahead. A forged packet can
// have such a counter too.
TEST_F(HostileMember, ForgedCountersFarAheadDoNotBlockTheMember) {
  const auto slot = world_.sessions().find_name("eve").value();
  const std::uint64_t connection = state::peer_of(world_.view().native_slots()[slot]).connection;
  const std::uint64_t epoch = std::uint64_t{1} << wire::kKeyPhaseBits;
  std::array<std::byte, 60> packet{};
  wire::ByteWriter out{packet};
  wire::write_sealed(out, {.connection = connection, .counter = 3 * epoch, .time = 1, .echo = 1});
  for (int i = 0; i < 1'000; ++i) world_.inject(packet, eve_.socket.endpoint());
  const std::uint64_t refused = world_.figure(&state::GatewayCounters::packets_refused);
  EXPECT_GE(refused, 1'000U);
  forge({wire::AckFrame{.stream = 200}});  // a valid packet, in the current key phase
  EXPECT_EQ(world_.figure(&state::GatewayCounters::packets_refused), refused);
  world_.run_for(seconds{1});
  world_.keys().slot(slot).replay.next = 3 * epoch - 1'000;  // forge() adds a thousand
  forge({wire::AckFrame{.stream = 200}});
  EXPECT_EQ(world_.figure(&state::GatewayCounters::packets_refused), refused);
  EXPECT_EQ(world_.keys().slot(slot).rx_key_phase, 3U);
}

TEST_F(HostileMember, ALongPacketIsDroppedUnopened) {
  const std::vector<std::byte> padding(wire::kBaseDatagram - wire::kSealedOverhead + 1);
  const auto slot = world_.sessions().find_name("eve").value();
  const std::uint64_t next = world_.keys().slot(slot).replay.next;
  const auto dropped = &state::GatewayCounters::datagrams_dropped_malformed;
  world_.forge(eve_, "eve", padding);
  EXPECT_EQ(world_.figure(dropped), 1U);
  EXPECT_EQ(world_.keys().slot(slot).replay.next, next);
  world_.forge(eve_, "eve", std::span{padding}.subspan(1));
  EXPECT_EQ(world_.figure(dropped), 1U);
  EXPECT_GT(world_.keys().slot(slot).replay.next, next);
}

// Without the limit each of these packets would cause a reply that must be sealed and sent.
TEST_F(HostileMember, GetsAtMostAHundredRepliesASecond) {
  std::uint64_t answers = 0;
  world_.on_datagram = [&](std::span<const std::byte> /*bytes*/, bool to_server) {
    if (!to_server) ++answers;
  };
  for (const wire::Frame& question :
       std::initializer_list<wire::Frame>{wire::PingFrame{}, wire::PathChallenge{.value = 1}}) {
    answers = 0;
    for (int i = 0; i < 1000; ++i) forge({question});
    eve_.asleep = false;  // her socket is read
    world_.run_for(std::chrono::milliseconds{1});
    eve_.asleep = true;
    EXPECT_GE(answers, 50U);
    EXPECT_LE(answers, MemberLimits::kAnswersAtOnce + 10);
    world_.run_for(seconds{5});
  }
  EXPECT_GE(world_.figure(&state::GatewayCounters::answers_suppressed), 1'700U);
}

TEST_F(HostileMember, ForgedAddressesCauseAtMostAHundredChallengesASecond) {
  test::UdpClient victim;
  for (int i = 0; i < 1000; ++i) {
    world_.forged_from = victim.endpoint();
    forge({wire::PingFrame{}});
    world_.forged_from.reset();
    // A packet from her own address in between: the server forgets the other address.
    forge({wire::AckFrame{.stream = 200}});
  }
  const auto challenges = victim.drain().size();
  EXPECT_GE(challenges, 50U);
  EXPECT_LE(challenges, MemberLimits::kAnswersAtOnce + 10);
}

// Each kind of command is sent a thousand times, at the offset up to which the server has read. An
// acknowledgement in front of it frees space in the mailbox.
class HostileCommands : public ::testing::TestWithParam<std::pair<wire::CommandKind, std::string>> {
 protected:
  HostileCommands() {
    world_.run_for(seconds{1});
    eve_.asleep = true;
    out_ = wire::ByteWriter{command_};
    const auto kind = GetParam().first;
    EXPECT_TRUE(wire::write_command(out_, kind, name_for(kind), GetParam().second));
  }
  static std::string_view name_for(wire::CommandKind kind) {
    using wire::CommandKind;
    if (kind == CommandKind::direct) return "nobody";
    if (kind == CommandKind::whois) return "ada";
    return kind == CommandKind::make || kind == CommandKind::join ? "den" : "";
  }
  [[nodiscard]] const state::NativeSlot& native() const {
    return world_.view().native_slots()[world_.sessions().find_name("eve").value()];
  }
  // Forges one packet that is full of commands.
  void forge_some() {
    std::vector<std::byte> many;
    while (many.size() + out_.size() <= 1000) {
      const auto one = out_.written();
      many.insert(many.end(), one.begin(), one.end());
    }
    world_.forge(
        eve_, "eve",
        std::array<wire::Frame, 2>{
            wire::AckFrame{.stream = wire::kMailboxStream,
                           .window = 65'536,
                           .cumulative = native().mailbox.tail.load()},
            wire::DataFrame{
                .stream = wire::kCommandStream, .offset = native().uplink, .bytes = many}});
  }

  NativeWorld world_{1, config::Config{}};  // five messages a second, twenty at once
  NativeWorld::Seat& ada_{world_.enter("ada")};
  NativeWorld::Seat& eve_{world_.enter("eve")};
  std::array<std::byte, wire::kMaxCommandBytes> command_{};
  wire::ByteWriter out_{command_};
};

TEST_P(HostileCommands, AreChargedToTheMembersRate) {
  const std::uint64_t from = native().uplink;
  const MonoTime began = world_.now();
  std::uint64_t calls_at_rest = 0;
  for (int i = 0; i < 1000; ++i) {
    if (i == 100) calls_at_rest = world_.view().process(1).calls;
    forge_some();
    if (i % 100 == 0) world_.run_for(std::chrono::milliseconds{10});
  }
  const auto allowed = 20 + 5 * (world_.now() - began) / seconds{1} + 1;
  const auto carried_out = (native().uplink - from) / out_.size();
  EXPECT_GE(carried_out, 5U);
  EXPECT_LE(carried_out, static_cast<std::uint64_t>(allowed));
  EXPECT_GE(world_.figure(&state::GatewayCounters::messages_refused_rate), 900U);
  EXPECT_LE(world_.view().process(1).calls - calls_at_rest, 10U) << "workers woken for nothing";
  ada_.member.say("hello", world_.now());
  EXPECT_TRUE(world_.run_until([&] { return ada_.member.unconfirmed() == 0; }, seconds{5}));
}

INSTANTIATE_TEST_SUITE_P(
    EveryKind, HostileCommands,
    ::testing::Values(std::pair{wire::CommandKind::say, std::string{"evil"}},
                      std::pair{wire::CommandKind::say, std::string{}},
                      std::pair{wire::CommandKind::say, std::string{"\xff"}},
                      std::pair{wire::CommandKind::say, std::string(950, 'x')},
                      std::pair{wire::CommandKind::action, std::string{"waves"}},
                      std::pair{wire::CommandKind::direct, std::string{"psst"}},
                      std::pair{wire::CommandKind::who, std::string(4, '\0')},
                      std::pair{wire::CommandKind::make, std::string{}},
                      std::pair{wire::CommandKind::join, std::string(16, '\xff')},
                      std::pair{wire::CommandKind::leave, std::string{}},
                      std::pair{wire::CommandKind::rooms, std::string(4, '\0')},
                      std::pair{wire::CommandKind::whois, std::string{}},
                      std::pair{wire::CommandKind::away, std::string(121, 'x')},
                      std::pair{wire::CommandKind{99}, std::string{}}));

// The limit was lowered after the clients logged in, so they send faster than it.
TEST(FastMember, MessagesAreDelayedButCompleteAndInOrder) {
  NativeWorld world{1};
  auto& ada = world.enter("ada");
  auto& bob = world.enter("bob");
  world.limit_to({.messages_per_second = 20, .burst = 3});
  std::vector<std::string> said;
  for (int i = 0; i < 40; ++i) {
    said.push_back("ada: " + std::to_string(i));
    ada.member.say(std::to_string(i), world.now());
  }
  ada.member.ask_users(world.now());
  ASSERT_TRUE(world.run_until([&] { return ada.member.unconfirmed() == 0; }));
  ASSERT_TRUE(world.run_until([&] { return bob.lines.size() == said.size(); }));
  EXPECT_EQ(bob.lines, said);
  EXPECT_TRUE(test::has<client::Users>(ada.events));
  EXPECT_FALSE(test::has<client::Refused>(ada.events));
}

TEST(HostileSender, MessagesAreAcceptedAtTheMembersRate) {
  config::Config config;  // five messages a second, twenty at once
  NativeWorld world{1, config};
  auto& ada = world.enter("ada");
  auto& bob = world.enter("bob");
  auto& eve = world.enter("eve");
  world.run_for(seconds{1});
  eve.asleep = true;  // her client would respect the rate
  const auto slot = world.sessions().find_name("eve").value();
  const std::uint64_t& next = world.view().native_slots()[slot].uplink;
  for (int i = 0; i < 10'000; ++i) {
    std::array<std::byte, 64> bytes{};
    wire::ByteWriter out{bytes};
    ASSERT_TRUE(wire::write_command(out, wire::CommandKind::say, {}, "evil"));
    world.forge(eve, "eve",
                std::array<wire::Frame, 1>{wire::DataFrame{
                    .stream = wire::kCommandStream, .offset = next, .bytes = out.written()}});
    if (i % 10 == 0) world.run_for(std::chrono::milliseconds{1});
    if (i == 5000) ada.member.say("hello", world.now());
  }
  EXPECT_TRUE(world.run_until([&] { return ada.member.unconfirmed() == 0; }, seconds{5}));
  world.run_for(seconds{1});
  const auto heard = std::ranges::count(bob.lines, "eve: evil");
  EXPECT_GE(heard, 20);
  EXPECT_LE(heard, 40);
  EXPECT_EQ(std::ranges::count(bob.lines, "ada: hello"), 1);
}

}  // namespace
}  // namespace chatd::gateway
