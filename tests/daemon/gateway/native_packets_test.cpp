// SPDX-License-Identifier: GPL-3.0-or-later
// Packets from members, from attackers that copy them, and of unknown connections.
#include <array>

#include <gmock/gmock.h>

#include "tests/support/native_world.hpp"
#include "tests/support/rule_making.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;
using test::NativeWorld;

class NativePackets : public ::testing::Test {
 protected:
  NativePackets() {
    world_.on_datagram = [this](std::span<const std::byte> bytes, bool to_server) {
      if (to_server) seen_.emplace_back(bytes.begin(), bytes.end());
    };
  }
  void limit_unauthenticated() {
    auto limits = NativeWorld::quick_config().limits;
    limits.unauthenticated_per_second = 10;
    world_.limit_to(limits);
  }
  // Packets of a connection that never existed.
  void inject_unknown(int packets, const Endpoint& from) {
    std::vector<std::byte> packet(100, std::byte{7});
    packet[0] = std::byte{0xC0};
    for (int i = 0; i < packets; ++i) world_.inject(packet, from);
  }

  NativeWorld world_{1};
  std::vector<std::vector<std::byte>> seen_;
};

TEST_F(NativePackets, AReplayACutOrAFlipChangesNothingAndIsCounted) {
  auto& ada = world_.enter("ada");
  ada.member.say("hello", world_.now());
  ASSERT_TRUE(
      world_.run_until([&] { return ada.member.unconfirmed() == 0 && !ada.lines.empty(); }));
  const auto packet = *std::ranges::find_if(seen_, [](const auto& bytes) {
    return wire::packet_type(bytes) == wire::PacketType::sealed;
  });
  const std::uint64_t tail = world_.chat().room.tail();
  const Endpoint from = ada.socket.endpoint();
  world_.inject(packet, from);
  EXPECT_EQ(world_.figure(&state::GatewayCounters::packets_refused), 1U);
  std::uint64_t tries = 1;
  for (std::size_t i = 8; i < packet.size(); ++i, ++tries) {  // behind the connection
    auto wrong = packet;
    wrong[i] ^= std::byte{1};
    world_.inject(wrong, from);
  }
  for (std::size_t size = wire::kSealedOverhead; size < packet.size(); ++size, ++tries) {
    world_.inject(std::span{packet}.first(size), from);
  }
  EXPECT_EQ(world_.figure(&state::GatewayCounters::packets_refused), tries);
  EXPECT_EQ(world_.chat().room.tail(), tail);
  ada.member.say("still here", world_.now());
  EXPECT_TRUE(world_.run_until([&] { return ada.lines.size() == 2; }));
}

// The replay window is stored with the keys, in memory that outlives the gateway.
TEST_F(NativePackets, AReplayIsRefusedByTheNextGatewayToo) {
  auto& ada = world_.enter("ada");
  ada.member.say("hello", world_.now());
  ASSERT_TRUE(
      world_.run_until([&] { return ada.member.unconfirmed() == 0 && !ada.lines.empty(); }));
  world_.run_for(seconds{1});
  ada.asleep = true;
  world_.run_for(seconds{1});  // all of hers has come
  std::erase_if(seen_, [](const auto& bytes) {
    return wire::packet_type(bytes) != wire::PacketType::sealed;
  });
  ASSERT_FALSE(seen_.empty());
  ASSERT_EQ(world_.figure(&state::GatewayCounters::packets_refused), 0U);
  const std::uint64_t tail = world_.chat().room.tail();
  world_.replace_gateway();
  for (const auto& packet : seen_) world_.inject(packet, ada.socket.endpoint());
  EXPECT_EQ(world_.figure(&state::GatewayCounters::packets_refused), seen_.size());
  EXPECT_EQ(world_.figure(&state::GatewayCounters::messages), 1U);
  EXPECT_EQ(world_.chat().room.tail(), tail);
  ada.asleep = false;
  ada.member.say("still here", world_.now());
  EXPECT_TRUE(world_.run_until([&] { return ada.lines.size() == 2; }));
}

TEST_F(NativePackets, AnUnknownConnectionGetsAShorterAnswerAndNotManyOfThem) {
  auto& ada = world_.enter("ada");
  ada.bytes_received = 0;
  inject_unknown(1000, ada.socket.endpoint());
  world_.run_for(std::chrono::milliseconds{1});
  EXPECT_GT(ada.bytes_received, 0U);
  EXPECT_LE(ada.bytes_received, 24U * 110U);
  EXPECT_EQ(world_.figure(&state::GatewayCounters::packets_unknown), 1000U);
}

