// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/input.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using Kind = Input::Kind;

TEST(Input, WithoutACommandIsAMessage) {
  EXPECT_EQ(parse_input("hello"), (Input{Kind::say, "", "hello"}));
  EXPECT_EQ(parse_input("  two words "), (Input{Kind::say, "", "two words"}));
  EXPECT_EQ(parse_input("I quit"), (Input{Kind::say, "", "I quit"}));
  EXPECT_EQ(parse_input(" \t"), (Input{}));
}

TEST(Input, KnowsTheCommands) {
  EXPECT_EQ(parse_input("/users").kind, Kind::users);
  EXPECT_EQ(parse_input("/help").kind, Kind::help);
  EXPECT_EQ(parse_input("/quit").kind, Kind::quit);
  EXPECT_EQ(parse_input("quit").kind, Kind::quit);
  EXPECT_EQ(parse_input("/me waves  twice"), (Input{Kind::act, "", "waves  twice"}));
  EXPECT_EQ(parse_input("/msg 小明  hi there"), (Input{Kind::letter, "小明", "hi there"}));
}

TEST(Input, AnIncompleteCommandGivesItsUsage) {
  EXPECT_EQ(parse_input("/me"), (Input{Kind::incomplete, "", "/me TEXT"}));
  EXPECT_EQ(parse_input("/msg"), (Input{Kind::incomplete, "", "/msg NAME TEXT"}));
  EXPECT_EQ(parse_input("/msg bob"), (Input{Kind::incomplete, "", "/msg NAME TEXT"}));
}

TEST(Input, AMistypedCommandIsNotSent) {
  EXPECT_EQ(parse_input("/mgs bob secret"), (Input{Kind::unknown, "", "/mgs"}));
  EXPECT_EQ(parse_input("//etc is a folder"), (Input{Kind::say, "", "/etc is a folder"}));
}

TEST(Input, ParsesEveryCommandOfTheTable) {
  for (const CommandRow& row : kCommands) {
    EXPECT_TRUE(row.usage.starts_with(row.name));
    EXPECT_NE(parse_input(row.name).kind, Kind::unknown) << row.name;
  }
}

class Completions : public ::testing::Test {
 protected:
  Completions() {
    for (const char* name : {"bob", "bo", "小明"}) roster_.add(name);
  }
  Roster roster_;
};

TEST_F(Completions, AreCommandsAtTheBeginning) {
  EXPECT_THAT(completions("", "/us", roster_), ElementsAre("/users"));
  EXPECT_THAT(completions("", "/m", roster_), ElementsAre("/me", "/msg"));
  EXPECT_THAT(completions("see ", "/us", roster_), ElementsAre());
}

TEST_F(Completions, AreNamesAnywhereAndAddressAtTheBeginning) {
  EXPECT_THAT(completions("", "bo", roster_), ElementsAre("bo:", "bob:"));
  EXPECT_THAT(completions("hi ", "bo", roster_), ElementsAre("bo", "bob"));
  EXPECT_THAT(completions("/msg ", "小", roster_), ElementsAre("小明"));
  EXPECT_THAT(completions("", "@小", roster_), ElementsAre("@小明"));
}

}  // namespace
}  // namespace chatd::client
