// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of rooms, by sealed packets: commands, their rates, members that a change of the default
// room removes, and what a hostile client finds out. eve's packets are forged, as a hostile client
// can.
#include <algorithm>
#include <set>

#include <gmock/gmock.h>

#include "common/wire/native/native_record.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/native_world.hpp"
#include "tests/support/room_checks.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;
using test::NativeWorld;
using wire::CommandKind;
using wire::ModerateAction;
using wire::RoomProperty;

class NativeModeration : public ::testing::Test {
 protected:
  NativeModeration() {
    world_.run_for(seconds{1});
    eve_.asleep = true;
    (void)eve_.socket.drain();
  }
  ~NativeModeration() override { (void)test::expect_consistent_rooms(world_.view()); }

  static config::Config config() {
    config::Config config = NativeWorld::quick_config();
    config.limits.rooms_per_member = config.limits.rooms_per_address = 0;
    return config;
  }
  chat::Rooms& rooms() { return world_.chat().rooms; }
  std::uint64_t uplink() { return world_.view().native_slots()[slot_].uplink; }
  void command(CommandKind kind, std::string_view name, std::string_view text = {}) {
    std::array<std::byte, wire::kMaxCommandBytes> bytes{};
    wire::ByteWriter out{bytes};
    ASSERT_TRUE(wire::write_command(out, kind, name, text));
    const wire::Frame data =
        wire::DataFrame{.stream = wire::kCommandStream, .offset = uplink(), .bytes = out.written()};
    world_.forge(eve_, "eve", std::span{&data, 1});
  }
  void moderate(std::string_view room, ModerateAction action, std::string_view name,
                std::string_view reason = {}) {
    std::array<char, wire::kMaxModerationBytes> text{};
    command(CommandKind::moderate, room,
            wire::write_moderation({.action = action, .name = name, .reason = reason}, text));
  }
  void set(std::string_view room, RoomProperty property, std::uint16_t value) {
    std::array<char, wire::kMaxSettingBytes> text{};
    command(CommandKind::set, room,
            wire::write_setting({.property = property, .value = value}, text));
  }
  void acknowledge_mailbox() {
    const wire::Frame ack = wire::AckFrame{.stream = wire::kMailboxStream,
                                           .window = 65'536,
                                           .cumulative = world_.chat().mailboxes.tail(slot_)};
    world_.forge(eve_, "eve", std::span{&ack, 1});
  }
  // The last answer, without the id of the room that was asked for.
  struct Answer {
    state::RecordKind kind;
    std::string name;
    std::string text;
    friend bool operator==(const Answer&, const Answer&) = default;
  };
  Answer answer_to(CommandKind kind, std::string_view name, std::string_view text = {}) {
    acknowledge_mailbox();
    const std::uint64_t tail = world_.chat().mailboxes.tail(slot_);
    command(kind, name, text);
    logs::RecordBuffer buffer;
    logs::LogFollower follower{world_.view().mailbox_log(slot_), buffer, logs::Offset{tail}};
    wire::RecordView record{};
    if (follower.next(record) != logs::LogFollower::Status::record) return {};
    Answer answer{record.header.kind, std::string{record.name}, std::string{record.text}};
    if (answer.kind == state::RecordKind::left) answer.text.erase(1, 4);
    return answer;
  }
  // The answer to a join with a position in the room of that id, without the number of the stream.
  // eve leaves the room that she has joined.
  Answer joined_at(std::string_view name, state::RoomId known) {
    std::array<std::byte, wire::encoded_bytes(wire::RoomPosition{})> position{};
    wire::ByteWriter out{position};
    wire::encode(out, wire::RoomPosition{.history_id = world_.view().header().epoch,
                                         .offset = state::first_offset(known) + 1});
    Answer answer = answer_to(CommandKind::join, name,
                              {reinterpret_cast<const char*>(position.data()), position.size()});
    const auto joined = wire::read_joined(answer.text);
    if (answer.kind != state::RecordKind::joined || !joined) return answer;
    EXPECT_GE(joined->offset, state::first_offset(state::RoomId{joined->room}));
    answer.text = std::to_string(joined->room);
    command(CommandKind::leave, test::id_text(state::RoomId{joined->room}));
    world_.run_for(seconds{2});
    return answer;
  }
  state::RoomPlace place_of(std::string_view room) { return rooms().find_name(room).value(); }
  std::string id_text(std::string_view room) { return test::id_text(place_of(room).id); }
  // eve becomes an owner of the default room.
  void make_owner_of_all() {
    ASSERT_TRUE(
        world_.chat().moderation.moderate({.now = world_.server_now()}, std::nullopt,
                                          {.action = ModerateAction::owner, .name = "eve"}));
  }

