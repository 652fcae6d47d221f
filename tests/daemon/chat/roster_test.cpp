// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/roster.hpp"

#include <vector>

#include "tests/support/state_region.hpp"

namespace chatd::chat {
namespace {

using test::endpoint;

class RosterTest : public ::testing::Test {
 protected:
  RosterTest() {
    for (std::uint32_t slot = 3; slot > 0; --slot) roster_.give_back(slot - 1);
  }
  Roster roster_{3, 42};
};

TEST_F(RosterTest, NoSlotIsFreeUntilItIsGivenBack) {
  Roster roster{3, 42};
  EXPECT_FALSE(roster.take_free());
  roster.give_back(2);
  EXPECT_EQ(roster.take_free(), 2U);
  EXPECT_FALSE(roster.take_free());
}

TEST_F(RosterTest, TheSlotGivenBackLastIsTakenFirst) {
  EXPECT_EQ(roster_.take_free(), 0U);
  EXPECT_EQ(roster_.take_free(), 1U);
  roster_.give_back(0);
  EXPECT_EQ(roster_.take_free(), 0U);
  EXPECT_EQ(roster_.take_free(), 2U);
  EXPECT_FALSE(roster_.take_free());
}

TEST(RosterOrder, ListedSlotsAreFoundInOrder) {
  Roster roster{200, 42};
  const auto listed = [&] {
    std::vector<std::uint32_t> slots;
    for (auto slot = roster.next_listed(0); slot; slot = roster.next_listed(*slot + 1)) {
      slots.push_back(*slot);
    }
    return slots;
  };
  EXPECT_FALSE(roster.next_listed(0));
  roster.list(63, endpoint("127.0.0.1:1"), "ada");
  roster.list_mobile(64, endpoint("127.0.0.1:2").address, "bob");
  roster.list(199, endpoint("127.0.0.1:3"), "cyd");
  roster.list_mobile(0, endpoint("127.0.0.1:4").address, "dan");
  EXPECT_EQ(listed(), (std::vector<std::uint32_t>{0, 63, 64, 199}));
  EXPECT_EQ(roster.next_listed(65), 199U);
  roster.unlist(64);
  roster.unlist(199);
  EXPECT_EQ(listed(), (std::vector<std::uint32_t>{0, 63}));
  for (const std::uint32_t beyond : {200U, 256U, ~0U}) EXPECT_FALSE(roster.next_listed(beyond));
}

TEST_F(RosterTest, FindsBothWaysUntilUnlisted) {
  roster_.list(1, endpoint("127.0.0.1:1"), "ada");
  EXPECT_EQ(roster_.by_endpoint(endpoint("127.0.0.1:1")), 1U);
  EXPECT_EQ(roster_.by_key("ada"), 1U);
  EXPECT_FALSE(roster_.by_endpoint(endpoint("127.0.0.1:2")));
  EXPECT_FALSE(roster_.by_endpoint(endpoint("[::1]:1")));
  EXPECT_FALSE(roster_.by_key("bob"));
  EXPECT_EQ(roster_.size(), 1U);
  roster_.unlist(1);
  EXPECT_FALSE(roster_.by_endpoint(endpoint("127.0.0.1:1")));
  EXPECT_FALSE(roster_.by_key("ada"));
  EXPECT_EQ(roster_.size(), 0U);
}

TEST_F(RosterTest, CountsTheMembersOfAnAddress) {
  const IpAddress here = endpoint("127.0.0.1:0").address;
  EXPECT_EQ(roster_.count_at(here), 0U);
  roster_.list(0, endpoint("127.0.0.1:1"), "a");
  roster_.list(1, endpoint("127.0.0.1:2"), "b");
  roster_.list(2, endpoint("127.0.0.2:1"), "c");
  EXPECT_EQ(roster_.count_at(here), 2U);
  roster_.unlist(0);
  EXPECT_EQ(roster_.count_at(here), 1U);
  roster_.unlist(1);
  EXPECT_EQ(roster_.count_at(here), 0U);
}

TEST_F(RosterTest, CountsIpv6AddressesByTheirNetwork) {
  roster_.list(0, endpoint("[2001:db8::1]:1"), "a");
  roster_.list_mobile(1, endpoint("[2001:db8::2]:0").address, "b");
  EXPECT_EQ(roster_.count_at(endpoint("[2001:db8::3]:0").address), 2U);
  EXPECT_EQ(roster_.count_at(endpoint("[2001:db8:0:1::3]:0").address), 0U);
  roster_.move(1, endpoint("[2001:db8:0:1::2]:0").address);
  EXPECT_EQ(roster_.count_at(endpoint("[2001:db8::3]:0").address), 1U);
  roster_.unlist(0);
  roster_.unlist(1);
  EXPECT_EQ(roster_.count_at(endpoint("[2001:db8::3]:0").address), 0U);
}

TEST_F(RosterTest, CountsTheTextSessionsOfOtherMachines) {
  roster_.list(0, endpoint("127.0.0.1:1"), "a");
  roster_.list_mobile(1, endpoint("192.0.2.1:0").address, "b");
  EXPECT_EQ(roster_.remote_texts(), 0U);
  roster_.list(2, endpoint("192.0.2.1:1"), "c");
  EXPECT_EQ(roster_.remote_texts(), 1U);
  for (const std::uint32_t slot : {0U, 1U, 2U}) roster_.unlist(slot);
  EXPECT_EQ(roster_.remote_texts(), 0U);
}

}  // namespace
}  // namespace chatd::chat
