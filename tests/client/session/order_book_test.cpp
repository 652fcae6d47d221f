// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/order_book.hpp"

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

TEST(OrderBook, SettlesEachOrderOnce) {
  OrderBook book;
  book.place(7, 1);
  book.place(8, 2);
  EXPECT_EQ(book.settle(2), 8U);
  EXPECT_FALSE(book.settle(2));
  EXPECT_EQ(book.settle(1), 7U);
  EXPECT_TRUE(book.is_empty());
}

TEST(OrderBook, ForgetsTheOpenOrdersOfASessionThatHasEnded) {
  OrderBook book;
  book.place(7, 1);
  book.place(8, 2);
  EXPECT_EQ(book.settle(1), 7U);
  EXPECT_FALSE(book.is_empty());
  book.abandon();
  EXPECT_TRUE(book.is_empty());
  EXPECT_FALSE(book.settle(2));
}

TEST(OrderBook, DoesNotGrowIfTheServerSettlesNothing) {
  OrderBook book;
  for (std::uint64_t i = 1; i <= OrderBook::kMaxOpen + 1; ++i) book.place(i, i);
  EXPECT_FALSE(book.settle(1)) << "forgotten";
  EXPECT_EQ(book.settle(2), 2U);
}

}  // namespace
}  // namespace chatd::client
