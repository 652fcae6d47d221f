// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_rooms.hpp"

#include <initializer_list>
#include <optional>
#include <sstream>

#include <gmock/gmock.h>

#include "common/crypto/keys.hpp"
#include "daemon/sys/log_events.hpp"
#include "tests/daemon/gateway/control_fixture.hpp"
#include "tests/support/log_lines.hpp"

namespace chatd::gateway {
namespace {

using chat::Slot;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class ControlRoomsTest : public ControlFixture {
 protected:
  // "lab: noise": the records `left` of the mailbox, with name and reason.
  std::vector<std::string> left(Slot slot) {
    std::vector<std::string> seen;
    for (const auto& record : test::mailbox_records(state_, slot)) {
      EXPECT_EQ(record.kind, wire::RecordKind::left);
      seen.push_back(record.name + ": " + std::string{wire::read_left(record.text)->reason});
    }
    return seen;
  }
  std::vector<std::string> names(const control::Answer<wire::UsersReport>& report) {
    std::vector<std::string> all;
    for (const auto& user : report.value().users) all.push_back(user.name);
    return all;
  }
};

TEST_F(ControlRoomsTest, AMemberWithSeveralProgramsIsOneUser) {
  const state::Identity key{std::byte{99}};
  const Slot phone = login("ada", "127.0.0.1", key);
  wait(std::chrono::seconds{5});
  const Slot laptop = login("ada", "127.0.0.1", key);
  sessions().session(phone).messages = 1;
  sessions().session(laptop).messages = 2;
  sessions().detach(phone, now().mono);
  for (const bool is_restarted : {false, true}) {
    SCOPED_TRACE(is_restarted);
    if (is_restarted) take_over();
    const auto users = rooms().users().users;
    ASSERT_EQ(users.size(), 1U);
    EXPECT_EQ(users[0].programs, 2U);
    EXPECT_EQ(users[0].messages, 3U);
    EXPECT_EQ(users[0].joined, test::wall_at(std::chrono::seconds{100}));
    EXPECT_FALSE(users[0].is_away);
  }
}

TEST_F(ControlRoomsTest, TheDefaultRoomIsTheFirstAndTheOthersAreSorted) {
  const Slot ada = login("ada");
  make(ada, "lab");
  EXPECT_EQ(rooms().make("art").value().name, "art");
  const auto all = rooms().rooms().rooms;
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].name, "chat");
  EXPECT_TRUE(all[0].is_default && all[0].is_kept);
  EXPECT_EQ(all[0].members, 1U);
  EXPECT_EQ(all[0].records, 1U);  // the join
  EXPECT_GT(all[0].log_bytes, 0U);
  EXPECT_EQ(all[1].name, "art");
  EXPECT_TRUE(all[1].is_kept);
  EXPECT_EQ(all[1].members + all[1].records + all[1].log_bytes, 0U);
  EXPECT_EQ(all[2].name, "lab");
  EXPECT_FALSE(all[2].is_kept || all[2].is_default);
  EXPECT_EQ(all[2].members, 1U);
  EXPECT_EQ(all[2].records, 1U);
  EXPECT_EQ(all[2].made, now().wall);
}

TEST_F(ControlRoomsTest, ARoomIsShownWithItsMakerAndItsMembers) {
  const Slot ada = login("ada");
  const Slot bob = login("bob");
  login("cyd");
  make(bob, "Lab");
  ASSERT_TRUE(join(ada, "lab"));
  const auto lab = rooms().room("#LAB").value();
  EXPECT_EQ(lab.room.name, "Lab");
  EXPECT_EQ(lab.maker, crypto::fingerprint(sessions().identity(bob)));
  EXPECT_EQ(lab.log_limit_bytes, state_.geometry().room_ring_bytes);
  ASSERT_EQ(lab.users.size(), 2U);
  EXPECT_EQ(lab.users[0].name, "ada");
  EXPECT_EQ(lab.users[0].address, "127.0.0.1:5001");
  EXPECT_EQ(lab.users[0].protocol, "native");
  EXPECT_EQ(lab.users[1].name, "bob");

  const auto whole = rooms().room("chat").value();
  EXPECT_EQ(whole.users.size(), 3U);
  EXPECT_EQ(whole.maker, "");
  EXPECT_EQ(whole.log_limit_bytes, 65536U);
  ASSERT_TRUE(rooms().make("art"));
  EXPECT_EQ(rooms().room("art").value().maker, "");
  EXPECT_EQ(rooms().room("#no").error().code, wire::code::kNotFound);
  EXPECT_EQ(rooms().room("#no").error().message, "there is no room #no");
  EXPECT_EQ(rooms().room("\xff").error().code, wire::code::kNotFound);
  EXPECT_EQ(rooms().room("#").error().code, wire::code::kNotFound);
}

