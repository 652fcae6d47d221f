// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/room_book.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using State = RoomBook::State;

TEST(RoomBook, BeginsWithTheDefaultRoom) {
  RoomBook book;
  EXPECT_EQ(book.selected(), "");
  EXPECT_EQ(book.number_of(""), 1U);
  EXPECT_EQ(book.rooms().size(), 1U);
  book.remove("");
  EXPECT_EQ(book.rooms().size(), 1U);
}

TEST(RoomBook, GivesTheLowestFreeNumberAndKeepsTheOthers) {
  RoomBook book;
  for (const char* name : {"lab", "pub", "bar"}) book.add(name);
  EXPECT_EQ(book.number_of("pub"), 3U);
  book.remove("LAB");
  EXPECT_EQ(book.number_of("pub"), 3U);
  book.add("zoo");
  EXPECT_EQ(book.number_of("zoo"), 2U);
  EXPECT_EQ(book.rooms()[1].name, "zoo");
  book.add("ZOO");
  EXPECT_EQ(book.rooms().size(), 4U);
}

TEST(RoomBook, SelectsByNameAndByNumber) {
  RoomBook book;
  book.add("lab");
  EXPECT_TRUE(book.select("LAB"));
  EXPECT_EQ(book.selected(), "lab");
  EXPECT_TRUE(book.select(1));
  EXPECT_EQ(book.selected(), "");
  EXPECT_FALSE(book.select(3));
  EXPECT_FALSE(book.select("pub"));
  EXPECT_TRUE(book.select(2));
  EXPECT_EQ(book.state(), State::open);
}

TEST(RoomBook, ARenamedRoomKeepsItsNumberAndStaysSelected) {
  RoomBook book;
  for (const char* name : {"lab", "pub"}) book.add(name);
  EXPECT_TRUE(book.select("lab"));
  book.rename("LAB", "lab-x7");
  EXPECT_EQ(book.selected(), "lab-x7");
  EXPECT_EQ(book.state(), State::open);
  EXPECT_EQ(book.number_of("Lab-X7"), 2U);
  EXPECT_FALSE(book.number_of("lab"));
  EXPECT_THAT(book.beginning_with("l"), ElementsAre("#lab-x7"));
  book.rename("", "home");
  book.rename("zoo", "ark");
  EXPECT_EQ(book.rooms().size(), 3U);
  EXPECT_EQ(book.rooms()[0].name, "");
}

TEST(RoomBook, ANewRoomOfTheNameOfARemovedRoomIsNotSelected) {
  RoomBook book;
  book.add("lab");
  EXPECT_TRUE(book.select("lab"));
  book.remove("lab");
  EXPECT_EQ(book.selected(), "lab");
  EXPECT_EQ(book.state(), State::closed);
  book.add("lab");
  EXPECT_EQ(book.state(), State::closed);
  EXPECT_TRUE(book.select("lab"));
  EXPECT_EQ(book.state(), State::open);
}

TEST(RoomBook, ASelectedRoomOpensWhenTheUserHasJoinedIt) {
  RoomBook book;
  book.select_joining("LAB");
  EXPECT_EQ(book.selected(), "LAB");
  EXPECT_EQ(book.state(), State::joining);
  book.add("lab");
  EXPECT_EQ(book.selected(), "lab");
  EXPECT_EQ(book.state(), State::open);
}

TEST(RoomBook, ReturnsFromRefusedJoinsToTheRoomBeforeThem) {
  RoomBook book;
  book.add("lab");
  EXPECT_TRUE(book.select("lab"));
  for (const char* name : {"zoo", "bar"}) book.select_joining(name);
  book.refuse("zoo");
  book.return_from_refused();
  EXPECT_EQ(book.selected(), "bar");
  book.refuse("bar");
  EXPECT_EQ(book.state(), State::refused);
  book.return_from_refused();
  EXPECT_EQ(book.selected(), "lab");
  EXPECT_EQ(book.state(), State::open);
}

TEST(RoomBook, ReturnsFromARefusedJoinToARemovedRoomWithoutOpeningItsSuccessor) {
  RoomBook book;
  book.add("lab");
  EXPECT_TRUE(book.select("lab"));
  book.select_joining("zoo");
  book.remove("lab");
  book.add("lab");
  book.refuse("zoo");
  book.return_from_refused();
  EXPECT_EQ(book.selected(), "lab");
  EXPECT_EQ(book.state(), State::closed);
}

TEST(RoomBook, TheDefaultRoomIsSelectedByItsName) {
  RoomBook book;
  book.add("lab");
  EXPECT_TRUE(book.select("lab"));
  EXPECT_FALSE(book.select("chat"));
  book.set_default_name("Chat");
  EXPECT_TRUE(book.select("chat"));
  EXPECT_EQ(book.selected(), "");
  book.add("chat");  // a further room with the name of the default one
  EXPECT_TRUE(book.select("CHAT"));
  EXPECT_EQ(book.selected(), "chat");
}

TEST(RoomBook, CompletesNamesOfAllKnownRooms) {
  RoomBook book;
  book.add("lab");
  book.note_others({"lab", "latin", "pub"});
  EXPECT_THAT(book.beginning_with("LA"), ElementsAre("#lab", "#latin"));
  book.note_others({"lava"});
  EXPECT_THAT(book.beginning_with("LA"), ElementsAre("#lab", "#lava"));
  EXPECT_THAT(book.beginning_with("x"), IsEmpty());
}

}  // namespace
}  // namespace chatd::client
