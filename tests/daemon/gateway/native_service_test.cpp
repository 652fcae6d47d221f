// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/native_service.hpp"

#include <gmock/gmock.h>

#include "tests/support/native_world.hpp"

namespace chatd::gateway {
namespace {

using client::End;
using std::chrono::seconds;
using test::NativeWorld;

TEST(NativeService, AKickedMemberGetsAByeAndTheOthersSeeItsRecord) {
  NativeWorld world{1};
  auto& ada = world.enter("ada");
  auto& bob = world.enter("bob");
  world.service().remove(world.sessions().find_name("bob").value(), state::LeaveKind::kicked,
                         "spam", world.server_now());
  ASSERT_TRUE(world.run_until([&] { return bob.member.has_ended(); }));
  EXPECT_EQ(test::end_of(bob.events).reason, End::kicked);
  EXPECT_EQ(test::end_of(bob.events).text, "spam");
  EXPECT_TRUE(world.run_until([&] {
    return std::ranges::any_of(
        test::events_of<client::Line>(ada.events), [](const client::Line& event) {
          return event.record == wire::RecordKind::kick && event.name == "bob";
        });
  }));
}

constexpr auto kNative = state::SessionKind::native;

TEST(NativeService, SilentMembersBecomeAwayAndThenLeave) {
  NativeWorld world{2};
  world.enter("ada");
  world.weather.loss = 1;
  world.run_for(seconds{60});
  EXPECT_EQ(world.sessions().away_since(kNative, world.now()).size(), 0U);
  world.run_for(seconds{10});
  EXPECT_EQ(world.sessions().away_since(kNative, world.now()).size(), 1U);
  EXPECT_EQ(world.sessions().all().size(), 1U);
  world.run_for(seconds{121});
  EXPECT_EQ(world.sessions().all().size(), 0U);
  EXPECT_EQ(world.figure(&state::GatewayCounters::members_idle), 1U);
}

TEST(NativeService, AMemberThatWasAwayIsBackWithItsFirstPacket) {
  NativeWorld world{3};
  auto& ada = world.enter("ada");
  world.weather.loss = 1;
  world.run_for(seconds{80});
  ASSERT_EQ(world.sessions().away_since(kNative, world.now()).size(), 1U);
  world.weather.loss = 0;
  ada.member.say("back", world.now());
  ASSERT_TRUE(world.run_until([&] { return ada.member.unconfirmed() == 0; }));
  EXPECT_EQ(world.sessions().away_since(kNative, world.now()).size(), 0U);
}

TEST(NativeService, AStopSendsAByeToEveryMember) {
  NativeWorld world{4};
  auto& ada = world.enter("ada");
  auto& bob = world.enter("bob");
  world.service().send_goodbyes(world.server_now());
  EXPECT_TRUE(world.run_until([&] {
    return test::has<client::Reconnecting>(ada.events) &&
           test::has<client::Reconnecting>(bob.events);
  }));
}

}  // namespace
}  // namespace chatd::gateway
