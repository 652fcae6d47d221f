// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/uplink.hpp"

#include <array>

#include <gmock/gmock.h>

#include "common/wire/native/native_frame.hpp"

namespace chatd::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;

class UplinkTest : public ::testing::Test {
 protected:
  struct Sent {
    std::uint64_t offset{};
    std::vector<std::string> texts;
  };
  // The DATA that is due now, if there is any.
  std::optional<Sent> sent() {
    std::array<std::byte, 1200> room{};
    wire::ByteWriter out{room};
    if (!uplink_.write(out, rtt_, now_)) return std::nullopt;
    wire::ByteReader in{out.written()};
    const auto data = std::get<wire::DataFrame>(wire::next_frame(in).value());
    Sent result{.offset = data.offset, .texts = {}};
    for (wire::Bytes rest = data.bytes; !rest.empty();) {
      const auto command = wire::read_command(rest).value();
      result.texts.emplace_back(command.text);
      rest = rest.subspan(command.size);
    }
    return result;
  }
  // Another session, in which no command was carried out.
  void restart(std::uint64_t offset, Uplink::Pace pace, MonoTime now) {
    uplink_.hold(offset, pace, true, now);
    EXPECT_TRUE(uplink_.release([](std::string_view) { return std::nullopt; }).empty());
  }
  std::uint64_t say(std::string_view text) { return uplink_.add(wire::CommandKind::say, {}, text); }

  Uplink uplink_;
  transport::Rtt rtt_{.smoothed = 1000, .variance = 100};
  MonoTime now_{seconds{100}};
};

TEST_F(UplinkTest, CommandsAreSentTogetherAndInOrder) {
  restart(1000, {}, now_);
  EXPECT_EQ(say("a"), 1U);
  EXPECT_EQ(say("b"), 2U);
  const auto first = sent();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->offset, 1000U);
  EXPECT_THAT(first->texts, ElementsAre("a", "b"));
  EXPECT_FALSE(sent());  // in flight
}

