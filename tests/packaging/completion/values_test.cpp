// SPDX-License-Identifier: GPL-3.0-or-later
// values_test.cpp — the commands, options and values from the tables of the programs.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/settings/user_config.hpp"
#include "common/wire/control/verbs.hpp"

#include "packaging/completion/scripts.hpp"

namespace chatd::completion {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsSupersetOf;
using ::testing::Not;

const Option& option_of(const Command& command, const std::string& name) {
  const auto found = std::ranges::find(command.options, name, &Option::name);
  EXPECT_NE(found, command.options.end()) << name;
  return *found;
}

const Command& command_of(const Program& program, const std::string& name) {
  const auto found = std::ranges::find(program.commands, name, &Command::name);
  EXPECT_NE(found, program.commands.end()) << name;
  return *found;
}

TEST(Values, HaveTheKindOfTheirLabel) {
  EXPECT_EQ(values_of("FILE").kind, Kind::files);
  EXPECT_EQ(values_of("PATH").kind, Kind::files);
  EXPECT_EQ(values_of("DIR").kind, Kind::directories);
  EXPECT_EQ(values_of("[NAME@]HOST[:PORT]").kind, Kind::hosts);
  EXPECT_EQ(values_of("SECONDS").kind, Kind::nothing);
  EXPECT_EQ(values_of("COMMAND").kind, Kind::commands);
  EXPECT_THAT(values_of("forget").words, ElementsAre("forget"));
  EXPECT_THAT(values_of("add|keys|CODE").words, ElementsAre("add", "keys"));
  EXPECT_THAT(values_of("en|zh").words, ElementsAre("en", "zh"));
}

TEST(Chatctl, HasEachVerbWithItsArguments) {
  const Program program = chatctl_program();
  std::vector<std::string> verbs;
  for (const wire::Verb& verb : wire::kVerbs) {
    // "name give" is the command `name`, also without a verb `name`.
    const std::string word{verb.name.substr(0, verb.name.find(' '))};
    if (std::ranges::find(verbs, word) == verbs.end()) verbs.push_back(word);
  }
  EXPECT_THAT(names_of(program.commands), ElementsAreArray(verbs));
  EXPECT_EQ(command_of(program, "kick").arguments[0].values.kind, Kind::members);
  EXPECT_EQ(command_of(program, "kick").arguments[1].values.kind, Kind::nothing);
  EXPECT_EQ(command_of(program, "help").arguments[0].values.kind, Kind::commands);
  EXPECT_TRUE(command_of(program, "stop").arguments.empty());
}

TEST(Chatctl, HasTheSecondWordsOfAVerbAndRoomsAsArguments) {
  const Command room = command_of(chatctl_program(), "room");
  ASSERT_EQ(room.arguments.size(), 4U);
  EXPECT_EQ(room.arguments[0].values.kind, Kind::rooms);
  EXPECT_THAT(room.arguments[0].values.words,
              ElementsAre("make", "keep", "drop", "rename", "set", "owner", "moderator"));
  EXPECT_EQ(room.arguments[1].values.kind, Kind::rooms);
  EXPECT_THAT(room.arguments[1].values.words, testing::IsEmpty());
  EXPECT_THAT(room.arguments[2].values.words,
              ElementsAre("topic", "invited", "hidden", "lecture", "slow", "enter", "history"));
  EXPECT_THAT(room.arguments[3].values.words, ElementsAre("yes", "no"));
}

TEST(Chatctl, HasTheRoomOptionOnlyForVerbsThatTakeIt) {
  const Program program = chatctl_program();
  EXPECT_EQ(option_of(command_of(program, "kick"), "--room").values.kind, Kind::rooms);
  EXPECT_THAT(names_of(command_of(program, "stop").options), Not(testing::Contains("--room")));
}

TEST(Chatctl, HasTheWatchOptionOnlyForWatchableVerbs) {
  const Program program = chatctl_program();
  const Option& watch = option_of(command_of(program, "users"), "--watch");
  EXPECT_TRUE(watch.needs_equals);
  EXPECT_FALSE(watch.takes_next_word());
  EXPECT_THAT(names_of(command_of(program, "kick").options), Not(testing::Contains("--watch")));
}

TEST(Chatctl, HasTheValuesOfItsOptions) {
  const Program program = chatctl_program();
  EXPECT_EQ(option_of(program.bare, "--socket").values.kind, Kind::files);
  EXPECT_EQ(option_of(program.bare, "--timeout").label, "SECONDS");
  EXPECT_THAT(option_of(program.bare, "--color").values.words,
              ElementsAre("auto", "always", "never"));
  EXPECT_EQ(option_of(program.bare, "--json").label, "");
}

TEST(Chatd, HasTheOptionsOfItsParser) {
  const Program program = chatd_program();
  EXPECT_EQ(program.name, "chatd");
  EXPECT_THAT(names_of(program.bare.options),
              IsSupersetOf({"--help", "--version", "--config", "--daemon", "--listen"}));
  EXPECT_EQ(option_of(program.bare, "--config").values.kind, Kind::files);
  EXPECT_EQ(option_of(program.bare, "--state-dir").values.kind, Kind::directories);
  EXPECT_EQ(option_of(program.bare, "--daemon").label, "");
  EXPECT_TRUE(option_of(program.bare, "--listen").is_repeatable);
  EXPECT_FALSE(option_of(program.bare, "--config").is_repeatable);
}

TEST(Chat, HasItsCommandsWithTheirOptions) {
  const Program program = chat_program();
  EXPECT_EQ(program.name, "uchat");
  EXPECT_THAT(names_of(program.commands),
              ElementsAre("send", "listen", "users", "history", "own", "servers", "find", "help"));
  EXPECT_EQ(program.bare.arguments[0].values.kind, Kind::hosts);
  EXPECT_THAT(option_of(program.bare, "--bell").values.words,
              ElementsAre("always", "mention", "never"));
  EXPECT_EQ(option_of(command_of(program, "listen"), "--json").label, "");
  EXPECT_THAT(names_of(command_of(program, "send").options), Not(testing::Contains("--since")));
}

TEST(Chat, CommandsAreNoAliases) {
  for (const std::string& command : names_of(chat_program().commands)) {
    const std::string table = "[servers." + command + "]\naddress = \"chat.example\"\n";
    EXPECT_FALSE(client::parse_user_config(table, "config.toml", wire::Language::en)) << command;
  }
}

}  // namespace
}  // namespace chatd::completion
