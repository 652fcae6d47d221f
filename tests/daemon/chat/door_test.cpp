// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/door.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "common/crypto/invitation_code.hpp"
#include "tests/daemon/chat/rooms_fixture.hpp"

namespace chatd::chat {
namespace {

using state::PersonId;
using state::RoomId;
using state::RuleKind;
using wire::Reason;

class DoorTest : public RoomsFixture {
 protected:
  DoorTest() : RoomsFixture{with_names()} { set_door(config::WhoEnters::invited); }
  static state::Geometry with_names() {
    state::Geometry geometry = kManyRooms;
    geometry.names = 2;
    return geometry;
  }

  void set_door(config::WhoEnters who) {
    config_.server.door = who;
    restart();
  }
  Slot enter_native(std::string_view name) { return enter(name, 1).slot; }

  // done: the person may enter.
  Reason look(PersonId person, std::string_view code = {}) {
    const auto entry = chat_->door.look(person, code, now().wall);
    return entry ? Reason::done : entry.error();
  }
  void add_code(std::string_view secret, std::uint32_t uses = 1,
                RoomId room = state::kDefaultRoom) {
    ASSERT_TRUE(chat_->invitations.add(
        {.hash = crypto::hash_of_invitation(std::as_bytes(std::span{secret})),
         .uses = uses,
         .now = now().wall,
         .until = now().wall + std::chrono::hours{1},
         .room = room}));
  }
  std::optional<RoomId> come(PersonId person, std::string_view code) {
    const auto entry = chat_->door.look(person, code, now().wall);
    if (!entry || !*entry) return std::nullopt;
    return chat_->door.admit(**entry, person, "ada", now().wall);
  }
  void pass(Micros time) { time_ += time; }
  void tick_all() {
    for (int i = 0; i < 3; ++i) chat_->door.tick(now().wall);
  }
};

TEST_F(DoorTest, AnOpenDoorAdmitsEverybodyWithoutACode) {
  set_door(config::WhoEnters::anyone);
  EXPECT_FALSE(chat_->door.is_closed());
  EXPECT_EQ(look(PersonId{1}), Reason::done);
}

TEST_F(DoorTest, AnOpenDoorRefusesAWrongCode) {
  set_door(config::WhoEnters::anyone);
  EXPECT_EQ(look(PersonId{1}, "wrong"), Reason::code_refused);
}

TEST_F(DoorTest, AClosedDoorAdmitsAPersonWithACodeAndLaterWithoutIt) {
  add_code("secret");
  EXPECT_EQ(look(PersonId{1}), Reason::not_invited);
  EXPECT_EQ(look(PersonId{1}, "wrong"), Reason::code_refused);
  EXPECT_EQ(look(PersonId{1}, "secret"), Reason::done);
  come(PersonId{1}, "secret");
  EXPECT_EQ(look(PersonId{1}), Reason::done);
  EXPECT_EQ(look(PersonId{2}, "secret"), Reason::code_refused);
  restart();
  EXPECT_EQ(look(PersonId{1}), Reason::done);
}

TEST_F(DoorTest, AdmitsTheOwnerOfANameAlsoWhileTheNameRests) {
  const auto name = wire::check_name("ada").value();
  ASSERT_TRUE(chat_->names.claim({.name = name, .person = PersonId{7}, .key = {}}, now().wall));
  EXPECT_EQ(look(PersonId{7}), Reason::done);
  chat_->names.rest(chat_->names.find("ada").value(), now().wall);
  EXPECT_EQ(look(PersonId{7}), Reason::done);
  chat_->names.take(chat_->names.find("ada").value());
  EXPECT_EQ(look(PersonId{7}), Reason::not_invited);
}

TEST_F(DoorTest, AdmitsAPersonThatWasSeenADayAgo) {
  set_door(config::WhoEnters::anyone);
  const Slot ada = enter_native("ada");
  const PersonId person = sessions().person(ada);
  pass(KnownPersons::kMinStay);
  tick_all();
  set_door(config::WhoEnters::invited);
  sessions().remove(ada, state::LeaveKind::quit, {}, now());
  sessions().settle();
  EXPECT_EQ(look(person), Reason::not_invited);
  pass(KnownPersons::kKnownAfter);
  EXPECT_EQ(look(person), Reason::done);
}

TEST_F(DoorTest, ASessionThatDidNotLastIsNotNoted) {
  set_door(config::WhoEnters::anyone);
  const Slot ada = enter_native("ada");
  pass(KnownPersons::kMinStay - Micros{1});
  tick_all();
  EXPECT_FALSE(chat_->known.first_seen(sessions().person(ada)));
  pass(Micros{1});
  tick_all();
  EXPECT_TRUE(chat_->known.first_seen(sessions().person(ada)));
}

TEST_F(DoorTest, FewPersonsAreNotedAtATimeWhileTheirNetworkHasNoFreeRow) {
  set_door(config::WhoEnters::anyone);
  for (std::uint64_t i = 0; i < KnownPersons::kRowsOfANetwork; ++i) {
    chat_->known.note({.person = PersonId{1000 + i},
                       .address = test::endpoint("10.0.0.1:5").address,
                       .began = now().wall},
                      now().wall, [](PersonId) { return false; });
  }
  constexpr std::uint32_t kSessions = Door::kReplacedAtOnce + 2;
  std::vector<PersonId> persons;
  for (std::uint32_t i = 0; i < kSessions; ++i) {
    const int key = static_cast<int>(i) + 10;
    persons.push_back(sessions().person(enter("x" + std::to_string(i), key, "10.0.0.1:5").slot));
  }
  const auto noted = [&] {
    return std::ranges::count_if(
        persons, [&](PersonId one) { return chat_->known.first_seen(one).has_value(); });
  };
  pass(KnownPersons::kMinStay);
  chat_->door.tick(now().wall);
  EXPECT_EQ(noted(), Door::kReplacedAtOnce);
  chat_->door.tick(now().wall);
  EXPECT_EQ(noted(), kSessions) << "the next ones";
}

TEST_F(DoorTest, ATextMemberIsNeverNoted) {
  set_door(config::WhoEnters::anyone);
  const Slot ada = enter_text("ada").slot;
  pass(KnownPersons::kMinStay);
  tick_all();
  EXPECT_FALSE(chat_->known.first_seen(sessions().person(ada)));
}

TEST_F(DoorTest, AMemberThatIsInWhenItIsClosedStaysUntilItLeaves) {
  set_door(config::WhoEnters::anyone);
  const Slot ada = enter_native("ada");
  const PersonId person = sessions().person(ada);
  set_door(config::WhoEnters::invited);
  EXPECT_EQ(look(person), Reason::done);
  EXPECT_FALSE(chat_->door.admits(person, now().wall));
  sessions().remove(ada, state::LeaveKind::quit, {}, now());
  sessions().settle();
  EXPECT_EQ(look(person), Reason::not_invited);
}

TEST_F(DoorTest, ACodeInvitesIntoItsRoomOnce) {
  const Slot eve = enter("eve", 9).slot;
  ASSERT_TRUE(make(eve, "lab"));
  const RoomId lab = id_of("lab");
  add_code("secret", 1, lab);
  EXPECT_EQ(come(PersonId{1}, "secret"), lab);
  EXPECT_TRUE(chat_->rules.has(RuleKind::invitation, PersonId{1}, lab, now().wall));
  // Its owner takes the invitation back; the code does not give it again.
  const auto rule =
      chat_->rules.find(RuleKind::invitation, {.person = PersonId{1}}, lab, now().wall);
  chat_->rules.remove(*rule);
  EXPECT_EQ(come(PersonId{1}, "secret"), std::nullopt);
  EXPECT_FALSE(chat_->rules.has(RuleKind::invitation, PersonId{1}, lab, now().wall));
}

TEST_F(DoorTest, ACodeOfARoomThatIsGoneStillAdmits) {
  add_code("secret", 1, RoomId{77});
  (void)come(PersonId{1}, "secret");
  EXPECT_EQ(look(PersonId{1}), Reason::done);
  EXPECT_FALSE(chat_->rules.has_any(RuleKind::invitation));
}

}  // namespace
}  // namespace chatd::chat
