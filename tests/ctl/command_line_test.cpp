// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/command_line.hpp"

#include <cstdlib>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chatd::ctl {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

CommandLine parse(std::vector<std::string> words) {
  words.insert(words.begin(), "chatctl");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  return parse_command_line(std::span{argv}.first(words.size()));
}

TEST(CommandLine, WithoutArgumentsHasTheDefaults) {
  const auto [options, problem] = parse({});
  EXPECT_EQ(problem, "");
  EXPECT_EQ(options.socket, "");
  EXPECT_EQ(options.timeout, milliseconds{10'000});
  EXPECT_FALSE(options.json || options.watch || options.help || options.version);
  EXPECT_TRUE(options.legend);
  EXPECT_EQ(options.color, ColorMode::automatic);
  EXPECT_THAT(options.words, IsEmpty());
}

TEST(CommandLine, OptionsStandAnywhere) {
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"--json", "--socket", "/s", "kick", "bob"},
                                             {"kick", "--socket=/s", "bob", "--json"},
                                             {"kick", "bob", "--json", "--socket", "/s"}}) {
    const auto [options, problem] = parse(words);
    EXPECT_EQ(problem, "");
    EXPECT_TRUE(options.json);
    EXPECT_EQ(options.socket, "/s");
    EXPECT_THAT(options.words, ElementsAre("kick", "bob"));
  }
}

TEST(CommandLine, SomeOptionsHaveShortNames) {
  for (const auto& words : std::vector<std::vector<std::string>>{{"-j", "-s", "/s", "kick", "bob"},
                                                                 {"kick", "bob", "-js", "/s"},
                                                                 {"kick", "-s/s", "bob", "-j"}}) {
    const auto [options, problem] = parse(words);
    EXPECT_EQ(problem, "");
    EXPECT_TRUE(options.json);
    EXPECT_EQ(options.socket, "/s");
    EXPECT_THAT(options.words, ElementsAre("kick", "bob"));
  }
  EXPECT_TRUE(parse({"-h"}).options.help);
  EXPECT_TRUE(parse({"-V"}).options.version);
  EXPECT_EQ(parse({"-s", "--watch=x"}).options.socket, "--watch=x");
  EXPECT_EQ(parse({"users", "-s"}).problem, "the option -s needs a value");
  EXPECT_THAT(parse({"-x"}).problem, HasSubstr("-x"));
}

TEST(CommandLine, PosixlyCorrectChangesNothing) {
  ::setenv("POSIXLY_CORRECT", "1", 1);
  const auto [options, problem] = parse({"users", "--json"});
  ::unsetenv("POSIXLY_CORRECT");
  EXPECT_TRUE(options.json);
  EXPECT_THAT(options.words, ElementsAre("users"));
}

TEST(CommandLine, WordsBehindTwoDashesAreNoOptions) {
  const auto [options, problem] = parse({"announce", "--", "--json", "--", "-5"});
  EXPECT_EQ(problem, "");
  EXPECT_FALSE(options.json);
  EXPECT_THAT(options.words, ElementsAre("announce", "--json", "--", "-5"));
}

TEST(CommandLine, WordsAreLeftAsTheyAre) {
  EXPECT_THAT(parse({"announce", "-", "[a,b]", "", "{}", " x "}).options.words,
              ElementsAre("announce", "-", "[a,b]", "", "{}", " x "));
}

TEST(CommandLine, WatchTakesItsSecondsOnlyWithAnEqualsSign) {
  EXPECT_EQ(parse({"--watch", "users"}).options.watch, milliseconds{2000});
  EXPECT_THAT(parse({"--watch", "users"}).options.words, ElementsAre("users"));
  EXPECT_EQ(parse({"users", "--watch=0.5"}).options.watch, milliseconds{500});
}

TEST(CommandLine, SecondsBehindABlankAreAProblem) {
  EXPECT_EQ(parse({"--watch", "5", "users"}).problem,
            "--watch takes its seconds with a '=': --watch=5");
  EXPECT_EQ(parse({"--watch", "users"}).problem, "");
}

TEST(CommandLine, TheNameOfARoomIsNotChanged) {
  EXPECT_EQ(parse({"users"}).options.room, std::nullopt);
  EXPECT_EQ(parse({"users", "--room", "#lab"}).options.room, "#lab");
  EXPECT_THAT(parse({"kick", "--room", "lab", "ada"}).options.words, ElementsAre("kick", "ada"));
  EXPECT_EQ(parse({"users", "--room", ""}).problem, "--room is empty");
}

