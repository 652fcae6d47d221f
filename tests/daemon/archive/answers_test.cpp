// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/answers.hpp"

#include <gtest/gtest.h>

#include "common/wire/control/verbs.hpp"

namespace chatd::archive {
namespace {

constexpr const wire::Verb& kVerb = wire::verb::kHistory.row;

TEST(Answers, AnOptionIsTheArgumentBehindThoseOfTheVerb) {
  const wire::ControlRequest request{.verb = "history", .args = {"chat", "7", "x"}};
  EXPECT_EQ(text_in(request, kVerb, "--before"), "x");
  EXPECT_EQ(number_in(request, kVerb, "--lines", 50), 7U);
  EXPECT_EQ(number_in(request, kVerb, "--before", 50), std::nullopt);
}

TEST(Answers, AnOptionThatIsNotGivenHasItsUsualValue) {
  const wire::ControlRequest request{.verb = "history", .args = {"chat", ""}};
  EXPECT_EQ(text_in(request, kVerb, "--before"), "");
  EXPECT_EQ(number_in(request, kVerb, "--lines", 50), 50U);
  EXPECT_EQ(number_in(request, kVerb, "--before", 9), 9U);
}

TEST(Answers, ALineHasItsKindByName) {
  HistoryDb::StoredLine line;
  line.kind = kGap;
  line.last = 5;
  EXPECT_EQ(row_of(line).kind, "gap");
  EXPECT_EQ(row_of(line).last, 5U);
  line.kind = static_cast<std::uint16_t>(wire::RecordKind::action);
  EXPECT_EQ(row_of(line).kind, "action");
}

}  // namespace
}  // namespace chatd::archive
