// SPDX-License-Identifier: GPL-3.0-or-later
// Lines that are stored as they were said are no violation; each kind of violation is planted and
// found.
#include "tests/fault/chaos/stored_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fault/chaos/heard_at.hpp"

namespace chatd::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using wire::RecordKind;

// ada says one, two and three, and a direct message; bob hears them.
class StoredCheck : public ::testing::Test {
 protected:
  StoredCheck() {
    const auto ada = history_.begin_reader("ada", History::Dialect::native);
    const auto bob = history_.begin_reader("bob", History::Dialect::native);
    const auto confirmed = History::Fate::confirmed;
    history_.sent(ada, 1, {.text = "one", .fate = confirmed});
    history_.sent(ada, 2, {.text = "two", .fate = confirmed});
    history_.sent(ada, 3, {.text = "three", .fate = confirmed});
    history_.sent(ada, 4, {.text = "psst", .to = "bob", .fate = confirmed});
    history_.sent(ada, 5, {.text = "perhaps"});
    history_.sent(ada, 6, {.text = "no", .fate = History::Fate::refused});
    history_.heard(bob, at(1, RecordKind::join, "ada"));
    history_.heard(bob, at(2, RecordKind::say, "ada", "one"));
    history_.heard(bob, at(3, RecordKind::action, "ada", "two"));
    history_.heard(bob, at(4, RecordKind::say, "ada", "three"));
  }
  [[nodiscard]] std::vector<std::string> with(std::vector<StoredRow> rows) const {
    return find_stored_violations(history_, rows);
  }
  static StoredRow row(std::string text) { return {.name = "ada", .text = std::move(text)}; }
  const StoredRow gap_{.is_gap = true, .is_said = false};
  History history_;
};

TEST_F(StoredCheck, AllMessagesAreStored) {
  EXPECT_THAT(with({row("from before"), row("one"), row("two"), row("three")}), IsEmpty());
  EXPECT_THAT(with({row("one"), row("two"), row("three"), row("perhaps")}), IsEmpty());
}

TEST_F(StoredCheck, AMessageThatIsMissingIsFound) {
  EXPECT_THAT(with({row("one"), row("three")}),
              ElementsAre(HasSubstr("neither stored nor in a gap: "
                                    "ada \"two\"")));
  EXPECT_THAT(with({row("two"), row("three")}), ElementsAre(HasSubstr("\"one\"")));
  EXPECT_EQ(with({}).size(), 3U);
}

TEST_F(StoredCheck, AMissingMessageIsNoViolationWhereAGapIsStored) {
  EXPECT_THAT(with({row("one"), gap_, row("three")}), IsEmpty());
  EXPECT_THAT(with({gap_}), IsEmpty());
  EXPECT_THAT(with({gap_, row("three")}), IsEmpty());
}

TEST_F(StoredCheck, AMissingMessageIsFoundIfTheGapIsElsewhere) {
  EXPECT_THAT(with({gap_, row("one"), row("three")}), ElementsAre(HasSubstr("\"two\"")));
  EXPECT_THAT(with({row("one"), row("three"), gap_}), ElementsAre(HasSubstr("\"two\"")));
}

TEST_F(StoredCheck, TheOldestMessagesAreNotMissingWithoutAGap) {
  EXPECT_THAT(with({row("two"), row("three")}), ElementsAre(HasSubstr("\"one\"")));
  const StoredRow topic{.name = "ada", .text = "tea", .is_said = false};
  EXPECT_THAT(with({topic, row("three")}), ElementsAre(HasSubstr("\"one\""), HasSubstr("\"two\"")));
  EXPECT_THAT(with({row("from before"), row("three")}),
              ElementsAre(HasSubstr("\"one\""), HasSubstr("\"two\"")));
}

TEST_F(StoredCheck, AMessageThatIsStoredTwiceIsFound) {
  EXPECT_THAT(with({row("one"), row("two"), row("two"), row("three")}),
              ElementsAre(HasSubstr("stored 2 times: ada \"two\"")));
}

TEST_F(StoredCheck, AnotherOrderIsFound) {
  EXPECT_THAT(with({row("one"), row("three"), row("two")}),
              ElementsAre(HasSubstr("stored before what bob heard before it")));
}

TEST_F(StoredCheck, ARefusedMessageThatIsStoredIsFound) {
  EXPECT_THAT(with({row("one"), row("two"), row("three"), row("no")}),
              ElementsAre(HasSubstr("refused and stored: ada \"no\"")));
}

}  // namespace
}  // namespace chatd::test
