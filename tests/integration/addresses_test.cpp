// SPDX-License-Identifier: GPL-3.0-or-later
// addresses_test.cpp — addresses of clients, source addresses of replies, closed ports, and
// addresses that the text protocol does not serve.
#include <sys/socket.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/room.hpp"
#include "tests/support/eventually.hpp"

namespace chatd::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Endpoint at(std::string_view address, const Endpoint& port_of) {
  return {.address = parse_address(address).value(), .port = port_of.port};
}

// The kernel then drops each datagram for this client that does not come from `server`.
void connect_to(const TextClient& client, const Endpoint& server) {
  sockaddr_storage name{};
  const socklen_t length = to_sockaddr(server, name);
  EXPECT_EQ(::connect(client.socket().fd(), reinterpret_cast<const sockaddr*>(&name), length), 0);
}

TEST(Addresses, IPv4AndIPv6MeetInOneRoom) {
  DaemonUnderTest daemon{{.listen = {"127.0.0.1:0", "[::1]:0"}}};
  TextClient ada{daemon.endpoint(0), Kind::lines};
  TextClient bob{daemon.endpoint(1), Kind::bare, "::1"};
  ada.enter("ada");
  bob.enter("bob");
  EXPECT_EQ(ada.line(), "bob joined the chat");
  bob.send("C hello from six");
  EXPECT_EQ(ada.line(), "bob : hello from six");
  ada.send("C hello from four");
  EXPECT_EQ(bob.line(), "ada : hello from four");
  EXPECT_EQ(bob.ask("Q"), "EXIT");
  EXPECT_EQ(ada.line(), "bob left the chat");
}

TEST(Addresses, EveryAnswerAndLineLeavesFromTheAddressThatTheClientUsed) {
  DaemonUnderTest daemon{{.listen = {"0.0.0.0:0"}}};
  const Endpoint second = at("127.0.0.2", daemon.endpoint());
  const Endpoint third = at("127.0.0.3", daemon.endpoint());
  TextClient ada{second, Kind::bare};
  TextClient bob{third, Kind::bare};
  connect_to(ada, second);
  connect_to(bob, third);
  ada.enter("ada");
  EXPECT_THAT(bob.ask("L server"), HasSubstr("kept for the server"));
  bob.enter("bob");
  EXPECT_EQ(ada.line(), "bob joined the chat");
  bob.send("C hello");
  EXPECT_EQ(ada.line(), "bob : hello");
  ada.send("C hello, bob");
  EXPECT_EQ(bob.line(), "ada : hello, bob");
  EXPECT_EQ(ada.ask("Q"), "EXIT");
}

TEST(Addresses, TheSamePortOfTwoAddressesIsTwoMembers) {
  DaemonUnderTest daemon{{.listen = {"0.0.0.0:0"}}};
  TextClient ada{at("127.0.0.1", daemon.endpoint()), Kind::bare, "127.0.0.1"};
  TextClient bob{at("127.0.0.1", daemon.endpoint()), Kind::bare, "127.0.0.2"};
  ada.enter("ada");
  bob.enter("bob");
  EXPECT_THAT(daemon.names(), ElementsAre("ada", "bob"));
}

TEST(Addresses, AMemberWithAClosedPortLeavesTheRosterAtTheNextLines) {
  DaemonUnderTest daemon;
  TextClient ada{daemon.endpoint(), Kind::lines};
  TextClient bob{daemon.endpoint(), Kind::bare};
  ada.enter("ada");
  bob.enter("bob");
  EXPECT_EQ(ada.line(), "bob joined the chat");
  bob.close();
  EXPECT_THAT(daemon.names(), ElementsAre("ada", "bob"));
  ada.send("C are you there?");
  EXPECT_EQ(ada.line(), "bob left the chat");
  EXPECT_THAT(daemon.names(), ElementsAre("ada"));
  EXPECT_EQ(daemon.counter("members_unreachable"), 1U);
  EXPECT_THAT(daemon.log(), HasSubstr("bob left (unreachable)"));
}

TEST(Addresses, AddressesOutsideTheTextNetworksGetNoReply) {
  DaemonUnderTest daemon{{.config = "text.networks = [\"127.0.0.2/32\"]\n"}};
  TextClient welcome{daemon.endpoint(), Kind::bare, "127.0.0.2"};
  TextClient foreign{daemon.endpoint(), Kind::bare, "127.0.0.3"};
  for (const char* command : {"L eve", "C hello", "Q"}) foreign.send(command);
  EXPECT_TRUE(eventually([&] { return daemon.counter("datagrams_dropped_foreign") == 3; }));
  welcome.enter("ada");
  EXPECT_EQ(foreign.answer(std::chrono::milliseconds{0}), "(nothing)");
  EXPECT_THAT(daemon.names(), ElementsAre("ada"));
}

TEST(Addresses, DatagramsThatAreNotTextGetNoReplyAndChangeNothing) {
  DaemonUnderTest daemon;
  TextClient client{daemon.endpoint(), Kind::bare};
  for (const char* datagram : {"", "\x80native", "hello", "\n", "你好", "\xff"}) {
    client.send(datagram);
  }
  EXPECT_TRUE(eventually([&] { return daemon.counter("datagrams_dropped_malformed") == 6; }));
  EXPECT_EQ(client.answer(std::chrono::milliseconds{0}), "(nothing)");
  EXPECT_THAT(daemon.names(), IsEmpty());
}

}  // namespace
}  // namespace chatd::test
