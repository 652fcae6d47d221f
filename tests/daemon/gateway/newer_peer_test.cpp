// SPDX-License-Identifier: GPL-3.0-or-later
// This build against a peer of a later build, whose packets have a frame and fields more: every
// sealed packet, in both directions, gets them on its way.
#include <map>

#include <gmock/gmock.h>

#include "common/transport/packet_seal.hpp"
#include "tests/support/native_world.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;
using test::NativeWorld;

constexpr std::array kMore{std::byte{0xFF}, std::byte{0xFE}, std::byte{0xFD}};

void put_header(wire::ByteWriter& out, std::uint8_t type, std::size_t size) {
  out.put(type);
  out.put(static_cast<std::uint16_t>(size));
}

// An unknown frame in front, and three bytes more at the end of each other one.
std::vector<std::byte> of_a_later_build(wire::Bytes frames) {
  std::vector<std::byte> newer(wire::kMaxDatagram);
  wire::ByteWriter out{newer};
  put_header(out, 200, kMore.size());
  out.put_bytes(kMore);
  for (wire::ByteReader in{frames}; !in.at_end();) {
    const auto type = in.take<std::uint8_t>();
    if (type == 0) break;  // PADDING
    const wire::Bytes body = in.take_bytes(in.take<std::uint16_t>());
    put_header(out, type, body.size() + kMore.size());
    out.put_bytes(body);
    out.put_bytes(kMore);
  }
  EXPECT_TRUE(out.ok());
  newer.resize(out.size());
  return newer;
}

class NewerPeer : public ::testing::Test {
 protected:
  NewerPeer() {
    world_.on_datagram = [this](std::span<const std::byte>, bool to_server) {
      to_server_ = to_server;
    };
    world_.tamper = [this](std::vector<std::byte>& datagram) { change(datagram); };
  }

  // Sealed again with the same key and counter. A goodbye comes when the server has wiped the key.
  void change(std::vector<std::byte>& datagram) {
    const auto header = wire::read_sealed(datagram);
    if (!header) return;
    const state::Slot slot{wire::slot_of(header->connection)};
    crypto::Key& key = keys_[{header->connection, to_server_}];
    if (world_.sessions().is_member(slot, state::SessionKind::native)) {
      key = to_server_ ? world_.keys().rx_key(slot, header->counter).value()
                       : state::tx_key(world_.keys().slot(slot)).key;
    }
    crypto::Aead aead;
    std::vector<std::byte> opened(datagram.size());
    wire::Bytes frames;
    ASSERT_TRUE(transport::open_packet(aead, key, header->counter, datagram, opened, frames));
    const auto newer = of_a_later_build(frames);
    datagram.resize(newer.size() + wire::kSealedOverhead);
    transport::seal_packet(aead, key, *header, newer, datagram);
    ++(to_server_ ? changed_to_server_ : changed_to_client_);
  }

  NativeWorld world_{1};
  std::map<std::pair<std::uint64_t, bool>, crypto::Key> keys_;
  bool to_server_{false};
  std::size_t changed_to_server_{0};
  std::size_t changed_to_client_{0};
};

TEST_F(NewerPeer, AConversationGoesOnInBothDirections) {
  auto& ada = world_.enter("ada");  // a longer WELCOME, too
  auto& bob = world_.enter("bob");
  world_.weather = {.loss = 0.1};
  std::vector<std::string> said;
  for (int i = 0; i < 50; ++i) {
    ada.member.say(std::to_string(i), world_.now());
    said.push_back("ada: " + std::to_string(i));
    world_.run_for(std::chrono::milliseconds{20});
  }
  ASSERT_TRUE(world_.run_until(
      [&] { return ada.member.unconfirmed() == 0 && bob.lines.size() == said.size(); }));
  EXPECT_EQ(bob.lines, said);
  EXPECT_GT(changed_to_server_, 50U);
  EXPECT_GT(changed_to_client_, 50U);
}

TEST_F(NewerPeer, DirectMessagesListsMovesAndGoodbyesWork) {
  auto& ada = world_.enter("ada");
  auto& bob = world_.enter("bob");
  ada.member.write_to("bob", "psst", world_.now());
  ada.member.ask_users(world_.now());
  ada.member.write_to("cyd", "psst", world_.now());
  ASSERT_TRUE(world_.run_until([&] { return ada.member.unconfirmed() == 0; }));
  ASSERT_TRUE(world_.run_until([&] { return test::has<client::Users>(ada.events); }));
  EXPECT_TRUE(test::has<client::Refused>(ada.events));
  EXPECT_TRUE(std::ranges::any_of(
      test::events_of<client::Line>(bob.events),
      [](const client::Line& event) { return event.record == wire::RecordKind::direct; }));
  world_.move(ada);
  world_.run_for(seconds{2});
  EXPECT_EQ(world_.figure(&state::GatewayCounters::members_moved), 1U);
  ada.member.quit(world_.now());
  EXPECT_TRUE(world_.run_until([&] { return ada.member.has_ended(); }, seconds{2}));
  EXPECT_FALSE(world_.sessions().find_name("ada"));
}

TEST_F(NewerPeer, AnUnknownCommandIsRefusedAndTheNextOneIsCarriedOut) {
  auto& ada = world_.enter("ada");
  std::array<std::byte, 64> bytes{};
  wire::ByteWriter commands{bytes};
  wire::write_command(commands, wire::CommandKind{99}, "x", "y");
  wire::write_command(commands, wire::CommandKind::say, "", "hello");
  const wire::DataFrame data{
      .stream = wire::kCommandStream, .offset = 0, .bytes = commands.written()};
  world_.forge(ada, "ada", std::array<wire::Frame, 1>{data});
  EXPECT_TRUE(world_.run_until([&] { return !ada.lines.empty(); }));
  EXPECT_EQ(ada.lines.front(), "ada: hello");
  const auto refused = test::first_of<client::Refused>(ada.events);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, "unknown_command");
}

}  // namespace
}  // namespace chatd::gateway
