// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/native_commands.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>

#include <gmock/gmock.h>

#include "common/wire/native/native_command.hpp"
#include "common/wire/native/native_record.hpp"
#include "tests/daemon/chat/rooms_fixture.hpp"
#include "tests/support/named_member.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;
using Status = Sessions::Status;
using std::chrono::milliseconds;
using std::chrono::seconds;

class NativeCommandsTest : public NativeFixture {};

TEST_F(NativeCommandsTest, ACommandMovesTheUplinkAfterItsRecord) {
  const Slot ada = enter("ada", 1).slot;
  say(order(ada, 40), "hello");
  EXPECT_EQ(state_.native_slots()[ada].uplink, 40U);
  commands().say(order(ada, 60), state::RecordKind::action, {}, "waves");
  EXPECT_THAT(texts(), ElementsAre("join ada ", "say ada hello", "action ada waves"));
}

TEST_F(NativeCommandsTest, ARefusedCommandIsANoticeInItsOwnMailbox) {
  const Slot ada = enter("ada", 1).slot;
  say(order(ada, 10), "");
  say(order(ada, 20), "\xFF");
  say(order(ada, 30), std::string(901, 'x'));
  commands().say_to(order(ada, 40), "nobody", "hello");
  commands().refuse_unknown(order(ada, 50));
  EXPECT_THAT(mailbox(ada), ElementsAre("notice empty", "notice not_utf8", "notice too_long",
                                        "notice no_such_member", "notice unknown_command"));
  EXPECT_EQ(state_.native_slots()[ada].uplink, 50U);
}

TEST_F(NativeCommandsTest, TheRateHoldsForNativeMembersToo) {
  const Slot ada = enter("ada", 1).slot;
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(sessions().charge(ada, now().mono));
  EXPECT_EQ(sessions().charge(ada, now().mono)->wait, milliseconds{200});
  EXPECT_EQ(state_.counters().messages_refused_rate.load(), 1U);
  time_ += milliseconds{200};
  EXPECT_FALSE(sessions().charge(ada, now().mono));
}

TEST_F(NativeCommandsTest, DirectMessagesNeedANativeMemberAndSpace) {
  const Slot ada = enter("ada", 1).slot;
  const Slot bob = enter("bob", 2).slot;
  EXPECT_EQ(commands().say_to(order(ada, 10), "BOB", "psst"), bob);
  EXPECT_THAT(mailbox(bob), ElementsAre("direct ada"));
  ASSERT_EQ(
      sessions()
          .admit({.name = "tex", .from = test::delivery_to(test::endpoint("127.0.0.1:9"))}, now())
          .status,
      Status::admitted);
  EXPECT_FALSE(commands().say_to(order(ada, 20), "tex", "psst"));
  for (std::uint64_t i = 3; i < 6; ++i) {
    commands().say_to(order(ada, i * 10), "bob", std::string(900, 'x'));
  }
  EXPECT_THAT(mailbox(ada), ElementsAre("notice not_native", "notice mailbox_full"));
}

TEST_F(NativeCommandsTest, TheListMarksMembersThatAreAway) {
  const Slot ada = enter("ada", 1).slot;
  const Slot bob = enter("bob", 2).slot;
  time_ += seconds{70};
  sessions().heard(ada, now().mono);
  EXPECT_THAT(sessions().silent_since(state::SessionKind::native, now().mono - seconds{65}),
              ElementsAre(bob));
  sessions().detach(bob, now().mono);
  EXPECT_THAT(sessions().silent_since(state::SessionKind::native, now().mono - seconds{65}),
              ::testing::IsEmpty());
  EXPECT_THAT(sessions().away_since(state::SessionKind::native, now().mono), ElementsAre(bob));
  commands().list_members(order(ada, 10), {}, Slot{});
  EXPECT_EQ(last_text(ada),
            test::named(sessions(), ada) + "\n" + test::named(sessions(), bob) + "\taway");
  sessions().attach(bob);
  EXPECT_THAT(sessions().away_since(state::SessionKind::native, now().mono), ::testing::IsEmpty());
}

