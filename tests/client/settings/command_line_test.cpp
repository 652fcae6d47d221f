// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/command_line.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/words/help_words.hpp"

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
            "       uchat history [OPTIONS] [TARGET]\n"
            "       uchat own [OPTIONS] TARGET [add|keys|drop KEY|release|CODE]\n"
            "       uchat servers [OPTIONS] [forget HOST[:PORT]]\n"
            "       uchat find [OPTIONS]");
}

TEST(CommandLine, EachTextOfTheHelpIsTranslated) {
  std::vector<std::string> texts{"Usage", "Positionals", "Excludes"};
  with_command_line(
      [&](const CLI::App& app) { std::ranges::copy(help_texts(app), std::back_inserter(texts)); });
  EXPECT_GT(texts.size(), 50U);
  for (const std::string& text : texts) {
    if (text.empty()) continue;
    EXPECT_NE(help_words(wire::Language::zh, text), text) << "add a row to help_words.cpp";
    EXPECT_EQ(help_words(wire::Language::en, text), text);
  }
}

TEST(CommandLine, HelpIsInTheLanguageOfTheUser) {
  const auto help = [](const std::vector<const char*>& words) {
    ::testing::internal::CaptureStdout();
    EXPECT_EQ(status_of(words), 0);
    return ::testing::internal::GetCapturedStdout();
  };
  const std::string whole = help({"--language", "zh", "--help"});
  EXPECT_THAT(whole, HasSubstr("在 chatd 的聊天室里聊天。"));
  EXPECT_THAT(whole, HasSubstr("用法: uchat [OPTIONS] [TARGET]\n      uchat send"));
  EXPECT_THAT(whole, HasSubstr("\n选项:\n"));
  EXPECT_THAT(whole, HasSubstr("\n命令:\n"));
  EXPECT_EQ(help({"--language", "zh", "help"}), whole);
  EXPECT_THAT(help({"listen", "--language=zh", "--help"}), HasSubstr("收到这么多条消息后退出"));
  EXPECT_THAT(help({"--help"}), HasSubstr("Talk in the room of a chatd."));
}

TEST(CommandLine, HelpAndVersionAreNotErrors) {
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(status_of({"--version"}), 0);
  EXPECT_EQ(status_of({"--help"}), 0);
  EXPECT_EQ(status_of({"send", "--help"}), 0);
  const std::string said = ::testing::internal::GetCapturedStdout();
  EXPECT_THAT(said, HasSubstr("uchat " CHATD_VERSION));
  EXPECT_THAT(said, HasSubstr("under your usual name")) << "send joins the room";
}

}  // namespace
}  // namespace chatd::client