TEST_F(ControlRoomsTest, ARoomIsShownWithItsMessagesOfTheLastMinuteAndItsLimit) {
  const Slot ada = login("ada");
  const auto lab = make(ada, "lab");
  const auto say = [&](state::RecordKind kind, std::chrono::seconds ago) {
    chat().rooms.post(lab.index, {.kind = kind,
                                  .sender = sessions().sender(ada),
                                  .name = "ada",
                                  .text = "hello",
                                  .time = wall_now() - ago});
  };
  say(state::RecordKind::say, std::chrono::minutes{2});
  say(state::RecordKind::say, std::chrono::seconds{1});
  say(state::RecordKind::action, std::chrono::seconds{0});
  say(state::RecordKind::announce, std::chrono::seconds{0});
  EXPECT_EQ(rooms().room("lab")->per_second, 0U) << "members have no rate";
  config_.limits.messages_per_second = 5;
  const auto report = rooms().room("lab").value();
  EXPECT_EQ(report.messages, 2U);
  EXPECT_EQ(report.per_second, 50U);
  EXPECT_EQ(report.at_once, 200U);
  EXPECT_EQ(report.too_fast, 0U);
  EXPECT_EQ(rooms().room("chat")->per_second, 0U) << "the default room has no limit of its own";
}

class LargeLogTest : public GatewayFixture {
 protected:
  LargeLogTest() : GatewayFixture{{.sessions = 4, .ring_bytes = std::size_t{8} << 20U}} {}
};

TEST_F(LargeLogTest, ItsMessagesAreNotCounted) {
  const ControlRooms rooms{state_, chat(), config_};
  const std::string text(900, 'x');
  state::RoomLog log{state_};
  const auto say = [&] {
    return log.append({.kind = state::RecordKind::say,
                       .sender = {},
                       .name = "ada",
                       .text = text,
                       .time = wall_now()});
  };
  while (state_.room_log().tail() < std::size_t{4} << 20U) {
    EXPECT_TRUE(rooms.room("chat")->messages);
    for (int i = 0; i < 500; ++i) ASSERT_TRUE(say());
  }
  EXPECT_FALSE(rooms.room("chat")->messages);
}

TEST_F(ControlRoomsTest, NumbersInNamesCountAsNumbers) {
  const Slot ada = login("member10");
  login("member2");
  for (const char* const name : {"lab10", "lab9"}) make(ada, name);
  EXPECT_THAT(names(rooms().users()), ElementsAre("member2", "member10"));
  EXPECT_EQ(rooms().rooms().rooms[1].name, "lab9");
}

TEST_F(ControlRoomsTest, UsersOfARoomAreItsMembersOnly) {
  const Slot ada = login("ada");
  login("bob");
  make(ada, "lab");
  EXPECT_THAT(names(rooms().users("lab")), ElementsAre("ada"));
  EXPECT_THAT(names(rooms().users("#Chat")), ElementsAre("ada", "bob"));
  EXPECT_THAT(names(rooms().users()), ElementsAre("ada", "bob"));
  EXPECT_EQ(rooms().users("no").error().code, wire::code::kNotFound);
}

