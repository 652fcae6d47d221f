// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/command_row.hpp"

#include <string>

#include <gtest/gtest.h>

#include "client/terminal/input.hpp"
#include "client/words/text.hpp"

namespace chatd::client {
namespace {

// A name stands for one command only.
TEST(CommandRow, FindsEachCommandByEachOfItsNames) {
  for (const CommandRow& row : kCommands) {
    EXPECT_EQ(find_command(row.name), &row) << row.name;
    for (std::string_view rest = row.aliases; !rest.empty();) {
      const std::string_view alias = take_word(rest);
      EXPECT_EQ(find_command(alias), &row) << alias;
      EXPECT_TRUE(alias.starts_with('/')) << alias;
    }
  }
}

TEST(CommandRow, ProposesTheNearestCommand) {
  EXPECT_EQ(nearest_command("/mgs"), "/msg");
  EXPECT_EQ(nearest_command("/tpoic"), "/topic");
  EXPECT_EQ(nearest_command("/Users"), "/users");
  EXPECT_EQ(nearest_command("/usres"), "/users");
  EXPECT_EQ(nearest_command("/who"), "/whois");
  EXPECT_EQ(nearest_command("/message"), "");
  EXPECT_EQ(nearest_command("/etc/passwd"), "");
  EXPECT_EQ(nearest_command("/numbr"), "");
  for (const char* is_short : {"/", "/W", "/k", "/rr"}) EXPECT_EQ(nearest_command(is_short), "");
  EXPECT_EQ(nearest_command("/" + std::string(100'000, 'x')), "");
}

}  // namespace
}  // namespace chatd::client