// Commands about further rooms, and their answers in the sender's mailbox.
class RoomAnswersTest : public RoomsFixture {
 protected:
  NativeCommands::Order next() { return order(ada_, end_ += 10); }
  bool is_done() { return state_.native_slots()[ada_].uplink == end_; }
  void acknowledge_mailbox() {
    state::update_peer(state_.native_slots()[ada_], [&](state::NativePeer& peer) {
      peer.acked[wire::kMailboxStream] = chat_->mailboxes.tail(ada_);
    });
  }
  std::uint64_t not_in_room() { return state_.counters().commands_not_in_room.load(); }
  // One command of each kind that names a room. `leave` is the last one.
  std::vector<std::function<void()>> commands_of(const std::string& room) {
    const auto slow =
        wire::as_argument(wire::RoomSetting{.property = wire::RoomProperty::slow, .value = 5});
    const std::string setting{slow.data(), slow.size()};
    std::array<char, wire::kMaxModerationBytes> text{};
    const std::string mute{
        wire::write_moderation({.action = wire::ModerateAction::mute, .name = "bob"}, text)};
    return {[=, this] { commands().say(next(), state::RecordKind::say, room, "hello"); },
            [=, this] { commands().say(next(), state::RecordKind::action, room, "waves"); },
            [=, this] { commands().list_members(next(), room, Slot{}); },
            [=, this] { commands().set_topic(next(), room, "physics"); },
            [=, this] { commands().set(next(), room, setting); },
            [=, this] { (void)commands().moderate(next(), room, mute); },
            [=, this] { commands().describe(next(), room, 0); },
            [=, this] { commands().leave(next(), room); }};
  }

  Slot ada_{enter("ada", 1).slot};
  Slot bob_{enter("bob", 2).slot};
  std::uint64_t end_{0};
};

TEST_F(RoomAnswersTest, MakeAndJoinAreAnsweredWithTheStream) {
  ASSERT_TRUE(make(bob_, "Den"));
  ASSERT_TRUE(say_in(bob_, "den", "hello"));
  commands().make(next(), "lab");
  const auto made = wire::read_joined(last_text(ada_)).value();
  EXPECT_EQ(made.stream, 2);
  EXPECT_EQ(made.room, static_cast<std::uint32_t>(id_of("lab")));
  EXPECT_EQ(made.offset, subscription(ada_, 0).acks.acked);
  EXPECT_EQ(made.live_offset, made.offset);
  commands().join(next(), "DEN", {});
  const auto joined = wire::read_joined(last_text(ada_)).value();
  EXPECT_EQ(joined.stream, 3);
  EXPECT_GT(joined.live_offset, joined.offset);
  EXPECT_THAT(mailbox(ada_), ElementsAre("joined lab", "joined Den"));
  EXPECT_TRUE(is_done());
}

TEST_F(RoomAnswersTest, InAFullServerTheOldestRoomThatNobodyUsesIsDroppedForANewOne) {
  for (int i = 0; i < 36; ++i) ASSERT_TRUE(make(i < 31 ? bob_ : ada_, "den" + std::to_string(i)));
  commands().make(next(), "lab");
  EXPECT_FALSE(exists("lab")) << "the other rooms are new";
  time_ += config_.rooms.linger;
  for (const auto* const name : {"den0", "DEN1", "a b"}) commands().make(next(), name);
  EXPECT_TRUE(exists("den0")) << "a room that cannot be made ends no other one";
  ASSERT_TRUE(say_in(bob_, "den0", "hello"));
  commands().make(next(), "lab");
  EXPECT_TRUE(exists("lab") && exists("den0") && !exists("den1"));
  ASSERT_TRUE(rooms().make_kept("hall", now()));
  commands().make(next(), "cave");
  EXPECT_EQ(rooms().size(), 37U) << "a room less would not be enough";
}

TEST_F(RoomAnswersTest, LeaveIsAnsweredWithTheStreamThatEnds) {
  commands().make(next(), "lab");
  commands().make(next(), "den");
  const std::string den = id_text("den");
  commands().leave(next(), den);
  const auto left = wire::read_left(last_text(ada_)).value();
  EXPECT_EQ(left.stream, 3);
  EXPECT_EQ(left.room, static_cast<std::uint32_t>(id_of("den")));
  EXPECT_THAT(texts_in("den"), ElementsAre("join ada ", "leave ada "));
  EXPECT_EQ(not_in_room(), 0U);
  commands().leave(next(), den);
  EXPECT_EQ(not_in_room(), 1U);
  EXPECT_EQ(wire::read_left(last_text(ada_))->room, left.room);
  EXPECT_THAT(mailbox(ada_), ElementsAre("joined lab", "joined den", "left den", "left "));
  EXPECT_TRUE(is_done());
}

