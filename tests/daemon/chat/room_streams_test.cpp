// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/room_streams.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/chat/rooms_fixture.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;
using NotTaken = RoomStreams::NotTaken;

class RoomStreamsTest : public RoomsFixture {
 protected:
  RoomStreams& streams() { return chat_->room_streams; }
  std::expected<std::uint64_t, NotTaken> acknowledge(Slot slot, std::uint8_t stream,
                                                     std::uint64_t offset) {
    return streams().acknowledge(slot, {.stream = stream, .window = 5000, .cumulative = offset});
  }
  // Makes stream 2 the first one that the next join of ada can use.
  void use_stream_2_next() { state_.native_slots()[ada_].next_subscription = 0; }

  Slot ada_{enter("ada", 1).slot};
  Slot bob_{enter("bob", 2).slot};
};

TEST_F(RoomStreamsTest, AnAcknowledgementMovesItsStreamOnly) {
  ASSERT_TRUE(make(ada_, "lab"));
  ASSERT_TRUE(make(ada_, "den"));
  const std::uint64_t first = state::first_offset(id_of("lab"));
  const std::uint64_t den = subscription(ada_, 1).acks.acked;
  EXPECT_EQ(streams().waiting(ada_, 2), tail_of("lab") - first);
  EXPECT_EQ(acknowledge(ada_, 2, first + 8), 8U);
  EXPECT_EQ(acknowledge(ada_, 2, first + 8), 0U) << "with another window";
  EXPECT_EQ(acknowledge(ada_, 2, first), std::unexpected{NotTaken::old});
  EXPECT_EQ(acknowledge(ada_, 2, 0), std::unexpected{NotTaken::old});
  EXPECT_EQ(acknowledge(ada_, 2, tail_of("lab") + 1), std::unexpected{NotTaken::impossible});
  EXPECT_EQ(acknowledge(ada_, 2, ~std::uint64_t{0}), std::unexpected{NotTaken::impossible});
  EXPECT_EQ(subscription(ada_, 0).acks.acked, first + 8);
  EXPECT_EQ(subscription(ada_, 0).acks.window, 5000U);
  EXPECT_EQ(subscription(ada_, 1).acks.acked, den);
  EXPECT_EQ(acknowledge(ada_, 2, tail_of("lab")), tail_of("lab") - first - 8);
  EXPECT_EQ(streams().waiting(ada_, 2), 0U);
}

TEST_F(RoomStreamsTest, AcknowledgementsOfStreamsThatAMemberDoesNotHaveAreImpossible) {
  ASSERT_TRUE(make(ada_, "lab"));
  const std::uint64_t tail = tail_of("lab");
  for (unsigned stream = 0; stream < 256; ++stream) {
    const auto number = static_cast<std::uint8_t>(stream);
    if (number != 2) {
      EXPECT_EQ(acknowledge(ada_, number, tail), std::unexpected{NotTaken::impossible}) << stream;
    }
    EXPECT_EQ(acknowledge(bob_, number, tail), std::unexpected{NotTaken::impossible}) << stream;
  }
}

TEST_F(RoomStreamsTest, AnAcknowledgementKeepsTheHolesThatFit) {
  ASSERT_TRUE(make(ada_, "lab"));
  wire::AckFrame ack{.stream = 2, .window = 1, .cumulative = tail_of("lab"), .holes = 8};
  for (std::uint32_t i = 0; i < 8; ++i) ack.hole[i] = {.start = i, .bytes = 1};
  EXPECT_TRUE(streams().acknowledge(ada_, ack));
  EXPECT_EQ(subscription(ada_, 0).acks.holes, state::kSubscriptionHoles);
  EXPECT_EQ(subscription(ada_, 0).acks.hole[2], ack.hole[2]);
  ack.holes = 0;
  EXPECT_TRUE(streams().acknowledge(ada_, ack));
  EXPECT_EQ(subscription(ada_, 0).acks.holes, 0U);
}

// A client that sends a leave and a join without waiting for the answers acknowledges the stream of
// the room behind both commands.
TEST_F(RoomStreamsTest, AnAcknowledgementFromBeforeALeaveChangesNothing) {
  ASSERT_TRUE(make(ada_, "lab"));
  ASSERT_TRUE(make(bob_, "den"));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(say_in(ada_, "lab", "hello"));
  std::uint8_t last = 2;
  for (int i = 0; i < 40; ++i) {
    SCOPED_TRACE(i);
    const std::uint64_t had = tail_of("lab");
    leave(ada_, "lab");
    if (i % 3 == 0) {
      ASSERT_TRUE(join(ada_, "den"));
      leave(ada_, "den");
    }
    const auto again = join(ada_, "lab");
    ASSERT_LT(again->offset, had) << "a replay";
    EXPECT_EQ(acknowledge(ada_, last, had), std::unexpected{NotTaken::impossible});
    EXPECT_EQ(subscription(ada_, again->at).acks.acked, again->offset);
    last = again->stream();
  }
}

