// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/admission.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/chat/native_fixture.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;
using wire::Reason;
using Status = Sessions::Status;

TEST(AdmissionConditions, TheFirstOneThatIsNotMetIsTheReason) {
  Attempt attempt{.name_fault = Reason::name_empty,
                  .own = Slot{1},
                  .has_other_name = true,
                  .is_address_full = true,
                  .is_room_full = true};
  attempt.ban = state::RuleIndex{0};
  EXPECT_EQ(reason_to_refuse(attempt), Reason::banned);
  attempt.ban = {};
  EXPECT_EQ(reason_to_refuse(attempt), Reason::already_named);
  attempt.own = {};
  attempt.has_other_name = false;
  EXPECT_EQ(reason_to_refuse(attempt), Reason::name_empty);
  attempt.name_fault = {};
  attempt.is_name_taken = true;
  EXPECT_EQ(reason_to_refuse(attempt), Reason::name_taken);
  attempt.is_name_taken = false;
  EXPECT_EQ(reason_to_refuse(attempt), Reason::address_full);
  attempt.is_address_full = false;
  EXPECT_EQ(reason_to_refuse(attempt), Reason::room_full);
  attempt.is_room_full = false;
  EXPECT_EQ(reason_to_refuse(attempt), std::nullopt);
}

TEST(AdmissionConditions, ASessionThatContinuesNeedsNoSpace) {
  EXPECT_EQ(reason_to_refuse(
                {.name_fault = {}, .own = Slot{1}, .is_address_full = true, .is_room_full = true}),
            std::nullopt);
}

class AdmissionTest : public NativeFixture {
 protected:
  Sessions::Admission enter_text(std::string_view name, std::string_view from) {
    const auto login =
        sessions().admit({.name = name, .from = test::delivery_to(test::endpoint(from))}, now());
    sessions().settle();
    return login;
  }
  state::RuleIndex ban(const state::RuleTable::Making& making) {
    return chat_->rules.add(making).value();
  }
  state::RuleIndex ban_network(std::string_view text) {
    return ban({.kind = state::RuleKind::ban,
                .target = state::RuleTarget::network,
                .network = parse_network(text).value()});
  }
};

TEST_F(AdmissionTest, ABannedPersonIsRefusedUnderEachNameAndAddress) {
  const auto ada = enter("ada", 1);
  const auto rule = ban({.kind = state::RuleKind::ban,
                         .target = state::RuleTarget::person,
                         .person = sessions().person(ada.slot)});
  sessions().remove(ada.slot, state::LeaveKind::kicked, {}, now());
  sessions().settle();
  for (const auto& [name, from] : {std::pair{"ada", "127.0.0.1:5"}, {"eve", "192.0.2.1:6"}}) {
    const auto refused = enter(name, 1, from);
    EXPECT_EQ(refused.status, Status::refused);
    EXPECT_EQ(refused.reason, Reason::banned);
    EXPECT_EQ(refused.rule, rule);
  }
  EXPECT_EQ(chat_->rules.row(rule).hits, 2U);
  EXPECT_EQ(chat_->rules.row(rule).hit_wall, now().wall.time_since_epoch().count());
  EXPECT_EQ(enter("ada", 2).status, Status::admitted);
  EXPECT_EQ(chat_->rules.row(rule).hits, 2U);
}

TEST_F(AdmissionTest, ABannedNameIsRefusedInBothProtocols) {
  ban({.kind = state::RuleKind::ban, .target = state::RuleTarget::name, .name = "Ada"});
  EXPECT_EQ(enter("ada", 1).reason, Reason::banned);
  EXPECT_EQ(enter_text("ADA", "127.0.0.1:9").reason, Reason::banned);
  EXPECT_EQ(enter_text("bob", "127.0.0.1:9").status, Status::admitted);
}

TEST_F(AdmissionTest, ABannedNetworkIsRefusedButNotLoopback) {
  ban_network("192.0.2.0/24");
  ban_network("127.0.0.0/8");
  EXPECT_EQ(enter("ada", 1, "192.0.2.7:1").reason, Reason::banned);
  EXPECT_EQ(enter_text("bob", "192.0.2.7:1").reason, Reason::banned);
  EXPECT_EQ(enter_text("", "192.0.2.7:1").reason, Reason::banned);  // before the name is judged
  EXPECT_EQ(enter("ada", 1, "127.0.0.1:1").status, Status::admitted);
  EXPECT_EQ(enter("eve", 3, "192.0.3.7:1").status, Status::admitted);
}

