// SPDX-License-Identifier: GPL-3.0-or-later
#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "common/wire/reasons.hpp"

namespace chatd::wire {
namespace {

TEST(ReasonSearch, NarrowReasonsHaveTheCodeOfTheirOutcome) {
  EXPECT_EQ(code_of(Reason::name_reserved), "name_refused");
  EXPECT_EQ(code_of(Reason::address_full), "address_full");
  EXPECT_EQ(code_of(outcome_of(Reason::address_full)), "room_full");
}

TEST(ReasonSearch, EachRefusedLoginHasItsRefusalCode) {
  EXPECT_EQ(refusal_code_of(Reason::name_taken), RefusalCode::name_taken);
  EXPECT_EQ(refusal_code_of(Reason::name_has_space), RefusalCode::name_refused);
  EXPECT_EQ(refusal_code_of(Reason::already_named), RefusalCode::name_refused);
  EXPECT_EQ(refusal_code_of(Reason::room_full), RefusalCode::room_full);
  EXPECT_EQ(refusal_code_of(Reason::address_full), RefusalCode::address_full);
  EXPECT_EQ(refusal_code_of(Reason::elsewhere), RefusalCode::elsewhere);
}

TEST(ReasonSearch, AReasonWithoutARefusalCodeIsSentAsNotWelcome) {
  EXPECT_EQ(refusal_code_of(Reason::idle), RefusalCode::not_welcome);
}

TEST(ReasonSearch, EachRefusalCodeHasItsOutcome) {
  const std::vector<std::pair<RefusalCode, Reason>> expected{
      {RefusalCode::name_taken, Reason::name_taken},
      {RefusalCode::name_refused, Reason::name_refused},
      {RefusalCode::room_full, Reason::room_full},
      {RefusalCode::address_full, Reason::room_full},
      {RefusalCode::not_welcome, Reason::not_welcome},
      {RefusalCode::elsewhere, Reason::replaced},
      {static_cast<RefusalCode>(200), Reason::not_welcome},  // of a newer server
  };
  for (const auto& [code, outcome] : expected) {
    EXPECT_EQ(outcome_of(reason_of(code)), outcome) << static_cast<int>(code);
  }
}

TEST(ReasonSearch, EachKindOfLeaveHasItsByeReason) {
  EXPECT_EQ(bye_of(Reason::quit), ByeReason::quit);
  EXPECT_EQ(bye_of(Reason::kicked), ByeReason::kicked);
  EXPECT_EQ(bye_of(Reason::idle), ByeReason::idle);
  EXPECT_EQ(bye_of(Reason::unreachable), ByeReason::idle);
}

TEST(ReasonSearch, MessageRefusalsAreFoundByTheirCode) {
  EXPECT_EQ(message_refusal_of("mailbox_full"), Reason::mailbox_full);
  EXPECT_EQ(message_refusal_of("unknown_command"), Reason::unknown_kind);
  EXPECT_EQ(message_refusal_of("not_in_room"), Reason::not_in_that_room);
  EXPECT_EQ(message_refusal_of("name_taken"), std::nullopt);
  EXPECT_EQ(message_refusal_of(""), std::nullopt);
}

}  // namespace
}  // namespace chatd::wire