  NativeWorld world_{1, config()};
  NativeWorld::Seat& ada_{world_.enter("ada")};
  NativeWorld::Seat& eve_{world_.enter("eve")};
  chat::Slot ada_slot_{world_.sessions().find_name("ada").value()};
  chat::Slot slot_{world_.sessions().find_name("eve").value()};
};

TEST_F(NativeModeration, CommandsChangeARoom) {
  command(CommandKind::make, "lab");
  command(CommandKind::topic, id_text("lab"), "physics");
  set(id_text("lab"), RoomProperty::lecture, 1);
  moderate(id_text("lab"), ModerateAction::ban, "ada", "noise");
  const auto& properties = world_.view().properties(place_of("lab").index);
  EXPECT_EQ(view_of(topic_of(properties).text), "physics");
  EXPECT_TRUE(properties.is_lecture.load());
  const auto about = answer_to(CommandKind::about, id_text("lab"));
  EXPECT_EQ(about.kind, state::RecordKind::about);
  EXPECT_EQ(about.name, "lab");
  EXPECT_THAT(about.text, ::testing::HasSubstr("topic\tphysics\ntopic_by\teve\ntopic_set\t"));
  EXPECT_THAT(about.text, ::testing::HasSubstr("\tada\t0\teve\tnoise\n"));
  command(CommandKind::leave, id_text("lab"));
  command(CommandKind::join, "lab");
  const auto records = test::mailbox_records(world_.view(), slot_);
  const auto joined = wire::read_joined(records.back().text).value();
  EXPECT_EQ(joined.topic, "physics");
  EXPECT_EQ(joined.topic_by, "eve");
  EXPECT_GT(joined.topic_set, 0);
}

TEST_F(NativeModeration, MalformedChangesAreRefusedAndChangeNothing) {
  command(CommandKind::make, "lab");
  const std::uint64_t tail = rooms().tail(place_of("lab").index);
  for (const CommandKind kind : {CommandKind::set, CommandKind::moderate}) {
    for (const std::string& text :
         {std::string{}, std::string{"x"}, std::string(3, '\xff'), std::string(900, '\x01')}) {
      EXPECT_EQ(answer_to(kind, id_text("lab"), text).name, "unknown_command");
    }
  }
  EXPECT_EQ(answer_to(CommandKind::set, id_text("lab"), std::string("\x05\x00\x00name", 7)).name,
            "no_right");
  EXPECT_EQ(rooms().tail(place_of("lab").index), tail);
}

TEST_F(NativeModeration, AnActionThatWasCarriedOutHasALogRecord) {
  const test::LogLines lines;
  command(CommandKind::make, "lab");
  moderate(id_text("lab"), ModerateAction::mute, "ada", "noise");
  moderate({}, ModerateAction::mute, "ada", "refused");
  EXPECT_THAT(lines.messages(), ::testing::ElementsAre("eve muted ada in #lab: noise"));
}