TEST_F(ControlRoomsTest, AnImpossibleRoomIsNotMade) {
  EXPECT_EQ(rooms().make("#lab").value().name, "lab");
  EXPECT_EQ(rooms().make("LAB").error().message, "there is a room #LAB already");
  EXPECT_EQ(rooms().make("chat").error().code, wire::code::kFailed);
  for (const char* name : {"", "#", "##lab", "#＃lab", "a b", "\xff", "admin"}) {
    EXPECT_EQ(rooms().make(name).error().code, wire::code::kUsage) << name;
  }
  for (int i = 1; i < 8; ++i) EXPECT_TRUE(rooms().make("r" + std::to_string(i))) << i;
  EXPECT_EQ(rooms().make("r8").error().code, wire::code::kFailed);
  EXPECT_THAT(rooms().make("r8").error().message, HasSubstr("limits.rooms"));
}

TEST_F(ControlRoomsTest, AKeptRoomStaysWithoutMembers) {
  const Slot ada = login("ada");
  make(ada, "lab");
  make(ada, "art");
  EXPECT_EQ(rooms().keep("#lab").value().name, "lab");
  chat().rooms.leave_all(ada, state::LeaveKind::quit, now());
  wait(config_.rooms.linger + std::chrono::seconds{1});
  chat().rooms.tick(now());
  EXPECT_TRUE(rooms().room("lab").value().room.is_kept);
  EXPECT_FALSE(rooms().room("art"));
}

TEST_F(ControlRoomsTest, ADropRemovesTheMembersAndNotifiesThem) {
  const Slot ada = login("ada");
  const Slot bob = login("bob");
  make(ada, "lab");
  ASSERT_TRUE(join(bob, "lab"));
  make(bob, "art");
  const auto dropped = rooms().drop("#lab").value();
  EXPECT_EQ(dropped.name, "lab");
  EXPECT_EQ(dropped.members, 2U);
  EXPECT_FALSE(rooms().room("lab"));
  EXPECT_THAT(left(ada), ElementsAre("lab: the room was dropped"));
  EXPECT_THAT(left(bob), ElementsAre("lab: the room was dropped"));
  EXPECT_THAT(names(rooms().users("art")), ElementsAre("bob"));
  EXPECT_EQ(sessions().size(), 2U);
  make(ada, "lab");  // another one
  EXPECT_EQ(rooms().drop("no").error().code, wire::code::kNotFound);
}

TEST_F(ControlRoomsTest, TheDefaultRoomIsNeitherKeptNorDroppedNorLeft) {
  login("ada");
  EXPECT_EQ(rooms().keep("chat").error().message, "#chat is the default room, which always stays");
  EXPECT_EQ(rooms().drop("#chat").error().message,
            "#chat is the default room, which cannot be dropped");
  const auto kicked = rooms().kick("chat", "ada", "");
  EXPECT_EQ(kicked.error().code, wire::code::kFailed);
  EXPECT_THAT(kicked.error().message, HasSubstr("kick without --room"));
  EXPECT_EQ(sessions().size(), 1U);
}

TEST_F(ControlRoomsTest, AnAnnouncementToARoomReachesItsLogOnly) {
  const Slot ada = login("ada");
  enter(bob_, "bob");
  make(ada, "lab");
  const auto announced = rooms().announce("#lab", "soon").value();
  EXPECT_EQ(announced.members, 1U);
  EXPECT_EQ(announced.room, "lab");
  EXPECT_THAT(lines(bob_), IsEmpty());
  EXPECT_EQ(rooms().room("lab").value().room.records, 2U);  // with the join

  const auto whole = rooms().announce("chat", "all").value();
  EXPECT_EQ(whole.members, 2U);
  EXPECT_EQ(whole.room, "chat");
  EXPECT_THAT(lines(bob_), ElementsAre("[admin] all"));

  EXPECT_EQ(rooms().announce("no", "soon").error().code, wire::code::kNotFound);
}

TEST_F(ControlRoomsTest, AnImpossibleAnnouncementIsRefusedWithTheReason) {
  ASSERT_TRUE(rooms().make("lab"));
  using Room = std::optional<std::string_view>;
  for (const Room& room : {Room{}, Room{"lab"}}) {
    SCOPED_TRACE(room.value_or("the server"));
    for (const char* empty : {"", " ", "\n"}) {
      EXPECT_EQ(rooms().announce(room, empty).error().code, wire::code::kUsage);
      EXPECT_EQ(rooms().announce(room, empty).error().message, "an announcement needs a text");
    }
    EXPECT_EQ(rooms().announce(room, "\xff").error().code, wire::code::kUsage);
    const auto too_long = rooms().announce(room, std::string(901, 'x'));
    EXPECT_EQ(too_long.error().code, wire::code::kTooLong);
    EXPECT_EQ(too_long.error().message, "the announcement has 901 bytes; at most 900 fit");
  }
}

