// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/command_masks.hpp"

#include <gtest/gtest.h>

#include "common/wire/native/native_command.hpp"
#include "tests/daemon/chat/native_fixture.hpp"

namespace chatd::chat {
namespace {

class CommandMasksTest : public NativeFixture {
 protected:
  void SetUp() override {
    ada_ = enter("ada", 1).slot;
    bob_ = enter("bob", 2).slot;
  }
  // The offset in a record of a room, as the client of that session reads it.
  std::uint64_t read_by(Slot session, state::RoomId room, const test::SeenRecord& record) {
    const wire::CommandKey key = chat_->masks.key_of(sessions().sender(session));
    return transport::CommandMask{}.apply(key, static_cast<std::uint32_t>(room), record.sequence,
                                          record.uplink_offset);
  }
  Slot ada_{};
  Slot bob_{};
};

TEST_F(CommandMasksTest, OnlyTheSenderOfAMessageReadsItsOffset) {
  say(order(ada_, 777), "hello");
  const auto record = test::records_of(state_).back();
  EXPECT_EQ(read_by(ada_, state::kDefaultRoom, record), 777U);
  EXPECT_NE(record.uplink_offset, 777U);
  EXPECT_NE(read_by(bob_, state::kDefaultRoom, record), 777U);
}

TEST_F(CommandMasksTest, ARecordOfAFurtherRoomIsMaskedWithItsId) {
  const auto room = chat_->rooms.make({.slot = ada_, .end = 10, .now = now()}, "lab")->room;
  const auto address = wire::as_argument(wire::RoomAddress{static_cast<std::uint32_t>(room.id)});
  const std::string_view name{address.data(), address.size()};
  commands().say(order(ada_, 700), state::RecordKind::say, name, "hello");
  commands().set_topic(order(ada_, 777), name, "tea");
  const auto records = test::records_of(state_.room_log(room.index));
  ASSERT_EQ(records.back().kind, state::RecordKind::topic);
  EXPECT_EQ(read_by(ada_, room.id, records.back()), 777U);
  EXPECT_EQ(read_by(ada_, room.id, records[records.size() - 2]), 700U);
  EXPECT_NE(read_by(ada_, state::kDefaultRoom, records.back()), 777U);
}

TEST_F(CommandMasksTest, ADirectMessageDoesNotShowItsOffset) {
  const Slot phone = enter("ada", 1, "127.0.0.1:6", 7).slot;
  ASSERT_NE(phone, ada_);
  commands().say_to(order(ada_, 777), "bob", "psst");
  for (const Slot reader : {bob_, phone}) {
    const auto record = test::mailbox_records(state_, reader).back();
    EXPECT_NE(record.uplink_offset, 777U);
    EXPECT_NE(record.uplink_offset, 0U);
  }
  // Each mailbox has another mask.
  EXPECT_NE(test::mailbox_records(state_, bob_).back().uplink_offset,
            test::mailbox_records(state_, phone).back().uplink_offset);
}

TEST_F(CommandMasksTest, ASessionKeepsItsKeyInEveryGateway) {
  const auto key = chat_->masks.key_of(sessions().sender(ada_));
  restart();
  EXPECT_EQ(chat_->masks.key_of(sessions().sender(ada_)), key);
  EXPECT_NE(chat_->masks.key_of(sessions().sender(bob_)), key);
}

TEST_F(CommandMasksTest, TheNextSessionInASlotHasAnotherKey) {
  const auto key = chat_->masks.key_of(sessions().sender(ada_));
  sessions().remove(ada_, state::LeaveKind::quit, {}, now());
  sessions().settle();
  ASSERT_EQ(enter("cyd", 3).slot, ada_);
  EXPECT_NE(chat_->masks.key_of(sessions().sender(ada_)), key);
}

// Its masks are other ones: the offsets in the records before are random for it.
TEST_F(CommandMasksTest, AServerWithAnotherKeyDoesNotTakeAMaskedOffsetForACommand) {
  say(order(ada_, 10), "hello");
  commands().say_to(order(ada_, 20), "bob", "psst");
  crypto::SecretKey other;
  other.bytes().fill(std::byte{9});
  chat_.emplace(state_, config_, Persons{other}, 42);
  chat_->adopt(now());
  EXPECT_EQ(state_.native_slots()[ada_].uplink, 20U);
}

}  // namespace
}  // namespace chatd::chat
