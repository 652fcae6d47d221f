// SPDX-License-Identifier: GPL-3.0-or-later
// Violations in the owned names of a server.
#include "tests/fault/chaos/names_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chatd::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const OwnedNames kGiven{{"ada", "key1"}, {"bob", "key2"}};

TEST(NamesCheckTest, FindsNoViolationInTheNamesThatWereGiven) {
  EXPECT_THAT(find_name_violations(kGiven, kGiven), IsEmpty());
}

TEST(NamesCheckTest, FindsANameThatIsLost) {
  EXPECT_THAT(find_name_violations(kGiven, {{"bob", "key2"}}),
              ElementsAre("the name ada has no owner any more"));
}

TEST(NamesCheckTest, FindsANameThatBelongsToAnotherKey) {
  EXPECT_THAT(find_name_violations(kGiven, {{"ada", "key1"}, {"bob", "key2 key3"}}),
              ElementsAre("the name bob belongs to key2 key3, and not to key2"));
}

TEST(NamesCheckTest, FindsANameThatWasNotGiven) {
  EXPECT_THAT(find_name_violations({{"ada", "key1"}}, kGiven),
              ElementsAre("the name bob belongs to key2, and was not given"));
}

}  // namespace
}  // namespace chatd::test
