// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/native_commands.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/chat/native_fixture.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;
using Status = Sessions::Status;
using std::chrono::milliseconds;
using std::chrono::seconds;

class NativeCommandsTest : public NativeFixture {};

TEST_F(NativeCommandsTest, ACommandMovesTheUplinkAfterItsRecord) {
  const Slot ada = enter("ada", 1).slot;
  commands().say(order(ada, 40), "hello");
  EXPECT_EQ(state_.native_slots()[ada].uplink, 40U);
  commands().act(order(ada, 60), "waves");
  EXPECT_THAT(texts(), ElementsAre("join ada ", "say ada hello", "action ada waves"));
}

TEST_F(NativeCommandsTest, ARefusedCommandIsANoticeInItsOwnMailbox) {
  const Slot ada = enter("ada", 1).slot;
  commands().say(order(ada, 10), "");
  commands().say(order(ada, 20), "\xFF");
  commands().say(order(ada, 30), std::string(901, 'x'));
  commands().say_to(order(ada, 40), "nobody", "hello");
  commands().refuse_unknown(order(ada, 50));
  EXPECT_THAT(mailbox(ada), ElementsAre("notice empty", "notice not_utf8", "notice too_long",
                                        "notice no_such_member", "notice unknown_command"));
  EXPECT_EQ(state_.native_slots()[ada].uplink, 50U);
}

TEST_F(NativeCommandsTest, TheRateHoldsForNativeMembersToo) {
  const Slot ada = enter("ada", 1).slot;
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(sessions().charge(ada, now().mono));
  EXPECT_EQ(sessions().charge(ada, now().mono)->wait, milliseconds{200});
  EXPECT_EQ(state_.counters().messages_refused_rate.load(), 1U);
  time_ += milliseconds{200};
  EXPECT_FALSE(sessions().charge(ada, now().mono));
}

TEST_F(NativeCommandsTest, DirectMessagesNeedANativeMemberAndSpace) {
  const Slot ada = enter("ada", 1).slot;
  const Slot bob = enter("bob", 2).slot;
  EXPECT_EQ(commands().say_to(order(ada, 10), "BOB", "psst"), bob);
  EXPECT_THAT(mailbox(bob), ElementsAre("letter ada"));
  ASSERT_EQ(
      sessions()
          .admit({.name = "tex", .from = test::delivery_to(test::endpoint("127.0.0.1:9"))}, now())
          .status,
      Status::admitted);
  EXPECT_FALSE(commands().say_to(order(ada, 20), "tex", "psst"));
  for (std::uint64_t i = 3; i < 8; ++i) {
    commands().say_to(order(ada, i * 10), "bob", std::string(900, 'x'));
  }
  EXPECT_THAT(mailbox(ada), ElementsAre("notice not_native", "notice mailbox_full"));
}

TEST_F(NativeCommandsTest, TheListMarksMembersThatAreAway) {
  const Slot ada = enter("ada", 1).slot;
  const Slot bob = enter("bob", 2).slot;
  time_ += seconds{70};
  sessions().heard(ada, now().mono);
  EXPECT_THAT(sessions().silent_since(state::SessionKind::native, now().mono - seconds{65}),
              ElementsAre(bob));
  sessions().detach(bob, now().mono);
  EXPECT_THAT(sessions().silent_since(state::SessionKind::native, now().mono - seconds{65}),
              ::testing::IsEmpty());
  EXPECT_THAT(sessions().away_since(now().mono), ElementsAre(bob));
  commands().list_members(order(ada, 10), Slot{});
  EXPECT_EQ(last_text(ada), "ada\nbob\taway");
  sessions().attach(bob);
  EXPECT_THAT(sessions().away_since(now().mono), ::testing::IsEmpty());
}

}  // namespace
}  // namespace chatd::chat
