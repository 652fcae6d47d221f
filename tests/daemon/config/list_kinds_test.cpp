// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "daemon/config/settings.hpp"
#include "tests/daemon/config/support.hpp"

namespace chatd::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TEST(ListKinds, AChoiceTakesItsNamesOnly) {
  EXPECT_EQ(config_of("text.chat_form = \"auto\"").text.chat_form, ChatForm::automatic);
  EXPECT_EQ(config_of("text.chat_form = \"message\"").text.chat_form, ChatForm::message);
  EXPECT_EQ(config_of("text.chat_form = \"named\"").text.chat_form, ChatForm::named);
  EXPECT_EQ(config_of("text.language = \"zh\"").text.language, LanguageChoice::zh);
  EXPECT_EQ(config_of("rooms.create = \"anyone\"").rooms.create, WhoMakes::anyone);
  EXPECT_EQ(config_of("rooms.create = \"owners\"").rooms.create, WhoMakes::owners);
  EXPECT_EQ(config_of("rooms.create = \"admin\"").rooms.create, WhoMakes::admin);
  EXPECT_EQ(config_of("names.claim = \"members\"").names.claim, WhoClaims::members);
  EXPECT_EQ(config_of("names.claim = \"admin\"").names.claim, WhoClaims::admin);
  EXPECT_THAT(problems_of("text.chat_form = \"mesage\""),
              ElementsAre("chatd.toml:1: text.chat_form: found a string (\"mesage\"), expected "
                          "\"auto\", \"message\" or \"named\"; did you mean \"message\"?"));
  EXPECT_THAT(problems_of("text.language = \"french\""),
              ElementsAre("chatd.toml:1: text.language: found a string (\"french\"), expected "
                          "\"auto\", \"en\" or \"zh\""));
  EXPECT_THAT(problems_of("log.level = 7"),
              ElementsAre("chatd.toml:1: log.level: found an integer (7), expected a string: "
                          "\"error\", \"warning\", \"notice\", \"info\" or \"debug\""));
}

TEST(ListKinds, TheLogLevelsAreThoseOfTheLog) {
  for (const std::string_view name : {"error", "warning", "notice", "info", "debug"}) {
    const Config config = config_of("log.level = " + quote(name));
    EXPECT_EQ(parse_log_level(name), config.log.level);
    EXPECT_EQ(to_text(config.log.level), name);
  }
}

TEST(ListKinds, AChoiceWithoutANameIsAProblem) {
  Config config;
  config.log.level = LogLevel::critical;
  EXPECT_THAT(to_lines(validate(config, "command line")),
              ElementsAre("command line: log.level: is none of \"error\", \"warning\", \"notice\", "
                          "\"info\" or \"debug\""));
}

TEST(ListKinds, AddressesAreReadInTheirOrder) {
  const Config config = config_of("network.listen = [\"[::1]:9\", \"10.1.2.3:8888\"]");
  ASSERT_EQ(config.network.listen.size(), 2U);
  EXPECT_EQ(to_text(config.network.listen[0]), "[::1]:9");
  EXPECT_EQ(to_text(config.network.listen[1]), "10.1.2.3:8888");
}

TEST(ListKinds, AListLongerThanItsRangeIsRefused) {
  EXPECT_THAT(problems_of("network.listen = []"),
              ElementsAre("chatd.toml:1: network.listen: has 0 elements: "
                          "1 to 16 of \"ADDRESS:PORT\""));
  const auto with_ports = [](int count) {
    std::string toml = "network.listen = [";
    for (int i = 1; i <= count; ++i) toml += "\"127.0.0.1:" + std::to_string(i) + "\",";
    return toml + "]";
  };
  EXPECT_THAT(problems_of(with_ports(16)), IsEmpty());
  EXPECT_THAT(problems_of(with_ports(17)),
              ElementsAre("chatd.toml:1: network.listen: has 17 elements: "
                          "1 to 16 of \"ADDRESS:PORT\""));
}

TEST(ListKinds, AWrongElementIsNamedWithItsOwnLine) {
  EXPECT_THAT(
      problems_of("[network]\nlisten = [\n\"127.0.0.1:1\",\n\"localhost:8888\",\n]\n"),
      ElementsAre(AllOf(StartsWith("chatd.toml:4: network.listen: "), HasSubstr("\"localhost\""))));
  EXPECT_THAT(
      problems_of("[text]\nnetworks = [\"10.0.0.0/8\",\n\"10.1.0.0/8\"]\n"),
      ElementsAre(AllOf(StartsWith("chatd.toml:3: text.networks: "), HasSubstr("10.1.0.0/8"))));
  EXPECT_THAT(problems_of("network.listen = [\n8888]"),
              ElementsAre("chatd.toml:2: network.listen: found an integer (8888), expected a list "
                          "of strings: 1 to 16 of \"ADDRESS:PORT\""));
  EXPECT_THAT(problems_of("network.listen = \"127.0.0.1:8888\""),
              ElementsAre("chatd.toml:1: network.listen: found a string (\"127.0.0.1:8888\"), "
                          "expected a list of strings: 1 to 16 of \"ADDRESS:PORT\""));
}

TEST(ListKinds, AnElementCannotForgeALineOrFillTheScreen) {
  const std::string expected = ", expected a list of strings: 1 to 16 of \"ADDRESS:PORT\"";
  EXPECT_THAT(problems_of("network.listen = [\"a\\nchatd: all is well\"]"),
              ElementsAre("chatd.toml:1: network.listen: found a string "
                          "(\"a\\u000Achatd: all is well\")" +
                          expected));
  EXPECT_THAT(problems_of("network.listen = [\"" + std::string(5000, 'x') + "\"]"),
              ElementsAre("chatd.toml:1: network.listen: found a string (\"" +
                          std::string(60, 'x') + "...\")" + expected));
}

}  // namespace
}  // namespace chatd::config
