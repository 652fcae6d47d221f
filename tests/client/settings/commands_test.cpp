// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/commands.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>

#include "client/settings/command_line.hpp"

namespace chatd::client {
namespace {

TEST(Commands, AreTheCommandsOfTheCommandLineWithHelp) {
  std::vector<std::string> words;
  for (const ProgramCommand& command : kProgramCommands) words.emplace_back(command.word);
  words.emplace_back(kHelpCommand);
  with_command_line([&](const CLI::App& app) { EXPECT_EQ(command_names(app), words); });
  for (const std::string& word : words) EXPECT_TRUE(is_command_word(word)) << word;
  EXPECT_FALSE(is_command_word("talk"));
}

TEST(Commands, HaveAUsageWithAndWithoutOptions) {
  EXPECT_EQ(usage_line(*row_of_mode(Options::Mode::send)), "uchat send [OPTIONS] TARGET TEXT...");
  EXPECT_EQ(usage_line(*row_of_mode(Options::Mode::users)), "uchat users [OPTIONS] [TARGET]");
  EXPECT_EQ(usage_line(*row_of_mode(Options::Mode::servers)),
            "uchat servers [OPTIONS] [forget HOST[:PORT]]");
  EXPECT_EQ(how_to_write(Options::Mode::send), "uchat send [NAME@]HOST[:PORT] TEXT...");
  EXPECT_EQ(how_to_write(Options::Mode::talk), "uchat [NAME@]HOST[:PORT]");
  EXPECT_EQ(how_to_write(Options::Mode::servers), "uchat servers forget HOST[:PORT]");
  EXPECT_EQ(how_to_write(Options::Mode::find), "uchat find");
}

TEST(Commands, HaveATimeLimitIfTheyConnectToAServerAndEndByThemselves) {
  std::vector<std::string_view> limited;
  for (const ProgramCommand& command : kProgramCommands) {
    if (is_limited(command.mode)) limited.push_back(command.word);
  }
  EXPECT_THAT(limited, ::testing::ElementsAre("send", "users", "history", "own"));
  EXPECT_FALSE(is_limited(Options::Mode::talk));
}

}  // namespace
}  // namespace chatd::client