TEST_F(NativePackets, AFloodOfUnknownConnectionsIsDroppedAndMembersAreServed) {
  limit_unauthenticated();
  auto& ada = world_.enter("ada");
  world_.run_for(seconds{1});
  inject_unknown(100, test::endpoint("192.0.2.9:9"));
  EXPECT_EQ(world_.figure(&state::GatewayCounters::packets_unknown), 100U);
  EXPECT_EQ(world_.figure(&state::GatewayCounters::datagrams_dropped_overload), 95U);
  ada.member.say("hello", world_.now());
  world_.move(ada);  // the limits of unauthenticated peers are not for a new address of a member
  EXPECT_TRUE(world_.run_until([&] { return ada.member.unconfirmed() == 0; }));
  EXPECT_EQ(world_.figure(&state::GatewayCounters::datagrams_dropped_overload), 95U);
}

TEST_F(NativePackets, ARemovedClientGetsItsByeAgainInAFloodOfOthers) {
  limit_unauthenticated();
  auto& ada = world_.enter("ada");
  ada.asleep = true;
  world_.service().remove(world_.sessions().find_name("ada").value(), state::LeaveKind::kicked,
                          "spam", world_.server_now());
  world_.run_for(seconds{1});
  inject_unknown(100, test::endpoint("192.0.2.9:9"));
  ada.asleep = false;
  ada.member.path_changed(world_.now());
  // Before the budget allows one more unauthenticated peer.
  ASSERT_TRUE(
      world_.run_until([&] { return ada.member.has_ended(); }, std::chrono::milliseconds{90}));
  EXPECT_EQ(test::end_of(ada.events).reason, client::End::kicked);
}

TEST_F(NativePackets, ManyPingsInOnePacketHaveOneAnswer) {
  auto& ada = world_.enter("ada");
  world_.run_for(seconds{1});
  std::size_t bytes = 0;
  std::size_t packets = 0;
  world_.on_datagram = [&](std::span<const std::byte> datagram, bool to_server) {
    if (to_server) return;
    ++packets;
    bytes += datagram.size();
  };
  ada.asleep = true;
  std::vector<wire::Frame> questions;
  for (int i = 0; i < 30; ++i) {
    questions.emplace_back(wire::PingFrame{});
    questions.emplace_back(wire::PathChallenge{.value = 1});
    static constexpr std::array command{std::byte{1}};
    questions.emplace_back(
        wire::DataFrame{.stream = wire::kCommandStream, .offset = 9, .bytes = command});
  }
  world_.forge(ada, "ada", questions);
  ada.asleep = false;
  world_.run_for(std::chrono::milliseconds{10});
  EXPECT_LE(packets, 3U);
  EXPECT_GT(packets, 0U);
  EXPECT_LE(bytes, 3 * wire::kBaseDatagram);
}

TEST_F(NativePackets, AfterALongOutageOfTheUplinkTheRoomGoesOnAtOnce) {
  auto& ada = world_.enter("ada");
  auto& bob = world_.enter("bob");
  world_.run_for(seconds{1});
  for (const int outage : {5, 30, 62}) {
    SCOPED_TRACE(outage);
    world_.weather.loses_uplink = true;
    ASSERT_TRUE(world_.chat().commands.announce("during", world_.server_now()));
    world_.run_for(seconds{outage});
    world_.weather.loses_uplink = false;
    world_.run_for(seconds{3});  // the next packets of the clients
    const std::size_t had = ada.lines.size();
    bob.member.say("after", world_.now());
    EXPECT_TRUE(world_.run_until([&] { return ada.lines.size() == had + 1; }, seconds{2}));
  }
}

