// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/name_commands.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/chat/proved.hpp"
#include "tests/daemon/chat/own_fixture.hpp"

namespace chatd::chat {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using wire::OwnAct;

constexpr std::string_view kFar = "203.0.113.5:1000";

class NameCommandsTest : public OwnFixture {};

TEST_F(NameCommandsTest, OnlyTheOwnerLogsInUnderAnOwnedName) {
  const Slot slot = ada();
  EXPECT_EQ(last(slot), "own claimed ada");
  EXPECT_TRUE(is_proved(sessions(), slot));
  EXPECT_EQ(refused("ADA", 2), wire::Reason::name_owned) << "also while the owner is in";
  sessions().remove(slot, state::LeaveKind::quit, {}, now());
  sessions().settle();
  EXPECT_EQ(refused("ada", 2), wire::Reason::name_owned);
  EXPECT_EQ(enter_text("ada").reason, wire::Reason::name_owned);
  is_brief_ = true;
  EXPECT_EQ(refused("ada", 2), wire::Reason::name_owned);
  is_brief_ = false;
  restart();
  EXPECT_EQ(refused("ada", 2), wire::Reason::name_owned);
  EXPECT_EQ(enter("ada", 1).status, Sessions::Status::admitted);
}

TEST_F(NameCommandsTest, AClaimIsRefusedToAPersonThatIsNotKnownForADayNorInvited) {
  makes_known_ = false;
  const Slot slot = ada();
  EXPECT_EQ(last(slot), "notice own_too_new");
  make_known(slot);
  own(slot, {.act = OwnAct::claim});
  EXPECT_EQ(last(slot), "own claimed ada");
}

TEST_F(NameCommandsTest, AClaimIsRefusedByTheSettingAndOfAFarNetworkAfterFive) {
  config_.names.claim = config::WhoClaims::admin;
  restart();
  const Slot slot = ada();
  EXPECT_EQ(last(slot), "notice own_claim_closed");
  config_.names.claim = config::WhoClaims::members;
  for (int number = 10; number < 16; ++number) {
    const Slot far = enter("far" + std::to_string(number), number, kFar).slot;
    own(far, {.act = OwnAct::claim});
    EXPECT_EQ(last(far),
              number < 15 ? "own claimed far" + std::to_string(number) : "notice own_too_many");
    own(far, {.act = OwnAct::claim});
    sessions().remove(far, state::LeaveKind::quit, {}, now());
    sessions().settle();
  }
  time_ += hours{5};
  const Slot far = enter("far15", 15, kFar).slot;
  own(far, {.act = OwnAct::claim});
  EXPECT_EQ(last(far), "own claimed far15") << "one more in five hours";
}

TEST_F(NameCommandsTest, AnotherDeviceIsAddedWhenTheFirstOneSaysYes) {
  const Slot first = ada();
  const Slot other = enter("ada-phone", 2).slot;
  use_code(first, other);
  EXPECT_EQ(last(other), "own asked ada");
  const auto asked = test::mailbox_records(state_, other);
  EXPECT_EQ(wire::read_own(asked.back().text).device, key(2));
  EXPECT_EQ(last(first), "device ada");
  const auto records = test::mailbox_records(state_, first);
  const auto question = wire::read_device(records.back().text);
  EXPECT_EQ(question.key, key(2));
  EXPECT_EQ(question.label, "phone");
  EXPECT_EQ(question.address, "127.0.0.1");
  EXPECT_NE(sessions().person(other), sessions().person(first));
  own(first, {.act = OwnAct::answer, .yes = true, .key = key(2)});
  EXPECT_EQ(last(first), "own added ada");
  EXPECT_EQ(last(other), "own added ada");
  EXPECT_EQ(sessions().person(other), sessions().person(first)) << "at once";
  EXPECT_FALSE(is_proved(sessions(), other)) << "it has another name";
  const auto second = enter("ada", 2, "127.0.0.1:6", 9);
  EXPECT_EQ(second.status, Sessions::Status::admitted);
  EXPECT_EQ(sessions().roster().first(second.slot), first) << "a program of the member";
}

TEST_F(NameCommandsTest, ADeviceThatIsNotWantedStaysAnotherPerson) {
  const Slot first = ada();
  const Slot other = enter("phone", 2).slot;
  use_code(first, other);
  own(first, {.act = OwnAct::answer, .yes = false, .key = key(2)});
  EXPECT_EQ(last(other), "own declined ada");
  EXPECT_NE(sessions().person(other), sessions().person(first));
  own(first, {.act = OwnAct::answer, .yes = true, .key = key(2)});
  EXPECT_EQ(last(first), "notice own_no_device") << "the first answer counts";
}

TEST_F(NameCommandsTest, ACodeIsValidOnceAndForTenMinutes) {
  const Slot first = ada();
  const Slot other = enter("phone", 2).slot;
  own(other, {.act = OwnAct::use, .code = 77});
  EXPECT_EQ(last(other), "notice own_bad_code") << "wrong";
  use_code(first, other);
  own(other, {.act = OwnAct::use, .code = 77});
  EXPECT_EQ(last(other), "notice own_bad_code") << "used";
  own(first, {.act = OwnAct::add}, 78);
  own(first, {.act = OwnAct::add}, 79);
  own(other, {.act = OwnAct::use, .code = 78});
  EXPECT_EQ(last(other), "notice own_bad_code") << "replaced";
  time_ += minutes{10};
  own(other, {.act = OwnAct::use, .code = 79});
  EXPECT_EQ(last(other), "notice own_bad_code") << "expired";
}

TEST_F(NameCommandsTest, ANetworkThatTriesManyCodesGetsTheAnswerToAWrongOne) {
  const Slot first = ada();
  const Slot other = enter("phone", 2, kFar).slot;
  own(first, {.act = OwnAct::add}, 77);
  for (std::uint64_t code = 1; code <= NameCommands::kWrongCodes; ++code) {
    sessions().remove(other, state::LeaveKind::quit, {}, now());
    sessions().settle();
    (void)enter("phone", 2, kFar);
    own(other, {.act = OwnAct::use, .code = code});
  }
  own(other, {.act = OwnAct::use, .code = 77});
  EXPECT_EQ(last(other), "notice own_bad_code");
  time_ += minutes{1};
  own(other, {.act = OwnAct::use, .code = 77});
  EXPECT_EQ(last(other), "own asked ada");
}

TEST_F(NameCommandsTest, WithoutAnAnswerTheDeviceIsDeclined) {
  const Slot first = ada();
  const Slot other = enter("phone", 2).slot;
  use_code(first, other);
  time_ += minutes{9};
  own().tick(now());
  EXPECT_EQ(last(other), "own asked ada");
  time_ += minutes{1};
  own().tick(now());
  EXPECT_EQ(last(other), "own declined ada");
  EXPECT_EQ(last(first), "own declined ada");
}

TEST_F(NameCommandsTest, AProgramThatComesInIsAskedAboutTheDeviceThatWaits) {
  const Slot first = ada();
  const Slot other = enter("phone", 2).slot;
  use_code(first, other);
  const Slot second = enter("ada", 1, "127.0.0.1:8", 5).slot;
  own().arrived(second, now());
  EXPECT_EQ(last(second), "device ada");
}

TEST_F(NameCommandsTest, TheSessionsOfADroppedKeyAreMisnamed) {
  const Slot first = ada();
  const Slot other = add_phone(first);
  const Slot second = enter("ada", 2, "127.0.0.1:6", 9).slot;
  EXPECT_THAT(misnamed(sessions()), IsEmpty());
  own(first, {.act = OwnAct::drop, .key = key(2)});
  EXPECT_EQ(last(first), "own dropped ada");
  EXPECT_THAT(misnamed(sessions()), ElementsAre(other, second));
  restart();
  EXPECT_THAT(misnamed(sessions()), ElementsAre(second)) << "the other one has its own name";
}

TEST_F(NameCommandsTest, TheKeysAreListedWithTheReadersOwn) {
  const Slot first = ada();
  const Slot other = add_phone(first);
  own(other, {.act = OwnAct::keys});
  const auto records = test::mailbox_records(state_, other);
  const auto answer = wire::read_own(records.back().text);
  ASSERT_EQ(answer.key_count, 2U);
  EXPECT_EQ(answer.keys[0].key, key(1));
  EXPECT_FALSE(answer.keys[0].is_this);
  EXPECT_EQ(answer.keys[1].label, "phone");
  EXPECT_TRUE(answer.keys[1].is_this);
  const Slot bob = enter("bob", 3).slot;
  own(bob, {.act = OwnAct::keys});
  EXPECT_EQ(last(bob), "notice own_none");
}

TEST_F(NameCommandsTest, AReleasedNameIsNotProvedAnyMore) {
  const Slot slot = ada();
  own(slot, {.act = OwnAct::release});
  EXPECT_EQ(last(slot), "own released ada");
  EXPECT_FALSE(is_proved(sessions(), slot));
  EXPECT_THAT(misnamed(sessions()), IsEmpty());
  own(slot, {.act = OwnAct::claim});
  EXPECT_TRUE(is_proved(sessions(), slot));
}

TEST_F(NameCommandsTest, WithoutSpaceForTheAnswerNothingChanges) {
  const Slot slot = enter("ada", 1).slot;
  fill_mailbox(slot);
  std::array<char, wire::kMaxOwnRequestBytes> buffer{};
  const auto text = wire::write_own_request({.act = OwnAct::claim}, buffer);
  EXPECT_FALSE(own().carry_out(order(slot, 100), text, 1));
  EXPECT_EQ(state_.native_slots()[slot].uplink, 0U);
  EXPECT_EQ(chat_->names.size(), 0U);
}

TEST_F(NameCommandsTest, OnlyOwnersMakeRoomsIfTheSettingSaysSo) {
  config_.rooms.create = config::WhoMakes::owners;
  const Slot bob = enter("bob", 3).slot;
  commands().make(order(bob, 10), "lab");
  EXPECT_EQ(last(bob), "notice owners_make");
  const Slot slot = ada();
  commands().make(order(slot, 1000), "lab");
  EXPECT_EQ(last(slot), "joined lab");
}

TEST_F(NameCommandsTest, ABanOfThePersonHoldsForEachOfItsDevices) {
  const Slot first = ada();
  add_phone(first);
  restrict(first, state::RuleKind::ban);
  EXPECT_EQ(refused("another", 2), wire::Reason::banned);
}

TEST_F(NameCommandsTest, AUserThatIsMutedStaysThePersonThatItIs) {
  const Slot first = ada();
  const Slot other = enter("phone", 2).slot;
  const state::RuleIndex mute = restrict(other, state::RuleKind::mute);
  own(first, {.act = OwnAct::add}, 77);
  own(other, {.act = OwnAct::use, .code = 77});
  EXPECT_EQ(last(other), "notice own_restricted");
  chat_->rules.remove(mute);
  own(other, {.act = OwnAct::use, .code = 77});
  restrict(other, state::RuleKind::mute);
  own(first, {.act = OwnAct::answer, .yes = true, .key = key(2)});
  EXPECT_NE(sessions().person(other), sessions().person(first)) << "it was muted meanwhile";
}

TEST_F(NameCommandsTest, ADropEndsTheWaitOfADeviceAndTheProgramsOfTheOwnerAreTold) {
  const Slot first = ada();
  const Slot phone = add_phone(first);
  const Slot tablet = enter("tablet", 3).slot;
  use_code(phone, tablet);
  own(first, {.act = OwnAct::drop, .key = key(2)});
  EXPECT_EQ(last(tablet), "own declined ada");
  const auto records = test::mailbox_records(state_, first);
  const auto of_tablet = wire::read_own(records.at(records.size() - 2).text);
  EXPECT_EQ(of_tablet.event, wire::OwnEvent::declined);
  EXPECT_EQ(of_tablet.device, key(3));
  EXPECT_EQ(last(first), "own dropped ada");
}

TEST_F(NameCommandsTest, AMutedPersonDropsNoKey) {
  const Slot first = ada();
  const Slot other = add_phone(first);
  restrict(first, state::RuleKind::mute);
  own(other, {.act = OwnAct::drop, .key = key(2)});
  EXPECT_EQ(last(other), "notice own_restricted");
}

TEST_F(NameCommandsTest, TheOwnerOfARoomCannotHinderAnOwnerFromDroppingAKey) {
  const Slot first = ada();
  add_phone(first);
  restrict(first, state::RuleKind::mute, state::RoomId{5});
  own(first, {.act = OwnAct::drop, .key = key(2)});
  EXPECT_EQ(last(first), "own dropped ada");
}

TEST_F(NameCommandsTest, OnlyTheOldestKeyReleasesTheNameAndAllProgramsAreTold) {
  const Slot first = ada();
  const Slot other = add_phone(first);
  own(other, {.act = OwnAct::release});
  EXPECT_EQ(last(other), "notice own_younger");
  own(first, {.act = OwnAct::release});
  EXPECT_EQ(last(first), "own released ada");
  EXPECT_EQ(last(other), "own released ada");
}

TEST_F(NameCommandsTest, TheProgramsOfAllDevicesCountTogether) {
  config_.limits.programs_per_person = 2;
  restart();
  const Slot first = ada();
  add_phone(first);
  EXPECT_EQ(enter("ada", 2, "127.0.0.1:8", 5).status, Sessions::Status::admitted);
  EXPECT_EQ(enter("ada", 1, "127.0.0.1:9", 6).status, Sessions::Status::again)
      << "it takes over the program that was silent longest";
}

TEST_F(NameCommandsTest, TheDevicesOfAPersonShareTheRoomsThatItMayMake) {
  config_.limits.rooms_per_member = 1;
  const Slot first = ada();
  const Slot other = add_phone(first);
  commands().make(order(first, 10'000), "lab");
  EXPECT_EQ(last(first), "joined lab");
  commands().make(order(other, 10'000), "den");
  EXPECT_EQ(last(other), "notice made_too_many");
  EXPECT_TRUE(chat_->rules.has(state::RuleKind::owner, sessions().person(other),
                               chat_->rooms.find_name("lab")->id, now().wall))
      << "a role is the person's";
}

}  // namespace
}  // namespace chatd::chat
