// SPDX-License-Identifier: GPL-3.0-or-later
// members_test.cpp — which member is in which room, and deliveries to members of other rooms.
#include "tests/bench/members.hpp"

#include <gmock/gmock.h>

namespace chatd::bench {
namespace {

// Two further rooms of three members, and two members in the default room only.
constexpr MembersOptions kTwoRooms{
    .server = {}, .publishers = 2, .listeners = 6, .rooms = 2, .room_members = 3};

class IdleMembers : public Members {
 public:
  using Members::Members;
  bool enter(std::chrono::seconds) override { return true; }
  void publish(const Payload&) override {}
  void pump(Clock::time_point) override {}
  void lose(double) override {}
  std::uint64_t receivers() const override { return 0; }
  void receive(std::size_t member, std::uint32_t publisher) {
    count(member, {.publisher = publisher, .number = 0, .due = {}}, {});
  }
};

TEST(BenchMembers, TakeTheFurtherRoomsInTurnAndTheLastOnesAreInNone) {
  std::vector<std::optional<std::size_t>> rooms;
  for (std::size_t i = 0; i < kTwoRooms.all(); ++i) rooms.push_back(kTwoRooms.room_of(i));
  EXPECT_THAT(rooms, ::testing::ElementsAre(0, 1, 0, 1, 0, 1, std::nullopt, std::nullopt));
  EXPECT_EQ((MembersOptions{.server = {}}.room_of(0)), std::nullopt);
}

TEST(BenchMembers, ADeliveryToAMemberOfAnotherRoomIsInvented) {
  IdleMembers members{kTwoRooms};
  members.receive(2, 0);
  members.receive(3, 1);
  EXPECT_EQ(members.tally().delivered(), 2U);
  EXPECT_EQ(members.tally().invented(), 0U);
  members.receive(3, 0);  // is in the other room
  members.receive(6, 0);  // is in the default room only
  members.receive(4, 9);  // nobody is this publisher
  EXPECT_EQ(members.tally().delivered(), 2U);
  EXPECT_EQ(members.tally().invented(), 3U);
}

TEST(BenchMembers, WithoutFurtherRoomsEveryMemberReceivesFromEveryPublisher) {
  IdleMembers members{{.server = {}, .publishers = 2, .listeners = 1}};
  members.receive(1, 0);
  members.receive(2, 1);
  members.receive(2, 2);
  EXPECT_EQ(members.tally().delivered(), 2U);
  EXPECT_EQ(members.tally().invented(), 1U);
}

}  // namespace
}  // namespace chatd::bench
