// SPDX-License-Identifier: GPL-3.0-or-later
// Users that are blocked, and direct messages that wait, with a small server.
#include <gmock/gmock.h>

#include "tests/client/member/member_in_rooms.hpp"

namespace chatd::client {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;

class MemberBlocks : public MemberInRooms {};

TEST_F(MemberBlocks, ABlockNamesThePersonThatTheMemberHasSeenAndIsConfirmed) {
  enter();
  world_.join("bob", 7);
  world_.run_for(seconds{1});
  const auto number = world_.member.send(Block{.name = "bob"}, world_.now());
  ASSERT_TRUE(all_is_confirmed());
  EXPECT_THAT(world_.carried_out(), ElementsAre("block 1 bob 7 0"));
  EXPECT_EQ(test::first_of<Confirmed>(world_.events).value().number, number);
  EXPECT_FALSE(test::has<BlockList>(world_.events)) << "nobody has asked for the list";
}

TEST_F(MemberBlocks, ABlockThatIsRefusedIsReported) {
  enter();
  world_.member.send(Block{.name = "zoe", .remove = true}, world_.now());
  world_.member.send(Block{.name = std::string(65, 'x')}, world_.now());
  ASSERT_TRUE(all_is_confirmed());
  EXPECT_EQ(test::events_of<Refused>(world_.events).size(), 2U);
  EXPECT_THAT(world_.carried_out(), ElementsAre("block 2 zoe 0 0"));
}

TEST_F(MemberBlocks, TheListIsOneEventOfAllItsParts) {
  enter();
  world_.member.ask_blocks(world_.now());
  ASSERT_TRUE(all_is_confirmed());
  ASSERT_EQ(test::events_of<BlockList>(world_.events).size(), 1U);
  const auto list = test::first_of<BlockList>(world_.events).value();
  EXPECT_EQ(list.list, "bob\t0000000000000007\t9\neve\t0000000000000008\t9");
  EXPECT_EQ(list.from, "owned");
  EXPECT_THAT(world_.carried_out(), ElementsAre("block 3  0 0", "block 3  0 1"));
}

TEST_F(MemberBlocks, TheChoiceFromWhomMessagesAreTakenIsConfirmed) {
  enter();
  world_.member.send(TakeDirect{wire::DirectFrom::owned}, world_.now());
  ASSERT_TRUE(all_is_confirmed());
  EXPECT_THAT(world_.carried_out(), ElementsAre("block 4  0 0"));
  EXPECT_TRUE(test::has<Confirmed>(world_.events));
}

TEST_F(MemberBlocks, TheConfirmationOfAMessageSaysForWhomItWaits) {
  enter();
  world_.waits_for = "bob";
  world_.member.write_to("bob", "psst", world_.now());
  world_.member.write_to("eve", "psst", world_.now());
  ASSERT_TRUE(all_is_confirmed());
  const auto confirmed = test::events_of<Confirmed>(world_.events);
  ASSERT_EQ(confirmed.size(), 2U);
  EXPECT_EQ(confirmed[0].waits_for, "bob");
  EXPECT_EQ(confirmed[1].waits_for, "");
}

}  // namespace
}  // namespace chatd::client
