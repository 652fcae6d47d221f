// SPDX-License-Identifier: GPL-3.0-or-later
// Violations in the direct messages that wait for their recipient.
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fault/chaos/programs_check_fixture.hpp"

namespace chatd::test {
namespace {

using ::testing::IsEmpty;

TEST_F(ProgramsCheck, FindsAMessageThatWaitedAndCameToBothPrograms) {
  waits_ = true;
  expect_violation(kGotByTwo);
  second_direct_ = {};
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(ProgramsCheck, AllowsAMessageThatWaitedToComeAgainAfterTheEndOfAProgram) {
  waits_ = true;
  is_first_over_early_ = true;
  EXPECT_THAT(violations(), IsEmpty());
  is_first_over_early_ = false;
  does_first_quit_early_ = is_first_over_ = true;
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(ProgramsCheck, FindsAMessageThatWaitedAndCameAgainBeforeTheEndOfAProgram) {
  waits_ = true;
  is_first_over_ = true;
  expect_violation(kGotByTwo);
  is_first_over_ = false;
  is_second_over_ = true;
  expect_violation(kGotByTwo);
}

// The program learns of it later.
TEST_F(ProgramsCheck, AllowsAMessageThatWaitedToComeAgainIfTheServerHasEndedAProgram) {
  waits_ = true;
  is_first_over_ = is_first_ended_by_server_ = true;
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(ProgramsCheck, FindsAMessageThatWaitedAndNeverCame) {
  waits_ = true;
  first_direct_ = {};
  second_direct_ = {};
  expect_violation("waited, and no program of bob got it: ada's direct message \"to both\"");
}

// Both programs of bob have ended, and the message to them is refused because too many wait.
class WaitsFullCheck : public ProgramsCheck {
 protected:
  WaitsFullCheck() {
    first_direct_ = second_direct_ = {};
    is_first_over_ = is_second_over_ = true;
    programs_ = {};
    to_both_ = History::Fate::refused;
    why_ = "waits_full";
  }
  // bob received those that did.
  void add_earlier(std::size_t count, History::Fate fate, bool waits = false,
                   const std::string& to = "bob") {
    for (std::size_t i = 0; i < count; ++i) {
      const std::string text = "earlier " + std::to_string(earlier_messages_.size());
      const bool is_received = fate == History::Fate::confirmed && to == "bob";
      if (is_received) first_direct_.push_back(direct(earlier_sender_, text));
      earlier_messages_.push_back({.text = text, .to = to, .fate = fate, .waits = waits});
    }
  }
  // So many earlier messages that are like this one allow the refusal, and not fewer.
  void expect_allowed_by(std::size_t count, History::Fate fate, bool waits = false,
                         const std::string& to = "bob") {
    add_earlier(count - 1, fate, waits, to);
    expect_violation(kViolation);
    add_earlier(1, fate, waits, to);
    EXPECT_THAT(violations(), IsEmpty());
  }
  static constexpr std::string_view kViolation =
      "ada's direct message \"to both\" to bob, waits_full";
};

TEST_F(WaitsFullCheck, AllowsARefusalIfFiveMessagesWait) {
  expect_allowed_by(5, History::Fate::confirmed, true);
}

TEST_F(WaitsFullCheck, AMessageWithoutAnAnswerMayWait) {
  add_earlier(5, History::Fate::unknown);
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(WaitsFullCheck, AllowsARefusalIfTheRecipientIsInAndCannotRead) {
  is_first_over_ = is_second_over_ = false;
  programs_ = {.running = 2, .on_server = 2};
  expect_allowed_by(5, History::Fate::confirmed, true);
}

TEST_F(WaitsFullCheck, AllowsARefusalIfFiftyMessagesOfUnownedNamesWait) {
  earlier_sender_ = "eve";
  expect_allowed_by(50, History::Fate::unknown);
  owned_ = {"ada"};
  expect_violation(kViolation);
  owned_ = {"eve"};
  expect_violation(kViolation);
}

TEST_F(WaitsFullCheck, AllowsARefusalIfAHundredMessagesWaitForTheRecipient) {
  earlier_sender_ = "eve";
  owned_ = {"ada", "eve"};
  expect_allowed_by(100, History::Fate::unknown);
}

TEST_F(WaitsFullCheck, AllowsARefusalIfFiftyMessagesOfTheSenderWaitForAnybody) {
  expect_allowed_by(50, History::Fate::unknown, false, "eve");
}

TEST_F(WaitsFullCheck, FindsARefusalIfTheEarlierMessagesWereDelivered) {
  add_earlier(4, History::Fate::confirmed, true);
  add_earlier(4, History::Fate::confirmed);
  expect_violation(kViolation);
}

TEST_F(WaitsFullCheck, FindsARefusalIfTheMessagesThatWaitWereSentLater) {
  add_earlier(5, History::Fate::confirmed, true);
  are_earlier_late_ = true;
  expect_violation(kViolation);
}

}  // namespace
}  // namespace chatd::test
