// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "tests/daemon/config/support.hpp"

namespace chatd::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

TEST(Parse, AnEmptyFileGivesTheDefaults) {
  EXPECT_EQ(print(config_of("")), print(Config{}));
  EXPECT_EQ(print(config_of("# nothing\n[limits]\n[text]\n")), print(Config{}));
}

TEST(Parse, ReportsAllProblemsInTheOrderOfTheLines) {
  EXPECT_THAT(problems_of("[workers]\n"
                          "count = 99\n"
                          "[limits]\n"
                          "burts = 3\n"
                          "sessions = \"many\"\n"
                          "[text]\n"
                          "idle_timeout = \"1 h\"\n"
                          "language = \"cn\"\n"),
              ElementsAre(StartsWith("chatd.toml:2: workers.count: 99 is out of range"),
                          "chatd.toml:4: limits.burts: unknown key; did you mean limits.burst?",
                          StartsWith("chatd.toml:5: limits.sessions: found a string"),
                          StartsWith("chatd.toml:7: text.idle_timeout: \"1 h\""),
                          StartsWith("chatd.toml:8: text.language: found a string (\"cn\")")));
}

TEST(Parse, ASyntaxErrorIsOneProblemWithItsLineAndNoKey) {
  const auto config = parse("[limits]\nburst = \n", "/etc/chatd/chatd.toml");
  ASSERT_FALSE(config.has_value());
  ASSERT_THAT(config.error(), SizeIs(1));
  EXPECT_EQ(config.error()[0].where, "/etc/chatd/chatd.toml:2");
  EXPECT_EQ(config.error()[0].key, "");
  EXPECT_FALSE(config.error()[0].why.empty());
}

TEST(Parse, ADuplicateKeyIsAProblem) {
  EXPECT_THAT(problems_of("[limits]\nburst = 1\n[room]\n[limits]\nsessions = 5\n"),
              ElementsAre(AllOf(StartsWith("chatd.toml:4: "), HasSubstr("limits"))));
}

TEST(Parse, ATableWithAValueIsReportedWithTheRightForm) {
  EXPECT_THAT(problems_of("limits = 5\n"),
              ElementsAre("chatd.toml:1: limits: found an integer (5), expected a table: "
                          "a line [limits] and its settings below it"));
  EXPECT_THAT(problems_of("[[limits]]\nburst = 5\n"),
              ElementsAre("chatd.toml:1: limits: found a list of tables, expected a table: "
                          "a line [limits] and its settings below it"));
}

TEST(Parse, ARefusedValueBreaksNoOtherRule) {
  // An empty list of networks is valid or not depending on text.enabled, which is unknown here.
  EXPECT_THAT(problems_of("[text]\nnetworks = []\nenabled = \"none\"\n"),
              ElementsAre(StartsWith("chatd.toml:3: text.enabled: found a string")));
}

TEST(Parse, ACombinationIsReportedOnTheLineOfAWrittenSetting) {
  EXPECT_THAT(problems_of("[text]\nnetworks = []\n"),
              ElementsAre(StartsWith("chatd.toml:2: text.networks: is empty")));
}

TEST(Parse, AFileThatIsNoConfigurationHasALimitedReport) {
  std::string toml;
  for (int i = 0; i < 100'000; ++i) toml += "key" + std::to_string(i) + " = 1\n";
  const auto lines = problems_of(toml);
  ASSERT_THAT(lines, SizeIs(101));
  EXPECT_THAT(lines[0], StartsWith("chatd.toml:1: key0: unknown key"));
  EXPECT_THAT(lines[99], StartsWith("chatd.toml:100: key99: unknown key"));
  EXPECT_EQ(lines[100], "chatd.toml: and 99900 more problems");
}

TEST(Validate, ADefaultConfigIsValid) { EXPECT_THAT(validate(Config{}, "x"), IsEmpty()); }

TEST(Validate, CommandLineValuesHaveTheSameRanges) {
  Config config;
  config.workers.count = 40;
  config.control.path = "here";
  config.network.listen.push_back(config.network.listen.front());
  EXPECT_THAT(to_lines(validate(config, "command line")),
              ElementsAre(StartsWith("command line: workers.count: 40 is out of range"),
                          StartsWith("command line: control.path: is not an absolute path"),
                          "command line: network.listen: 127.0.0.1:8888 is there twice"));
}

// Text clients cannot be asked for the password.
TEST(Parse, APasswordKeepsTextClientsOutUnlessTextIsEnabled) {
  const std::string password = "room.password_file = \"/etc/chatd/password\"\n";
  const Config closed = config_of(password);
  EXPECT_FALSE(closed.text.enabled);
  EXPECT_TRUE(closed.text.closed_by_password);
  const Config open = config_of(password + "text.enabled = true\n");
  EXPECT_TRUE(open.text.enabled);
  EXPECT_FALSE(open.text.closed_by_password);
  EXPECT_FALSE(config_of(password + "text.enabled = false\n").text.closed_by_password);
  EXPECT_TRUE(config_of("room.password_file = \"\"\n").text.enabled);
}

TEST(Parse, TextThatAPasswordTurnsOffIsPrintedAsOff) {
  const Config closed = config_of("room.password_file = \"/etc/chatd/password\"\n");
  EXPECT_FALSE(config_of(print(closed)).text.enabled);
  EXPECT_THAT(changed_keys(Config{}, closed),
              ElementsAre("text.enabled", "room.password_file", "web.enabled"));
}

TEST(Parse, APasswordOrAClosedDoorClosesThePageUnlessItIsEnabled) {
  for (const std::string& closes : {std::string{"room.password_file = \"/etc/chatd/password\"\n"},
                                    std::string{"server.door = \"invited\"\n"}}) {
    const Config closed = config_of(closes);
    EXPECT_FALSE(closed.web.enabled);
    EXPECT_TRUE(closed.web.closed_by_door);
    const Config open = config_of(closes + "web.enabled = true\n");
    EXPECT_TRUE(open.web.enabled);
    EXPECT_FALSE(open.web.closed_by_door);
  }
  EXPECT_TRUE(config_of("").web.enabled);
  EXPECT_FALSE(config_of("web.enabled = false\n").web.closed_by_door);
}

}  // namespace
}  // namespace chatd::config
