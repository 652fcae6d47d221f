// SPDX-License-Identifier: GPL-3.0-or-later
// The answers to direct messages that wait.
#include <gmock/gmock.h>

#include "tests/daemon/chat/waiting_fixture.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;

class NativeDirectTest : public WaitingFixture {
 protected:
  Slot ada_{enter("ada", 1, "10.0.0.1:5").slot};
};

TEST_F(NativeDirectTest, ACommandWithoutSpaceForItsAnswerIsNotCarriedOut) {
  const state::PersonId bob = bob_leaves();
  fill_mailbox(ada_);
  write(ada_, "bob", "psst");
  EXPECT_EQ(state_.native_slots()[ada_].uplink, 0U) << "it is sent again";
  EXPECT_EQ(waiting().count(bob), 0U);
  acknowledge(ada_);
  write(ada_, "bob", "psst");
  EXPECT_EQ(state_.native_slots()[ada_].uplink, 10U);
  EXPECT_EQ(waiting().count(bob), 1U);
}

TEST_F(NativeDirectTest, AnImpossibleTextIsRefusedAndDoesNotWait) {
  const state::PersonId bob = bob_leaves();
  write(ada_, "bob", "   ");
  EXPECT_THAT(mailbox(ada_), ElementsAre("notice empty"));
  EXPECT_EQ(waiting().count(bob), 0U);
}

}  // namespace
}  // namespace chatd::chat