TEST_F(ControlRoomsTest, AFurtherRoomWithTheNameOfTheDefaultRoomIsFoundFirst) {
  const Slot ada = login("ada");
  make(ada, "lab");
  config_.room.name = "Team One";
  EXPECT_TRUE(rooms().room("#team one").value().room.is_default);
  EXPECT_THAT(names(rooms().users("ＴＥＡＭ One")), ElementsAre("ada"));
  EXPECT_EQ(rooms().announce("team one", "soon").value().room, "Team One");
  EXPECT_FALSE(rooms().room("chat"));
  EXPECT_EQ(rooms().default_name_conflict(), std::nullopt);
  config_.room.name = "LAB";
  login("bob");
  EXPECT_FALSE(rooms().room("LAB").value().room.is_default);
  EXPECT_THAT(names(rooms().users("lab")), ElementsAre("ada"));
  EXPECT_EQ(rooms().announce("lab", "soon").value().members, 1U);
  EXPECT_EQ(rooms().default_name_conflict(),
            "a further room has this name, too, and #lab means that room");
  EXPECT_TRUE(rooms().drop("lab"));
  EXPECT_TRUE(rooms().room("lab").value().room.is_default);
}

TEST_F(ControlRoomsTest, AKickFromARoomIsForThatRoomOnly) {
  const Slot ada = login("ada");
  make(ada, "lab");
  make(ada, "art");
  const auto kicked = rooms().kick("#lab", "ADA", "noise\nmore").value();
  EXPECT_EQ(kicked.name, "ada");
  EXPECT_EQ(kicked.address, "127.0.0.1:5001");
  EXPECT_EQ(kicked.room, "lab");
  EXPECT_THAT(left(ada), ElementsAre("lab: by the administrator: noise more"));
  EXPECT_THAT(names(rooms().users("lab")), IsEmpty());
  EXPECT_THAT(names(rooms().users("art")), ElementsAre("ada"));
  EXPECT_EQ(rooms().room("lab").value().room.records, 3U);  // the join, the command and the kick
  EXPECT_EQ(figure(&state::GatewayCounters::members_kicked), 0U);
}

TEST_F(ControlRoomsTest, AKickOfAUserThatIsNotInTheRoomIsRefused) {
  const Slot ada = login("ada");
  login("cyd");
  enter(bob_, "bob");
  make(ada, "lab");
  EXPECT_EQ(rooms().kick("lab", "eve", "").error().message, "nobody is called eve");
  EXPECT_EQ(rooms().kick("lab", "cyd", "").error().message, "cyd is not in #lab");
  EXPECT_EQ(rooms().kick("lab", "bob", "").error().message, "bob is not in #lab");
  EXPECT_EQ(rooms().kick("no", "ada", "").error().code, wire::code::kNotFound);
  EXPECT_EQ(rooms().kick("lab", "ada", std::string(121, 'x')).error().code, wire::code::kTooLong);
  EXPECT_THAT(left(ada), IsEmpty());
  EXPECT_TRUE(rooms().kick("lab", "ada", std::string(120, 'x')));
  EXPECT_THAT(left(ada), ElementsAre(StartsWith("lab: by the administrator: xxx")));
}

// As after /kick of a moderator.
TEST_F(ControlRoomsTest, AKickWithdrawsTheInvitation) {
  const Slot ada = login("ada");
  const Slot bob = login("bob");
  make(ada, "lab");
  ASSERT_TRUE(join(bob, "lab"));
  ASSERT_TRUE(changes().set("lab", "invited", "yes"));
  ASSERT_TRUE(rooms().kick("lab", "bob", ""));
  EXPECT_THAT(left(bob), ElementsAre("lab: by the administrator"));
  EXPECT_FALSE(join(bob, "lab"));
}

