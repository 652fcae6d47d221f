// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/change_rates.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "tests/support/state_region.hpp"

namespace chatd::chat {
namespace {

using std::chrono::seconds;
using RoomIds = std::vector<state::RoomId>;

constexpr state::RoomId kLab{7};
constexpr state::RoomId kDen{8};

class ChangeRatesTest : public ::testing::Test {
 protected:
  // A change at that second. `own_rooms`: the rooms in which the person has a role.
  std::optional<Micros> refuse(std::uint64_t person, std::string_view from, std::int64_t second,
                               const RoomIds& own_rooms = {}) {
    return rates_.refuse(state::PersonId{person}, test::endpoint(from).address, at(second),
                         [&] { return own_rooms; });
  }
  // A change of the own presence.
  std::optional<Micros> refuse_own(std::uint64_t person) {
    return rates_.refuse(state::PersonId{person}, at(0));
  }
  void tick(std::int64_t second) { rates_.tick(at(second)); }
  static MonoTime at(std::int64_t second) { return MonoTime{seconds{1000 + second}}; }

  // Persons 101 to 160 use up the rate of the network.
  void use_up(std::string_view from, std::int64_t second) {
    for (std::uint64_t person = 101; person <= 160; ++person) {
      ASSERT_FALSE(refuse(person, from, second));
    }
    ASSERT_TRUE(refuse(161, from, second));
  }
  // The number of changes that are admitted before one is refused.
  std::uint32_t admitted(std::uint64_t person, std::int64_t second, const RoomIds& own_rooms) {
    std::uint32_t count = 0;
    while (!refuse(person, kHome, second, own_rooms)) ++count;
    return count;
  }
  static constexpr std::string_view kHome = "192.0.2.1:5";

 private:
  ChangeRates rates_;
};

TEST_F(ChangeRatesTest, APersonMakesTenChangesAMinute) {
  for (std::uint32_t i = 0; i < ChangeRates::kOfAPerson; ++i) EXPECT_FALSE(refuse(1, kHome, 0));
  EXPECT_EQ(refuse(1, kHome, 0), seconds{6});
  EXPECT_EQ(refuse(1, kHome, 5), seconds{1});
  EXPECT_FALSE(refuse(1, kHome, 6));
  EXPECT_FALSE(refuse(2, kHome, 6));
}

TEST_F(ChangeRatesTest, ANetworkMakesSixtyChangesAMinute) {
  std::uint32_t made = 0;
  for (std::uint64_t person = 1; person <= 100; ++person) {
    const auto* const from = person % 2 == 0 ? "[2001:db8::1]:5" : "[2001:db8::f:2]:6";
    for (int i = 0; i < 3; ++i) {
      if (!refuse(person, from, 0)) ++made;
    }
  }
  EXPECT_EQ(made, ChangeRates::kOfANetwork);
  EXPECT_FALSE(refuse(500, "[2001:db8:0:1::1]:5", 0));
}

TEST_F(ChangeRatesTest, ARefusedChangeCostsThePersonNothing) {
  use_up(kHome, 0);
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(refuse(99, kHome, 0));
  for (std::uint32_t i = 0; i < ChangeRates::kOfAPerson; ++i) {
    EXPECT_FALSE(refuse(99, "192.0.2.2:5", 0));
  }
}

TEST_F(ChangeRatesTest, OtherUsersOfItsNetworkDoNotUseUpWhatARoomHas) {
  use_up(kHome, 0);
  EXPECT_EQ(admitted(2, 0, {kDen}), ChangeRates::kOfARoom) << "a user that has made a room";
  EXPECT_EQ(admitted(1, 0, {kLab}), ChangeRates::kOfARoom);
  EXPECT_EQ(refuse(1, kHome, 0, {kLab}), seconds{1}) << "for the network, which is sooner";
}

TEST_F(ChangeRatesTest, TheChangesOfARoomAreThoseOfAllThatHaveARoleThere) {
  use_up(kHome, 0);
  EXPECT_EQ(admitted(1, 0, {kLab}), ChangeRates::kOfARoom);
  EXPECT_EQ(admitted(2, 0, {kLab}), 0U);
  EXPECT_EQ(admitted(2, 0, {kLab, kDen}), ChangeRates::kOfARoom);
}

TEST_F(ChangeRatesTest, APersonWithRolesInManyRoomsKeepsToItsOwnRate) {
  use_up(kHome, 0);
  EXPECT_EQ(admitted(1, 0, {kLab, kDen, state::RoomId{9}}), ChangeRates::kOfAPerson);
  EXPECT_EQ(admitted(2, 0, {state::RoomId{9}}), ChangeRates::kOfARoom) << "lab and den had ten";
}

TEST_F(ChangeRatesTest, ARoomIsNotChargedWhileItsNetworkHasARate) {
  for (std::uint64_t person = 1; person <= 30; ++person) {
    EXPECT_FALSE(refuse(person, kHome, 0, {kLab}));
    EXPECT_FALSE(refuse(person, kHome, 0, {kLab}));
  }
  EXPECT_EQ(admitted(99, 0, {kLab}), ChangeRates::kOfARoom);
}

TEST_F(ChangeRatesTest, ARoomWithoutChangesHasItsWholeRateAgain) {
  use_up(kHome, 0);
  EXPECT_EQ(admitted(1, 0, {kLab}), ChangeRates::kOfARoom);
  tick(59);
  use_up(kHome, 60);
  EXPECT_EQ(admitted(2, 60, {kLab}), ChangeRates::kOfARoom);
}

TEST_F(ChangeRatesTest, MembersOfTheServersMachineAreNotOneNetwork) {
  for (std::uint64_t person = 1; person <= 200; ++person) {
    EXPECT_FALSE(refuse(person, "127.0.0.1:5", 0));
  }
}

TEST_F(ChangeRatesTest, ATickForgetsOnlyLimitsThatAreUnused) {
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(refuse(1, kHome, 0));
  tick(1);
  EXPECT_TRUE(refuse(1, kHome, 1));
  tick(60);
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(refuse(1, kHome, 60));
}

TEST_F(ChangeRatesTest, AChangeOfThePresenceIsChargedToThePersonOnly) {
  use_up(kHome, 0);
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(refuse_own(1)) << i;
  EXPECT_TRUE(refuse_own(1));
  EXPECT_FALSE(refuse_own(2));
}

}  // namespace
}  // namespace chatd::chat
