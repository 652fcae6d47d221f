// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/mailbox.hpp"

#include <gmock/gmock.h>

#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

class MailboxTest : public test::StateFixture {
 protected:
  bool put(std::string_view text) {
    return mailbox_.append({.kind = RecordKind::direct,
                            .sender = Sender{.slot = Slot{3}, .generation = Generation{5}},
                            .name = "ada",
                            .text = text,
                            .time = test::wall_at(std::chrono::seconds{1}),
                            .uplink_offset = 9});
  }
  void acknowledge(std::uint64_t offset) {
    update_peer(state_.native_slots()[0], [&](NativePeer& peer) { peer.acked[0] = offset; });
  }
  // Appends records until only the space for the records `left` of so many rooms is free.
  void fill_except(std::size_t rooms) {
    for (const std::size_t size : {900U, 1U}) {
      const std::string text(size, 'x');
      const logs::Entry entry{
          .kind = RecordKind::direct, .sender = {}, .name = {}, .text = text, .time = {}};
      while (mailbox_.has_space(logs::record_size(entry) + rooms * kLeftBytes)) {
        ASSERT_TRUE(mailbox_.append(entry));
      }
    }
  }
  bool leave(std::uint8_t stream, std::size_t others) {
    return mailbox_.append_left({.room = {.stream = stream, .room = 7},
                                 .name = "a long name of a room",
                                 .reason = "a long reason to remove a member",
                                 .session = {},
                                 .time = {}},
                                others);
  }
  std::vector<std::byte> bytes(std::uint64_t from) {
    std::vector<std::byte> out(mailbox_.tail() - from);
    Mailbox{follower_, Slot{0}}.read(from, out);
    return out;
  }

  StateView follower_{follower()};
  Mailbox mailbox_{state_, Slot{0}};
};

TEST_F(MailboxTest, ARecordIsReadByAWorker) {
  ASSERT_TRUE(put("hello"));
  const auto all = bytes(0);
  const auto record = wire::read_record(all);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->header.kind, RecordKind::direct);
  EXPECT_EQ(record->name, "ada");
  EXPECT_EQ(record->text, "hello");
  EXPECT_EQ(record->header.uplink_offset, 9U);
}

TEST_F(MailboxTest, LastBoundaryIsTheEndOfAWholeRecord) {
  std::vector<std::uint64_t> ends{0};
  for (const char* text : {"one", "two", "a longer one"}) {
    ASSERT_TRUE(put(text));
    ends.push_back(mailbox_.tail());
  }
  for (std::size_t i = 1; i < ends.size(); ++i) {
    EXPECT_EQ(mailbox_.last_boundary(ends[i]), ends[i]);
    EXPECT_EQ(mailbox_.last_boundary(ends[i] - 1), ends[i - 1]);
    EXPECT_EQ(mailbox_.last_boundary(ends[i - 1] + 1), ends[i - 1]);
  }
  acknowledge(ends[1]);
  EXPECT_EQ(mailbox_.last_boundary(ends[2] + 3), ends[2]);
}

TEST_F(MailboxTest, UnacknowledgedRecordsAreNotOverwritten) {
  const std::string text(900, 'x');
  int taken = 0;
  while (put(text)) ++taken;
  EXPECT_EQ(taken, 4);
  const std::uint64_t tail = mailbox_.tail();
  EXPECT_FALSE(put(text));
  EXPECT_EQ(mailbox_.tail(), tail);
  acknowledge(tail / 4);
  EXPECT_TRUE(put(text));
}

TEST_F(MailboxTest, RecordsOfAnySizeGoRoundTheRing) {
  std::uint64_t at = 0;
  for (int i = 0; i < 500; ++i) {
    const std::string text(static_cast<std::size_t>(i * 37 % 900) + 1,
                           static_cast<char>('a' + i % 26));
    ASSERT_TRUE(put(text)) << i;
    const auto all = bytes(at);
    EXPECT_EQ(wire::read_record(all).value().text, text) << i;
    at = mailbox_.tail();
    acknowledge(at);
  }
}

TEST_F(MailboxTest, RoomsCountsTheSubscriptionsInUse) {
  EXPECT_EQ(mailbox_.rooms(), 0U);
  state_.native_slots()[0].subscriptions = 0b1000'0101U;
  EXPECT_EQ(mailbox_.rooms(), 3U);
  EXPECT_EQ(mailbox_.rooms(wire::kFirstRoomStream + 2), 2U);
  EXPECT_EQ(mailbox_.rooms(wire::kFirstRoomStream + 1), 3U);
  EXPECT_EQ(mailbox_.rooms(wire::kMailboxStream), 3U);
}

TEST_F(MailboxTest, ANearlyFullMailboxTakesAShortRecordLeftForEachRoom) {
  fill_except(3);
  const std::uint64_t full = mailbox_.tail();
  for (std::uint8_t i = 0; i < 3; ++i) EXPECT_TRUE(leave(2 + i, 2U - i));
  const auto all = bytes(full);
  const auto record = wire::read_record(all).value();
  EXPECT_EQ(record.header.kind, RecordKind::left);
  EXPECT_EQ(record.name, "");
  EXPECT_EQ(wire::read_left(record.text)->reason, kShortReason);
}

TEST_F(MailboxTest, ASecondRecordLeftDoesNotTakeTheSpaceOfOtherRooms) {
  fill_except(2);
  EXPECT_TRUE(leave(2, 1));
  EXPECT_FALSE(leave(2, 1));
  EXPECT_TRUE(leave(3, 0));
}

TEST_F(MailboxTest, AnotherMembersMailboxIsNotChanged) {
  ASSERT_TRUE(put("for the first"));
  EXPECT_EQ((Mailbox{state_, Slot{1}}.tail()), 0U);
}

}  // namespace
}  // namespace chatd::state
