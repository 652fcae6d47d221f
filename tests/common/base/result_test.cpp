// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/result.hpp"

#include <memory>

#include <gtest/gtest.h>

namespace chatd {
namespace {

Result<std::unique_ptr<int>> half_of(int number) {
  if (number % 2 != 0) return fail("odd numbers have no half here");
  return std::make_unique<int>(number / 2);
}

TEST(Result, CarriesAValueThatCanOnlyBeMoved) {
  auto half = half_of(8);
  ASSERT_TRUE(half.has_value());
  EXPECT_EQ(**half, 4);
}

TEST(Result, CarriesTheReasonWhyThereIsNoValue) {
  const auto half = half_of(7);
  ASSERT_FALSE(half.has_value());
  EXPECT_EQ(half.error().message(), "odd numbers have no half here");
  EXPECT_EQ(half.error().code(), 0);
}

TEST(Error, TakesTheTextAndTheCodeOfErrno) {
  errno = EADDRINUSE;
  const Error error = Error::from_errno("bind");
  EXPECT_EQ(error.message(), "bind: Address already in use");
  EXPECT_EQ(error.code(), EADDRINUSE);
}

TEST(Error, ContextGoesInFrontAndTheCodeStays) {
  const Error error = Error::from_errno("bind", EACCES).within("network.listen[0]");
  EXPECT_EQ(error.message(), "network.listen[0]: bind: Permission denied");
  EXPECT_EQ(error.code(), EACCES);
}

}  // namespace
}  // namespace chatd
