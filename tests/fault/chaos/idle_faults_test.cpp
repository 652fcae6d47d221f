// SPDX-License-Identifier: GPL-3.0-or-later
// Faults that have no effect.
#include "tests/fault/chaos/idle_faults.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chatd::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(IdleFaultsTest, FindsFaultsThatHadNoEffect) {
  EXPECT_THAT(find_idle_faults({{kMessagesWait, 5}, {kOtherKey, 6}, {"restart", 7}}, {}),
              ElementsAre("injected 5 times: direct messages wait for a member; and no direct "
                          "message has waited",
                          "injected 6 times: another key logs in under an owned name; and no login "
                          "was refused because the name is owned"));
}

TEST(IdleFaultsTest, AllowsFaultsThatHadAnEffectOnce) {
  EXPECT_THAT(
      find_idle_faults({{kMessagesWait, 5}, {kOtherKey, 5}}, {.waited = 1, .refused_names = 1}),
      IsEmpty());
}

TEST(IdleFaultsTest, AllowsFaultsThatWereInjectedALittle) {
  EXPECT_THAT(find_idle_faults({{kMessagesWait, 4}, {kOtherKey, 4}}, {}), IsEmpty());
  EXPECT_THAT(find_idle_faults({}, {}), IsEmpty());
}

}  // namespace
}  // namespace chatd::test
