// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/command_line.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using ::testing::HasSubstr;

// The exit status of a command line that ends uchat.
int status_of(std::vector<const char*> words) {
  words.insert(words.begin(), "uchat");
  return parse_options(static_cast<int>(words.size()), words.data()).error();
}

TEST(CommandLine, HelpShowsThePositionOfTheTarget) {
  const auto usage = [](const std::vector<const char*>& words) {
    ::testing::internal::CaptureStdout();
    EXPECT_EQ(status_of(words), 0);
    const std::string said = ::testing::internal::GetCapturedStdout();
    const auto from = said.find("Usage: ");
    return said.substr(from, said.find("\n\n", from) - from);
  };
  EXPECT_EQ(usage({"send", "--help"}), "Usage: uchat send [OPTIONS] TARGET TEXT...");
  EXPECT_EQ(usage({"listen", "--help"}), "Usage: uchat listen [OPTIONS] [TARGET]");
  EXPECT_EQ(usage({"--help"}),
            "Usage: uchat [OPTIONS] [TARGET]\n"
            "       uchat send [OPTIONS] TARGET TEXT...\n"
            "       uchat listen [OPTIONS] [TARGET]\n"
            "       uchat users [OPTIONS] [TARGET]\n"
            "       uchat servers [OPTIONS] [forget HOST[:PORT]]");
}

TEST(CommandLine, HelpAndVersionAreNotErrors) {
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(status_of({"--version"}), 0);
  EXPECT_EQ(status_of({"--help"}), 0);
  EXPECT_EQ(status_of({"send", "--help"}), 0);
  const std::string said = ::testing::internal::GetCapturedStdout();
  EXPECT_THAT(said, HasSubstr("uchat " CHATD_VERSION));
  EXPECT_THAT(said, HasSubstr("give another name")) << "send joins the room under the name";
}

TEST(CommandLine, NamesItsCommands) {
  with_command_line([](const CLI::App& app) {
    EXPECT_THAT(command_names(app),
                ::testing::ElementsAre("send", "listen", "users", "servers", "help"));
  });
}

}  // namespace
}  // namespace chatd::client
