// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/worker/unproved_bytes.hpp"

#include <gtest/gtest.h>

#include "tests/support/state_region.hpp"

namespace chatd::worker {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kText = 1000 - UnprovedBytes::kHeaders;

TEST(UnprovedBytes, AWorkerSendsItsShareAndAtMostOneSecondAtOnce) {
  UnprovedBytes bytes{400'000, 4};
  std::size_t spent = 0;
  for (int pass = 0; pass < 10'000; ++pass) {
    bytes.begin_pass(test::mono_at(seconds{100} + milliseconds{pass}));
    if (!bytes.is_open()) continue;
    bytes.spend(kText);
    spent += 1000;
  }
  EXPECT_NEAR(static_cast<double>(spent), 100'000.0 * 11, 2000);
}

TEST(UnprovedBytes, TheLimitIsCheckedOncePerPass) {
  UnprovedBytes bytes{10'000, 1};
  const MonoTime now = test::mono_at(seconds{100});
  bytes.begin_pass(now);
  for (int i = 0; i < 30; ++i) {
    EXPECT_TRUE(bytes.is_open());
    bytes.spend(kText);
  }
  bytes.begin_pass(now);
  EXPECT_FALSE(bytes.is_open());
  EXPECT_EQ(bytes.open_at(), now + seconds{2});
  bytes.begin_pass(now + seconds{2});
  EXPECT_TRUE(bytes.is_open());
}

TEST(UnprovedBytes, ZeroIsNoLimit) {
  UnprovedBytes bytes{0, 1};
  for (int i = 0; i < 1000; ++i) {
    bytes.begin_pass({});
    EXPECT_TRUE(bytes.is_open());
    bytes.spend(kText);
  }
}

}  // namespace
}  // namespace chatd::worker