TEST_F(RoomAnswersTest, CommandsWithForgedIdsAreCountedAndChangeNothing) {
  ASSERT_TRUE(make(bob_, "lab"));
  commands().make(next(), "den");
  const std::uint64_t lab = log_of("lab").tail();
  const std::uint64_t den = log_of("den").tail();
  for (const std::string& id :
       {id_text("lab"), test::id_text(state::RoomId{0}), test::id_text(state::RoomId{99}),
        test::id_text(state::RoomId{~0U}), std::string{"x"}, id_text("den").substr(0, 3),
        id_text("den") + "x", std::string(255, '\xff')}) {
    for (const auto& send : commands_of(id)) {
      const std::uint64_t before = not_in_room();
      send();
      EXPECT_EQ(not_in_room(), before + 1);
      ASSERT_TRUE(is_done());
      acknowledge_mailbox();
    }
    commands().say(next(), state::RecordKind::say, id, "\xff");
    acknowledge_mailbox();
  }
  EXPECT_EQ(not_in_room(), 8U * (commands_of({}).size() + 1));
  EXPECT_EQ(state_.counters().messages_refused_invalid.load(), 0U) << "counted once";
  EXPECT_EQ(rooms().members(place_of("den").index), 1U);
  EXPECT_EQ(log_of("lab").tail(), lab);
  EXPECT_EQ(log_of("den").tail(), den);
  EXPECT_THAT(texts(), ElementsAre("join ada ", "join bob "));
}

TEST_F(RoomAnswersTest, CommandsOfTheOwnRoomAndOfTheDefaultOneAreNotCounted) {
  commands().make(next(), "den");
  ASSERT_TRUE(join(bob_, "den"));
  auto sent = commands_of({});
  sent.pop_back();  // nobody leaves the default room by a command
  std::ranges::copy(commands_of(id_text("den")), std::back_inserter(sent));
  for (const auto& send : sent) {
    send();
    ASSERT_TRUE(is_done());
    acknowledge_mailbox();
  }
  EXPECT_EQ(texts_in("den").back(), "leave ada ");
  EXPECT_EQ(not_in_room(), 0U);
}

TEST_F(RoomAnswersTest, RefusalsAreNoticesWithACode) {
  config_.limits.rooms_per_member = 2;
  ASSERT_TRUE(make(bob_, "lab"));
  commands().make(next(), "LAB");
  commands().make(next(), "a b");
  commands().join(next(), "attic", {});
  commands().join(next(), "", {});
  commands().say(next(), state::RecordKind::say, id_text("lab"), "hello");
  commands().list_members(next(), id_text("lab"), Slot{});
  EXPECT_THAT(mailbox(ada_),
              ElementsAre("notice room_exists", "notice room_name", "notice no_such_room",
                          "notice no_such_room", "notice not_in_room", "notice no_such_room"));
  acknowledge_mailbox();
  commands().make(next(), "one");
  commands().make(next(), "two");
  commands().make(next(), "three");
  config_.rooms.create = config::WhoMakes::admin;
  commands().make(next(), "three");
  EXPECT_TRUE(is_done());
  EXPECT_EQ(rooms().size(), 3U);
}

TEST_F(RoomAnswersTest, AMessageInARoomHasNoAnswer) {
  commands().make(next(), "lab");
  commands().say(next(), state::RecordKind::say, id_text("lab"), "hello");
  commands().say(next(), state::RecordKind::action, id_text("lab"), "waves");
  commands().say(next(), state::RecordKind::say, {}, "to all");
  EXPECT_THAT(texts_in("lab"), ElementsAre("join ada ", "say ada hello", "action ada waves"));
  EXPECT_THAT(texts(), ElementsAre("join ada ", "join bob ", "say ada to all"));
  EXPECT_THAT(mailbox(ada_), ElementsAre("joined lab"));
  EXPECT_TRUE(is_done());
}