TEST(CommandLine, OptionsOfVerbsAreKeptWithTheirValues) {
  const CommandLine line = parse({"ban", "bob", "--for", "1h", "--reason=a b", "--yes"});
  EXPECT_EQ(line.problem, "");
  const std::map<std::string, std::string, std::less<>> expected{
      {"--for", "1h"}, {"--reason", "a b"}, {"--yes", "yes"}};
  EXPECT_EQ(line.options.of_verb, expected);
  EXPECT_EQ(parse({"ban", "bob", "--yes=no"}).problem,
            "there is no option --yes=no, or it takes no value");
}

TEST(CommandLine, AnEmptyValueOfAnOptionOfAVerbIsAProblem) {
  EXPECT_EQ(parse({"ban", "bob", "--for", ""}).problem, "--for is empty");
  EXPECT_EQ(parse({"ban", "bob", "--for="}).problem, "the option --for= needs a value");
  EXPECT_EQ(parse({"ban", "bob", "--reason", ""}).problem, "--reason is empty");
}

TEST(CommandLine, AnEmptySocketIsAProblem) {
  EXPECT_EQ(parse({"--socket", "", "users"}).problem, "--socket is empty");
}

TEST(CommandLine, SecondsHaveLimits) {
  EXPECT_EQ(parse({"--timeout=0.1"}).options.timeout, milliseconds{100});
  EXPECT_EQ(parse({"--timeout", "86400"}).options.timeout, milliseconds{86'400'000});
  for (const char* wrong : {"0", "-1", "0.09", "86401", "nan", "inf", "1e9", "5s", "", "x"}) {
    EXPECT_THAT(parse({"--timeout", wrong}).problem, HasSubstr("--timeout takes seconds")) << wrong;
    EXPECT_NE(parse({std::string{"--watch="} + wrong}).problem, "") << wrong;
  }
}

TEST(CommandLine, ColoursAreAutoAlwaysOrNever) {
  EXPECT_EQ(parse({"--color=always"}).options.color, ColorMode::always);
  EXPECT_EQ(parse({"--color", "never"}).options.color, ColorMode::never);
  EXPECT_EQ(parse({"--color=auto"}).options.color, ColorMode::automatic);
  EXPECT_THAT(parse({"--color=blue"}).problem, HasSubstr("\"blue\""));
}

TEST(CommandLine, ThereAreNoAbbreviations) {
  EXPECT_THAT(parse({"--js"}).problem, HasSubstr("--js"));
  EXPECT_THAT(parse({"--time=3"}).problem, HasSubstr("--time=3"));
}

TEST(CommandLine, ReportsTheFirstProblemAndReadsTheRest) {
  const auto [options, problem] = parse({"--nonsense", "--socket", "/s", "--color=x", "--json"});
  EXPECT_THAT(problem, HasSubstr("--nonsense"));
  EXPECT_TRUE(options.json);
  EXPECT_EQ(options.socket, "/s");
  EXPECT_THAT(parse({"users", "--socket"}).problem, HasSubstr("needs a value"));
  EXPECT_THAT(parse({"--json=yes"}).problem, HasSubstr("--json=yes"));
}

TEST(CommandLine, TheLastOfTwoEqualOptionsCounts) {
  EXPECT_EQ(parse({"--socket=/a", "--socket=/b"}).options.socket, "/b");
  EXPECT_EQ(parse({"--json", "--json"}).problem, "");
}

TEST(CommandLine, AnEqualsSignWithoutAValueIsAProblem) {
  for (const char* word : {"--socket=", "--timeout=", "--watch=", "--color="}) {
    EXPECT_THAT(parse({word, "users"}).problem, HasSubstr("needs a value")) << word;
  }
  EXPECT_THAT(parse({"--json=", "users"}).problem, HasSubstr("--json="));
  EXPECT_THAT(parse({"--json=true", "users"}).problem, HasSubstr("--json=true"));
}

TEST(CommandLine, TheValueOfAnOptionMayLookLikeAnOption) {
  const auto [options, problem] = parse({"--socket", "--watch", "5"});
  EXPECT_EQ(problem, "");
  EXPECT_EQ(options.socket, "--watch");
  EXPECT_THAT(options.words, ElementsAre("5"));
}

TEST(CommandLine, HelpHasAShortOption) {
  EXPECT_TRUE(parse({"-h"}).options.help);
  EXPECT_TRUE(parse({"-V"}).options.version);
  EXPECT_TRUE(parse({"kick", "--help"}).options.help);
  EXPECT_THAT(parse({"-x"}).problem, HasSubstr("-x"));
  EXPECT_THAT(parse({"kick", "-5"}).problem, HasSubstr("-5"));
}

}  // namespace
}  // namespace chatd::ctl
