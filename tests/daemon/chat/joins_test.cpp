// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/joins.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/chat/crowd_fixture.hpp"
#include "tests/daemon/chat/native_fixture.hpp"

namespace chatd::chat {
namespace {

using state::LeaveKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class JoinsTest : public NativeFixture {
 protected:
  Joins& joins() { return sessions().joins(); }
  state::Telling telling_of(std::optional<Slot> member, bool is_brief) {
    return joins().telling_of({.joiner = {}, .member = member, .is_brief = is_brief}, now());
  }
  Slot enter_briefly(std::string_view name) {
    is_brief_ = true;
    const Slot slot = enter(name, 1).slot;
    is_brief_ = false;
    return slot;
  }
};

TEST_F(JoinsTest, TheJoinOfABriefSessionIsLate) {
  EXPECT_TRUE(telling_of(std::nullopt, false).is_told());
  EXPECT_TRUE(telling_of(std::nullopt, true).is_late);
}

TEST_F(JoinsTest, AProgramOfAToldMemberIsQuiet) {
  const Slot ada = enter("ada", 1).slot;
  for (const bool is_brief : {false, true}) {
    EXPECT_TRUE(telling_of(ada, is_brief).is_quiet);
    EXPECT_FALSE(telling_of(ada, is_brief).is_late);
  }
  EXPECT_THAT(texts(), ElementsAre("join ada "));
}

TEST_F(JoinsTest, AProgramOfAnUntoldMemberIsLateUnlessItReads) {
  const Slot ada = enter_briefly("ada");
  EXPECT_TRUE(telling_of(ada, true).is_quiet && telling_of(ada, true).is_late);
  EXPECT_THAT(texts(), IsEmpty());
  EXPECT_TRUE(telling_of(ada, false).is_quiet && !telling_of(ada, false).is_late);
  EXPECT_THAT(texts(), ElementsAre("join ada "));
}

TEST_F(JoinsTest, AQuietProgramLeavesAsItsMemberIsCounted) {
  use_up_rate(state_.room_head(), now().mono);
  const Slot ada = enter("ada", 1).slot;
  EXPECT_TRUE(telling_of(ada, false).is_counted);
  EXPECT_TRUE(joins().leave_of(ada, LeaveKind::quit).is_counted);
  EXPECT_FALSE(joins().leave_of(ada, LeaveKind::kicked).is_counted);
}

TEST_F(JoinsTest, AnUntoldMemberLeavesWithoutARecordUnlessItIsKicked) {
  const Slot ada = enter_briefly("ada");
  EXPECT_TRUE(joins().leave_of(ada, LeaveKind::quit).is_late);
  EXPECT_TRUE(joins().leave_of(ada, LeaveKind::idle).is_late);
  EXPECT_TRUE(joins().leave_of(ada, LeaveKind::kicked).is_told());
}

TEST_F(JoinsTest, ALateJoinIsToldOnceAndCostsTheRateOfItsPerson) {
  for (std::uint32_t i = 0; i < JoinRates::kOfAPerson; ++i) {
    const Slot ada = enter_briefly("ada");
    joins().tell_late(ada, now());
    joins().tell_late(ada, now());
    sessions().remove(ada, LeaveKind::quit, {}, now());
    sessions().settle();
  }
  EXPECT_EQ(texts().size(), 2U * JoinRates::kOfAPerson);
  joins().tell_late(enter_briefly("ada"), now());
  EXPECT_EQ(texts().size(), 2U * JoinRates::kOfAPerson);
  EXPECT_TRUE(chat_->room.crowd().has_untold());
}

}  // namespace
}  // namespace chatd::chat
