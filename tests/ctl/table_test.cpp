// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/table.hpp"

#include <gtest/gtest.h>

namespace chatd::ctl {
namespace {

Table a_table() {
  Table table{{{"NAME"}, {"COUNT", Table::Align::right}, {"STATE"}}};
  table.add({{"李雷"}, {"7"}, {"ready", Tint::good}});
  table.add({{"ada lovelace"}, {"1234567"}, {"", Tint::bad}});
  return table;
}

TEST(Table, AlignsByDisplayWidth) {
  EXPECT_EQ(a_table().render({}),
            "NAME            COUNT  STATE\n"
            "李雷                7  ready\n"
            "ada lovelace  1234567\n");
}

TEST(Table, WithoutLegendOnlyTheRowsCount) {
  Table table{{{"A LONG TITLE"}, {"X"}}};
  table.add({{"a"}, {"b"}});
  EXPECT_EQ(table.render({.legend = false}), "a  b\n");
}

TEST(Table, WithoutRowsThereIsTheHeader) {
  EXPECT_EQ(Table({{"A"}, {"B"}}).render({}), "A  B\n");
  EXPECT_EQ(Table({{"A"}, {"B"}}).render({.legend = false}), "");
}

TEST(Table, ColoursDoNotChangeTheWidth) {
  Table table{{{"STATE", Table::Align::right}, {"PID"}}};
  table.add({{"hung", Tint::bad}, {"5"}});
  EXPECT_EQ(table.render({.color = true}),
            "\x1b[1mSTATE\x1b[0m  \x1b[1mPID\x1b[0m\n \x1b[1;31mhung\x1b[0m  5\n");
}

TEST(Table, ControlCharactersOfCellsAreEscaped) {
  Table table{{{"N"}, {"X"}}};
  table.add({{"a\x1b[2J\n"}, {"b"}});
  EXPECT_EQ(table.render({.legend = false}), "a\\x1b[2J\\n  b\n");
}

TEST(Tinted, EscapesAndColoursOnlyWhenAskedTo) {
  EXPECT_EQ(tinted("x\a", Tint::good, {}), "x\\x07");
  EXPECT_EQ(tinted("x", Tint::busy, {.color = true}), "\x1b[33mx\x1b[0m");
  EXPECT_EQ(emphasized("x", {.color = true}), "\x1b[1mx\x1b[0m");
}

}  // namespace
}  // namespace chatd::ctl
