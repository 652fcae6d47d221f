// SPDX-License-Identifier: GPL-3.0-or-later
// Rooms besides the default room, over a network that loses packets and a server that loses
// sessions.
#include <algorithm>

#include <gmock/gmock.h>

#include "tests/support/member_events.hpp"
#include "tests/support/room_world.hpp"

namespace chatd::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::RoomWorld;

// The numbers 0 to count - 1 as texts, with `prefix` in front.
std::vector<std::string> numbers(std::string_view prefix, int count) {
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i) texts.push_back(std::string{prefix} + std::to_string(i));
  return texts;
}

// The lines of a room that the member bob has sent.
std::vector<std::string> lines_of_bob(const RoomWorld& world, std::string_view room) {
  auto lines = world.lines_of(room);
  std::erase_if(lines, [](const std::string& line) { return !line.starts_with("bob: "); });
  return lines;
}

// The member and bob send lines while the network loses and delays packets, and while the server
// loses sessions.
TEST(MemberRoomsInAnyWeather, NoLineIsLostDoubledOrReorderedInAnyRoom) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    RoomWorld world{seed};
    world.member.start(world.now());
    ASSERT_TRUE(world.run_until([&] { return world.member.is_joined(); }));
    const std::vector<std::string> rooms{"lab", "pub", "bar"};
    for (const auto& room : rooms) {
      world.make(room);
      world.member.send(JoinRoom{room}, world.now());
    }
    ASSERT_TRUE(world.run_until([&] { return world.member.unconfirmed() == 0; }));
    world.loss = 0.01 * static_cast<double>(seed % 31);
    world.most_delay = milliseconds{1 + seed % 4 * 50};
    constexpr int kEach = 20;
    for (int i = 0; i < kEach; ++i) {
      for (const auto& room : rooms) {
        world.say(room, "bob", std::to_string(i));
        world.member.send(Say{.text = std::to_string(i), .room = room}, world.now());
      }
      world.run_for(milliseconds{seed % 90});
      if (seed % 3 == 0 && i % 7 == 5) world.forget_session();
    }
    const auto is_over = [&] {
      return world.member.unconfirmed() == 0 && std::ranges::all_of(rooms, [&](const auto& room) {
               return world.lines_of(room).size() >= 2U * kEach;
             });
    };
    ASSERT_TRUE(world.run_until(is_over, seconds{300}));
    world.run_for(seconds{2});
    for (const auto& room : rooms) {
      EXPECT_EQ(world.said_in(room), numbers("", kEach));
      EXPECT_EQ(lines_of_bob(world, room), numbers("bob: ", kEach));
      EXPECT_EQ(world.lines_of(room).size(), 2U * kEach);
    }
    EXPECT_EQ(test::events_of<Confirmed>(world.events).size(), rooms.size() * (kEach + 1));
    EXPECT_FALSE(test::has<Refused>(world.events));
  }
}

}  // namespace
}  // namespace chatd::client
