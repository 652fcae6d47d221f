// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/completion.hpp"

#include <gmock/gmock.h>

#include "client/terminal/input.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

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
  EXPECT_THAT(completions("", "/m", roster_, rooms_),
              ElementsAre("/me", "/msg", "/make", "/mute", "/mentions"));
  EXPECT_THAT(completions("see ", "/us", roster_, rooms_), ElementsAre());
}

TEST_F(Completions, AreRoomsBehindAHashAndBehindTheirCommands) {
  EXPECT_THAT(completions("", "#l", roster_, rooms_), ElementsAre("#lab"));
  EXPECT_THAT(completions("/join ", "l", roster_, rooms_), ElementsAre("#lab"));
  EXPECT_THAT(completions("/leave ", "#LA", roster_, rooms_), ElementsAre("#lab"));
  EXPECT_THAT(completions("", "/NU", roster_, rooms_), ElementsAre());
}

TEST_F(Completions, AreTheWordsThatACommandTakes) {
  EXPECT_THAT(completions("/set ", "", roster_, rooms_),
              ElementsAre("invited", "hidden", "lecture", "slow", "enter", "history"));
  EXPECT_THAT(completions("/set enter ", "", roster_, rooms_),
              ElementsAre("anyone", "known", "owned"));
  EXPECT_THAT(completions("/set lecture ", "", roster_, rooms_), ElementsAre("yes", "no"));
  EXPECT_THAT(completions("/set slow ", "", roster_, rooms_), ElementsAre("no"));
  EXPECT_THAT(completions("/set history ", "", roster_, rooms_), ElementsAre("off", "default"));
  EXPECT_THAT(completions("/role ", "bo", roster_, rooms_), ElementsAre("bo", "bob"));
  EXPECT_THAT(completions("/role bob ", "m", roster_, rooms_), ElementsAre("moderator"));
  EXPECT_THAT(completions("/mute ", "小", roster_, rooms_), ElementsAre("小明"));
}

// A property, a value or a role is never the name of a member.
TEST_F(Completions, AreNoNamesWhereACommandTakesOtherWords) {
  for (const char* before : {"/set ", "/set lecture ", "/set hat ", "/role bob "}) {
    EXPECT_THAT(completions(before, "bo", roster_, rooms_), IsEmpty()) << before;
  }
}

TEST_F(Completions, AreEachPropertyAndEachRole) {
  std::vector<std::string> properties;
  for (const wire::RoomProperty property : wire::kSetProperties) {
    properties.emplace_back(name_of(property));
  }
  EXPECT_EQ(completions("/set ", "", roster_, rooms_), properties);
  for (const std::string& role : completions("/role bob ", "", roster_, rooms_)) {
    EXPECT_TRUE(std::holds_alternative<Moderate>(parse_input("/role bob " + role))) << role;
  }
}

TEST_F(Completions, AreTheWordsInBrackets) {
  EXPECT_THAT(completions("", "/pro", roster_, rooms_), ElementsAre("/programs"));
  EXPECT_THAT(completions("/programs ", "", roster_, rooms_), ElementsAre("end"));
  EXPECT_THAT(completions("/own ", "", roster_, rooms_),
              ElementsAre("add", "keys", "drop", "release"));
  EXPECT_THAT(completions("/own ", "r", roster_, rooms_), ElementsAre("release"));
  EXPECT_THAT(completions("/programs ", "e", roster_, rooms_), ElementsAre("end"));
  EXPECT_THAT(completions("/programs end ", "e", roster_, rooms_), ElementsAre());
  EXPECT_THAT(completions("/topic ", "TE", roster_, rooms_), ElementsAre());
  EXPECT_THAT(completions("/quiet ", "", roster_, rooms_), ElementsAre("on", "off"));
}

TEST_F(Completions, AreNamesAnywhereAndAddressAtTheBeginning) {
  EXPECT_THAT(completions("", "bo", roster_, rooms_), ElementsAre("bo:", "bob:"));
  EXPECT_THAT(completions("hi ", "bo", roster_, rooms_), ElementsAre("bo", "bob"));
  EXPECT_THAT(completions("/msg ", "小", roster_, rooms_), ElementsAre("小明"));
  EXPECT_THAT(completions("/w ", "小", roster_, rooms_), ElementsAre("小明"));
  EXPECT_THAT(completions("", "@小", roster_, rooms_), ElementsAre("@小明"));
  EXPECT_THAT(completions("/whois ", "~bo", roster_, rooms_), ElementsAre("bo", "bob"));
}

}  // namespace
}  // namespace chatd::client
