// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/invitations.hpp"

#include <string>

#include <gmock/gmock.h>

#include "common/crypto/invitation_code.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::chat {
namespace {

using state::InvitationState;
using state::PersonId;
using state::RoomId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class InvitationsTest : public test::StateFixture {
 protected:
  InvitationsTest() { take_over(); }

  static constexpr WallTime kNow{std::chrono::seconds{1000}};
  static constexpr WallTime kUntil{std::chrono::seconds{2000}};
  using Id = state::InvitationId;

  Id add(std::string_view secret, std::uint32_t uses = 1, RoomId room = state::kDefaultRoom) {
    return invitations_
        ->add({.hash = crypto::hash_of_invitation(std::as_bytes(std::span{secret})),
               .uses = uses,
               .now = kNow,
               .until = kUntil,
               .room = room})
        .value();
  }
  // True: the code has admitted the person.
  bool come(std::string_view secret, std::uint64_t person, WallTime now = kNow) {
    const auto found = invitations_->find(secret, PersonId{person}, now);
    return found && invitations_->admit(*found, PersonId{person}, "ada", now);
  }
  void take_over() {
    invitations_.emplace(state_);
    invitations_->adopt();
  }
  std::vector<std::uint32_t> due() {
    std::vector<std::uint32_t> rooms;
    invitations_->for_each_due([&](PersonId, std::string_view, RoomId room) {
      rooms.push_back(static_cast<std::uint32_t>(room));
    });
    return rooms;
  }

  std::optional<Invitations> invitations_;
};

TEST_F(InvitationsTest, ACodeAdmitsAsManyPersonsAsItHasUses) {
  const Id id = add("secret", 2);
  EXPECT_TRUE(come("secret", 1));
  EXPECT_TRUE(come("secret", 2));
  EXPECT_FALSE(come("secret", 3));
  EXPECT_EQ(invitations_->used(id), 2U);
  EXPECT_EQ(invitations_->admitted_by(PersonId{1}), id);
  EXPECT_EQ(invitations_->admitted_by(PersonId{3}), std::nullopt);
}

TEST_F(InvitationsTest, APersonThatComesAgainUsesNothing) {
  const Id id = add("secret", 2);
  EXPECT_TRUE(come("secret", 1));
  EXPECT_TRUE(come("secret", 1));
  EXPECT_EQ(invitations_->used(id), 1U);
  EXPECT_TRUE(come("secret", 2));
  EXPECT_TRUE(come("secret", 1, kUntil));
}

TEST_F(InvitationsTest, AnotherSecretAnExpiredAndAnEndedCodeAdmitNobody) {
  const Id id = add("secret", 9);
  EXPECT_FALSE(come("secreT", 1));
  EXPECT_FALSE(come("", 1));
  EXPECT_FALSE(come(std::string(255, 'x'), 1));
  EXPECT_FALSE(come("secret", 1, kUntil));
  EXPECT_TRUE(come("secret", 1, kUntil - Micros{1}));
  const auto code = invitations_->find_id(id).value();
  EXPECT_TRUE(invitations_->end(code, InvitationState::revoked));
  EXPECT_FALSE(invitations_->end(code, InvitationState::closed));
  EXPECT_FALSE(come("secret", 2));
  EXPECT_EQ(invitations_->row(code).state, InvitationState::revoked);
}

TEST_F(InvitationsTest, ASuccessorHasTheSameCodesAndAdmissions) {
  const Id first = add("one", 2);
  const Id second = add("two");
  EXPECT_TRUE(come("one", 1));
  take_over();
  EXPECT_EQ(invitations_->used(first), 1U);
  EXPECT_TRUE(come("one", 1));
  EXPECT_TRUE(come("one", 2));
  EXPECT_FALSE(come("one", 3));
  EXPECT_TRUE(come("two", 1));
  EXPECT_THAT(invitations_->all_of(PersonId{1}), ElementsAre(first, second));
  EXPECT_EQ(invitations_->admitted_by(PersonId{1}), first);
}

TEST_F(InvitationsTest, TheRoomOfACodeIsDueOnceForEachPerson) {
  add("secret", 2, RoomId{7});
  EXPECT_TRUE(come("secret", 1));
  EXPECT_THAT(due(), ElementsAre(7U));
  EXPECT_TRUE(come("secret", 1));
  EXPECT_THAT(due(), IsEmpty());
  EXPECT_TRUE(come("secret", 2));
  take_over();
  EXPECT_THAT(due(), ElementsAre(7U));
  take_over();
  EXPECT_THAT(due(), IsEmpty());
}

TEST_F(InvitationsTest, WithoutTheirAdmissionsPersonsAreNotAdmittedUnlessByAnotherCode) {
  const Id first = add("one", 3);
  const Id second = add("two");
  EXPECT_TRUE(come("one", 1));
  EXPECT_TRUE(come("one", 2));
  EXPECT_TRUE(come("two", 2));
  EXPECT_THAT(invitations_->remove_admissions(first), ElementsAre(PersonId{1}));
  EXPECT_EQ(invitations_->admitted_by(PersonId{1}), std::nullopt);
  EXPECT_EQ(invitations_->admitted_by(PersonId{2}), second);
  EXPECT_EQ(invitations_->used(first), 0U);
}

TEST_F(InvitationsTest, NumbersGoUpAlsoWhenRowsWereUsedAgain) {
  const Id first = add("one");
  EXPECT_EQ(first, Id{1});
  EXPECT_EQ(add("two"), Id{2});
  take_over();
  EXPECT_EQ(add("three"), Id{3});
}

TEST_F(InvitationsTest, ThereIsSpaceForAsManyUsesAsThereAreRowsOfAdmissions) {
  EXPECT_EQ(invitations_->space_for(1, kNow), state::kInvitationRows);
  EXPECT_EQ(invitations_->space_for(1000, kNow), state::kAdmissionRows / 1000);
  const Id id = add("secret", state::kAdmissionRows - 10);
  EXPECT_EQ(invitations_->space_for(1, kNow), 10U);
  EXPECT_EQ(invitations_->space_for(11, kNow), 0U);
  EXPECT_TRUE(come("secret", 1));
  EXPECT_EQ(invitations_->space_for(1, kNow), 10U);
  invitations_->end(invitations_->find_id(id).value(), InvitationState::revoked);
  EXPECT_EQ(invitations_->space_for(state::kAdmissionRows - 1, kNow), 1U);
}

TEST_F(InvitationsTest, TheRowOfTheOldestCodeThatAdmittedNobodyAndEndedIsUsedAgain) {
  for (std::uint32_t i = 0; i < state::kInvitationRows; ++i) add("code " + std::to_string(i));
  EXPECT_TRUE(come("code 0", 1));
  EXPECT_EQ(invitations_->space_for(1, kNow), 0U);
  invitations_->end(invitations_->find_id(Id{2}).value(), InvitationState::revoked);
  EXPECT_EQ(invitations_->space_for(1, kNow), 1U);
  EXPECT_EQ(add("new"), Id{state::kInvitationRows + 1});
  EXPECT_TRUE(invitations_->find_id(Id{1}));
  EXPECT_FALSE(invitations_->find_id(Id{2}));
  EXPECT_TRUE(come("new", 2));
}

}  // namespace
}  // namespace chatd::chat
