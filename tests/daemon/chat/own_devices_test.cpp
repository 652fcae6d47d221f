// SPDX-License-Identifier: GPL-3.0-or-later
// Devices that get the name of a person, and the limits of claims.
#include <string>

#include <gmock/gmock.h>

#include "tests/daemon/chat/own_fixture.hpp"

namespace chatd::chat {
namespace {

using wire::OwnAct;

class OwnDevicesTest : public OwnFixture {};

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

}  // namespace
}  // namespace chatd::chat
