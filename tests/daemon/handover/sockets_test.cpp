// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/handover/sockets.hpp"

#include <gmock/gmock.h>

#include "tests/support/state_region.hpp"

namespace chatd::handover {
namespace {

class SocketsTest : public test::StateFixture {
 protected:
  void renumber(std::vector<std::string_view> sockets) {
    std::vector<Endpoint> now;
    for (const auto text : sockets) now.push_back(test::endpoint(text));
    renumber_sockets(state_, now);
  }
  // The number of the socket that slot 0 uses.
  std::uint16_t& number() { return state_.slots()[0].delivery.socket; }
  std::uint16_t& native_number() { return state_.native_slots()[0].peer[1].delivery.socket; }
};

TEST_F(SocketsTest, AMemberKeepsItsAddressWhateverItsNumberIs) {
  renumber({"192.0.2.1:8888", "[2001:db8::1]:8888"});
  number() = 0;
  native_number() = 1;
  renumber({"[2001:db8::1]:8888", "192.0.2.9:8888", "192.0.2.1:8888"});
  EXPECT_EQ(number(), 2);
  EXPECT_EQ(native_number(), 0);
}

TEST_F(SocketsTest, AWildcardSocketReplacesAMissingOne) {
  renumber({"192.0.2.1:8888", "[2001:db8::1]:8888"});
  number() = 0;
  native_number() = 1;
  renumber({"[::]:8888", "0.0.0.0:8888"});
  EXPECT_EQ(number(), 1);
  EXPECT_EQ(native_number(), 0);
}

TEST_F(SocketsTest, WithoutItsSocketAMemberHasNone) {
  renumber({"192.0.2.1:8888"});
  number() = 0;
  native_number() = 0;
  renumber({"192.0.2.2:8888"});
  EXPECT_GE(number(), state::kMaxSockets);
  EXPECT_GE(native_number(), state::kMaxSockets);
}

TEST_F(SocketsTest, AnUnknownNumberBecomesNone) {
  renumber({"192.0.2.1:8888"});
  number() = 7;
  renumber({"192.0.2.1:8888"});
  EXPECT_GE(number(), state::kMaxSockets);
}

}  // namespace
}  // namespace chatd::handover
