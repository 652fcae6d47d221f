// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/input.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using ::testing::ElementsAre;

TEST(Input, WithoutACommandIsAMessage) {
  EXPECT_EQ(parse_input("hello"), Input{Say{"hello"}});
  EXPECT_EQ(parse_input("  two words "), Input{Say{"two words"}});
  EXPECT_EQ(parse_input("I quit"), Input{Say{"I quit"}});
  EXPECT_EQ(parse_input(" \t"), Input{});
}

TEST(Input, KnowsTheCommands) {
  EXPECT_EQ(parse_input("/users"), Input{AskUsers{}});
  EXPECT_EQ(parse_input("/help"), Input{Help{}});
  EXPECT_EQ(parse_input("/quit"), Input{Quit{}});
  EXPECT_EQ(parse_input("quit"), Input{Quit{}});
  EXPECT_EQ(parse_input("/me waves  twice"), Input{Act{"waves  twice"}});
  EXPECT_EQ(parse_input("/msg 小明  hi there"), (Input{Direct{"小明", "hi there"}}));
}

TEST(Input, KnowsTheCommandsAboutRooms) {
  EXPECT_EQ(parse_input("/rooms"), Input{AskRooms{}});
  EXPECT_EQ(parse_input("/make lab"), Input{MakeRoom{"lab"}});
  EXPECT_EQ(parse_input("/join #lab"), Input{JoinRoom{"lab"}});
  EXPECT_EQ(parse_input("/leave #lab"), Input{LeaveRoom{"lab"}});
  EXPECT_EQ(parse_input("/leave"), Input{LeaveRoom{}});
  EXPECT_EQ(parse_input("/2"), Input{SelectRoom{2}});
  EXPECT_EQ(parse_input("/12"), Input{SelectRoom{12}});
  EXPECT_EQ(parse_input("/99999999999999999999"), Input{SelectRoom{0}});
  EXPECT_EQ(parse_input("/2x"), Input{Unknown{"/2x"}});
}

TEST(Input, AnIncompleteCommandGivesItsUsage) {
  EXPECT_EQ(parse_input("/me"), Input{Incomplete{"/me TEXT"}});
  EXPECT_EQ(parse_input("/msg"), Input{Incomplete{"/msg NAME TEXT"}});
  EXPECT_EQ(parse_input("/join"), Input{Incomplete{"/join NAME"}});
  EXPECT_EQ(parse_input("/join #"), Input{Incomplete{"/join NAME"}});
  EXPECT_EQ(parse_input("/make #"), Input{Incomplete{"/make NAME"}});
  EXPECT_EQ(parse_input("/leave #"), Input{Incomplete{"/leave [NAME]"}});
  EXPECT_EQ(parse_input("/msg bob"), Input{Incomplete{"/msg NAME TEXT"}});
}

TEST(Input, AMistypedCommandIsNotSent) {
  EXPECT_EQ(parse_input("/mgs bob secret"), Input{Unknown{"/mgs"}});
  EXPECT_EQ(parse_input("//etc is a folder"), Input{Say{"/etc is a folder"}});
}

TEST(Input, ParsesEveryCommandOfTheTable) {
  for (const CommandRow& row : kCommands) {
    EXPECT_FALSE(std::holds_alternative<Unknown>(parse_input(row.name))) << row.name;
  }
}

TEST(Input, AMessageIsTypedAsItIsParsed) {
  for (const char* line :
       {"hello", "/me waves", "/msg bob hi there", "/make lab", "/join lab", "/leave lab"}) {
    const Input input = parse_input(line);
    std::visit(
        [&]<class T>(const T& one) {
          if constexpr (std::is_constructible_v<Message, T>) {
            EXPECT_EQ(as_typed(one), line);
          } else {
            ADD_FAILURE() << line;
          }
        },
        input);
  }
}

class Completions : public ::testing::Test {
 protected:
  Completions() {
    for (const char* name : {"bob", "bo", "小明"}) roster_.add(name);
    rooms_.add("lab");
  }
  Roster roster_;
  RoomBook rooms_;
};

TEST_F(Completions, AreCommandsAtTheBeginning) {
  EXPECT_THAT(completions("", "/us", roster_, rooms_), ElementsAre("/users"));
  EXPECT_THAT(completions("", "/m", roster_, rooms_), ElementsAre("/me", "/msg", "/make"));
  EXPECT_THAT(completions("see ", "/us", roster_, rooms_), ElementsAre());
}

TEST_F(Completions, AreRoomsBehindAHashAndBehindTheirCommands) {
  EXPECT_THAT(completions("", "#l", roster_, rooms_), ElementsAre("#lab"));
  EXPECT_THAT(completions("/join ", "l", roster_, rooms_), ElementsAre("#lab"));
  EXPECT_THAT(completions("/leave ", "#LA", roster_, rooms_), ElementsAre("#lab"));
  EXPECT_THAT(completions("", "/NU", roster_, rooms_), ElementsAre());
}

TEST_F(Completions, AreNamesAnywhereAndAddressAtTheBeginning) {
  EXPECT_THAT(completions("", "bo", roster_, rooms_), ElementsAre("bo:", "bob:"));
  EXPECT_THAT(completions("hi ", "bo", roster_, rooms_), ElementsAre("bo", "bob"));
  EXPECT_THAT(completions("/msg ", "小", roster_, rooms_), ElementsAre("小明"));
  EXPECT_THAT(completions("", "@小", roster_, rooms_), ElementsAre("@小明"));
}

}  // namespace
}  // namespace chatd::client
