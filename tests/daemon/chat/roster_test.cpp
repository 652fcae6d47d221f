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
    for (const std::uint32_t slot : {2U, 1U, 0U}) roster_.give_back(Slot{slot});
  }
  Roster roster_{3, 42};
};

TEST_F(RosterTest, NoSlotIsFreeUntilItIsGivenBack) {
  Roster roster{3, 42};
  EXPECT_FALSE(roster.take_free());
  roster.give_back(Slot{2});
  EXPECT_EQ(roster.take_free(), 2U);
  EXPECT_FALSE(roster.take_free());
}

TEST_F(RosterTest, TheSlotGivenBackLastIsTakenFirst) {
  EXPECT_EQ(roster_.take_free(), 0U);
  EXPECT_EQ(roster_.take_free(), 1U);
  roster_.give_back(Slot{0});
  EXPECT_EQ(roster_.take_free(), 0U);
  EXPECT_EQ(roster_.take_free(), 2U);
  EXPECT_FALSE(roster_.take_free());
}

TEST(RosterOrder, ListedSlotsAreFoundInOrder) {
  Roster roster{200, 42};
  const auto listed = [&] {
    std::vector<std::uint32_t> slots;
    for (auto slot = roster.next_listed(Slot{0}); slot;
         slot = roster.next_listed(Slot{*slot + 1})) {
      slots.push_back(*slot);
    }
    return slots;
  };
  EXPECT_FALSE(roster.next_listed(Slot{0}));
  roster.list(Slot{63}, endpoint("127.0.0.1:1"), "ada");
  roster.list_mobile(Slot{64}, endpoint("127.0.0.1:2").address, "bob");
  roster.list(Slot{199}, endpoint("127.0.0.1:3"), "cyd");
  roster.list_mobile(Slot{0}, endpoint("127.0.0.1:4").address, "dan");
  EXPECT_EQ(listed(), (std::vector<std::uint32_t>{0, 63, 64, 199}));
  EXPECT_EQ(roster.next_listed(Slot{65}), 199U);
  roster.unlist(Slot{64});
  roster.unlist(Slot{199});
  EXPECT_EQ(listed(), (std::vector<std::uint32_t>{0, 63}));
  for (const std::uint32_t beyond : {200U, 256U, ~0U}) {
    EXPECT_FALSE(roster.next_listed(Slot{beyond}));
  }
}

TEST_F(RosterTest, FindsBothWaysUntilUnlisted) {
  roster_.list(Slot{1}, endpoint("127.0.0.1:1"), "ada");
  EXPECT_EQ(roster_.by_endpoint(endpoint("127.0.0.1:1")), 1U);
  EXPECT_EQ(roster_.by_key("ada"), 1U);
  EXPECT_FALSE(roster_.by_endpoint(endpoint("127.0.0.1:2")));
  EXPECT_FALSE(roster_.by_endpoint(endpoint("[::1]:1")));
  EXPECT_FALSE(roster_.by_key("bob"));
  EXPECT_EQ(roster_.size(), 1U);
  roster_.unlist(Slot{1});
  EXPECT_FALSE(roster_.by_endpoint(endpoint("127.0.0.1:1")));
  EXPECT_FALSE(roster_.by_key("ada"));
  EXPECT_EQ(roster_.size(), 0U);
}

TEST_F(RosterTest, CountsTheMembersOfAnAddress) {
  const IpAddress here = endpoint("127.0.0.1:0").address;
  EXPECT_EQ(roster_.count_at(here), 0U);
  roster_.list(Slot{0}, endpoint("127.0.0.1:1"), "a");
  roster_.list(Slot{1}, endpoint("127.0.0.1:2"), "b");
  roster_.list(Slot{2}, endpoint("127.0.0.2:1"), "c");
  EXPECT_EQ(roster_.count_at(here), 2U);
  roster_.unlist(Slot{0});
  EXPECT_EQ(roster_.count_at(here), 1U);
  roster_.unlist(Slot{1});
  EXPECT_EQ(roster_.count_at(here), 0U);
}

TEST_F(RosterTest, CountsIpv6AddressesByTheirNetwork) {
  roster_.list(Slot{0}, endpoint("[2001:db8::1]:1"), "a");
  roster_.list_mobile(Slot{1}, endpoint("[2001:db8::2]:0").address, "b");
  EXPECT_EQ(roster_.count_at(endpoint("[2001:db8::3]:0").address), 2U);
  EXPECT_EQ(roster_.count_at(endpoint("[2001:db8:0:1::3]:0").address), 0U);
  roster_.move(Slot{1}, endpoint("[2001:db8:0:1::2]:0").address);
  EXPECT_EQ(roster_.count_at(endpoint("[2001:db8::3]:0").address), 1U);
  roster_.unlist(Slot{0});
  roster_.unlist(Slot{1});
  EXPECT_EQ(roster_.count_at(endpoint("[2001:db8::3]:0").address), 0U);
}