TEST_F(NativePackets, AnotherClientOfAMemberBeginsAtAWholeMailboxRecord) {
  world_.limit_to(NativeWorld::one_program_config().limits);
  const auto identity = crypto::generate_key_pair().value();
  auto& first = world_.add({.name = "ada", .identity = identity});
  world_.start(first);
  auto& bob = world_.enter("bob");
  ASSERT_TRUE(world_.run_until([&] { return first.member.is_joined(); }));
  world_.run_for(seconds{1});
  first.asleep = true;
  bob.member.write_to("ada", "between us", world_.now());
  ASSERT_TRUE(world_.run_until([&] { return bob.member.unconfirmed() == 0; }));
  // A datagram ended in the middle of the record, and the next one was lost.
  const auto slot = world_.sessions().find_name("ada").value();
  const std::uint64_t tail = world_.chat().mailboxes.tail(slot);
  const std::array<wire::Frame, 1> half{
      wire::AckFrame{.stream = wire::kMailboxStream, .window = 10'000, .cumulative = tail - 8}};
  world_.forge(first, "ada", half);
  auto& second = world_.add({.name = "ada", .identity = identity});
  world_.start(second);
  EXPECT_TRUE(world_.run_until([&] {
    return std::ranges::any_of(
        test::events_of<client::Line>(second.events), [](const client::Line& event) {
          return event.record == wire::RecordKind::direct && event.text == "between us";
        });
  }));
  EXPECT_FALSE(second.member.has_ended());
}

// Found by chaos: a direct message to a full mailbox was refused, and the sender's own mailbox was
// full, too, so that the sender got an ACK without the refusal.
TEST_F(NativePackets, ACommandWithoutSpaceForItsRefusalIsNotAcknowledged) {
  auto& ada = world_.enter("ada");
  auto& bob = world_.enter("bob");
  auto& cyn = world_.enter("cyn");
  world_.run_for(seconds{1});
  ada.asleep = bob.asleep = true;
  for (int i = 0; i < 40; ++i) {
    cyn.member.write_to("ada", std::string(200, 'a'), world_.now());
    cyn.member.write_to("bob", std::string(200, 'b'), world_.now());
  }
  ASSERT_TRUE(world_.run_until([&] { return cyn.member.unconfirmed() == 0; }));
  ASSERT_TRUE(test::has<client::Refused>(cyn.events)) << "both mailboxes are full";
  // A direct message leaves space for a record `program`.
  for (const char* const name : {"ada", "bob"}) {
    const auto slot = world_.sessions().find_name(name).value();
    while (world_.chat().mailboxes.deliver(slot, {.kind = state::RecordKind::direct,
                                                  .sender = world_.sessions().sender(slot),
                                                  .name = name,
                                                  .text = "more",
                                                  .time = world_.server_now().wall})) {
    }
  }
  const auto direct = ada.member.write_to("bob", "is anybody there?", world_.now());
  const auto list = ada.member.ask_users(world_.now());
  ada.asleep = false;
  ASSERT_TRUE(world_.run_until([&] { return ada.member.unconfirmed() == 0; }));
  for (const auto& confirmed : test::events_of<client::Confirmed>(ada.events)) {
    EXPECT_NE(confirmed.number, direct);
  }
  const auto refused = test::events_of<client::Refused>(ada.events);
  EXPECT_TRUE(std::ranges::any_of(refused, [&](const auto& one) { return one.number == direct; }));
  EXPECT_TRUE(test::has<client::Users>(ada.events)) << list;
}

TEST_F(NativePackets, AnotherAddressIsUsedAfterItsPathResponse) {
  auto& ada = world_.enter("ada");
  ada.member.say("from home", world_.now());
  world_.run_for(seconds{1});
  world_.move(ada);
  ASSERT_TRUE(
      world_.run_until([&] { return world_.figure(&state::GatewayCounters::members_moved) == 1; }));
  const auto slot = world_.sessions().find_name("ada").value();
  EXPECT_EQ(world_.sessions().where(slot), ada.socket.endpoint());
}

TEST_F(NativePackets, AnAttackerThatCopiesAPacketDoesNotGetTheSession) {
  auto& ada = world_.enter("ada");
  const Endpoint home = ada.socket.endpoint();
  test::UdpClient thief;
  // The attacker copies the packet, and its copy arrives first.
  world_.weather.loss = 1;
  seen_.clear();
  ada.member.say("mine", world_.now());
  world_.run_for(std::chrono::milliseconds{1});
  world_.weather.loss = 0;
  ASSERT_FALSE(seen_.empty());
  world_.inject(seen_.back(), thief.endpoint());
  const auto slot = world_.sessions().find_name("ada").value();
  EXPECT_EQ(world_.sessions().where(slot), home);
  std::size_t bytes = 0;
  for (const auto& datagram : thief.drain()) bytes += datagram.size();
  EXPECT_LE(bytes, 3 * seen_.back().size());
  ASSERT_TRUE(world_.run_until([&] { return ada.member.unconfirmed() == 0; }));
  EXPECT_EQ(world_.sessions().where(slot), home);
}

// A move is one only when the member has answered a challenge at its new address.
TEST_F(NativePackets, AForgedMoveToABannedNetworkEndsNothing) {
  auto& ada = world_.enter("ada");
  ASSERT_TRUE(world_.chat().rules.add(test::ban_of_network("192.0.2.0/24")));
  seen_.clear();
  ada.member.say("mine", world_.now());
  world_.run_for(std::chrono::milliseconds{50});
  ASSERT_FALSE(seen_.empty());
  for (const auto& packet : seen_) world_.inject(packet, test::endpoint("192.0.2.1:5"));
  world_.forged_from = test::endpoint("192.0.2.1:5");
  const std::array<wire::Frame, 2> frames{wire::PingFrame{}, wire::PathResponse{.value = 0}};
  for (const wire::Frame& frame : frames) world_.forge(ada, "ada", std::span{&frame, 1});
  world_.run_for(seconds{5});
  const auto slot = world_.sessions().find_name("ada");
  ASSERT_TRUE(slot);
  EXPECT_EQ(world_.sessions().where(*slot), ada.socket.endpoint());
  EXPECT_EQ(world_.figure(&state::GatewayCounters::members_moved), 0U);
}

class DatagramSizes : public ::testing::Test {
 protected:
  DatagramSizes() { world_.weather.least_delay = world_.weather.most_delay = Micros{20'000}; }
  // So many at once that they fill several datagrams of any size.
  void announce(std::size_t count) {
    const std::size_t goal = seen() + count;
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_TRUE(world_.chat().commands.announce(std::string(300, 'x'), world_.server_now()));
    }
    ASSERT_TRUE(world_.run_until([&] { return seen() == goal; }));
  }
  [[nodiscard]] std::size_t seen() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        test::events_of<client::Line>(ada_.events),
        [](const client::Line& event) { return event.record == wire::RecordKind::announce; }));
  }
  [[nodiscard]] std::uint16_t size() const {
    const auto slot = world_.sessions().find_name("ada");
    return state::peer_of(world_.view().native_slots()[*slot]).datagram_bytes;
  }
  NativeWorld world_{1};
  NativeWorld::Seat& ada_{world_.enter("ada")};
};

