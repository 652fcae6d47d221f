// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/list_text.hpp"

#include <cstdint>
#include <optional>
#include <vector>

#include <gmock/gmock.h>

namespace chatd::client {
namespace {

using ::testing::ElementsAre;

std::vector<std::string_view> rows_of(std::string_view list) {
  std::vector<std::string_view> rows;
  while (!list.empty()) rows.push_back(take_row(list));
  return rows;
}

TEST(ListText, JoinsPartsWithNewlines) {
  std::string list;
  for (const char* part : {"", "ada\nbob", "", "cyd"}) EXPECT_TRUE(append_part(list, part));
  EXPECT_EQ(list, "ada\nbob\ncyd");
}

TEST(ListText, RefusesAPartThatMakesTheListTooLong) {
  std::string list(kMaxListBytes - 2, 'x');
  EXPECT_FALSE(append_part(list, "ab"));
  EXPECT_EQ(list.size(), kMaxListBytes - 2);
  EXPECT_TRUE(append_part(list, "a"));
  EXPECT_FALSE(append_part(list, "b"));
}

TEST(ListText, ReturnsOneRowAtATime) {
  EXPECT_THAT(rows_of("lab\t2\n\npub\t7"), ElementsAre("lab\t2", "", "pub\t7"));
  EXPECT_THAT(rows_of("lab\n"), ElementsAre("lab"));
  EXPECT_THAT(rows_of(""), ElementsAre());
}

TEST(ListText, ReturnsOneFieldAtATime) {
  std::string_view row = "lab\t\t2";
  EXPECT_EQ(take_field(row), "lab");
  EXPECT_EQ(take_field(row), "");
  EXPECT_EQ(take_field(row), "2");
  EXPECT_EQ(take_field(row), "");
}

TEST(ListText, ReturnsOneUserAtATime) {
  std::string_view list = "ada\tnew\towned\taway\ntex\ttext\towned\n\nbob";
  EXPECT_EQ(take_user(list), (UserRow{.name = "ada", .is_away = true, .is_owner = true}));
  EXPECT_EQ(take_user(list), (UserRow{.name = "tex", .is_text = true})) << "it has no key";
  EXPECT_EQ(take_user(list), UserRow{});
  EXPECT_EQ(take_user(list), UserRow{.name = "bob"});
  EXPECT_EQ(list, "");
}

TEST(ListText, ReadsWholeNumbersThatFit) {
  EXPECT_EQ(number_of<std::uint32_t>("4294967295"), 4'294'967'295);
  for (const char* text : {"", "4294967296", "-1", "+1", "1x", " 1", "x"}) {
    EXPECT_EQ(number_of<std::uint32_t>(text), std::nullopt) << text;
  }
  EXPECT_EQ(number_of<std::int64_t>("-1"), -1);
}

}  // namespace
}  // namespace chatd::client
