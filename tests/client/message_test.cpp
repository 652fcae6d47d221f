// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/message.hpp"

#include <gtest/gtest.h>

#include "tests/client/reports.hpp"

namespace chatd::client {
namespace {

TEST(Message, OrdersArriveAsTheyWere) {
  const Order order{.kind = Order::Kind::letter,
                    .number = 7,
                    .name = "bob",
                    .text = "hi",
                    .password = "open",
                    .fingerprint = "SHA256:x"};
  const auto again = decode_order(encode(order));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->kind, order.kind);
  EXPECT_EQ(again->number, 7U);
  EXPECT_EQ(again->name, "bob");
  EXPECT_EQ(again->text, "hi");
  EXPECT_EQ(again->password, "open");
  EXPECT_EQ(again->fingerprint, "SHA256:x");
}

TEST(Message, ReportsArriveAsTheyWere) {
  Report report = said("ada", "hello");
  report.event.replay = report.event.own = report.more = true;
  report.event.command = 3;
  report.event.end = End::kicked;
  report.order = 4;
  report.count = 5;
  report.outcome = Outcome::kicked;
  report.text = "why";
  const auto again = decode_report(encode(report));
  ASSERT_TRUE(again);
  EXPECT_EQ(encode(*again), encode(report));
  EXPECT_EQ(again->event.time, kFriday);
  EXPECT_EQ(again->event.record, wire::RecordKind::say);
  EXPECT_EQ(again->outcome, Outcome::kicked);
}

TEST(Message, RefusesBytesThatAreCutOrTooLong) {
  auto bytes = encode(said("ada", "hello"));
  bytes.push_back(std::byte{0});
  EXPECT_FALSE(decode_report(bytes));
  bytes.resize(bytes.size() - 2);
  EXPECT_FALSE(decode_report(bytes));
  EXPECT_FALSE(decode_order({}));
}

TEST(Message, ALongListOfUsersComesInPieces) {
  std::string list;
  for (int i = 0; i < 5000; ++i) list += (i > 0 ? "\n" : "") + ("member" + std::to_string(i));
  const auto pieces = in_pieces(event_of(Event::Kind::users, {}, list));
  ASSERT_GT(pieces.size(), 1U);
  std::string together;
  for (const Report& piece : pieces) {
    EXPECT_LE(encode(piece).size(), kMaxMessageBytes);
    EXPECT_EQ(piece.more, &piece != &pieces.back());
    together += (together.empty() ? "" : "\n") + piece.event.text;
  }
  EXPECT_EQ(together, list);
}

TEST(Message, ALongTextWithoutNewlinesComesInPiecesToo) {
  for (const Report& piece :
       in_pieces(event_of(Event::Kind::users, {}, std::string(100'000, 'x')))) {
    EXPECT_LE(encode(piece).size(), kMaxMessageBytes);
  }
}

}  // namespace
}  // namespace chatd::client
