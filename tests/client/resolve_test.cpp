// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/resolve.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

TEST(Resolve, ReturnsAnAddressAsItIs) {
  const auto v4 = resolve({.name = {}, .host = "127.0.0.1", .port = 8888});
  ASSERT_TRUE(v4);
  EXPECT_EQ(*v4, std::vector{parse_endpoint("127.0.0.1:8888").value()});
  const auto v6 = resolve({.name = {}, .host = "::1", .port = 9000});
  ASSERT_TRUE(v6);
  EXPECT_EQ(*v6, std::vector{parse_endpoint("[::1]:9000").value()});
}

TEST(Resolve, ReturnsEachAddressOfAHostOnce) {
  auto found = resolve({.name = {}, .host = "localhost", .port = 8888});
  ASSERT_TRUE(found);
  const auto v4 = parse_endpoint("127.0.0.1:8888").value();
  EXPECT_EQ(std::ranges::count(*found, v4), 1);
}

TEST(Resolve, ReportsWhyThereIsNoAddress) {
  // Not a valid address, but numeric: no name server is queried.
  const auto none = resolve({.name = {}, .host = "256.256.256.256", .port = 8888});
  ASSERT_FALSE(none);
  EXPECT_FALSE(none.error().message().empty());
}

}  // namespace
}  // namespace chatd::client