TEST_F(RosterTest, CountsTheTextSessionsOfOtherMachines) {
  roster_.list(Slot{0}, endpoint("127.0.0.1:1"), "a");
  roster_.list_mobile(Slot{1}, endpoint("192.0.2.1:0").address, "b");
  EXPECT_EQ(roster_.remote_texts(), 0U);
  roster_.list(Slot{2}, endpoint("192.0.2.1:1"), "c");
  EXPECT_EQ(roster_.remote_texts(), 1U);
  for (const std::uint32_t slot : {0U, 1U, 2U}) roster_.unlist(Slot{slot});
  EXPECT_EQ(roster_.remote_texts(), 0U);
}

// Three programs of ada in the slots 5, 2 and 7, and bob.
class RosterProgramsTest : public ::testing::Test {
 protected:
  RosterProgramsTest() {
    for (const std::uint32_t slot : {5U, 2U, 7U}) list(slot, "ada");
    list(3, "bob");
  }
  void list(std::uint32_t slot, std::string name) {
    roster_.list_mobile(Slot{slot}, endpoint("10.0.0.1:1").address, std::move(name));
  }
  std::vector<std::uint32_t> programs(std::string_view name) {
    std::vector<std::uint32_t> slots;
    for (auto slot = roster_.by_key(name); slot; slot = roster_.next_program(*slot)) {
      EXPECT_EQ(roster_.first(*slot), roster_.by_key(name));
      slots.push_back(*slot);
    }
    return slots;
  }
  Roster roster_{8, 42};
};

TEST_F(RosterProgramsTest, AreOneMemberInTheOrderOfTheirLogins) {
  EXPECT_EQ(programs("ada"), (std::vector<std::uint32_t>{5, 2, 7}));
  EXPECT_EQ(roster_.size(), 2U);
  EXPECT_EQ(roster_.sessions(), 4U);
  EXPECT_EQ(roster_.count_at(endpoint("10.0.0.1:9").address), 4U);
  EXPECT_TRUE(roster_.is_alone(Slot{3}));
  for (const std::uint32_t slot : {5U, 2U, 7U}) EXPECT_FALSE(roster_.is_alone(Slot{slot}));
}

TEST_F(RosterProgramsTest, TheNextOneIsFirstWhenTheFirstOneLeaves) {
  roster_.unlist(Slot{5});
  EXPECT_EQ(programs("ada"), (std::vector<std::uint32_t>{2, 7}));
  list(5, "ada");
  EXPECT_EQ(programs("ada"), (std::vector<std::uint32_t>{2, 7, 5}));
}

TEST_F(RosterProgramsTest, AnyOneCanLeave) {
  roster_.unlist(Slot{2});
  EXPECT_EQ(programs("ada"), (std::vector<std::uint32_t>{5, 7}));
  roster_.unlist(Slot{7});
  EXPECT_TRUE(roster_.is_alone(Slot{5}));
  roster_.unlist(Slot{5});
  EXPECT_FALSE(roster_.by_key("ada"));
  EXPECT_EQ(roster_.size(), 1U);
  EXPECT_EQ(roster_.sessions(), 1U);
}

TEST(RosterOfBrowsers, HasSlotsAndCountsOfItsOwn) {
  Roster roster{4, 42, 3};
  for (std::uint32_t slot = 4; slot > 0; --slot) roster.give_back(Slot{slot - 1});
  EXPECT_EQ(roster.take_free(true), Slot{3});
  EXPECT_FALSE(roster.has_free(true));
  EXPECT_EQ(roster.take_free(), Slot{0});
  EXPECT_TRUE(roster.has_free());
  const IpAddress address = endpoint("10.0.0.1:9").address;
  roster.list_mobile(Slot{3}, address, "ada");
  roster.list_mobile(Slot{0}, address, "bob");
  EXPECT_EQ(roster.count_at(address), 1U);
  EXPECT_EQ(roster.count_at(address, true), 1U);
  roster.unlist(Slot{3});
  roster.give_back(Slot{3});
  EXPECT_EQ(roster.count_at(address), 1U);
  EXPECT_EQ(roster.count_at(address, true), 0U);
  EXPECT_TRUE(roster.has_free(true));
}

}  // namespace
}  // namespace chatd::chat
