// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/reasons.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "common/wire/message_text.hpp"
#include "common/wire/name.hpp"
#include "common/wire/native/native_frame.hpp"
#include "common/wire/native/native_packet.hpp"

namespace chatd::wire {
namespace {

// The numbers of one column that the table has, each of which must stand in one row only.
template <class Code>
std::set<int> numbers(std::optional<Code> ReasonRow::*column) {
  std::set<int> found;
  for (const ReasonRow& row : reason_table()) {
    if (!(row.*column)) continue;
    EXPECT_TRUE(found.insert(static_cast<int>(*(row.*column))).second) << code_of(row.reason);
  }
  return found;
}

// Requires every number from the first to the last one.
void expect_no_gap(const std::set<int>& numbers, int first) {
  ASSERT_FALSE(numbers.empty());
  EXPECT_EQ(*numbers.begin(), first);
  EXPECT_EQ(*numbers.rbegin() - first + 1, static_cast<int>(numbers.size()));
}

// tests/client/man_page_test.cpp compares these numbers with the manuals.
TEST(ReasonTable, HasEachNumberOfTheProtocolInOneRow) {
  expect_no_gap(numbers(&ReasonRow::refuse), 1);
  expect_no_gap(numbers(&ReasonRow::refused), 1);
  expect_no_gap(numbers(&ReasonRow::bye), 0);
}

TEST(ReasonTable, HasEachExitStatusInOneRowOfItsOwn) {
  auto statuses = numbers(&ReasonRow::status);
  EXPECT_EQ(statuses.erase(75), 1U) << "EX_TEMPFAIL of sysexits.h: it may be tried again";
  expect_no_gap(statuses, 0);
  EXPECT_EQ(row_of(Reason::done).status, 0);
  EXPECT_EQ(row_of(Reason::usage).status, 2);
  for (const ReasonRow& row : reason_table()) {
    if (!row.status) continue;
    EXPECT_EQ(row.outcome, row.reason) << row.code;
    EXPECT_FALSE(row.code.empty()) << *row.status;
    EXPECT_LE(*row.status, 125) << "a shell has meanings of its own for more";
  }
}

TEST(ReasonTable, LeadsFromEachReasonToAnOutcomeInOneStep) {
  for (const ReasonRow& row : reason_table()) {
    EXPECT_EQ(outcome_of(row.outcome), row.outcome) << row.server.en;
  }
}

TEST(ReasonTable, HasEachCodeInOneRow) {
  std::set<std::string_view> codes;
  for (const ReasonRow& row : reason_table()) {
    EXPECT_TRUE(row.code.empty() || codes.insert(row.code).second) << row.code;
  }
}

TEST(Reasons, FaultsOfNamesAndTextsAreReasons) {
  EXPECT_EQ(reason_of(check_name("two words").error()), Reason::name_has_space);
  EXPECT_EQ(reason_of(NameFault::like_a_mark), Reason::name_like_a_mark);
  EXPECT_EQ(outcome_of(reason_of(NameFault::empty)), Reason::name_refused);
  EXPECT_EQ(reason_of(TextFault::empty), Reason::text_empty);
  EXPECT_EQ(outcome_of(reason_of(TextFault::too_long)), Reason::message_refused);
}

TEST(Reasons, NumbersBehindTheTableAreUnknown) {
  EXPECT_TRUE(is_known(Reason::missed));
  EXPECT_FALSE(is_known(static_cast<Reason>(kReasons)));
}

}  // namespace
}  // namespace chatd::wire
