// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/mailboxes.hpp"

#include <gmock/gmock.h>

#include "common/wire/name.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::chat {
namespace {

constexpr state::Geometry kGeometry{
    .sessions = 8, .ring_bytes = 16384, .rooms = 8, .room_ring_bytes = 16384};

class MailboxesTest : public test::StateFixture {
 protected:
  MailboxesTest() : StateFixture{kGeometry} {}

  // The session is in that many further rooms.
  void be_in(unsigned rooms) {
    state_.native_slots()[kSlot].subscriptions.store(
        static_cast<std::uint32_t>((std::uint64_t{1} << rooms) - 1));
  }
  bool deliver(std::size_t bytes) {
    const std::string text(bytes, 'x');
    return mailboxes_.deliver(kSlot, {.kind = wire::RecordKind::direct,
                                      .sender = kSession,
                                      .name = "ada",
                                      .text = text,
                                      .time = {}});
  }
  // Until not even the smallest record is taken.
  void fill() {
    for (const std::size_t bytes : {900U, 100U, 0U}) {
      while (deliver(bytes)) continue;
    }
  }
  // Leaves the room of that stream.
  bool leave(std::uint8_t stream, std::string_view reason) {
    auto& in_use = state_.native_slots()[kSlot].subscriptions;
    const bool taken = mailboxes_.deliver_left(kSlot, {.room = {.stream = stream, .room = 7},
                                                       .name = kName,
                                                       .reason = reason,
                                                       .session = kSession,
                                                       .time = {}});
    in_use.store(in_use.load() & ~(1U << (stream - wire::kFirstRoomStream)));
    return taken;
  }
  // The texts behind LeftRoom of all records `left`, each with the room's name.
  std::vector<std::pair<std::string, std::string>> left() {
    std::vector<std::pair<std::string, std::string>> seen;
    for (const auto& record : test::mailbox_records(state_, kSlot)) {
      if (record.kind != wire::RecordKind::left) continue;
      const auto room = wire::read_left(record.text).value();
      EXPECT_EQ(room.room, 7U);
      seen.emplace_back(record.name, room.reason);
    }
    return seen;
  }