TEST_F(DatagramSizes, GrowToTheSizeThatThePathCarries) {
  for (int i = 0; i < 4; ++i) announce(200);
  EXPECT_EQ(size(), wire::kMaxDatagram);
}

TEST_F(DatagramSizes, StopWhereThePathEnds) {
  world_.weather.largest = 1460;
  for (int i = 0; i < 4; ++i) announce(200);
  EXPECT_EQ(size(), 1452);
}

TEST_F(DatagramSizes, AMemberThatHasLittleToReadIsNotProbed) {
  for (int i = 0; i < 5; ++i) {
    announce(1);
    world_.run_for(seconds{1});  // its acknowledgement may take a moment
  }
  EXPECT_EQ(size(), wire::kBaseDatagram);
}

TEST_F(DatagramSizes, AreProbedAgainWhenThePathBecomesABlackHole) {
  for (int i = 0; i < 4; ++i) announce(200);
  ASSERT_EQ(size(), wire::kMaxDatagram);
  world_.weather.largest = 1300;
  announce(200);
  EXPECT_EQ(size(), wire::kBaseDatagram);
}

TEST_F(NativePackets, CommandsThatComeTwiceOrInPiecesAreCarriedOutOnce) {
  auto& ada = world_.enter("ada");
  world_.weather = {.loss = 0.3, .twice = 0.5};
  for (int i = 0; i < 50; ++i) {
    ada.member.say(std::to_string(i), world_.now());
    world_.run_for(std::chrono::milliseconds{3});
  }
  ASSERT_TRUE(world_.run_until([&] { return ada.member.unconfirmed() == 0; }));
  EXPECT_EQ(world_.figure(&state::GatewayCounters::messages), 50U);
}

// Another host of a site may have the same key.
TEST_F(NativePackets, AResetTokenIsOfTheSecretOfTheServiceAndNotOfItsKey) {
  auto& ada = world_.enter("ada");
  std::optional<wire::Reset> reset;
  world_.on_datagram = [&](std::span<const std::byte> bytes, bool /*to_server*/) {
    if (const auto read = wire::read_reset(bytes)) reset = read;
  };
  const auto token = [&](std::byte secret) {
    world_.keys().reset_secret().fill(secret);
    reset.reset();
    inject_unknown(1, ada.socket.endpoint());
    EXPECT_TRUE(world_.run_until([&] { return reset.has_value(); }));
    return reset.value_or(wire::Reset{}).token;
  };
  const auto first = token(std::byte{1});
  EXPECT_NE(token(std::byte{2}), first);
  EXPECT_EQ(token(std::byte{1}), first);
}

}  // namespace
}  // namespace chatd::gateway
