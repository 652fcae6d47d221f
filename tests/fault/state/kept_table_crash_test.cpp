// SPDX-License-Identifier: GPL-3.0-or-later
// The gateway is killed after each step of a change of a row of a kept table: its successor finds
// what was before or what is afterwards, and the archive saves that.
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/archive/registry_rows.hpp"
#include "daemon/state/kept_table.hpp"
#include "tests/support/crash.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;

class KeptTableCrashTest : public test::StateFixture {
 protected:
  using Table = KeptTable<OwnedNameRow>;

  // All values of the row are made of `letter`.
  static auto filled(char letter) {
    return [letter](OwnedNameRow& row) {
      row.person = PersonId{static_cast<std::uint64_t>(letter)};
      row.since_wall = letter;
      row.seen_wall = letter;
      assign(row.name, std::string(60, letter));
    };
  }
  Table adopted() const {
    Table table{state_};
    table.adopt();
    return table;
  }
  // The letters of the rows that a successor has. The archive would save the same ones.
  std::vector<std::string> found() const {
    std::vector<std::string> letters;
    const Table table = adopted();
    table.for_each([&](std::uint32_t /*at*/, const OwnedNameRow& row) {
      const char letter = static_cast<char>(row.person);
      EXPECT_EQ(row.since_wall, letter);
      EXPECT_EQ(view_of(row.name), std::string(60, letter));
      letters.emplace_back(1, letter);
    });
    EXPECT_EQ(table.size(), letters.size());
    for (std::uint32_t at = 0; at < table.used(); ++at) {
      EXPECT_FALSE(is_unfinished(state_.registry_head(), table.row(at).version));
      EXPECT_LE(table.row(at).version, state_.kept_head<OwnedNameRow>().changed);
    }
    return letters;
  }
  // The archive has read everything before; the changes that it reads afterwards.
  static std::vector<std::string> saved(archive::RegistryRows& rows) {
    std::vector<std::string> texts;
    const auto changes = rows.read();
    if (!changes) return {"not now"};
    for (const auto& row : changes->rows) {
      if (row.place.list != archive::list_of_table(0)) continue;
      texts.push_back(row.text.value_or("gone"));
    }
    return texts;
  }
};

TEST_F(KeptTableCrashTest, ARowIsAddedOrNot) {
  for (int step = 1;; ++step) {
    SCOPED_TRACE("crash point " + std::to_string(step));
    renew_region();
    Table before = adopted();
    (void)before.add(filled('a'));
    archive::RegistryRows archive{state_};
    (void)saved(archive);
    const bool was_killed = test::is_killed_at(step, [&] { (void)before.add(filled('b')); });
    // The successor is killed, too.
    for (int second = 1; test::is_killed_at(second, [&] { (void)adopted(); }); ++second) {
    }
    const auto letters = found();
    EXPECT_THAT(letters, AnyOf(ElementsAre("a"), ElementsAre("a", "b")));
    EXPECT_EQ(saved(archive).size(), letters.size() - 1);
    Table next = adopted();
    EXPECT_EQ(next.add(filled('c')).has_value(), true);
    EXPECT_EQ(found().size(), letters.size() + 1);
    if (!was_killed) {
      EXPECT_GT(step, 5);
      return;
    }
  }
}

TEST_F(KeptTableCrashTest, ARemovedRowIsUsedAgainOrNot) {
  for (int step = 1;; ++step) {
    SCOPED_TRACE("crash point " + std::to_string(step));
    renew_region();
    Table before = adopted();
    for (const char letter : {'a', 'b', 'c'}) (void)before.add(filled(letter));
    const bool was_killed = test::is_killed_at(step, [&] {
      before.remove(1);
      (void)before.add(filled('d'));
    });
    EXPECT_THAT(found(), AnyOf(ElementsAre("a", "b", "c"), ElementsAre("a", "c"),
                               ElementsAre("a", "d", "c")));
    if (!was_killed) {
      EXPECT_THAT(found(), ElementsAre("a", "d", "c"));
      return;
    }
  }
}

TEST_F(KeptTableCrashTest, AFieldHasItsOldOrItsNewValue) {
  for (int step = 1;; ++step) {
    SCOPED_TRACE("crash point " + std::to_string(step));
    renew_region();
    Table before = adopted();
    (void)before.add(filled('a'));
    archive::RegistryRows archive{state_};
    (void)saved(archive);
    const bool was_killed = test::is_killed_at(
        step, [&] { before.change(0, [](OwnedNameRow& row) { row.rests_until_wall = 77; }); });
    EXPECT_THAT(found(), ElementsAre("a"));
    const std::int64_t now = adopted().row(0).rests_until_wall;
    EXPECT_THAT(now, AnyOf(0, 77));
    if (now == 77) {
      EXPECT_EQ(saved(archive).size(), 1U);
    }
    if (!was_killed) {
      EXPECT_EQ(now, 77);
      return;
    }
  }
}

}  // namespace
}  // namespace chatd::state
