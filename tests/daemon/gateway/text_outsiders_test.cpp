// SPDX-License-Identifier: GPL-3.0-or-later
// The text service and datagrams of unauthenticated peers, also from forged addresses.
#include <gmock/gmock.h>

#include "tests/daemon/gateway/text_service_fixture.hpp"

namespace chatd::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(TextServiceTest, AnUnauthenticatedFloodIsDroppedAndMembersAreServed) {
  config_.limits.unauthenticated_per_second = 10;
  enter(ada_, "ada");
  for (int i = 0; i < 100; ++i) send(bob_, "C let me in");
  EXPECT_EQ(bob_.drain().size(), 4U);  // five at once; one was ada's login
  EXPECT_EQ(figure(&Counters::datagrams_dropped_overload), 96U);
  for (int i = 0; i < 100; ++i) send(ada_, "C hello");
  EXPECT_EQ(figure(&Counters::messages), 100U);
  EXPECT_EQ(figure(&Counters::datagrams_dropped_overload), 96U);
  wait(std::chrono::seconds{1});
  enter(bob_, "bob");
}

TEST_F(TextServiceTest, RepeatedLoginsAreLimitedAndDoNotAffectOthers) {
  enter(bob_, "bob");
  for (int i = 0; i < 1000; ++i) {
    arrive("192.168.1.9:5000", "L eve");
    arrive("192.168.1.9:5000", "Q");
  }
  EXPECT_EQ(figure(&Counters::joins), 501U);
  EXPECT_FALSE(sessions().find_name("eve"));
  enter(ada_, "ada");
  wait(std::chrono::seconds{1});
  arrive("192.168.1.9:5000", "L eve");
  EXPECT_TRUE(sessions().find_name("eve"));
}

TEST_F(TextServiceTest, ForgedLoginsShareOneRateAndFewSessionsAreKept) {
  config_.text.listeners = 10;
  enter(bob_, "bob");
  for (int i = 0; i < 600; ++i) {
    const std::string from = "10.1." + std::to_string(i / 250) + "." + std::to_string(i % 250);
    arrive((from + ":5000").c_str(), "L z" + std::to_string(i));
    arrive((from + ":5000").c_str(), "C hello");
  }
  EXPECT_EQ(figure(&Counters::joins), 501U);
  EXPECT_EQ(figure(&Counters::messages), 500U);
  EXPECT_EQ(sessions().all().size(), 11U);
  EXPECT_TRUE(sessions().find_name("bob"));
  EXPECT_TRUE(sessions().find_name("z499"));
  enter(ada_, "ada");
  wait(std::chrono::seconds{1});
  arrive("192.168.1.9:5000", "L honest");
  EXPECT_TRUE(sessions().find_name("honest"));
}

TEST_F(TextServiceTest, ALoginBeyondTheListenersLimitRemovesTheMostSilent) {
  config_.text.listeners = 1;
  enter(bob_, "bob");
  arrive("192.168.1.9:5000", "L first");
  wait(std::chrono::seconds{1});
  arrive("192.168.1.10:5000", "L second");
  EXPECT_FALSE(sessions().find_name("first"));
  EXPECT_TRUE(sessions().find_name("second"));
  EXPECT_EQ(figure(&Counters::members_idle), 1U);
  EXPECT_THAT(lines(bob_), ElementsAre("first joined the chat", "second joined the chat",
                                       "first left the chat"));
}

TEST_F(TextServiceTest, DatagramsFromAnOwnSocketAreDropped) {
  const std::string own = to_text(server_endpoint_);
  for (const char* text : {"L echo", "C hello", "Q", "Lx"}) arrive(own.c_str(), text);
  EXPECT_FALSE(sessions().find_name("echo"));
  EXPECT_EQ(figure(&Counters::datagrams_dropped_malformed), 4U);
  const std::string port = ":" + std::to_string(server_endpoint_.port);
  arrive(("192.168.1.9" + port).c_str(), "L ada");
  EXPECT_TRUE(sessions().find_name("ada")) << "another machine may have the same port";
}

TEST_F(TextServiceTest, ForeignNetworksDoNotConsumeTheUnauthenticatedRate) {
  config_.limits.unauthenticated_per_second = 10;
  config_.text.networks = {parse_network("127.0.0.0/8").value()};
  for (int i = 0; i < 100; ++i) arrive("203.0.113.9:5000", "L eve");
  EXPECT_EQ(figure(&Counters::datagrams_dropped_foreign), 100U);
  EXPECT_EQ(figure(&Counters::datagrams_dropped_overload), 0U);
  enter(ada_, "ada");
}

TEST_F(TextServiceTest, AnAddressOfAForeignNetworkGetsNoReply) {
  config_.text.networks = {parse_network("10.0.0.0/8").value()};
  send(ada_, "L ada");
  send(ada_, "Q");
  EXPECT_THAT(ada_.drain(), IsEmpty());
  EXPECT_EQ(figure(&Counters::datagrams_dropped_foreign), 2U);
}

TEST_F(TextServiceTest, AnUnauthenticatedFloodGetsFewReplies) {
  enter(bob_, "bob");
  for (int i = 0; i < 300; ++i) send(ada_, "L bob");
  EXPECT_EQ(ada_.drain().size(), 100U);
  EXPECT_EQ(figure(&Counters::answers_suppressed), 200U);
  EXPECT_THAT(bob_.drain(), ElementsAre("\n"));
  EXPECT_EQ(ask(bob_, "Q"), "EXIT");
}

}  // namespace
}  // namespace chatd::gateway
