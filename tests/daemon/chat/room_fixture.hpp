// SPDX-License-Identifier: GPL-3.0-or-later
// room_fixture.hpp — a room in a small region, with a clock that the test moves.
//
// Runs in:   test programs.
#pragma once

#include <string>
#include <string_view>

#include "daemon/chat/room.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::chat {

class RoomFixture : public test::StateFixture {
 protected:
  Room& room() {
    if (!room_) {
      room_.emplace(state_, config_, 42);
      (void)room_->adopt(now());
    }
    return *room_;
  }
  // A new gateway over the same region: only the shared memory remains.
  Room::Unfinished take_over() {
    room_.emplace(state_, config_, 43);
    return room_->adopt(now());
  }

  Now now() const {
    return {.mono = test::mono_at(time_), .wall = test::wall_at(time_ + std::chrono::hours{1})};
  }
  void wait(std::chrono::microseconds time) { time_ += time; }

  static state::Delivery from(std::string_view peer) {
    return test::delivery_to(test::endpoint(peer));
  }
  Room::Login login(std::string_view peer, std::string_view name) {
    return room().login(from(peer), name, now());
  }
  // A new member, after settle().
  Slot enter(std::string_view peer, std::string_view name) {
    const auto outcome = login(peer, name);
    EXPECT_EQ(outcome.status, Room::LoginStatus::admitted) << name;
    room().settle();
    return outcome.slot;
  }
  Room::SayStatus say(Slot member, std::string_view argument) {
    return room().say(member, argument, now()).status;
  }
  std::vector<test::SeenRecord> records() const { return test::records_of(state_); }
  // The messages, without joins and leaves: "ada: hello".
  std::vector<std::string> said() const {
    std::vector<std::string> lines;
    for (const auto& record : records()) {
      if (record.kind == state::RecordKind::say) lines.push_back(record.name + ": " + record.text);
    }
    return lines;
  }
  std::uint64_t figure(state::Counter state::GatewayCounters::*counter) const {
    return (state_.counters().*counter).load();
  }

  config::Config config_;
  std::chrono::microseconds time_{std::chrono::seconds{100}};
  std::optional<Room> room_;
};

}  // namespace chatd::chat
