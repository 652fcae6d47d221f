// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/archive_link.hpp"

#include <gtest/gtest.h>

#include "tests/support/state_region.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;
using test::mono_at;

class ArchiveLinkTest : public ::testing::Test {
 protected:
  // The Hurries that the archive finds.
  int hurries() {
    int found = 0;
    while (const auto got = sys::receive_from_gateway(pair_.archive.get())) {
      found += std::holds_alternative<sys::Hurry>(got->message) ? 1 : 0;
    }
    return found;
  }
  void say_stored() { ASSERT_TRUE(sys::send(pair_.archive.get(), sys::Stored{})); }

  sys::ArchivePair pair_{sys::make_archive_pair().value()};
  int looks_{0};
  bool has_moved_{true};
  ArchiveLink link_{pair_.gateway.get(), {.stored = [this] {
                      ++looks_;
                      return has_moved_;
                    }}};
};

TEST_F(ArchiveLinkTest, OneHurryIsOnItsWayUntilItIsAnswered) {
  for (int i = 0; i < 3; ++i) link_.hurry(mono_at(seconds{1}));
  EXPECT_EQ(hurries(), 1);
  say_stored();
  link_.take();
  EXPECT_EQ(looks_, 1);
  link_.hurry(mono_at(seconds{1}));
  EXPECT_EQ(hurries(), 1);
}

TEST_F(ArchiveLinkTest, AnAnswerThatBroughtNothingMakesNoOtherHurryBeforeTheTick) {
  has_moved_ = false;
  link_.hurry(mono_at(seconds{1}));
  say_stored();
  link_.take();
  link_.hurry(mono_at(seconds{1}));
  EXPECT_EQ(hurries(), 1);
  link_.tick(mono_at(seconds{2}));
  EXPECT_EQ(looks_, 2) << "a Stored may be lost";
  link_.hurry(mono_at(seconds{2}));
  EXPECT_EQ(hurries(), 1);
}

TEST_F(ArchiveLinkTest, AFullChannelBlocksNobody) {
  while (sys::send(pair_.gateway.get(), sys::Request{std::string(1000, 'x')})) continue;
  link_.hurry(mono_at(seconds{1}));
  EXPECT_EQ(hurries(), 0);
  link_.hurry(mono_at(seconds{1}));
  EXPECT_EQ(hurries(), 0);
  link_.tick(mono_at(seconds{2}));
  link_.hurry(mono_at(seconds{2}));
  EXPECT_EQ(hurries(), 1);
}

TEST_F(ArchiveLinkTest, OnlyAFewMessagesAreReadAtATime) {
  for (int i = 0; i < 40; ++i) say_stored();
  link_.take();
  EXPECT_LT(looks_, 40);
  for (int i = 0; i < 10; ++i) link_.take();
  EXPECT_EQ(looks_, 40);
}

TEST_F(ArchiveLinkTest, WithoutAnArchiveThereIsNothingToSend) {
  ArchiveLink none{-1, {.stored = [] { return false; }}};
  none.hurry(mono_at(seconds{1}));
  none.tick(mono_at(seconds{2}));
  EXPECT_EQ(hurries(), 0);
}

}  // namespace
}  // namespace chatd::gateway
