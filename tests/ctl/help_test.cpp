// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/help.hpp"

#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chatd::ctl {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Help, NamesEveryVerbAndEveryOption) {
  const std::string help = help_text();
  for (const wire::Verb& verb : wire::kVerbs) {
    EXPECT_THAT(help, HasSubstr("  " + std::string{verb.name})) << verb.name;
    EXPECT_THAT(help, HasSubstr(std::string{verb.help})) << verb.name;
  }
  for (const OptionHelp& option : kOptionHelp) {
    EXPECT_THAT(help, HasSubstr(std::string{option.usage}));
  }
  EXPECT_THAT(help, HasSubstr("  -j, --json           Print JSON"));
}

TEST(Help, NamesEachVerbThatCanBeWatched) {
  const auto* const watch = std::ranges::find(kOptionHelp, "--watch", &OptionHelp::name);
  for (const wire::Verb& verb : wire::kVerbs) {
    EXPECT_EQ(watch->help.contains(verb.name), verb.watchable) << verb.name;
  }
}

TEST(Help, NamesEachVerbThatTakesARoom) {
  const auto* const room = std::ranges::find(kOptionHelp, "--room", &OptionHelp::name);
  for (const wire::Verb& verb : wire::kVerbs) {
    if (verb.name == "room") continue;  // the help of --room has the word "room"
    EXPECT_EQ(room->help.contains(verb.name), verb.takes_room) << verb.name;
  }
}

TEST(Help, EveryOptionOfAVerbIsInTheTableOfOptions) {
  for (const wire::Verb& verb : wire::kVerbs) {
    verb.for_each_option([&](std::string_view name) {
      const OptionHelp* const option = find_option(name);
      ASSERT_NE(option, nullptr) << verb.name << ' ' << name;
      EXPECT_TRUE(option->is_of_verb) << name;
    });
  }
}

// A reason is text for others: an administrator must know who they are.
TEST(Help, SaysWhoReadsAReasonAndANote) {
  EXPECT_THAT(find_option("--reason")->help,
              AllOf(HasSubstr("a banned or muted member"), HasSubstr("the room")));
  EXPECT_THAT(find_option("--note")->help, HasSubstr("For administrators"));
}

TEST(Help, ALongVerbIsInARowOfItsOwn) {
  EXPECT_THAT(help_text(), HasSubstr("\n  room keep ROOM       Let a temporary room"));
  EXPECT_THAT(help_text(), HasSubstr("\n  room set ROOM PROPERTY VALUE\n"
                                     "                       Set the topic"));
}

TEST(Help, KeepsItsLinesShort) {
  std::istringstream help{help_text()};
  for (std::string line; std::getline(help, line);) EXPECT_LT(line.size(), 90U) << line;
}

TEST(Help, OfAVerbSaysWhatItTakesAndWhatItMeans) {
  EXPECT_EQ(help_text(*wire::find_verb("kick")),
            "usage: chatctl kick NAME [REASON] [--room ROOM]\n"
            "End the sessions of NAME and tell why.\n"
            "With --room ROOM: Only in that room.\n"
            "The daemon logs who asked for it.\n");
  EXPECT_THAT(help_text(*wire::find_verb("users")), HasSubstr("--watch"));
  EXPECT_THAT(help_text(*wire::find_verb("ban")),
              AllOf(StartsWith("usage: chatctl ban TARGET [--for TIME] [--reason TEXT] "
                               "[--note TEXT] [--dry-run] [--yes] [--keep-invite] [--room ROOM]\n"),
                    HasSubstr("\nWith --for TIME: How long ")));
  EXPECT_THAT(help_text(*wire::find_verb("invite")),
              HasSubstr("\nWith --room ROOM: Invite the persons to that room, too.\n"
                        "Only root and the daemon's user may use it.\n"));
  EXPECT_THAT(help_text(*wire::find_verb("invite")), HasSubstr("\nSee also: invite revoke.\n"));
  EXPECT_THAT(help_text(*wire::find_verb("room")), HasSubstr("\nSee also: room make, room keep, "));
  EXPECT_EQ(help_text(*wire::find_verb("room make")),
            "usage: chatctl room make ROOM\n"
            "Make a room that stays without members.\n"
            "The daemon logs who asked for it.\n");
}

}  // namespace
}  // namespace chatd::ctl
