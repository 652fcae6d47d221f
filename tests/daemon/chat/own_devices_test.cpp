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

}  // namespace
}  // namespace chatd::chat