TEST_F(NativeModeration, ALineOfAnotherThatIsErasedHasALogRecordAndAnOwnOneHasNone) {
  command(CommandKind::make, "lab");
  const test::LogLines lines;
  command(CommandKind::say, id_text("lab"), "my own secret");
  command(CommandKind::erase, id_text("lab"));
  EXPECT_THAT(lines.messages(), ::testing::IsEmpty());
  const auto index = place_of("lab").index;
  rooms().post(index, {.kind = state::RecordKind::say,
                       .sender = world_.sessions().sender(ada_slot_),
                       .name = "ada",
                       .text = "a secret of ada",
                       .time = world_.server_now().wall});
  std::uint64_t number = 0;
  chat::for_each_said(world_.view().room_log(index),
                      [&](const wire::RecordView& record, logs::Offset /*at*/) {
                        number = record.header.sequence;
                      });
  const auto text = wire::as_argument(wire::LineNumber{.number = number});
  command(CommandKind::erase, id_text("lab"), {text.data(), text.size()});
  EXPECT_THAT(lines.messages(), ::testing::ElementsAre("eve erased line " + std::to_string(number) +
                                                       " of ada in #lab"));
}

TEST_F(NativeModeration, AChangeThatComesTooEarlyWaits) {
  command(CommandKind::make, "lab");
  for (int i = 0; i < 10; ++i) command(CommandKind::topic, id_text("lab"), std::to_string(i));
  const std::uint64_t before = uplink();
  const test::LogLines lines;
  command(CommandKind::topic, id_text("lab"), "one more");
  EXPECT_EQ(uplink(), before);
  EXPECT_THAT(lines.messages(), ::testing::IsEmpty()) << "no setting is exceeded";
  EXPECT_EQ(view_of(topic_of(world_.view().properties(place_of("lab").index)).text), "9");
  command(CommandKind::say, id_text("lab"), "a message has another rate");
  EXPECT_GT(uplink(), before);
  world_.run_for(seconds{6});
  command(CommandKind::topic, id_text("lab"), "one more");
  EXPECT_EQ(view_of(topic_of(world_.view().properties(place_of("lab").index)).text), "one more");
}

TEST_F(NativeModeration, AModeratorOfTheDefaultRoomRemovesMembersOfBothProtocols) {
  make_owner_of_all();
  test::UdpClient tex;
  const std::string login = "L tex";
  world_.inject(std::as_bytes(std::span{login}), tex.endpoint());
  ASSERT_TRUE(world_.sessions().find_name("tex"));
  moderate({}, ModerateAction::kick, "tex", "noise");
  EXPECT_FALSE(world_.sessions().find_name("tex"));
  moderate({}, ModerateAction::ban, "ada");
  EXPECT_FALSE(world_.sessions().is_member(ada_slot_));
  EXPECT_EQ(world_.view().rule_head().change_of.load(), 0U);
  world_.run_for(seconds{5});
  EXPECT_FALSE(world_.sessions().find_name("ada")) << "its client tries again";
}

// bob and eve hear what is said after the bans.
TEST_F(NativeModeration, ABannedMemberHearsNothingAfterTheRecordOfItsLeave) {
  make_owner_of_all();
  auto& bob = world_.enter("bob");
  test::UdpClient tex;
  const std::string login = "L tex";
  world_.inject(std::as_bytes(std::span{login}), tex.endpoint());
  ASSERT_TRUE(world_.sessions().find_name("tex"));
  moderate({}, ModerateAction::ban, "tex", "noise");
  moderate({}, ModerateAction::ban, "ada", "noise");
  command(CommandKind::say, {}, "canary");
  ASSERT_TRUE(world_.run_until([&] { return !bob.lines.empty(); }));
  EXPECT_EQ(bob.lines.back(), "eve: canary");
  world_.run_for(seconds{5});
  EXPECT_THAT(ada_.lines, ::testing::IsEmpty());
  EXPECT_EQ(test::end_of(ada_.events).text, "banned: noise");
  const std::vector<std::string> lines = tex.drain_lines();
  ASSERT_THAT(lines, ::testing::Not(::testing::IsEmpty()));
  EXPECT_EQ(lines.back(), "EXIT");
  for (const std::string& line : lines) EXPECT_EQ(line.find("canary"), std::string::npos) << line;
}