// The gateway was killed between the rule and the end of the session.
TEST_F(AdmissionTest, AResumeIsAnAdmission) {
  const auto ada = enter("ada", 1, "192.0.2.7:1");
  ban_network("192.0.2.7");
  const auto again = enter("ada", 1, "192.0.2.7:2");
  EXPECT_EQ(again.status, Status::refused);
  EXPECT_EQ(again.reason, Reason::banned);
  EXPECT_TRUE(sessions().is_member(ada.slot));
}

TEST_F(AdmissionTest, ABanThatHasEndedRefusesNoLogin) {
  const auto rule = ban_network("192.0.2.7");
  chat_->rules.set_until(rule, now().wall);
  EXPECT_EQ(enter("ada", 1, "192.0.2.7:1").status, Status::admitted);
  EXPECT_EQ(chat_->rules.row(rule).hits, 0U);
}

TEST_F(AdmissionTest, AMuteRefusesNoLogin) {
  ASSERT_TRUE(chat_->rules.add(
      {.kind = state::RuleKind::mute, .target = state::RuleTarget::name, .name = "ada"}));
  EXPECT_EQ(enter("ada", 1).status, Status::admitted);
}

TEST_F(AdmissionTest, TheKeyIsThePerson) {
  const auto ada = enter("ada", 1);
  const auto other = enter("eve", 1);
  const auto bob = enter("bob", 2);
  const auto text = enter_text("tex", "127.0.0.1:9");
  EXPECT_EQ(sessions().person(ada.slot), sessions().person(other.slot));
  EXPECT_NE(sessions().person(ada.slot), sessions().person(bob.slot));
  EXPECT_NE(sessions().person(text.slot), state::PersonId{});
  const auto subject = sessions().subject(ada.slot);
  EXPECT_EQ(subject.person, sessions().person(ada.slot));
  EXPECT_EQ(subject.folded_name, "ada");
  EXPECT_EQ(to_text(subject.address.value()), "127.0.0.1");
}

TEST_F(AdmissionTest, ATextMemberIsAnotherPersonEachTime) {
  const auto first = enter_text("tex", "127.0.0.1:9");
  const auto before = sessions().person(first.slot);
  sessions().remove(first.slot, state::LeaveKind::quit, {}, now());
  sessions().settle();
  const auto second = enter_text("tex", "127.0.0.1:9");
  ASSERT_EQ(second.slot, first.slot);
  EXPECT_NE(sessions().person(second.slot), before);
}

TEST_F(AdmissionTest, TheSameKeyAndNameIsTheSameMember) {
  const auto first = enter("ada", 1);
  ASSERT_EQ(first.status, Status::admitted);
  const auto again = enter("Ada", 1, "127.0.0.2:7");
  EXPECT_EQ(again.status, Status::again);
  EXPECT_EQ(again.slot, first.slot);
  EXPECT_EQ(to_text(sessions().where(first.slot)), "127.0.0.2:7");
  EXPECT_THAT(texts(), ElementsAre("join ada "));
}

TEST_F(AdmissionTest, AnotherKeyIsAnotherMember) {
  ASSERT_EQ(enter("ada", 1).status, Status::admitted);
  const auto refused = enter("ada", 2);
  EXPECT_EQ(refused.status, Status::refused);
  EXPECT_EQ(refused.reason, wire::Reason::name_taken);
}

TEST_F(AdmissionTest, TextAndNativeMembersShareTheNames) {
  ASSERT_EQ(
      sessions()
          .admit({.name = "bob", .from = test::delivery_to(test::endpoint("127.0.0.1:9"))}, now())
          .status,
      Status::admitted);
  EXPECT_EQ(enter("bob", 1).status, Status::refused);
  ASSERT_EQ(enter("ada", 1).status, Status::admitted);
  EXPECT_EQ(
      sessions()
          .admit({.name = "ada", .from = test::delivery_to(test::endpoint("127.0.0.1:8"))}, now())
          .status,
      Status::refused);
}

TEST_F(AdmissionTest, ASessionIsHeldByAnotherClientOfTheSameKeyOnly) {
  config_.limits.programs_per_person = 1;
  restart();
  const auto ada = enter("ada", 1);
  JoinRequest request{.name = "ada",
                      .from = test::delivery_to(test::endpoint("127.0.0.1:5")),
                      .native = NativeClient{.identity = {}, .random = 1, .window = 1}};
  request.native->identity.fill(std::byte{1});
  EXPECT_EQ(sessions().attempt_of(request, now().wall).taken_over, std::nullopt);
  request.native->client = 9;
  EXPECT_EQ(sessions().attempt_of(request, now().wall).taken_over, ada.slot);
  request.native->identity.fill(std::byte{2});
  EXPECT_EQ(sessions().attempt_of(request, now().wall).taken_over, std::nullopt);
}

}  // namespace
}  // namespace chatd::chat
