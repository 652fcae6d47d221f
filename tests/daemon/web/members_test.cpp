// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/members.hpp"

#include <gmock/gmock.h>

#include "tests/support/members_fixture.hpp"

namespace chatd::web {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;

using MembersTest = MembersFixture;

TEST_F(MembersTest, ARequestWithoutAnAnswerIsSentAgainAndEndsLate) {
  std::optional<Refusal> refused;
  world_.members().enter(ada_.entry, world_.now().mono, [&](auto got) {
    if (!got) refused = got.error();
  });
  // The gateway does not read for ten seconds.
  for (int i = 1; i <= 10; ++i) world_.members().tick(world_.now().mono + seconds{i});
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->kind, Refusal::Kind::late);
  world_.work();
  EXPECT_THAT(world_.texts(), ElementsAre("join ada ")) << "repeats are one entry";
}

TEST_F(MembersTest, ARequestBeyondTheLimitIsRefusedAtOnce) {
  int busy = 0;
  for (std::size_t i = 0; i <= Members::kMaxRequests; ++i) {
    world_.members().resume(ada_.entry, world_.now().mono, [&](auto got) {
      if (!got && got.error().kind == Refusal::Kind::busy) ++busy;
    });
  }
  EXPECT_EQ(busy, 1);
}

TEST_F(MembersTest, TheEndOfAStreamDoesNotEndThatOfALaterSessionInTheSlot) {
  (void)world_.enter(ada_);
  const auto old = ada_.entered->session;
  (void)world_.command(ada_, 1, wire::CommandKind::quit, {});
  (void)world_.enter(ada_);
  ASSERT_EQ(ada_.entered->session.slot, old.slot);
  world_.members().set_stream(ada_.entered->session, true);
  world_.members().set_stream(old, false);
  world_.run_for(std::chrono::seconds{30});
  EXPECT_FALSE(world_.sessions().is_away(slot_of(ada_)));
  EXPECT_FALSE(world_.members().is_live(old));
  EXPECT_TRUE(world_.members().is_live(ada_.entered->session));
  EXPECT_FALSE(world_.members().is_live({.slot = 0, .generation = 1, .client = 1}));
}

}  // namespace
}  // namespace chatd::web
