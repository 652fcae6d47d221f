// SPDX-License-Identifier: GPL-3.0-or-later
// Further rooms, by sealed packets: commands, acknowledgements, the HEADs of their streams, and the
// ways in which a member leaves all of them. eve's packets are forged, as a hostile client can.
#include <map>

#include <gmock/gmock.h>

#include "common/transport/packet_seal.hpp"
#include "common/wire/native/native_record.hpp"
#include "tests/support/native_world.hpp"
#include "tests/support/room_checks.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;
using test::NativeWorld;
using wire::CommandKind;

class NativeRooms : public ::testing::Test {
 protected:
  NativeRooms() {
    world_.run_for(seconds{1});
    eve_.asleep = true;
    (void)eve_.socket.drain();
  }
  ~NativeRooms() override { (void)test::expect_consistent_rooms(world_.view()); }

  static config::Config config() {
    config::Config config = NativeWorld::quick_config();
    config.limits.rooms_per_member = config.limits.rooms_per_address = 0;
    return config;
  }
  chat::Rooms& rooms() { return world_.chat().rooms; }
  [[nodiscard]] state::NativeSlot& native() const { return world_.view().native_slots()[slot_]; }
  void forge(std::initializer_list<wire::Frame> frames) { world_.forge(eve_, "eve", frames); }
  // A packet with one command, at the place that the server has read to.
  void command(CommandKind kind, std::string_view name, std::string_view text = {}) {
    std::array<std::byte, wire::kMaxCommandBytes> bytes{};
    wire::ByteWriter out{bytes};
    ASSERT_TRUE(wire::write_command(out, kind, name, text));
    forge({wire::DataFrame{
        .stream = wire::kCommandStream, .offset = native().uplink, .bytes = out.written()}});
  }
  void acknowledge(std::uint8_t stream, std::uint64_t offset) {
    forge({wire::AckFrame{.stream = stream, .window = 65'536, .cumulative = offset}});
  }
  void acknowledge_mailbox() {
    acknowledge(wire::kMailboxStream, world_.chat().mailboxes.tail(slot_));
  }
  state::RoomPlace place_of(std::string_view room) { return rooms().find_name(room).value(); }
  std::uint64_t tail_of(std::string_view room) { return rooms().tail(place_of(room).index); }
  std::string id_text(std::string_view room) { return test::id_text(place_of(room).id); }
  std::uint64_t acked(std::size_t at) { return world_.view().subscriptions(slot_)[at].acks.acked; }

  // The HEADs of the datagrams that wait in eve's socket, by stream.
  std::map<unsigned, std::uint64_t> heads() {
    std::map<unsigned, std::uint64_t> found;
    for (const std::string& datagram : eve_.socket.drain()) {
      const wire::Bytes bytes = std::as_bytes(std::span{datagram});
      const auto header = wire::read_sealed(bytes).value();
      const auto key = world_.keys().take(slot_, native().packet_counter).value().key;
      std::array<std::byte, wire::kMaxDatagram> opened{};
      wire::Bytes frames;
      EXPECT_TRUE(transport::open_packet(aead_, key, header.counter, bytes, opened, frames));
      wire::ByteReader in{frames};
      while (const auto frame = wire::next_frame(in)) {
        const auto* head = std::get_if<wire::HeadFrame>(&*frame);
        if (head != nullptr) found[head->stream] = head->tail;
      }
    }
    return found;
  }
  std::uint64_t calls() { return world_.view().process(1).calls.load(); }
  std::uint64_t refused_acks() { return world_.figure(&state::GatewayCounters::acks_refused); }

  NativeWorld world_{1, config()};
  NativeWorld::Seat& ada_{world_.enter("ada")};
  NativeWorld::Seat& eve_{world_.enter("eve")};
  chat::Slot slot_{world_.sessions().find_name("eve").value()};
  crypto::Aead aead_;
};

TEST_F(NativeRooms, CommandsMakeJoinTalkAndLeave) {
  command(CommandKind::make, "lab");
  ASSERT_TRUE(rooms().find_name("lab"));
  command(CommandKind::say, id_text("lab"), "hello");
  command(CommandKind::action, id_text("lab"), "waves");
  const auto records = test::records_of(world_.view().room_log(place_of("lab").index));
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[1].text, "hello");
  EXPECT_EQ(records[2].kind, state::RecordKind::action);
  command(CommandKind::leave, id_text("lab"));
  EXPECT_EQ(rooms().members(place_of("lab").index), 0U);
  command(CommandKind::join, "LAB", std::string(16, '\xff'));
  EXPECT_EQ(rooms().members(place_of("lab").index), 1U);
  command(CommandKind::join, "lab", "short");
  EXPECT_EQ(rooms().members(place_of("lab").index), 1U);
  EXPECT_EQ(world_.figure(&state::GatewayCounters::rooms_now), 1U);
}

// A call makes the worker serve all of its members. The log of the room and the news are enough for
// the worker to find the members that a message is for.
TEST_F(NativeRooms, ARecordInAMailboxCallsTheWorkerAndAMessageDoesNot) {
  command(CommandKind::make, "lab");
  const auto calls_of = [this](CommandKind kind, std::string_view name, std::string_view text) {
    const std::uint64_t before = calls();
    command(kind, name, text);
    return calls() - before;
  };
  EXPECT_EQ(calls_of(CommandKind::say, {}, "hello"), 0U);
  EXPECT_EQ(calls_of(CommandKind::say, id_text("lab"), "hello"), 0U);
  EXPECT_EQ(calls_of(CommandKind::action, id_text("lab"), "waves"), 0U);
  EXPECT_EQ(calls_of(CommandKind::direct, "ada", "hello"), 1U);
  EXPECT_EQ(calls_of(CommandKind::who, {}, {}), 1U);
  EXPECT_EQ(calls_of(CommandKind::say, id_text("lab"), {}), 1U) << "a refusal";
  EXPECT_EQ(calls_of(CommandKind::leave, id_text("lab"), {}), 1U);
  EXPECT_EQ(calls_of(CommandKind::join, "lab", {}), 1U);
}

TEST_F(NativeRooms, ARemovalByTheAdministratorCallsTheWorker) {
  command(CommandKind::make, "lab");
  std::uint64_t before = calls();
  ASSERT_TRUE(
      world_.chat().room_admin.kick(slot_, place_of("lab").id, "spam", world_.server_now()));
  world_.run_for(seconds{1});
  EXPECT_EQ(calls(), before + 1);
  command(CommandKind::join, "lab");
  before = calls();
  EXPECT_EQ(world_.chat().room_admin.drop(place_of("lab").index, world_.server_now()), 1U);
  world_.run_for(seconds{1});
  EXPECT_EQ(calls(), before + 1);
}

TEST_F(NativeRooms, AJoinGoesOnFromTheKnownPosition) {
  ASSERT_TRUE(rooms().make_kept("lab", world_.server_now()));
  for (int i = 0; i < 3; ++i) {
    rooms().post(place_of("lab").index, {.kind = state::RecordKind::announce,
                                         .sender = {},
                                         .name = {},
                                         .text = "hello",
                                         .time = {}});
  }
  const std::uint64_t known = tail_of("lab");
  const auto position =
      wire::as_argument(wire::RoomPosition{.history_id = test::kHistoryId, .offset = known});
  command(CommandKind::join, "lab", {position.data(), position.size()});
  EXPECT_EQ(acked(0), known);
}

TEST_F(NativeRooms, AForgedPositionIsCountedAndTheRoomBeginsAtTheOldestRecord) {
  command(CommandKind::make, "lab");
  command(CommandKind::leave, id_text("lab"));
  const auto join_at = [&](std::uint64_t offset) {
    const auto position =
        wire::as_argument(wire::RoomPosition{.history_id = test::kHistoryId, .offset = offset});
    command(CommandKind::join, "lab", {position.data(), position.size()});
    EXPECT_EQ(acked(0), state::first_offset(place_of("lab").id));
    command(CommandKind::leave, id_text("lab"));
  };
  join_at(state::first_offset(place_of("lab").id));
  EXPECT_EQ(world_.figure(&state::GatewayCounters::offsets_refused), 0U);
  join_at(tail_of("lab") + 80);
  EXPECT_EQ(world_.figure(&state::GatewayCounters::offsets_refused), 1U);
}

TEST_F(NativeRooms, DataOfAnotherStreamThanThatOfCommandsIsCounted) {
  const std::array bytes{std::byte{1}, std::byte{2}};
  forge({wire::DataFrame{.stream = 7, .offset = 0, .bytes = bytes}});
  EXPECT_EQ(world_.figure(&state::GatewayCounters::offsets_refused), 1U);
}

TEST_F(NativeRooms, APongCarriesTheHeadOfEachStream) {
  for (int i = 0; i < 31; ++i) {
    command(CommandKind::make, "den" + std::to_string(i));
    acknowledge_mailbox();
  }
  command(CommandKind::leave, id_text("den4"));
  (void)eve_.socket.drain();
  forge({wire::PingFrame{}});
  const auto found = heads();
  EXPECT_EQ(found.size(), 32U);
  EXPECT_EQ(found.at(wire::kMailboxStream), world_.chat().mailboxes.tail(slot_));
  EXPECT_EQ(found.at(wire::kRoomStream), world_.chat().room.tail());
  for (unsigned i = 0; i < 31; ++i) {
    if (i != 4) {
      EXPECT_EQ(found.at(i + 2), tail_of("den" + std::to_string(i))) << i;
    }
  }
  EXPECT_FALSE(found.contains(6));
}

TEST_F(NativeRooms, AnAcknowledgementMovesItsStreamAndForgedOnesAreCounted) {
  command(CommandKind::make, "lab");
  command(CommandKind::make, "den");
  const std::uint64_t den = acked(1);
  const std::uint64_t serial = state::peer_of(native()).ack_serial;
  acknowledge(2, tail_of("lab"));
  EXPECT_EQ(acked(0), tail_of("lab"));
  EXPECT_EQ(state::peer_of(native()).ack_serial, serial + 1);
  acknowledge(2, acked(0) - 8);
  EXPECT_EQ(refused_acks(), 0U) << "an older one that came late";
  acknowledge(2, tail_of("lab") + 1);
  acknowledge(2, ~std::uint64_t{0});
  acknowledge(3, tail_of("lab") - 1'000'000);
  EXPECT_EQ(refused_acks(), 2U);
  EXPECT_EQ(acked(0), tail_of("lab"));
  EXPECT_EQ(acked(1), den);
  EXPECT_EQ(state::peer_of(native()).ack_serial, serial + 1);
}

TEST_F(NativeRooms, AcknowledgementsOfOtherStreamsAreCountedAndChangeNothing) {
  command(CommandKind::make, "lab");
  const state::NativePeer before = state::peer_of(native());
  for (unsigned stream = 3; stream < 256; ++stream) {
    acknowledge(static_cast<std::uint8_t>(stream), tail_of("lab"));
  }
  EXPECT_EQ(refused_acks(), 253U);
  const state::NativePeer& after = state::peer_of(native());
  EXPECT_EQ(after.ack_serial, before.ack_serial);
  EXPECT_EQ(after.acked, before.acked);
  EXPECT_EQ(acked(0), state::first_offset(place_of("lab").id));
  ada_.member.say("hello", world_.now());
  EXPECT_TRUE(world_.run_until([&] { return ada_.member.unconfirmed() == 0; }));
}

TEST_F(NativeRooms, AMemberThatIsRemovedLeavesItsRooms) {
  command(CommandKind::make, "lab");
  command(CommandKind::make, "den");
  world_.service().remove(slot_, state::LeaveKind::kicked, "spam", world_.server_now());
  for (const char* room : {"lab", "den"}) {
    const auto records = test::records_of(world_.view().room_log(place_of(room).index));
    EXPECT_EQ(records.back().kind, state::RecordKind::kick);
    EXPECT_EQ(records.back().name, "eve");
    EXPECT_EQ(rooms().members(place_of(room).index), 0U);
  }
  EXPECT_EQ(native().subscriptions.load(), 0U);
}

TEST_F(NativeRooms, AQuitAByeAndSilenceLeaveTheRooms) {
  using Leave = std::function<void()>;
  const auto leave_by = [this](const char* room, const Leave& leave) {
    SCOPED_TRACE(room);
    command(CommandKind::make, room);
    EXPECT_EQ(rooms().members(place_of(room).index), 1U);
    leave();
    EXPECT_EQ(rooms().members(place_of(room).index), 0U);
    EXPECT_EQ(world_.sessions().find_name("eve"), std::nullopt);
    world_.run_for(seconds{1});
    const auto key = crypto::generate_key_pair().value();
    auto& again = world_.add({.name = "eve", .identity = key});
    world_.start(again);
    ASSERT_TRUE(world_.run_until([&] { return again.member.is_joined(); }));
    world_.run_for(seconds{1});
    again.asleep = true;
    slot_ = world_.sessions().find_name("eve").value();
    EXPECT_EQ(native().subscriptions.load(), 0U);
  };
  leave_by("one", [this] { command(CommandKind::quit, ""); });
  leave_by("two", [this] { forge({wire::ByeFrame{}}); });
  leave_by("three", [this] { world_.run_for(seconds{200}); });
}

TEST_F(NativeRooms, AnotherClientOfTheMemberIsInNoRoom) {
  config::Config::Limits limits = config().limits;
  limits.programs_per_person = 1;
  world_.limit_to(limits);
  const auto identity = crypto::generate_key_pair().value();
  auto& first = world_.add({.name = "bob", .identity = identity});
  world_.start(first);
  ASSERT_TRUE(world_.run_until([&] { return first.member.is_joined(); }));
  const chat::Slot bob = world_.sessions().find_name("bob").value();
  // The answer stays in the mailbox: the first client sleeps, and the second client receives it.
  (void)first.member.send(client::MakeRoom{.name = "lab"}, world_.now());
  ASSERT_TRUE(world_.run_until([&] {
    first.asleep = rooms().find_name("lab").has_value();
    return first.asleep;
  }));
  auto& second = world_.add({.name = "bob", .identity = identity});
  world_.start(second);
  ASSERT_TRUE(world_.run_until([&] { return second.member.is_joined(); }));
  EXPECT_EQ(world_.sessions().find_name("bob"), bob) << "the session continues";
  EXPECT_EQ(rooms().members(place_of("lab").index), 0U);
  EXPECT_EQ(world_.view().native_slots()[bob].subscriptions.load(), 0U);
  world_.run_for(seconds{1});
  const auto count = [&]<class Event>(const Event&) {
    return std::ranges::count_if(second.events, [](const client::Event& event) {
      return std::holds_alternative<Event>(event);
    });
  };
  EXPECT_EQ(count(client::RoomJoined{}), 1);
  EXPECT_EQ(count(client::RoomLeft{}), 1);
}

TEST_F(NativeRooms, ACommandWithoutSpaceForItsAnswerIsCarriedOutOnceThereIsSome) {
  for (const std::size_t bytes : {200U, 1U}) {
    while (world_.chat().mailboxes.deliver(slot_, {.kind = wire::RecordKind::notice,
                                                   .sender = std::nullopt,
                                                   .name = {},
                                                   .text = std::string(bytes, 'x'),
                                                   .time = world_.server_now().wall})) {
    }
  }
  const std::uint64_t before = native().uplink;
  command(CommandKind::make, "lab");
  EXPECT_EQ(native().uplink, before);
  EXPECT_FALSE(rooms().find_name("lab"));
  acknowledge_mailbox();
  command(CommandKind::make, "lab");
  EXPECT_GT(native().uplink, before);
  EXPECT_EQ(test::records_of(world_.view().room_log(place_of("lab").index)).size(), 1U);
}

TEST_F(NativeRooms, ANextGatewayTakesTheRoomsOver) {
  command(CommandKind::make, "lab");
  const std::string id = id_text("lab");
  world_.replace_gateway();
  command(CommandKind::say, id, "hello");
  acknowledge(2, tail_of("lab"));
  EXPECT_EQ(acked(0), tail_of("lab"));
  EXPECT_EQ(refused_acks(), 0U);
}

// Between the step that lets a member into a room and the record `joined`, the worker can send
// bytes of the room: it runs at the same time, or the gateway is killed there. The client does not
// know the stream and acknowledges nothing of it.
TEST_F(NativeRooms, TheAnswerToAJoinArrivesWhenTheRoomFilledTheWindowBefore) {
  constexpr std::size_t kMessages = 40;
  const auto lab = rooms().make_kept("lab", world_.server_now()).value();
  const std::string text(400, 'x');  // together more than the first window
  for (std::size_t i = 0; i < kMessages; ++i) {
    rooms().post(
        lab.index,
        {.kind = state::RecordKind::say, .sender = {}, .name = "bob", .text = text, .time = {}});
  }
  const auto slot = world_.sessions().find_name("ada").value();
  ASSERT_TRUE(rooms().enter({.slot = slot, .end = 0, .now = world_.server_now()}, "lab", {}));
  world_.run_for(seconds{1});
  world_.replace_gateway();

  (void)ada_.member.send(client::JoinRoom{.name = "lab"}, world_.now());
  EXPECT_TRUE(world_.run_until(
      [&] {
        return test::has<client::RoomJoined>(ada_.events) && ada_.lines.size() >= kMessages &&
               ada_.member.unconfirmed() == 0;
      },
      seconds{10}));
  EXPECT_EQ(ada_.lines.size(), kMessages);
}

TEST_F(NativeRooms, RoomsWithoutMembersAreDroppedByTheTick) {
  auto limits = config().limits;
  limits.rooms_per_member = 3;
  world_.limit_to(limits);
  for (int i = 0; i < 3; ++i) {
    command(CommandKind::make, "den" + std::to_string(i));
    acknowledge_mailbox();
  }
  command(CommandKind::make, "den3");
  EXPECT_EQ(rooms().size(), 3U) << "limits.rooms_per_member";
  for (int i = 0; i < 3; ++i) command(CommandKind::leave, id_text("den" + std::to_string(i)));
  world_.run_for(seconds{601});
  EXPECT_EQ(rooms().size(), 0U);
}

}  // namespace
}  // namespace chatd::gateway