  static constexpr Slot kSlot{3};
  static constexpr logs::Sender kSession{.slot = kSlot, .generation = logs::Generation{1}};
  const std::string kName = std::string(wire::kMaxNameBytes, 'n');
  const Persons persons_{crypto::SecretKey{}};
  CommandMasks masks_{state_, persons_};
  Mailboxes mailboxes_{state_, masks_, persons_};
};

TEST_F(MailboxesTest, CountsTheRecordsThatItTakes) {
  EXPECT_EQ(mailboxes_.delivered(), 0U);
  EXPECT_TRUE(deliver(10));
  EXPECT_EQ(mailboxes_.delivered(), 1U);
  be_in(1);
  fill();
  const std::uint64_t before = mailboxes_.delivered();
  EXPECT_FALSE(deliver(0));
  EXPECT_EQ(mailboxes_.delivered(), before);
  EXPECT_TRUE(leave(wire::kFirstRoomStream, {}));
  EXPECT_EQ(mailboxes_.delivered(), before + 1);
}

TEST_F(MailboxesTest, AFullMailboxTakesARecordLeftForEachRoom) {
  be_in(31);
  fill();
  for (unsigned i = 0; i < 31; ++i) {
    ASSERT_TRUE(leave(static_cast<std::uint8_t>(wire::kFirstRoomStream + i), "noise")) << i;
  }
  const auto all = left();
  ASSERT_EQ(all.size(), 31U);
  EXPECT_EQ(all.back(), std::pair(std::string{}, std::string{state::kShortReason}));
}

TEST_F(MailboxesTest, ALeaveByTheMemberItselfHasNoReasonInAFullMailbox) {
  be_in(1);
  fill();
  EXPECT_TRUE(leave(wire::kFirstRoomStream, ""));
  EXPECT_EQ(left().back(), std::pair(std::string{}, std::string{}));
}

TEST_F(MailboxesTest, ARecordLeftHasNameAndReasonWhereTheyFit) {
  be_in(2);
  const std::string reason(kMaxReasonBytes, 'r');
  EXPECT_TRUE(leave(wire::kFirstRoomStream, reason + "more"));
  EXPECT_EQ(left().back(), std::pair(kName, reason));
}

TEST_F(MailboxesTest, AMemberOfAllRoomsGetsTheLongestListAndMessages) {
  be_in(31);
  EXPECT_TRUE(deliver(2000));
  EXPECT_FALSE(deliver(900));
  be_in(0);
  EXPECT_TRUE(deliver(900));
}

TEST_F(MailboxesTest, SpaceForARoomThatIsEnteredIsCounted) {
  be_in(0);
  const logs::Entry small{
      .kind = wire::RecordKind::notice, .sender = {}, .name = {}, .text = {}, .time = {}};
  fill();
  EXPECT_FALSE(mailboxes_.has_space(kSlot, small));
  EXPECT_TRUE(mailboxes_.has_space(Slot{kSlot + 1}, small, 31));
  EXPECT_FALSE(mailboxes_.has_space(Slot{kSlot + 1}, small, 64));
}

// The members send direct messages and invitations to the session in kSlot.
class MailboxSharesTest : public MailboxesTest {
 protected:
  MailboxSharesTest() {
    be_away(true);
    for (std::uint32_t i = 0; i < kOthers; ++i) move(i, "10.0.0." + std::to_string(i) + ":5");
  }
  void be_away(bool is_away) { state_.native_slots()[kSlot].away_since = is_away ? 1 : 0; }
  // The member `i` is that person, at that address.
  void move(std::uint32_t i, std::string_view address) {
    const Slot slot{kFirst + i};
    state_.slots()[slot].kind = state::SessionKind::native;
    state_.slots()[slot].person = state::PersonId{100 + i};
    state::update_peer(state_.native_slots()[slot], [&](state::NativePeer& peer) {
      peer.delivery = test::delivery_to(test::endpoint(address));
    });
  }
  static logs::Sender sender(std::uint32_t i) {
    return {.slot = Slot{kFirst + i}, .generation = logs::Generation{1}};
  }
  bool send(std::uint32_t i, std::size_t bytes, wire::RecordKind kind = wire::RecordKind::direct) {
    const std::string text(bytes, 'x');
    return mailboxes_.deliver_from_other(
        kSlot, {.kind = kind, .sender = sender(i), .name = "bob", .text = text, .time = {}});
  }
  // Sends until nothing is taken, the longest records first. Returns the bytes of the records.
  std::size_t send_all(std::uint32_t i) {
    const std::uint64_t before = mailboxes_.tail(kSlot);
    for (const std::size_t bytes : {900U, 300U, 50U, 1U}) {
      while (send(i, bytes)) continue;
    }
    return mailboxes_.tail(kSlot) - before;
  }
  void acknowledge() {
    state::update_peer(state_.native_slots()[kSlot], [&](state::NativePeer& peer) {
      peer.acked[wire::kMailboxStream] = mailboxes_.tail(kSlot);
    });
  }
  static constexpr std::size_t kEighth = state::kMailboxBytes / 8;
  static constexpr std::uint32_t kFirst = 4;
  static constexpr std::uint32_t kOthers = 4;
};

TEST_F(MailboxSharesTest, UnreadDirectMessagesOfOnePersonTakeAQuarter) {
  EXPECT_THAT(send_all(0), ::testing::AllOf(::testing::Gt(kEighth), ::testing::Le(2 * kEighth)));
  EXPECT_TRUE(send(1, 900)) << "the share of somebody else";
  acknowledge();
  EXPECT_TRUE(send(0, 900));
}

TEST_F(MailboxSharesTest, OfAMemberThatIsNotAwayTheyTakeAHalf) {
  be_away(false);
  const std::size_t taken = send_all(0);
  EXPECT_GT(taken, 3 * kEighth);
  EXPECT_LE(taken, 4 * kEighth);
  be_away(true);
  EXPECT_FALSE(send(1, 1));
  acknowledge();
  EXPECT_TRUE(send(1, 1));
}

TEST_F(MailboxSharesTest, ThoseOfOneNetworkTakeThreeEighths) {
  for (const std::uint32_t i : {0U, 1U, 2U}) {
    move(i, "[2001:db8::" + std::to_string(i + 1) + "]:5");
  }
  EXPECT_GT(send_all(0), kEighth);
  const std::size_t second = send_all(1);
  EXPECT_GT(second, 0U);
  EXPECT_LE(second, kEighth + 64);
  EXPECT_EQ(send_all(2), 0U);
  EXPECT_TRUE(send(3, 400)) << "the share of another network";
}

TEST_F(MailboxSharesTest, ThisMachineIsNoNetwork) {
  for (const std::uint32_t i : {0U, 1U}) move(i, "127.0.0.1:" + std::to_string(i + 1));
  EXPECT_GT(send_all(0), kEighth);
  EXPECT_GT(send_all(1), kEighth + 64);
}

TEST_F(MailboxSharesTest, ThoseOfAllLeaveAHalfForTheMembersOwnAnswers) {
  std::size_t bytes = 0;
  for (std::uint32_t i = 0; i < kOthers; ++i) bytes += send_all(i);
  EXPECT_GT(bytes, 3 * kEighth);
  EXPECT_LE(bytes, 4 * kEighth);
  EXPECT_TRUE(deliver(2000)) << "the longest part of a list";
}

TEST_F(MailboxSharesTest, InvitationsCountForTheirSender) {
  while (send(0, 200, wire::RecordKind::invited)) continue;
  EXPECT_FALSE(send(0, 200));
  EXPECT_TRUE(send(1, 200));
}

// The slot of the sender has another session, and the gateway another memory.
TEST_F(MailboxSharesTest, AShareIsKnownWhenItsSenderIsGone) {
  send_all(0);
  state_.slots()[kFirst].person = state::PersonId{7};
  CommandMasks masks{state_, persons_};
  Mailboxes next{state_, masks, persons_};
  const auto send_as = [&](std::uint64_t person) {
    state_.slots()[kFirst + 1].person = state::PersonId{person};
    return next.deliver_from_other(kSlot, {.kind = wire::RecordKind::direct,
                                           .sender = sender(1),
                                           .name = "bob",
                                           .text = "again",
                                           .time = {}});
  };
  EXPECT_FALSE(send_as(100));
  EXPECT_TRUE(send_as(101));
}

// A worker can write what the member has acknowledged.
TEST_F(MailboxSharesTest, NothingIsTakenAfterAnImpossibleAcknowledgement) {
  send_all(0);
  for (const std::uint64_t acked : {std::uint64_t{0}, UINT64_MAX, std::uint64_t{1}}) {
    state::update_peer(state_.native_slots()[kSlot],
                       [&](state::NativePeer& peer) { peer.acked[wire::kMailboxStream] = acked; });
    (void)send(0, 900);
    EXPECT_LE(mailboxes_.tail(kSlot), state::kMailboxBytes);
  }
}

TEST_F(MailboxesTest, InvitationsTakeAQuarterOfAMailbox) {
  be_in(0);
  const logs::Entry invitation{.kind = wire::RecordKind::invited,
                               .sender = std::nullopt,
                               .name = kName,
                               .text = kName,
                               .time = {}};
  std::size_t bytes = 0;
  while (mailboxes_.deliver_invited(kSlot, invitation)) bytes += logs::record_size(invitation);
  EXPECT_GT(bytes, state::kMailboxBytes / 8);
  EXPECT_LE(bytes, state::kMailboxBytes / 4);
  EXPECT_TRUE(deliver(2000));
  state::update_peer(state_.native_slots()[kSlot], [&](state::NativePeer& peer) {
    peer.acked[wire::kMailboxStream] = mailboxes_.tail(kSlot);
  });
  EXPECT_TRUE(mailboxes_.deliver_invited(kSlot, invitation));
  // A worker can write what the member has acknowledged.
  for (const std::uint64_t acked : {std::uint64_t{0}, UINT64_MAX, std::uint64_t{1}}) {
    state::update_peer(state_.native_slots()[kSlot],
                       [&](state::NativePeer& peer) { peer.acked[wire::kMailboxStream] = acked; });
    EXPECT_LE(state::Mailbox(state_, kSlot).unread(wire::RecordKind::invited),
              state::kMailboxBytes);
  }
}

}  // namespace
}  // namespace chatd::chat
