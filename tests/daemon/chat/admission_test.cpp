// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/admission.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/chat/native_fixture.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;
using wire::Reason;
using Status = Sessions::Status;

TEST(AdmissionRules, TheFirstBrokenRuleIsTheReason) {
  Attempt attempt{.name_fault = Reason::name_empty,
                  .holder = {},
                  .own = Slot{1},
                  .is_address_full = true,
                  .is_room_full = true};
  EXPECT_EQ(reason_to_refuse(attempt), Reason::already_named);
  attempt.own = {};
  EXPECT_EQ(reason_to_refuse(attempt), Reason::name_empty);
  attempt.name_fault = {};
  attempt.holder = Slot{2};
  EXPECT_EQ(reason_to_refuse(attempt), Reason::name_taken);
  attempt.holder = {};
  EXPECT_EQ(reason_to_refuse(attempt), Reason::address_full);
  attempt.is_address_full = false;
  EXPECT_EQ(reason_to_refuse(attempt), Reason::room_full);
  attempt.is_room_full = false;
  EXPECT_EQ(reason_to_refuse(attempt), std::nullopt);
}

TEST(AdmissionRules, ASessionThatContinuesNeedsNoSpace) {
  EXPECT_EQ(reason_to_refuse({.name_fault = {},
                              .holder = Slot{1},
                              .own = Slot{1},
                              .is_address_full = true,
                              .is_room_full = true}),
            std::nullopt);
}

class AdmissionTest : public NativeFixture {};

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
  const auto ada = enter("ada", 1);
  JoinRequest request{.name = "ada",
                      .from = test::delivery_to(test::endpoint("127.0.0.1:5")),
                      .native = NativeClient{.identity = {}, .random = 1, .window = 1}};
  request.native->identity.fill(std::byte{1});
  EXPECT_EQ(sessions().held_by_other_client(request), std::nullopt);
  request.native->client = 9;
  EXPECT_EQ(sessions().held_by_other_client(request), ada.slot);
  request.native->identity.fill(std::byte{2});
  EXPECT_EQ(sessions().held_by_other_client(request), std::nullopt);
}

}  // namespace
}  // namespace chatd::chat
