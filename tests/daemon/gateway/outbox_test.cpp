// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/outbox.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/gateway/gateway_fixture.hpp"

namespace chatd::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class OutboxTest : public GatewayFixture {
 protected:
  OutboxTest() { sockets_.push_back(second_.get()); }

  UniqueFd second_{io::open_udp_socket(test::endpoint("127.0.0.1:0")).value()};
};

TEST_F(OutboxTest, SendsEachReplyAsADatagramAtFlush) {
  Outbox outbox{sockets_, state_.counters()};
  const auto to = test::delivery_to(ada_.endpoint());
  outbox.put(to, "OK");
  outbox.put(to, "EXIT");
  EXPECT_THAT(ada_.drain(), IsEmpty());
  outbox.flush();
  EXPECT_THAT(ada_.drain(), ElementsAre("OK", "EXIT"));
  outbox.flush();
  EXPECT_THAT(ada_.drain(), IsEmpty());
}

TEST_F(OutboxTest, CopiesTheReply) {
  Outbox outbox{sockets_, state_.counters()};
  std::string reply = "hello";
  outbox.put(test::delivery_to(ada_.endpoint()), reply);
  reply = "xxxxx";
  outbox.flush();
  EXPECT_EQ(ada_.next(), "hello");
}

TEST_F(OutboxTest, SendsMoreThanItsCapacityInOrder) {
  Outbox outbox{sockets_, state_.counters()};
  for (int i = 0; i < 200; ++i) {
    outbox.put(test::delivery_to(ada_.endpoint(), i % 2 == 1), std::to_string(i));
  }
  outbox.flush();
  const auto got = ada_.drain();
  ASSERT_EQ(got.size(), 200U);
  for (std::size_t i = 0; i < 200; ++i) {
    EXPECT_EQ(got[i], std::to_string(i) + (i % 2 == 1 ? "\n" : ""));
  }
}

TEST_F(OutboxTest, CutsALongReplyToTheSizeOfATextDatagram) {
  Outbox outbox{sockets_, state_.counters()};
  outbox.put(test::delivery_to(ada_.endpoint(), true), std::string(5000, 'x'));
  outbox.flush();
  EXPECT_EQ(ada_.next(), std::string(wire::kMaxTextDatagram - 1, 'x') + "\n");
}

TEST_F(OutboxTest, UsesTheSocketOfTheDelivery) {
  Outbox outbox{sockets_, state_.counters()};
  outbox.put(test::delivery_to(ada_.endpoint(), false, 1), "OK");
  outbox.put(test::delivery_to(bob_.endpoint(), false, 0), "OK");
  outbox.put(test::delivery_to(bob_.endpoint(), false, 9), "from nowhere");
  outbox.flush();
  EXPECT_EQ(ada_.receive().value().from, io::local_endpoint(second_.get()).value());
  EXPECT_EQ(bob_.receive().value().from, server_endpoint_);
  EXPECT_THAT(bob_.drain(), IsEmpty());
}

TEST_F(OutboxTest, CountsAReplyThatCannotBeSent) {
  Outbox outbox{sockets_, state_.counters()};
  outbox.put(test::delivery_to(test::endpoint("[::1]:9")), "wrong family");
  outbox.put(test::delivery_to(ada_.endpoint()), "OK");
  outbox.flush();
  EXPECT_EQ(figure(&state::GatewayCounters::replies_failed), 1U);
  EXPECT_EQ(ada_.next(), "OK");
}

}  // namespace
}  // namespace chatd::gateway