TEST_F(UplinkTest, BytesInFlightStayWithinTheWindowWhichGrows) {
  restart(0, {}, now_);
  const std::string text(900, 'x');
  for (int i = 0; i < 200; ++i) say(text);
  const auto in_one_go = [&] {
    std::size_t bytes = 0;
    while (const auto more = sent()) {
      for (const auto& one : more->texts) bytes += one.size() + wire::kCommandHeaderBytes;
    }
    return bytes;
  };
  const std::size_t first = in_one_go();
  EXPECT_LE(first, 12'000U);
  EXPECT_GT(first, 8'000U);
  now_ += milliseconds{1};
  uplink_.on_ack(first, rtt_, now_);
  const std::size_t second = in_one_go();
  EXPECT_GT(second, first);
  now_ += milliseconds{100};
  uplink_.on_ack(first, rtt_, now_);  // the next command was lost
  EXPECT_LT(in_one_go(), second);
}

TEST_F(UplinkTest, AnOffsetOfAnotherClientMeansThatNoBurstIsLeft) {
  restart(40, {.messages_per_1000_seconds = 1000, .burst = 5}, now_);
  say("a");
  EXPECT_FALSE(sent());
  now_ += seconds{2};
  EXPECT_TRUE(sent());
}

TEST_F(UplinkTest, WithoutAnAckCommandsAreRepeatedAtGrowingIntervals) {
  restart(0, {}, now_);
  say("a");
  ASSERT_TRUE(sent());
  Micros before{0};
  for (int i = 0; i < 6; ++i) {
    const MonoTime due = uplink_.deadline();
    EXPECT_GT(due - now_, before);
    before = due - now_;
    now_ = due - Micros{1};
    EXPECT_FALSE(sent());
    now_ = due;
    EXPECT_TRUE(sent());
  }
}

TEST_F(UplinkTest, AnAcknowledgementWithoutProgressMeansALoss) {
  restart(0, {}, now_);
  say("a");
  ASSERT_TRUE(sent());
  now_ += milliseconds{15};
  uplink_.on_ack(0, rtt_, now_);
  const auto again = sent();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->offset, 0U);
  uplink_.on_ack(0, rtt_, now_);  // another ACK at once: the repair is in flight
  EXPECT_FALSE(sent());
}

TEST_F(UplinkTest, ConfirmedCommandsAreTakenOnceAndInOrder) {
  restart(0, {}, now_);
  say("a");
  say("b");
  ASSERT_TRUE(sent());
  uplink_.on_ack(5, rtt_, now_);
  EXPECT_EQ(uplink_.take_confirmed(5).value().number, 1U);
  EXPECT_FALSE(uplink_.take_confirmed(5));
  uplink_.on_ack(10, rtt_, now_);
  EXPECT_EQ(uplink_.take_confirmed(10).value().number, 2U);
  EXPECT_EQ(uplink_.size(), 0U);
  EXPECT_EQ(uplink_.deadline(), MonoTime::max());
}

TEST_F(UplinkTest, AnAcknowledgementOfBytesNeverWrittenIsIgnored) {
  restart(0, {}, now_);
  say("a");
  uplink_.on_ack(1000, rtt_, now_);
  EXPECT_EQ(uplink_.acked(), 0U);
}

TEST_F(UplinkTest, CommandsKeepToThePace) {
  restart(0, {.messages_per_1000_seconds = 1000, .burst = 3}, now_);
  for (int i = 0; i < 5; ++i) say(std::to_string(i));
  EXPECT_EQ(sent().value().texts.size(), 2U);  // one less than the burst
  EXPECT_FALSE(sent());
  uplink_.on_ack(10, rtt_, now_);
  now_ = uplink_.deadline();
  EXPECT_THAT(sent().value().texts, ElementsAre("2"));
}

TEST_F(UplinkTest, ThePaceIsForEveryKindOfCommand) {
  restart(0, {.messages_per_1000_seconds = 1000, .burst = 2}, now_);
  uplink_.add(wire::CommandKind::who, {}, "a");
  uplink_.add(wire::CommandKind::direct, "bob", "b");
  EXPECT_THAT(sent().value().texts, ElementsAre("a"));
  EXPECT_FALSE(sent());
}

TEST_F(UplinkTest, ABurstOfZeroIsNoLimit) {
  restart(0, {.messages_per_1000_seconds = 1000, .burst = 0}, now_);
  for (int i = 0; i < 50; ++i) say("x");
  EXPECT_EQ(sent().value().texts.size(), 50U);
}

TEST_F(UplinkTest, ANewPaceHoldsForWaitingCommands) {
  restart(0, {.messages_per_1000_seconds = 1000, .burst = 2}, now_);
  for (int i = 0; i < 10; ++i) say(std::to_string(i));
  EXPECT_EQ(sent().value().texts.size(), 1U);
  uplink_.set_pace({.messages_per_1000_seconds = 1000, .burst = 6});
  EXPECT_EQ(sent().value().texts.size(), 4U);
  uplink_.set_pace({});
  EXPECT_EQ(sent().value().texts.size(), 5U);
}

TEST_F(UplinkTest, HeldCommandsAreSentAgainAfterTheWaitInOrder) {
  restart(0, {.messages_per_1000_seconds = 5000, .burst = 20}, now_);
  for (const char* text : {"a", "b", "c"}) say(text);
  EXPECT_EQ(sent().value().texts.size(), 3U);
  uplink_.on_wait(5, milliseconds{200}, now_);
  uplink_.on_ack(5, rtt_, now_);  // as the server sends it, in the same packet
  EXPECT_FALSE(uplink_.is_waiting_for_ack());
  EXPECT_FALSE(sent());
  EXPECT_EQ(uplink_.deadline(), now_ + milliseconds{200});
  now_ = uplink_.deadline() - Micros{1};
  EXPECT_FALSE(sent());
  now_ += Micros{1};
  const auto again = sent();
  EXPECT_EQ(again.value().offset, 5U);
  EXPECT_THAT(again.value().texts, ElementsAre("b"));
  uplink_.on_ack(10, rtt_, now_);
  now_ = uplink_.deadline();
  EXPECT_THAT(sent().value().texts, ElementsAre("c"));
}

TEST_F(UplinkTest, AWaitThatIsOutOfDateIsIgnored) {
  restart(0, {}, now_);
  say("a");
  say("b");
  ASSERT_TRUE(sent());
  uplink_.on_ack(10, rtt_, now_);
  uplink_.on_wait(5, seconds{1000}, now_);
  uplink_.on_wait(1000, seconds{1000}, now_);  // an offset that was never written
  EXPECT_EQ(uplink_.acked(), 10U);
  say("c");
  EXPECT_TRUE(sent());
}

// Else all of it would arrive at once when the server can be reached again.
TEST_F(UplinkTest, WithoutAnAnswerNoNewCommandIsSent) {
  restart(0, {.messages_per_1000_seconds = 5000, .burst = 20}, now_);
  std::size_t said = 0;
  std::size_t most = 0;
  for (const MonoTime end = now_ + seconds{10}; now_ < end; now_ += milliseconds{50}) {
    if (now_.time_since_epoch() % milliseconds{250} == Micros{0}) say(std::to_string(said++));
    if (const auto data = sent()) most = std::max<std::size_t>(most, data->texts.size());
  }
  EXPECT_EQ(said, 40U);
  EXPECT_LE(most, 2U);
  uplink_.on_ack(5, rtt_, now_);
  std::size_t at_once = 0;
  while (const auto data = sent()) at_once += data->texts.size();
  EXPECT_GE(at_once, 15U);
  EXPECT_LE(at_once, 20U);
}

TEST_F(UplinkTest, AnotherSessionGetsTheRestAtNewOffsets) {
  restart(0, {}, now_);
  say("a");
  say("b");
  ASSERT_TRUE(sent());
  uplink_.forget(1);
  restart(77, {}, now_);
  const auto rest = sent();
  EXPECT_EQ(rest.value().offset, 77U);
  EXPECT_THAT(rest.value().texts, ElementsAre("b"));
}

TEST_F(UplinkTest, HeldCommandsWaitForTheMembersOwn) {
  restart(0, {}, now_);
  say("a");
  ASSERT_TRUE(sent());
  uplink_.hold(0, {}, true, now_);
  EXPECT_EQ(uplink_.held_number_at(5), 1U);
  say("b");
  EXPECT_FALSE(sent());
  uplink_.add_own(wire::CommandKind::join, "lab", "own");
  EXPECT_THAT(sent().value().texts, ElementsAre("own"));
  EXPECT_EQ(uplink_.held_number_at(10), std::nullopt) << "never sent";
  EXPECT_TRUE(uplink_.release({}).empty());
  EXPECT_THAT(sent().value().texts, ElementsAre("a", "b"));
}

TEST_F(UplinkTest, NewCommandsCanBeHeldBeyondTheStartOfASession) {
  restart(0, {}, now_);
  say("a");
  uplink_.hold_new();
  say("b");
  EXPECT_THAT(sent().value().texts, ElementsAre("a"));
  EXPECT_FALSE(uplink_.is_holding()) << "the command before it is not held";
  uplink_.hold(0, {}, true, now_);
  say("c");
  EXPECT_FALSE(sent());
  EXPECT_TRUE(uplink_.release({}).empty());
  say("d");
  EXPECT_THAT(sent().value().texts, ElementsAre("a"));
  EXPECT_EQ(uplink_.size(), 4U);
  uplink_.end_hold_new();
  EXPECT_TRUE(uplink_.is_holding());
  EXPECT_TRUE(uplink_.release({}).empty());
  EXPECT_THAT(sent().value().texts, ElementsAre("b", "c", "d"));
  uplink_.end_hold_new();
  EXPECT_FALSE(uplink_.is_holding());
}

// Its room may be another one under the same name later.
TEST_F(UplinkTest, ANewCommandForARoomThatIsGoneIsRemovedAtTheReleaseBefore) {
  restart(0, {}, now_);
  uplink_.hold_new();
  const auto address = wire::as_argument(wire::RoomAddress{3});
  const auto gone =
      uplink_.add(wire::CommandKind::say, {address.data(), address.size()}, "hello", "lab");
  uplink_.hold(0, {}, true, now_);
  EXPECT_THAT(uplink_.release([](std::string_view) { return std::nullopt; }), ElementsAre(gone));
  EXPECT_EQ(uplink_.size(), 0U);
}

TEST_F(UplinkTest, TheMembersOwnCommandsEndWithTheirSessionAndAreNotReported) {
  restart(0, {}, now_);
  uplink_.add_own(wire::CommandKind::join, "lab", {});
  ASSERT_TRUE(sent());
  restart(0, {}, now_);
  EXPECT_EQ(uplink_.size(), 0U);
  uplink_.add_own(wire::CommandKind::join, "lab", "own");
  ASSERT_TRUE(sent());
  uplink_.on_ack(100, rtt_, now_);
  EXPECT_FALSE(uplink_.take_confirmed(100)) << "more than was written";
  uplink_.on_ack(10, rtt_, now_);
  EXPECT_FALSE(uplink_.take_confirmed(10).value().is_reported);
}

TEST_F(UplinkTest, AReleasedCommandNamesTheIdThatItsRoomHasThen) {
  const auto add_to = [&](wire::RoomId id, std::string_view room) {
    const auto address = wire::as_argument(wire::RoomAddress{id});
    return uplink_.add(wire::CommandKind::say, {address.data(), address.size()}, room, room);
  };
  uplink_.hold(0, {}, false, now_);
  add_to(3, "lab");
  const auto gone = add_to(4, "pub");
  const auto ids = [](std::string_view room) {
    return room == "lab" ? std::optional<wire::RoomId>{9} : std::nullopt;
  };
  EXPECT_THAT(uplink_.release(ids), ElementsAre(gone));
  std::array<std::byte, 1200> buffer{};
  wire::ByteWriter out{buffer};
  ASSERT_TRUE(uplink_.write(out, rtt_, now_));
  wire::ByteReader in{out.written()};
  const auto data = std::get<wire::DataFrame>(wire::next_frame(in).value());
  const auto command = wire::read_command(data.bytes).value();
  EXPECT_EQ(wire::room_of(command), 9U);
  EXPECT_EQ(command.text, "lab");
  EXPECT_EQ(data.bytes.size(), command.size);
}

TEST_F(UplinkTest, AHeldCommandIsForItsRoomAlsoIfThatIsRenamed) {
  const auto address = wire::as_argument(wire::RoomAddress{3});
  const auto add = [&] {
    uplink_.add(wire::CommandKind::say, {address.data(), address.size()}, "hello", "lab");
  };
  restart(0, {}, now_);
  add();
  uplink_.rename_room("lab", "pub");
  uplink_.hold(0, {}, false, now_);
  add();
  uplink_.rename_room("lab", "zoo");
  std::vector<std::string> rooms;
  (void)uplink_.release([&](std::string_view room) {
    rooms.emplace_back(room);
    return wire::RoomId{3};
  });
  EXPECT_THAT(rooms, ElementsAre("pub", "zoo"));
}

TEST_F(UplinkTest, ACommandThatARecordShowsIsNotSentInAnotherSession) {
  restart(0, {}, now_);
  say("a");
  const auto b = say("b");
  ASSERT_TRUE(sent());
  uplink_.note_carried_out(10);
  uplink_.note_carried_out(11);
  EXPECT_EQ(uplink_.size(), 2U);
  EXPECT_THAT(uplink_.take_carried_out(), ElementsAre(b));
  restart(0, {}, now_);
  EXPECT_THAT(sent().value().texts, ElementsAre("a"));
}

TEST_F(UplinkTest, OffsetsOfAnotherHistoryAreForgotten) {
  restart(0, {}, now_);
  say("a");
  ASSERT_TRUE(sent());
  uplink_.hold(0, {}, false, now_);
  EXPECT_EQ(uplink_.held_number_at(5), std::nullopt);
}

TEST_F(UplinkTest, NoMoreThanAWindowIsInFlight) {
  restart(0, {}, now_);
  for (int i = 0; i < 100; ++i) say(std::string(900, 'x'));
  std::size_t datagrams = 0;
  while (sent()) ++datagrams;
  EXPECT_LE(datagrams, 18U);
  EXPECT_GT(datagrams, 10U);
}

}  // namespace
}  // namespace chatd::client
