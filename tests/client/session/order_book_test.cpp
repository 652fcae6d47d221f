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

TEST(OrderBook, TheNumbersInEventsBecomeThoseOfTheirOrders) {
  OrderBook book;
  book.place(7, 1);
  book.place(8, 2);
  Event confirmed = Confirmed{.number = 1};
  EXPECT_TRUE(book.translate(confirmed));
  EXPECT_EQ(std::get<Confirmed>(confirmed).number, 7U);
  EXPECT_FALSE(book.translate(confirmed)) << "no command 7";
  Event refused = Refused{.number = 2};
  EXPECT_TRUE(book.translate(refused));
  EXPECT_EQ(std::get<Refused>(refused).number, 8U);
  EXPECT_TRUE(book.translate(refused)) << "the user is told of it";
  EXPECT_FALSE(std::get<Refused>(refused).number);
  Event other = Reconnecting{};
  EXPECT_TRUE(book.translate(other));
  Event saved = Saved{.number = 1};
  EXPECT_FALSE(book.translate(saved)) << "nobody has asked";
}

TEST(OrderBook, AnOrderIsKeptUntilItsCommandIsSavedIfThatIsWanted) {
  OrderBook book{true};
  book.place(7, 1);
  Event saved = Saved{.number = 1};
  EXPECT_FALSE(book.translate(saved)) << "it is not confirmed";
  Event confirmed = Confirmed{.number = 1};
  EXPECT_TRUE(book.translate(confirmed));
  EXPECT_TRUE(book.is_empty());
  EXPECT_TRUE(book.translate(saved));
  EXPECT_EQ(std::get<Saved>(saved).number, 7U);
  saved = Saved{.number = 1};
  EXPECT_FALSE(book.translate(saved));
}

}  // namespace
}  // namespace chatd::client