TEST_F(RoomAnswersTest, ATextThatIsTooLongForARoomIsRefusedWithItsLength) {
  commands().make(next(), "lab");
  commands().say(next(), state::RecordKind::say, id_text("lab"), std::string(901, 'x'));
  EXPECT_EQ(mailbox(ada_).back(), "notice too_long");
  EXPECT_NE(last_text(ada_).find("901"), std::string::npos);
}

TEST_F(RoomAnswersTest, MembersAndRoomsAreListed) {
  commands().make(next(), "Lab");
  ASSERT_TRUE(join(bob_, "lab"));
  ASSERT_TRUE(make(bob_, "den"));
  commands().list_members(next(), id_text("lab"), Slot{});
  EXPECT_EQ(mailbox(ada_).back(), "who Lab");
  EXPECT_EQ(last_text(ada_), test::named_list(sessions(), {ada_, bob_}));
  commands().list_members(next(), id_text("lab"), bob_);
  EXPECT_EQ(last_text(ada_), test::named_list(sessions(), {bob_}));
  commands().list_rooms(next(), 0);
  EXPECT_EQ(mailbox(ada_).back(), "rooms ");
  EXPECT_EQ(last_text(ada_), "Lab\t2\tin\nden\t1");
  commands().list_rooms(next(), 1);
  EXPECT_EQ(last_text(ada_), "den\t1");
  commands().list_rooms(next(), ~0U);
  EXPECT_EQ(last_text(ada_), "");
  EXPECT_TRUE(is_done());
}

