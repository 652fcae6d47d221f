// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_rooms.hpp"

#include <gmock/gmock.h>

#include "common/crypto/keys.hpp"
#include "tests/daemon/gateway/gateway_fixture.hpp"

namespace chatd::gateway {
namespace {

using chat::Slot;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class ControlRoomsTest : public GatewayFixture {
 protected:
  ControlRoomsTest() : GatewayFixture{{.sessions = 70, .ring_bytes = 65536, .rooms = 8}} {}

  ControlRooms rooms() { return {state_, chat(), config_}; }

  // A native member.
  Slot login(std::string_view name) {
    state::Identity identity{};
    identity.fill(static_cast<std::byte>(++logins_));
    const auto admitted = sessions().admit(
        {.name = name,
         .from = test::delivery_to(test::endpoint("127.0.0.1:" + std::to_string(5000 + logins_))),
         .native = chat::NativeClient{.identity = identity, .random = logins_, .window = 65536},
         .known = {}},
        now());
    sessions().settle();
    return admitted.slot;
  }
  void make(Slot member, std::string_view name) {
    EXPECT_TRUE(chat().rooms.make({.slot = member, .end = ++commands_, .now = now()}, name));
  }
  void join(Slot member, std::string_view name) {
    EXPECT_TRUE(chat().rooms.enter({.slot = member, .end = ++commands_, .now = now()}, name, {}));
  }
  // "lab: noise": the records `left` of the mailbox, with name and reason.
  std::vector<std::string> left(Slot slot) {
    const state::Mailbox box{state_, slot};
    std::vector<std::byte> bytes(box.tail());
    box.read(0, bytes);
    std::vector<std::string> seen;
    for (wire::Bytes rest = bytes; !rest.empty();) {
      const auto record = wire::read_record(rest).value();
      EXPECT_EQ(record.header.kind, wire::RecordKind::left);
      const auto reason = record.text.substr(wire::encoded_bytes(wire::LeftRoom{}));
      seen.push_back(std::string{record.name} + ": " + std::string{reason});
      rest = rest.subspan(record.header.size);
    }
    return seen;
  }
  std::vector<std::string> names(const control::Answer<wire::UsersReport>& report) {
    std::vector<std::string> all;
    for (const auto& user : report.value().users) all.push_back(user.name);
    return all;
  }

 private:
  std::uint32_t logins_{0};
  std::uint64_t commands_{0};
};

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
  join(ada, "lab");
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
  join(bob, "lab");
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

  EXPECT_EQ(rooms().announce("lab", "").error().code, wire::code::kUsage);
  EXPECT_EQ(rooms().announce("lab", std::string(901, 'x')).error().code, wire::code::kTooLong);
  EXPECT_EQ(rooms().announce("no", "soon").error().code, wire::code::kNotFound);
}

TEST_F(ControlRoomsTest, AKickFromARoomIsForThatRoomOnly) {
  const Slot ada = login("ada");
  make(ada, "lab");
  make(ada, "art");
  const auto kicked = rooms().kick("#lab", "ADA", "noise\nmore").value();
  EXPECT_EQ(kicked.name, "ada");
  EXPECT_EQ(kicked.address, "127.0.0.1:5001");
  EXPECT_EQ(kicked.room, "lab");
  EXPECT_THAT(left(ada), ElementsAre("lab: noise more"));
  EXPECT_THAT(names(rooms().users("lab")), IsEmpty());
  EXPECT_THAT(names(rooms().users("art")), ElementsAre("ada"));
  EXPECT_EQ(rooms().room("lab").value().room.records, 2U);  // the join and the kick
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
  EXPECT_EQ(rooms().kick("lab", "ada", std::string(401, 'x')).error().code, wire::code::kTooLong);
  EXPECT_THAT(left(ada), IsEmpty());
  EXPECT_TRUE(rooms().kick("lab", "ada", std::string(400, 'x')));
  EXPECT_THAT(left(ada), ElementsAre(StartsWith("lab: xxx")));
}

}  // namespace
}  // namespace chatd::gateway
