// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/native_sessions.hpp"

#include "tests/daemon/chat/native_fixture.hpp"

namespace chatd::chat {
namespace {

class NativeSessionsTest : public NativeFixture {
 protected:
  const state::NativePeer& peer() { return state::peer_of(state_.native_slots()[ada_]); }
  void measure(std::uint32_t srtt_us) {
    state::update_peer(state_.native_slots()[ada_], [&](state::NativePeer& peer) {
      peer.srtt_us = srtt_us;
      peer.datagram_bytes = 1400;
    });
  }
  void move(std::string_view to) { sessions().move(ada_, test::delivery_to(test::endpoint(to))); }
  Slot ada_{enter("ada", 1, "127.0.0.1:5").slot};
};

TEST_F(NativeSessionsTest, ANewPortKeepsTheRoundTripTime) {
  measure(700);
  move("127.0.0.1:6");
  EXPECT_EQ(peer().srtt_us, 700U);
  EXPECT_EQ(peer().datagram_bytes, wire::kBaseDatagram);
  move("127.0.0.2:6");
  EXPECT_EQ(peer().srtt_us, 0U);
  EXPECT_EQ(peer().delivery.peer, test::endpoint("127.0.0.2:6"));
}

TEST_F(NativeSessionsTest, EachAttachmentGetsAnotherSerial) {
  const std::uint64_t serial = peer().ack_serial;
  sessions().detach(ada_, now().mono);
  EXPECT_EQ(peer().attached, 0U);
  EXPECT_TRUE(sessions().is_away(ada_));
  sessions().attach(ada_);
  EXPECT_EQ(peer().attached, 1U);
  EXPECT_EQ(peer().ack_serial, serial + 1);
  EXPECT_FALSE(sessions().is_away(ada_));
}

TEST_F(NativeSessionsTest, ASessionThatContinuesKeepsItsUplinkAndMailbox) {
  say(order(ada_, 40), "hello");
  const std::uint64_t connection = peer().connection;
  state::update_peer(state_.native_slots()[ada_],
                     [](state::NativePeer& peer) { peer.acked[wire::kMailboxStream] = 8; });
  EXPECT_EQ(enter("ada", 1).slot, ada_);
  EXPECT_EQ(state_.native_slots()[ada_].uplink, 40U);
  EXPECT_EQ(peer().acked[wire::kMailboxStream], 8U);
  EXPECT_NE(peer().connection, connection);
}

}  // namespace
}  // namespace chatd::chat
