// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/link_state.hpp"

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using std::chrono::seconds;

constexpr MonoTime kNow{std::chrono::hours{1}};

TEST(LinkStateTest, AnInterruptionBeginsBeforeItIsReported) {
  LinkState state;
  EXPECT_EQ(state.link(), LinkState::Link::connecting);
  EXPECT_FALSE(state.on_connected(kNow));
  EXPECT_EQ(state.silent_for(kNow), seconds{0});
  state.on_reconnecting(kNow);
  EXPECT_TRUE(state.is_interrupted());
  EXPECT_EQ(state.silent_for(kNow), seconds{3});
  state.on_reconnecting(kNow + seconds{5});  // again: the same interruption
  EXPECT_EQ(state.silent_for(kNow + seconds{6}), seconds{9});
  EXPECT_EQ(state.on_connected(kNow + seconds{6}), seconds{9});
  EXPECT_EQ(state.link(), LinkState::Link::connected);
  EXPECT_FALSE(state.on_connected(kNow + seconds{7}));
}

TEST(LinkStateTest, AfterAGoodbyeItBeginsAtOnce) {
  LinkState state;
  (void)state.on_connected(kNow);
  state.on_server_stopped();
  state.on_reconnecting(kNow);
  EXPECT_EQ(state.silent_for(kNow + seconds{2}), seconds{2});
  state.on_server_stopped();  // during the interruption: of no effect on the next one
  EXPECT_EQ(state.on_connected(kNow + seconds{2}), seconds{2});
  state.on_reconnecting(kNow);
  EXPECT_EQ(state.silent_for(kNow), seconds{3});
}

}  // namespace
}  // namespace chatd::client