TEST_F(RoomStreamsTest, AStreamThatIsUsedAgainForItsRoomBeginsBehindTheSentBytes) {
  ASSERT_TRUE(make(ada_, "lab"));
  ASSERT_TRUE(say_in(ada_, "lab", "hello"));
  const std::uint64_t had = tail_of("lab");
  auto& one = state_.subscriptions(ada_)[0];
  one.sending_for = state::to_word(place_of("lab"));
  one.connection = state::peer_of(state_.native_slots()[ada_]).connection;
  one.stream.sent = had;
  const auto start_again = [&] {
    leave(ada_, "lab");
    use_stream_2_next();
    return join(ada_, "lab")->offset;
  };
  EXPECT_EQ(start_again(), had);
  EXPECT_EQ(acknowledge(ada_, 2, had), 0U);
  ASSERT_TRUE(say_in(ada_, "lab", "hello again"));
  const std::uint64_t end = tail_of("lab");
  one.stream.sent = end - 5;
  EXPECT_EQ(start_again(), end) << "the next record";
  one.stream.sent = ~std::uint64_t{0};
  const std::uint64_t start = start_again();
  EXPECT_LT(start, tail_of("lab"));
  one.stream.sent = had;
  ++one.connection;
  EXPECT_LT(start_again(), had) << "the bytes were sent to another client";
}

TEST_F(RoomStreamsTest, AnAcknowledgementOfTheStreamsFormerRoomChangesNothing) {
  ASSERT_TRUE(make(ada_, "lab"));
  ASSERT_TRUE(make(bob_, "den"));
  const std::uint64_t lab = tail_of("lab");
  leave(ada_, "lab");
  EXPECT_EQ(acknowledge(ada_, 2, lab), std::unexpected{NotTaken::impossible})
      << "the stream is free";
  use_stream_2_next();
  ASSERT_EQ(join(ada_, "den")->stream(), 2U);
  EXPECT_EQ(acknowledge(ada_, 2, lab), std::unexpected{NotTaken::old}) << "below its log";
  const std::uint64_t den = tail_of("den");
  leave(ada_, "den");
  use_stream_2_next();
  ASSERT_EQ(join(ada_, "lab")->stream(), 2U);
  const std::uint64_t acked = subscription(ada_, 0).acks.acked;
  EXPECT_EQ(acknowledge(ada_, 2, den), std::unexpected{NotTaken::impossible}) << "beyond its log";
  EXPECT_EQ(subscription(ada_, 0).acks.acked, acked);
}

// Workers can write all subscriptions.
TEST_F(RoomStreamsTest, ASubscriptionToAnImpossibleRoomHasNoStream) {
  ASSERT_TRUE(make(ada_, "lab"));
  const auto id = id_of("lab");
  const std::uint64_t tail = tail_of("lab");
  const std::uint64_t lab = to_word(place_of("lab"));
  for (const std::uint32_t row : {5U, kManyRooms.rooms, ~0U}) {
    SCOPED_TRACE(row);
    auto& room = state_.subscriptions(ada_)[0].room;
    room = state::to_word({.id = id, .index = state::RoomIndex{row}});
    EXPECT_EQ(acknowledge(ada_, 2, tail), std::unexpected{NotTaken::impossible});
    EXPECT_EQ(streams().waiting(ada_, 2), 0U);
    streams().for_each(ada_, [](std::uint8_t, state::Offset) { FAIL(); });
    EXPECT_FALSE(say_in(ada_, id, "hello"));
    leave(ada_, "lab");
    room = lab;
  }
  EXPECT_EQ(tail_of("lab"), tail);
  EXPECT_EQ(acknowledge(ada_, 2, tail), tail - state::first_offset(id));
}

TEST_F(RoomStreamsTest, EachStreamHasTheEndOfItsLog) {
  ASSERT_TRUE(make(ada_, "lab"));
  ASSERT_TRUE(make(ada_, "den"));
  leave(ada_, "lab");
  ASSERT_TRUE(make(bob_, "attic"));
  use_stream_2_next();
  ASSERT_TRUE(join(ada_, "attic"));
  std::vector<std::pair<unsigned, std::uint64_t>> seen;
  streams().for_each(
      ada_, [&](std::uint8_t stream, state::Offset tail) { seen.emplace_back(stream, tail); });
  EXPECT_THAT(seen, ElementsAre(std::pair{2U, tail_of("attic")}, std::pair{3U, tail_of("den")}));
}

}  // namespace
}  // namespace chatd::chat