TEST_F(RoomAnswersTest, AChangeIsAnsweredByItsRecordInTheRoom) {
  commands().make(next(), "lab");
  const std::string lab = id_text("lab");
  commands().set_topic(next(), lab, "physics");
  const auto slow =
      wire::as_argument(wire::RoomSetting{.property = wire::RoomProperty::slow, .value = 5});
  commands().set(next(), lab, {slow.data(), slow.size()});
  std::array<char, wire::kMaxModerationBytes> text{};
  const auto invite =
      wire::write_moderation({.action = wire::ModerateAction::invite, .name = "bob"}, text);
  const auto moderated = commands().moderate(next(), lab, invite);
  ASSERT_TRUE(moderated);
  EXPECT_EQ(moderated->room, "lab");
  EXPECT_TRUE(moderated->done.removals.empty());
  EXPECT_EQ(moderated->done.seconds, 86'400U) << "the time that the invitation has in the room";
  EXPECT_TRUE(is_done());
  EXPECT_THAT(mailbox(ada_), ElementsAre("joined lab"));
  EXPECT_THAT(mailbox(bob_), ElementsAre("invited lab"));
  EXPECT_EQ(texts_in("lab")[1], "topic ada physics");
  EXPECT_TRUE(texts_in("lab")[2].starts_with("set ada "));
  EXPECT_TRUE(texts_in("lab")[3].starts_with("moderated ada "));
  ASSERT_TRUE(join(bob_, "lab"));
  commands().leave(next(), lab);
  commands().join(next(), "lab", {});
  EXPECT_EQ(wire::read_joined(last_text(ada_))->topic, "physics");
}

TEST_F(RoomAnswersTest, ChangesAreRefusedWithACode) {
  ASSERT_TRUE(make(bob_, "lab"));
  ASSERT_TRUE(join(ada_, "lab"));
  ASSERT_TRUE(make(bob_, "den"));
  commands().set_topic(next(), id_text("lab"), "mine");
  commands().set_topic(next(), id_text("den"), "mine");
  commands().set_topic(next(), {}, "mine");
  commands().set(next(), id_text("lab"), "?");
  EXPECT_FALSE(commands().moderate(next(), id_text("lab"), "?"));
  EXPECT_FALSE(commands().moderate(next(), id_text("den"), "?"));
  commands().describe(next(), id_text("den"), 0);
  EXPECT_FALSE(commands().erase(next(), id_text("lab"), "short"));
  EXPECT_FALSE(commands().erase(next(), id_text("den"), {}));
  EXPECT_THAT(mailbox(ada_),
              ElementsAre("notice no_right", "notice no_such_room", "notice no_right",
                          "notice unknown_command", "notice unknown_command", "notice no_such_room",
                          "notice no_such_room", "notice unknown_command", "notice no_such_room"));
  acknowledge_mailbox();
  commands().make(next(), "own");
  commands().set_topic(next(), id_text("own"), std::string(201, 'x'));
  EXPECT_EQ(mailbox(ada_).back(), "notice too_long");
  EXPECT_NE(last_text(ada_).find("201"), std::string::npos);
  EXPECT_NE(last_text(ada_).find("200"), std::string::npos);
  EXPECT_TRUE(is_done());
}

TEST_F(RoomAnswersTest, ARoomIsDescribedInParts) {
  commands().make(next(), "lab");
  commands().describe(next(), id_text("lab"), 0);
  EXPECT_EQ(mailbox(ada_).back(), "about lab");
  EXPECT_TRUE(last_text(ada_).starts_with("made\t"));
  EXPECT_TRUE(last_text(ada_).ends_with("members\t1\nowner\tada"));
  commands().describe(next(), id_text("lab"), 2);
  EXPECT_EQ(last_text(ada_), "owner\tada");
  commands().describe(next(), {}, 0);
  EXPECT_EQ(mailbox(ada_).back(), "about chat");
  EXPECT_TRUE(is_done());
}

// The client sends the command again until there is space.
TEST_F(RoomAnswersTest, WithoutSpaceForTheAnswerNothingIsDone) {
  ASSERT_TRUE(make(bob_, "lab"));
  ASSERT_TRUE(make(ada_, "den"));
  const std::string den = id_text("den");
  fill_mailbox(ada_);
  const std::uint64_t lab = log_of("lab").tail();
  const auto make_one = [&](const auto& order) { commands().make(order, "attic"); };
  const auto join_one = [&](const auto& order) { commands().join(order, "lab", {}); };
  const auto leave_one = [&](const auto& order) { commands().leave(order, den); };
  const auto list = [&](const auto& order) { commands().list_rooms(order, 0); };
  const auto who = [&](const auto& order) { commands().list_members(order, den, Slot{}); };
  make_one(order(ada_, 10));
  join_one(order(ada_, 10));
  leave_one(order(ada_, 10));
  list(order(ada_, 10));
  who(order(ada_, 10));
  EXPECT_EQ(state_.native_slots()[ada_].uplink, 0U);
  EXPECT_FALSE(exists("attic"));
  EXPECT_EQ(log_of("lab").tail(), lab);
  EXPECT_EQ(rooms().members(place_of("den").index), 1U);
  acknowledge_mailbox();
  make_one(next());
  join_one(next());
  leave_one(next());
  EXPECT_TRUE(is_done());
  EXPECT_THAT(texts_in("attic"), ElementsAre("join ada "));
  EXPECT_THAT(texts_in("lab"), ElementsAre("join bob ", "join ada "));
  EXPECT_THAT(texts_in("den"), ElementsAre("join ada ", "leave ada "));
}

TEST_F(RoomAnswersTest, ACommandIsCarriedOutIfItsAnswerFits) {
  int refused = 0;
  for (std::size_t used = 3520; used <= 3896; used += 8) {
    SCOPED_TRACE(used);
    acknowledge_mailbox();
    for (std::size_t left = used; left != 0;) {
      const std::size_t size = left > 960 ? 904 : left > 904 ? 456 : left;  // of the record
      ASSERT_TRUE(chat_->mailboxes.deliver(ada_, {.kind = state::RecordKind::notice,
                                                  .sender = std::nullopt,
                                                  .name = {},
                                                  .text = std::string(size - 48, 'x'),
                                                  .time = now().wall}));
      left -= size;
    }
    const std::string room = "room" + std::to_string(used);
    const std::uint64_t tail = chat_->mailboxes.tail(ada_);
    commands().make(next(), room);
    EXPECT_EQ(exists(room), chat_->mailboxes.tail(ada_) != tail);
    EXPECT_EQ(exists(room), is_done());
    refused += is_done() ? 0 : 1;
    if (!is_done()) continue;
    acknowledge_mailbox();
    commands().leave(next(), id_text(room));
    tick_after(config_.rooms.linger);
  }
  EXPECT_THAT(refused, ::testing::AllOf(::testing::Gt(5), ::testing::Lt(40)));
}

}  // namespace
}  // namespace chatd::chat
