// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/hurries.hpp"

#include <gtest/gtest.h>

#include "tests/support/state_region.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;
using test::mono_at;

TEST(HurriesTest, OneIsOnItsWayUntilItIsAnswered) {
  Hurries hurries;
  EXPECT_TRUE(hurries.take_due(mono_at(seconds{1})));
  EXPECT_FALSE(hurries.take_due(mono_at(seconds{1})));
  hurries.tick(mono_at(seconds{2}));
  EXPECT_FALSE(hurries.take_due(mono_at(seconds{2}))) << "the disk is slow";
  hurries.on_stored(true);
  EXPECT_TRUE(hurries.take_due(mono_at(seconds{2}))) << "others wait meanwhile";
}

TEST(HurriesTest, AfterTwoAnswersThatBroughtNothingTheNextOneWaits) {
  Hurries hurries;
  EXPECT_TRUE(hurries.take_due(mono_at(seconds{1})));
  hurries.on_stored(false);
  EXPECT_TRUE(hurries.take_due(mono_at(seconds{1}))) << "another message may wait now";
  hurries.on_stored(false);
  EXPECT_FALSE(hurries.take_due(mono_at(seconds{1})));
  hurries.tick(mono_at(seconds{2}));
  EXPECT_TRUE(hurries.take_due(mono_at(seconds{2})));
}

TEST(HurriesTest, OneThatADeadArchiveHasReadIsRepeated) {
  Hurries hurries;
  EXPECT_TRUE(hurries.take_due(mono_at(seconds{1})));
  hurries.tick(mono_at(seconds{5}));
  EXPECT_FALSE(hurries.take_due(mono_at(seconds{5})));
  hurries.tick(mono_at(seconds{6}));
  EXPECT_TRUE(hurries.take_due(mono_at(seconds{6})));
}

TEST(HurriesTest, OneThatCouldNotBeSentIsTriedAgainAtTheNextTick) {
  Hurries hurries;
  EXPECT_TRUE(hurries.take_due(mono_at(seconds{1})));
  hurries.failed();
  EXPECT_FALSE(hurries.take_due(mono_at(seconds{1})));
  hurries.tick(mono_at(seconds{2}));
  EXPECT_TRUE(hurries.take_due(mono_at(seconds{2})));
}

// As one to a predecessor, which still was in the socket.
TEST(HurriesTest, AnAnswerThatWasNotWaitedForChangesNothing) {
  Hurries hurries;
  hurries.on_stored(true);
  hurries.on_stored(false);
  hurries.on_stored(false);
  EXPECT_TRUE(hurries.take_due(mono_at(seconds{1})));
}

}  // namespace
}  // namespace chatd::gateway
