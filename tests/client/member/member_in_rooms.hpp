// SPDX-License-Identifier: GPL-3.0-or-later
// member_in_rooms.hpp — a member of a small server with rooms, for tests.
//
// Runs in:   test programs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/member_events.hpp"
#include "tests/support/room_world.hpp"

namespace chatd::client {

class MemberInRooms : public ::testing::Test {
 protected:
  void enter() {
    world_.member.start(world_.now());
    ASSERT_TRUE(world_.run_until([&] { return world_.member.is_joined(); }));
  }
  std::uint64_t send(const Message& message) { return world_.member.send(message, world_.now()); }
  void join(std::string_view room) {
    send(JoinRoom{std::string{room}});
    ASSERT_TRUE(all_is_confirmed());
  }
  // The member is in these rooms of the server, and in the default room.
  void enter_rooms(const std::vector<std::string>& rooms) {
    enter();
    for (const std::string& room : rooms) {
      world_.make(room);
      join(room);
    }
  }
  bool all_is_confirmed() {
    return world_.run_until([&] { return world_.member.unconfirmed() == 0; });
  }
  // The lines of a kind so far, in any room.
  std::vector<Line> lines(wire::RecordKind kind) {
    auto lines = test::events_of<Line>(world_.events);
    std::erase_if(lines, [&](const Line& line) { return line.record != kind; });
    return lines;
  }
  test::RoomWorld world_{1};
};

}  // namespace chatd::client
