// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/worker/native_feed.hpp"

#include <set>

#include <gmock/gmock.h>

#include "tests/support/native_world.hpp"

namespace chatd::worker {
namespace {

using std::chrono::seconds;
using test::NativeWorld;

// A backlog is sent in full datagrams, in one turn.
TEST(NativeFeed, ABacklogIsSentInFullDatagrams) {
  NativeWorld world{1};
  auto& ada = world.enter("ada");
  std::size_t full = 0;
  std::size_t all = 0;
  world.on_datagram = [&](std::span<const std::byte> bytes, bool to_server) {
    if (to_server) return;
    ++all;
    full += bytes.size() == wire::kBaseDatagram ? 1U : 0U;
  };
  for (int i = 0; i < 60; ++i) {
    ASSERT_TRUE(world.chat().commands.announce(std::string(200, 'x'), world.server_now()));
  }
  const auto announced = [&] {
    return std::ranges::count(test::events_of<client::Line>(ada.events), wire::RecordKind::announce,
                              &client::Line::record);
  };
  ASSERT_TRUE(world.run_until([&] { return announced() == 60; }));
  EXPECT_GT(full, 8U);
  EXPECT_LT(all, 20U);
}

TEST(NativeFeed, NoTwoPacketsOfASessionHaveOneCounter) {
  NativeWorld world{2};
  std::set<std::pair<std::uint64_t, std::uint64_t>> used;
  world.on_datagram = [&](std::span<const std::byte> bytes, bool to_server) {
    const auto header = wire::read_sealed(bytes);
    if (to_server || !header) return;
    EXPECT_TRUE(used.emplace(header->connection, header->counter).second);
  };
  auto& ada = world.enter("ada");
  auto& bob = world.enter("bob");
  world.weather.loss = 0.3;
  for (int i = 0; i < 40; ++i) {
    ada.member.say(std::to_string(i), world.now());
    world.run_for(std::chrono::milliseconds{5});
    if (i % 5 == 0) world.replace_worker();
    if (i % 7 == 0) world.replace_gateway();
  }
  ASSERT_TRUE(world.run_until([&] { return bob.lines.size() == 40; }));
  EXPECT_GT(used.size(), 80U);
}

TEST(NativeFeed, ALappedMemberReceivesAGapAndTheRest) {
  NativeWorld world{3};
  auto& ada = world.enter("ada");
  world.weather.loss = 1;
  for (int i = 0; i < 400; ++i) {  // more than a ring
    ASSERT_TRUE(world.chat().commands.announce(std::string(800, 'x'), world.server_now()));
  }
  world.run_for(seconds{1});
  world.weather.loss = 0;
  ASSERT_TRUE(world.chat().commands.announce("the end", world.server_now()));
  ASSERT_TRUE(world.run_until([&] {
    return std::ranges::any_of(test::events_of<client::Line>(ada.events),
                               [](const client::Line& e) { return e.text == "the end"; });
  }));
  EXPECT_TRUE(test::has<client::Missed>(ada.events));
  const auto announced = std::ranges::count(test::events_of<client::Line>(ada.events),
                                            wire::RecordKind::announce, &client::Line::record);
  EXPECT_LT(announced, 401);
  EXPECT_GT(announced, 200);
}

// A compromised worker can write the whole table.
TEST(NativeFeed, AHoleCountBeyondTheArrayIsCut) {
  NativeWorld world{5};
  auto& ada = world.enter("ada");
  world.run_for(seconds{1});
  auto& native = world.view().native_slots()[world.sessions().find_name("ada").value()];
  state::update_peer(native, [](state::NativePeer& peer) {
    peer.holes = 255;
    peer.hole.fill({.start = 0, .bytes = 1});
    ++peer.ack_serial;
  });
  ASSERT_TRUE(world.chat().commands.announce("still here", world.server_now()));
  ASSERT_TRUE(world.run_until([&] {
    return std::ranges::any_of(test::events_of<client::Line>(ada.events),
                               [](const client::Line& e) { return e.text == "still here"; });
  }));
}

TEST(NativeFeed, SendingStopsWhenAMemberNeverAnswers) {
  NativeWorld world{4};
  auto& ada = world.enter("ada");
  auto& bob = world.enter("bob");
  world.run_for(seconds{1});
  bob.member.quit(world.now());  // its words do not arrive
  world.weather.loss = 1;
  bob.bytes_received = 0;
  ada.member.say("hello?", world.now());
  world.run_for(seconds{1});
  const std::uint64_t to_bob = bob.bytes_received;
  world.run_for(seconds{300});
  EXPECT_LT(bob.bytes_received, to_bob + 40U * 1200U);
}

// The gateway activates a session and then installs its keys, without a bell: a worker that serves
// it in between sends nothing, and serves it again by itself.
// The same after a gateway that was killed between the two.
TEST(NativeFeed, ANewSessionIsServedOnceItHasKeys) {
  NativeWorld world{5};
  auto& ada = world.enter("ada");
  const chat::Slot bob = world.begin_to_enter("bob");
  const auto sealed = [&] {
    return world.view().native_slots()[bob].streams[wire::kRoomStream].sent.load() !=
           world.view().native_slots()[bob].room_start;
  };
  ada.member.say("is bob there?", world.now());
  world.run_for(std::chrono::milliseconds{100});
  EXPECT_FALSE(sealed());

  world.keys().install(bob, {}, {}, world.view().native_slots()[bob].packet_counter, world.now());
  ada.member.say("bob?", world.now());
  world.run_for(std::chrono::milliseconds{25});
  EXPECT_TRUE(sealed());
}

}  // namespace
}  // namespace chatd::worker
