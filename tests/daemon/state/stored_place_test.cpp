// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/stored_place.hpp"

#include <gtest/gtest.h>

namespace chatd::state {
namespace {

constexpr std::uint64_t at(std::uint32_t room, std::uint64_t offset) {
  return std::uint64_t{first_offset(RoomId{room})} + offset;
}

Stored look(const StoredPlace& place, std::uint32_t room, std::uint64_t end) {
  return stored(place, RoomId{room}, Offset{at(room, end)});
}

TEST(StoredPlaceTest, AMessageIsStoredWhenThePlaceIsBehindIt) {
  const StoredPlace place{.offset = 100, .lost = 0};
  EXPECT_EQ(look(place, 0, 100), Stored::yes);
  EXPECT_EQ(look(place, 0, 101), Stored::not_yet);
}

TEST(StoredPlaceTest, NothingIsKnownOfMessagesBeforeALoss) {
  const StoredPlace place{.offset = 100, .lost = 60};
  EXPECT_EQ(look(place, 0, 60), Stored::unknown);
  EXPECT_EQ(look(place, 0, 61), Stored::yes);
  EXPECT_EQ(look(place, 0, 101), Stored::not_yet);
}

TEST(StoredPlaceTest, OfAFurtherRoomOnlyItsOwnPlaceCounts) {
  const StoredPlace place{.offset = at(5, 100), .lost = at(5, 0)};
  EXPECT_EQ(look(place, 5, 100), Stored::yes);
  EXPECT_EQ(look(place, 5, 101), Stored::not_yet);
  EXPECT_EQ(look(place, 6, 1), Stored::not_yet) << "the archive has not looked at the room yet";
  EXPECT_EQ(look(place, 4, 1), Stored::unknown) << "a later room has its row";
}

TEST(StoredPlaceTest, AllZeroIsNothingStored) {
  const StoredPlace place{};
  EXPECT_EQ(look(place, 0, 1), Stored::not_yet);
  EXPECT_EQ(look(place, 5, 1), Stored::not_yet);
}

// Ids of rooms are a circle in offsets.
TEST(StoredPlaceTest, TheFirstIdFollowsTheLastOne) {
  const StoredPlace last{.offset = at(0xFF'FFFF, 100), .lost = at(0xFF'FFFF, 0)};
  EXPECT_EQ(look(last, 0xFF'FFFF, 100), Stored::yes);
  EXPECT_EQ(look(last, 0x100'0001, 1), Stored::not_yet);
}

// In the default room an offset may be above the beginning of any other room.
TEST(StoredPlaceTest, TheDefaultRoomHasNoEnd) {
  const StoredPlace place{.offset = at(7, 100), .lost = 0};
  EXPECT_EQ(stored(place, kDefaultRoom, Offset{at(7, 100)}), Stored::yes);
  EXPECT_EQ(stored(place, kDefaultRoom, Offset{at(7, 101)}), Stored::not_yet);
}

}  // namespace
}  // namespace chatd::state
