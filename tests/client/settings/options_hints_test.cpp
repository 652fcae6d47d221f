// SPDX-License-Identifier: GPL-3.0-or-later
// The messages about a wrong command line.
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/settings/parsed_options.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;

TEST(Options, NameTheCommandsOfAnOptionAndTheirHelp) {
  EXPECT_THAT(
      complaint({"--timeout", "1", "carol@h"}),
      HasSubstr(
          "--timeout is an option of send, listen, users, history, own (try 'uchat --help')"));
  EXPECT_THAT(complaint({"users", "--count=3", "h"}),
              HasSubstr("--count is an option of listen (try 'uchat help users')"));
  EXPECT_THAT(complaint({"servers", "forget"}),
              HasSubstr("say which server: uchat servers forget HOST[:PORT] (try 'uchat help "));
  EXPECT_THAT(complaint({"send", "h"}), HasSubstr("(try 'uchat help send')"));
  EXPECT_TRUE(parse({"listen", "--quiet", "h"})->wants_quiet);
}

TEST(Options, AWrongOptionIsExplainedInBothLanguages) {
  const auto said = [](std::vector<const char*> words) {
    const std::string english = complaint(words);
    words.insert(words.end(), {"--language", "zh"});
    return english + complaint(words);
  };
  EXPECT_EQ(said({"--name", "a", "--name", "b", "h"}),
            "uchat: --name is given more than once (try 'uchat --help')\n"
            "uchat: --name 出现了不止一次（参见 'uchat --help'）\n");
  EXPECT_THAT(complaint({"listen", "h", "--room", "a", "--room", "b", "--room"}),
              HasSubstr("--room wants a value"));
  EXPECT_EQ(said({"listen", "h", "--all", "--room", "x"}),
            "uchat: --room and --all cannot be used together (try 'uchat help listen')\n"
            "uchat: --room 和 --all 不能一起使用（参见 'uchat help listen'）\n");
  EXPECT_EQ(said({"--wait=x", "h"}),
            "uchat: --wait takes no value (try 'uchat --help')\n"
            "uchat: --wait 不带值（参见 'uchat --help'）\n");
  EXPECT_EQ(said({"--nam=a", "h"}),
            "uchat: not expected: --nam=a; did you mean --name? (try 'uchat --help')\n"
            "uchat: 多余的参数：--nam=a；是否为 --name？（参见 'uchat --help'）\n");
}

}  // namespace
}  // namespace chatd::client