// eve asks for each room that she may not find by every command: hidden, for invited members,
// banned there, dropped, never made, and ids that are none.
TEST_F(NativeModeration, NoPacketTellsARoomThatMayNotBeFoundFromOneThatIsNot) {
  auto& moderation = world_.chat().moderation;
  const chat::Now now = world_.server_now();
  std::uint64_t end = 1'000'000;
  const auto make = [&](std::string_view name) {
    const auto made = rooms().make({.slot = ada_slot_, .end = end += 10, .now = now}, name);
    return made.value().room;
  };
  const chat::Moderation::By ada{.member = ada_slot_, .now = now};
  const auto hidden = make("hidden");
  ASSERT_TRUE(moderation.set(ada, hidden, {.property = RoomProperty::hidden, .value = 1}));
  const auto invited = make("invited");
  ASSERT_TRUE(moderation.set(ada, invited, {.property = RoomProperty::invited, .value = 1}));
  const auto banned = make("banned");
  ASSERT_TRUE(moderation.moderate(ada, banned, {.action = ModerateAction::ban, .name = "eve"}));
  const auto dropped = make("dropped");
  world_.chat().room_admin.drop(dropped.index, now);
  const auto both = make("both");
  ASSERT_TRUE(moderation.set(ada, both, {.property = RoomProperty::invited, .value = 1}));
  ASSERT_TRUE(moderation.set(ada, both, {.property = RoomProperty::hidden, .value = 1}));

  const std::string both_name{rooms().name(both.index)};
  const auto absent = answer_to(CommandKind::join, "absent");
  EXPECT_EQ(absent.name, "no_such_room");
  for (const std::string& name :
       {std::string{"hidden"}, std::string{"invited"}, std::string{"banned"},
        std::string{"dropped"}, std::string{"both"}, both_name, std::string{}}) {
    EXPECT_EQ(answer_to(CommandKind::join, name), absent) << name;
  }
  // By a position, which names a room by its id, beside the name of a room that is open or not
  // there.
  make("pub");
  ASSERT_EQ(joined_at("pub", state::RoomId{4'000'000}).name, "pub");
  for (const auto& place : {hidden, invited, banned, dropped, both}) {
    EXPECT_EQ(joined_at("absent", place.id), absent);
    EXPECT_EQ(joined_at("pub", place.id), joined_at("pub", state::RoomId{4'000'000}));
  }
  std::array<char, wire::kMaxModerationBytes> kick{};
  const auto kick_ada =
      wire::write_moderation({.action = ModerateAction::kick, .name = "ada"}, kick);
  const std::pair<CommandKind, std::string> asked[] = {
      {CommandKind::about, ""}, {CommandKind::topic, "x"},
      {CommandKind::set, ""},   {CommandKind::moderate, std::string{kick_ada}},
      {CommandKind::who, ""},   {CommandKind::leave, ""},
      {CommandKind::say, "x"},  {CommandKind::action, "x"}};
  for (const auto& [kind, text] : asked) {
    SCOPED_TRACE(static_cast<int>(kind));
    const auto none = answer_to(kind, test::id_text(state::RoomId{4'000'000'000}), text);
    EXPECT_NE(none, Answer{});
    for (const auto& place : {hidden, invited, banned, dropped, both}) {
      EXPECT_EQ(answer_to(kind, test::id_text(place.id), text), none);
      world_.run_for(seconds{7});  // changes have a rate
    }
    EXPECT_EQ(answer_to(kind, std::string(255, '\xff'), text), none);
  }
  EXPECT_EQ(world_.figure(&state::GatewayCounters::commands_not_in_room), std::size(asked) * 7);
  EXPECT_EQ(answer_to(CommandKind::rooms, {}).text, "pub\t1");
  EXPECT_EQ(rooms().rooms_of(slot_).size(), 0U);
  EXPECT_EQ(rooms().members(hidden.index), 1U);
}

}  // namespace
}  // namespace chatd::gateway
