// SPDX-License-Identifier: GPL-3.0-or-later
// Devices that get the name of a person, and the limits of claims.
#include <string>

#include <gmock/gmock.h>

#include "tests/daemon/chat/own_fixture.hpp"

namespace chatd::chat {
namespace {

using wire::OwnAct;

class OwnDevicesTest : public OwnFixture {
 protected:
  std::ptrdiff_t in_mailbox(Slot slot, std::string_view line) {
    return std::ranges::count(mailbox(slot), line);
  }
};

TEST_F(OwnDevicesTest, ADeviceThatUsesAFurtherCodeIsNotDeclined) {
  const Slot first = ada();
  const Slot other = enter("phone", 2).slot;
  use_code(first, other);
  use_code(first, other);
  EXPECT_EQ(last(other), "own asked ada");
  own(first, {.act = OwnAct::answer, .yes = true, .key = key(2)});
  EXPECT_EQ(last(other), "own added ada");
}

TEST_F(OwnDevicesTest, ADeviceIsDeclinedWhenAnotherOneUsesACode) {
  const Slot first = ada();
  const Slot other = enter("phone", 2).slot;
  use_code(first, other);
  use_code(first, enter("tablet", 3).slot);
  EXPECT_EQ(last(other), "own declined ada");
}

TEST_F(OwnDevicesTest, ADropOfAKeyEndsTheCodeOfTheName) {
  const Slot first = ada();
  const Slot other = add_phone(first);
  own(other, {.act = OwnAct::add}, 78);
  own(first, {.act = OwnAct::drop, .key = key(2)});
  const Slot third = enter("third", 3).slot;
  own(third, {.act = OwnAct::use, .code = 78});
  EXPECT_EQ(last(third), "notice own_bad_code");
}

TEST_F(OwnDevicesTest, ADropOfAKeyDeclinesTheDeviceThatWaits) {
  const Slot first = ada();
  add_phone(first);
  const Slot third = enter("third", 3).slot;
  use_code(first, third);
  own(first, {.act = OwnAct::drop, .key = key(2)});
  EXPECT_EQ(last(third), "own declined ada");
  own(first, {.act = OwnAct::answer, .yes = true, .key = key(3)});
  EXPECT_EQ(last(first), "notice own_no_device");
}

TEST_F(OwnDevicesTest, ADropThatIsRefusedLeavesTheCode) {
  const Slot first = ada();
  own(first, {.act = OwnAct::add}, 78);
  own(first, {.act = OwnAct::drop, .key = key(1)});
  EXPECT_EQ(last(first), "notice own_last_key");
  const Slot third = enter("third", 3).slot;
  own(third, {.act = OwnAct::use, .code = 78});
  EXPECT_EQ(last(third), "own asked ada");
}

TEST_F(OwnDevicesTest, ADeviceThatIsAddedLeavesTheRoomsFromWhichItsPersonIsBanned) {
  const Slot first = ada();
  const Slot other = enter("phone", 2).slot;
  const state::RoomId lab = join_lab(other);
  restrict(first, state::RuleKind::ban, lab);
  use_code(first, other);
  own(first, {.act = OwnAct::answer, .yes = true, .key = key(2)});
  EXPECT_EQ(sessions().person(other), sessions().person(first));
  EXPECT_FALSE(chat_->rooms.has_member(other, lab));
  EXPECT_EQ(in_mailbox(other, "left lab"), 1);
}

TEST_F(OwnDevicesTest, ADeviceThatIsAddedStaysInItsOtherRooms) {
  const Slot first = ada();
  const Slot other = enter("phone", 2).slot;
  const state::RoomId lab = join_lab(other);
  restrict(first, state::RuleKind::mute, lab);
  use_code(first, other);
  own(first, {.act = OwnAct::answer, .yes = true, .key = key(2)});
  EXPECT_TRUE(chat_->rooms.has_member(other, lab));
}

TEST_F(OwnDevicesTest, AMutedPersonAddsNoKey) {
  const Slot first = ada();
  const Slot other = enter("phone", 2).slot;
  use_code(first, other);
  restrict(first, state::RuleKind::mute);
  own(first, {.act = OwnAct::answer, .yes = true, .key = key(2)});
  EXPECT_EQ(last(first), "notice own_restricted");
  EXPECT_EQ(last(other), "own declined ada");
  own(first, {.act = OwnAct::add}, 78);
  EXPECT_EQ(last(first), "notice own_restricted");
}

TEST_F(OwnDevicesTest, OnlyTheAdministratorUsesTheLastSixteenthOfTheNames) {
  const auto claim = [this](int number) {
    const Slot slot = enter("name" + std::to_string(number), number).slot;
    own(slot, {.act = OwnAct::claim});
    const std::string answer = last(slot);
    sessions().remove(slot, state::LeaveKind::quit, {}, now());
    sessions().settle();
    return answer;
  };
  for (int number = 1; number < 20; ++number) {
    EXPECT_EQ(claim(number), "own claimed name" + std::to_string(number));
  }
  EXPECT_EQ(claim(20), "notice names_full");
  EXPECT_EQ(claim(1), "own claimed name1") << "its own name";
  const auto name = wire::check_name("guest").value();
  EXPECT_TRUE(
      chat_->names.claim({.name = name, .person = state::PersonId{9}, .key = {}}, now().wall));
}

}  // namespace
}  // namespace chatd::chat
