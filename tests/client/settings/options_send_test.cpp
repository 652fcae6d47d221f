// SPDX-License-Identifier: GPL-3.0-or-later
// The text of `uchat send` on the command line, and the options of `uchat history`.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/settings/parsed_options.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;

// The text of a command line; "": it is refused.
std::string text_in(const std::vector<const char*>& words) {
  const auto options = parse(words);
  return options ? options->text : std::string{};
}

TEST(SendText, IsAllWordsBehindTheServer) {
  const auto options = parse({"send", "ada@host", "--timeout", "2.5", "tea", "is", "ready"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->mode, Options::Mode::send);
  EXPECT_EQ(options->text, "tea is ready");
  EXPECT_EQ(options->timeout, std::chrono::milliseconds{2500});
  EXPECT_EQ(parse({"send", "host", "-"})->text, "-");
  EXPECT_EQ(parse({"send", "host", "--", "--help"})->text, "--help");
}

// A message without a part of its words must not be sent.
TEST(SendText, HasNoOptionsInIt) {
  const std::string print = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  const std::vector<std::vector<const char*>> options{{"--wait"},
                                                      {"--strict"},
                                                      {"--help"},
                                                      {"--name", "bobby"},
                                                      {"--name=bobby"},
                                                      {"--room", "lab"},
                                                      {"--timeout", "2"},
                                                      {"--timeout", "soon"},
                                                      {"--identity", "/i"},
                                                      {"--password-file", "/p"},
                                                      {"--fingerprint", print.c_str()}};
  for (const auto& option : options) {
    std::vector<const char*> words{"send", "host", "please", "use"};
    words.insert(words.end(), option.begin(), option.end());
    const std::string name{option.front()};
    for (const bool is_last : {true, false}) {
      if (!is_last) words.push_back("next time");
      EXPECT_THAT(complaint(words), HasSubstr(": " + name.substr(0, name.find('=')) +
                                              "; write -- in front of a text"))
          << is_last;
    }
  }
  EXPECT_THAT(complaint({"send", "host", "ls", "-h"}), HasSubstr("--help; write -- in front"));
  EXPECT_THAT(complaint({"send", "host", "say", "--name"}), HasSubstr("--name; write --"));
  EXPECT_THAT(complaint({"send", "host", "use", "--language", "zh"}), HasSubstr("--language；"));
  EXPECT_THAT(complaint({"send", "host", "show", "-V"}), HasSubstr("-V; write -- in front"));
  EXPECT_EQ(text_in({"send", "--wait", "host", "--name", "bob", "now"}), "now");
  for (const char* behind : {"--wait", "--help", "now"}) {
    EXPECT_THAT(complaint({"send", "host", "please", "--", behind}), HasSubstr(": --; write --"));
  }
  EXPECT_THAT(complaint({"send", "host", "please", "--"}), HasSubstr(": --; write --"));
  EXPECT_EQ(text_in({"send", "--", "host", "a", "--", "b"}), "a -- b");
}

TEST(SendOptions, AreNotRepeated) {
  EXPECT_THAT(complaint({"send", "--timeout", "2", "--timeout", "3", "host", "tea"}),
              HasSubstr("--timeout is given more than once"));
  EXPECT_THAT(complaint({"send", "--room", "lab", "host", "use", "--room", "art"}),
              HasSubstr(": --room; write -- in front of a text"));
}

// --- uchat history ------------------------------------------------------------------------

TEST(HistoryOptions, AreLinesAndAPlaceToBegin) {
  const auto usual = parse({"history", "host"});
  ASSERT_TRUE(usual);
  EXPECT_EQ(usual->mode, Options::Mode::history);
  EXPECT_EQ(usual->history.lines, 50U);
  EXPECT_FALSE(usual->history.before || usual->history.since);
  EXPECT_EQ(usual->timeout, std::chrono::seconds{30});
  const auto before = parse({"history", "host", "--room", "#lab", "--lines", "10000", "--before",
                             "9223372036854775807", "--json"});
  ASSERT_TRUE(before);
  EXPECT_EQ(before->rooms, std::vector<std::string>{"lab"});
  EXPECT_EQ(before->history.lines, 10'000U);
  EXPECT_EQ(before->history.before, 9'223'372'036'854'775'807U);
  EXPECT_TRUE(before->json);
  const auto since = parse({"history", "host", "--since", "1970-01-01T00:01Z"});
  ASSERT_TRUE(since);
  EXPECT_EQ(since->history.since, WallTime{std::chrono::minutes{1}});
  for (const char* wrong : {"0", "10001", "-1", "x", ""}) {
    EXPECT_EQ(parse({"history", "host", "--lines", wrong}).error(), 2) << wrong;
  }
  for (const char* wrong : {"0", "9223372036854775808", "x"}) {
    EXPECT_EQ(parse({"history", "host", "--before", wrong}).error(), 2) << wrong;
  }
  EXPECT_EQ(parse({"history", "host", "--before", "5", "--since", "1h"}).error(), 2);
  EXPECT_THAT(complaint({"history"}), HasSubstr("uchat history [NAME@]HOST[:PORT]"));
}

}  // namespace
}  // namespace chatd::client