// The log lines that the requests of an administrator about rooms write.
class ControlRoomsLogTest : public ControlRoomsTest {
 protected:
  // Returns the message of the last log line, and the values of its fields `names`. Checks that the
  // line has all fields that its event always has.
  std::vector<std::string> fields(std::initializer_list<std::string_view> names) {
    EXPECT_FALSE(lines_.all().empty());
    const test::LogLine line = lines_.all().empty() ? test::LogLine{} : lines_.all().back();
    EXPECT_EQ(line.level, LogLevel::notice);
    const auto* const event = sys::find_log_event(line.field("CHATD_EVENT"));
    EXPECT_NE(event, nullptr) << line.message;
    if (event == nullptr) return {};
    std::istringstream always{std::string{event->fields}};
    for (std::string name; always >> name;) EXPECT_NE(line.field(name), "") << name;
    std::vector<std::string> values{line.message};
    for (const std::string_view name : names) values.push_back(line.field(name));
    return values;
  }
  test::LogLines lines_;
};

TEST_F(ControlRoomsLogTest, EachChangeOfARoomLogsAnEvent) {
  const auto change = [this] { return fields({"CHATD_EVENT", "CHATD_ROOM", "CHATD_CHANGE"}); };
  ASSERT_TRUE(rooms().make("#Lab"));
  EXPECT_THAT(change(), ElementsAre("the administrator made #Lab", "room", "Lab", "made"));
  const Slot ada = login("ada");
  make(ada, "art");
  ASSERT_TRUE(rooms().keep("ART"));
  EXPECT_THAT(change(), ElementsAre("the administrator keeps #art", "room", "art", "kept"));
  ASSERT_TRUE(rooms().drop("art"));
  EXPECT_THAT(change(), ElementsAre("the administrator dropped #art, which had 1 member", "room",
                                    "art", "dropped"));
  ASSERT_TRUE(rooms().drop("lab"));
  EXPECT_THAT(change(), ElementsAre("the administrator dropped #Lab, which had 0 members", "room",
                                    "Lab", "dropped"));
  lines_.clear();
  EXPECT_FALSE(rooms().make("a b") || rooms().keep("no") || rooms().drop("chat"));
  EXPECT_THAT(lines_.all(), IsEmpty());
}

TEST_F(ControlRoomsLogTest, AnAnnouncementLogsItsRoom) {
  const auto announced = [this] { return fields({"CHATD_EVENT", "CHATD_MEMBERS", "CHATD_ROOM"}); };
  const Slot ada = login("ada");
  make(ada, "lab");
  ASSERT_TRUE(rooms().announce("LAB", "soon"));
  EXPECT_THAT(announced(), ElementsAre("announced to 1 member of #lab", "announce", "1", "lab"));
  ASSERT_TRUE(rooms().announce("chat", "soon"));
  EXPECT_THAT(announced(), ElementsAre("announced to 1 member of #chat", "announce", "1", "chat"));
  login("bob");
  ASSERT_TRUE(rooms().announce(std::nullopt, "soon"));
  EXPECT_THAT(announced(), ElementsAre("announced to 2 members", "announce", "2", ""));
  EXPECT_THAT(lines_.all().back().fields, SizeIs(2)) << "there is no room";
}

TEST_F(ControlRoomsLogTest, AKickFromARoomLogsItsReason) {
  const auto kicked = [this] {
    return fields(
        {"CHATD_EVENT", "CHATD_USER", "CHATD_ADDRESS", "CHATD_PORT", "CHATD_REASON", "CHATD_ROOM"});
  };
  const Slot ada = login("ada");
  make(ada, "lab");
  ASSERT_TRUE(rooms().kick("lab", "ADA", "noise"));
  EXPECT_THAT(kicked(), ElementsAre("ada was removed from #lab (kicked: noise)", "kick", "ada",
                                    "127.0.0.1", "5001", "noise", "lab"));
  ASSERT_TRUE(join(ada, "lab"));
  ASSERT_TRUE(rooms().kick("lab", "ada", ""));
  EXPECT_THAT(kicked(), ElementsAre("ada was removed from #lab (kicked)", "kick", "ada",
                                    "127.0.0.1", "5001", "kicked", "lab"));
}

}  // namespace
}  // namespace chatd::gateway
