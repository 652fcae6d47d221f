// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/user_config.hpp"

#include <sys/stat.h>

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

UserConfig config_of(std::string_view toml) {
  const auto config = parse_user_config(toml, "config.toml", wire::Language::en);
  EXPECT_TRUE(config) << ::testing::PrintToString(config.error().lines);
  return config.value_or(UserConfig{});
}

std::vector<std::string> faults(std::string_view toml,
                                wire::Language language = wire::Language::en) {
  const auto config = parse_user_config(toml, "config.toml", language);
  return config ? std::vector<std::string>{} : config.error().lines;
}

TEST(UserConfigTest, HasNothingIfTheFileIsEmpty) {
  const UserConfig config = config_of("");
  EXPECT_EQ(config.server, "");
  EXPECT_FALSE(config.strict);
  EXPECT_TRUE(config.save_history);
  EXPECT_TRUE(config.save_users);
  EXPECT_FALSE(config.choices.colors);
  EXPECT_EQ(config.choices.name, "");
  EXPECT_FALSE(config.choices.bell);
  EXPECT_FALSE(config.choices.rooms);
  EXPECT_THAT(config.servers, IsEmpty());
}

TEST(UserConfigTest, HasEveryKeyOfTheFile) {
  ::setenv("HOME", "/home/ada", 1);
  const UserConfig config = config_of(
      "server = \"lab\"\n"
      "strict = true\n"
      "save_history = false\n"
      "save_users = false\n"
      "colors = \"off\"\n"
      "name = \"ada\"\n"
      "bell = \"never\"\n"
      "quiet = true\n"
      "rooms = [\"tea\"]\n"
      "ignore = [\"bob\", \"~小明\"]\n"
      "[servers.lab]\n"
      "address = \"chat.example:9000\"\n"
      "name = \"ada2\"\n"
      "bell = \"always\"\n"
      "quiet = false\n"
      "colors = \"on\"\n"
      "rooms = [\"#course\", \"pub\"]\n"
      "ignore = [\"eve\"]\n"
      "password_file = \"~/lab.password\"\n"
      "log = \"~/lab.log\"\n"
      "[servers.home-2]\n"
      "address = \"::1\"\n");
  EXPECT_EQ(config.server, "lab");
  EXPECT_TRUE(config.strict);
  EXPECT_FALSE(config.save_history);
  EXPECT_FALSE(config.save_users);
  EXPECT_EQ(config.choices.colors, UseOfColors::off);
  EXPECT_EQ(config.choices.name, "ada");
  EXPECT_EQ(config.choices.bell, Bell::never);
  EXPECT_EQ(config.choices.quiet, true);
  EXPECT_THAT(config.choices.rooms.value(), ElementsAre("tea"));
  ASSERT_EQ(config.servers.size(), 2U);
  const UserConfig::Server& lab = config.servers[0];
  EXPECT_EQ(lab.alias, "lab");
  EXPECT_EQ(lab.address, (Target{"", "chat.example", 9000}));
  EXPECT_EQ(lab.choices.name, "ada2");
  EXPECT_EQ(lab.choices.bell, Bell::always);
  EXPECT_EQ(lab.choices.quiet, false);
  EXPECT_EQ(lab.choices.colors, UseOfColors::on);
  EXPECT_THAT(lab.choices.rooms.value(), ElementsAre("course", "pub"));
  EXPECT_THAT(config.choices.ignore.value(), ElementsAre("bob", "小明"));
  EXPECT_THAT(lab.choices.ignore.value(), ElementsAre("eve"));
  EXPECT_EQ(lab.password_file, "/home/ada/lab.password");
  EXPECT_EQ(lab.log, "/home/ada/lab.log");
  EXPECT_EQ(config.servers[1].log, "");
  EXPECT_EQ(config.servers[1].alias, "home-2");
  EXPECT_EQ(config.servers[1].address, (Target{"", "::1", 8888}));
  EXPECT_FALSE(config.servers[1].choices.rooms);
}

TEST(UserConfigTest, ColoursAreAutomaticOnOrOff) {
  EXPECT_EQ(config_of("colors = \"auto\"").choices.colors, UseOfColors::automatic);
  for (const char* wrong : {"colors = \"red\"", "colors = 1", "colors = true"}) {
    EXPECT_THAT(faults(wrong),
                ElementsAre("config.toml:1: colors: write it as colors = \"auto\" | \"on\" | "
                            "\"off\""));
  }
}

TEST(UserConfigTest, ATextWithoutQuotesIsExplained) {
  EXPECT_THAT(faults("bell = \"never\"\nserver = lab\n"),
              ElementsAre(HasSubstr("config.toml:2: is no TOML, in which a text is in quotes")));
  EXPECT_THAT(faults("server = lab\n", wire::Language::zh),
              ElementsAre("config.toml:1: 不是 TOML，其中的文字要加引号，如 name = \"ada\"（见 "
                          "https://toml.io/cn）"));
  EXPECT_THAT(faults("bell = \"never\"\nbell = \"never\"\n"),
              ElementsAre("config.toml:2: a key or a table is there more than once"));
  EXPECT_THAT(faults("bell \"never\"\n", wire::Language::zh),
              ElementsAre("config.toml:1: 不是 TOML（见 https://toml.io/cn）"));
}

TEST(UserConfigTest, NamesEveryMistakeWithItsLine) {
  EXPECT_THAT(
      faults("sever = \"lab\"\n"
             "bell = \"sometimes\"\n"
             "address = \"chat.example\"\n"
             "rooms = \"tea\"\n"
             "[servers.lab]\n"
             "adress = \"chat.example\"\n"
             "[servers.hall]\n"
             "address = \"hall:0\"\n"
             "password_file = \"secret\"\n"
             "log = \"lines\"\n"
             "strict = true\n"
             "theme = \"dark\"\n"
             "[colors]\n"
             "name = \"red\"\n"),
      ElementsAre(
          "config.toml:1: sever: unknown key; did you mean server?",
          "config.toml:2: bell: write it as bell = \"never\" | \"mention\" | \"always\"",
          "config.toml:3: address: belongs in a table [servers.ALIAS]",
          "config.toml:4: rooms: write it as rooms = [\"NAME\", \"NAME\"]",
          "config.toml:6: servers.lab.adress: unknown key; did you mean address?",
          "config.toml:6: servers.lab: has no address; write address = \"HOST:PORT\" below it",
          "config.toml:8: servers.hall.address: \"0\" is not a port: 1 to 65535",
          "config.toml:9: servers.hall.password_file: takes a path that begins with / or ~/, not "
          "\"secret\"",
          "config.toml:10: servers.hall.log: takes a path that begins with / or ~/, not "
          "\"lines\"",
          "config.toml:11: servers.hall.strict: belongs at the top of the file, above the tables",
          "config.toml:12: servers.hall.theme: unknown key; there are colors, address, name, "
          "rooms, bell, ignore, quiet, notify, password_file, log",
          "config.toml:14: colors.name: unknown key; did you mean name?"));
}

TEST(UserConfigTest, NamesMistakesInChinese) {
  EXPECT_THAT(faults("sever = \"lab\"\nbell = 1\nlog = \"/x\"\n", wire::Language::zh),
              ElementsAre("config.toml:1: sever: 没有这个键；是否为 server？",
                          "config.toml:2: bell: 应写成 bell = \"never\" | \"mention\" | \"always\"",
                          "config.toml:3: log: 应写在 [servers.ALIAS] 表里"));
}

TEST(UserConfigTest, ASyntaxErrorHasItsLine) {
  const auto lines = faults("name = \"ada\"\nserver = = 1\n");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0], ::testing::StartsWith("config.toml:2: "));
}

TEST(UserConfigTest, ShowsTheFirstHundredMistakesOnly) {
  std::string toml;
  for (int i = 0; i < 150; ++i) toml += "key" + std::to_string(i) + " = 1\n";
  const auto lines = faults(toml);
  ASSERT_EQ(lines.size(), 101U);
  EXPECT_EQ(lines.back(), "config.toml: and 50 more problems");
}

TEST(UserConfigTest, RefusesValuesOfTheWrongType) {
  for (const char* line :
       {"server = 1", "strict = \"yes\"", "server = \"\"", "server = \"ada@lab\"", "name = true",
        "name = \"\"", "name = \"a b\"", "rooms = [1]", "rooms = [\"\"]",
        "rooms = [\"a\", [\"b\"]]", "bell = 1", "servers = 1", "servers.lab = 1", "[servers.lab]",
        "[servers.lab.deeper]\naddress = \"h\"", "[servers.lab]\naddress = 1",
        "[servers.lab]\naddress = \"ada@h\"", "[servers.lab]\naddress = \"h\"\nserver = \"h\"",
        "[server]"}) {
    EXPECT_FALSE(faults(line).empty()) << line;
  }
  EXPECT_THAT(faults("[servers]\n"), IsEmpty());
}

TEST(UserConfigTest, AnAliasIsAWordThatIsNoCommand) {
  const auto with = [](const std::string& alias) {
    return faults("[servers." + alias + "]\naddress = \"chat.example\"\n");
  };
  EXPECT_THAT(with("lab_2-B"), IsEmpty());
  for (const char* alias : {"\"chat.example\"", "\"a b\"", "\"\"", "-lab", "\"实验室\""}) {
    EXPECT_THAT(with(alias), ElementsAre(HasSubstr("an alias has letters, digits"))) << alias;
  }
  EXPECT_THAT(with("send"), ElementsAre(HasSubstr("is a command of uchat")));
}

TEST(UserConfigTest, AFileThatDoesNotExistHasNothing) {
  const test::TempDir directory;
  EXPECT_TRUE(load_user_config("", wire::Language::en));
  EXPECT_TRUE(load_user_config(directory / "none/config.toml", wire::Language::en));
  const auto unreadable = load_user_config(directory.path(), wire::Language::en);
  ASSERT_FALSE(unreadable);
  EXPECT_TRUE(unreadable.error().is_unreadable);
  EXPECT_THAT(unreadable.error().lines, ElementsAre(HasSubstr(directory.path())));
}

TEST(UserConfigTest, AFileThatAllUsersCanWriteIsRefused) {
  const test::TempDir directory;
  const std::string file = directory / "config.toml";
  test::write_file(file, "name = \"ada\"\n");
  for (const mode_t mode : {0666U, 0602U}) {
    ASSERT_EQ(::chmod(file.c_str(), mode), 0);
    const auto open = load_user_config(file, wire::Language::en);
    ASSERT_FALSE(open) << mode;
    EXPECT_TRUE(open.error().is_unreadable);
    EXPECT_THAT(open.error().lines, ElementsAre(HasSubstr(file + ": all users can write it")));
  }
  for (const mode_t mode : {0600U, 0644U, 0664U}) {
    ASSERT_EQ(::chmod(file.c_str(), mode), 0);
    EXPECT_TRUE(load_user_config(file, wire::Language::en)) << mode;
  }
}

TEST(FindDestination, AnAliasGoesBeforeAHost) {
  const UserConfig config = config_of("[servers.lab]\naddress = \"chat.example:9000\"\n");
  const auto target = [&](std::string_view text) {
    return find_destination(config, text, wire::Language::en).value().target;
  };
  EXPECT_EQ(target("lab"), (Target{"", "chat.example", 9000}));
  EXPECT_EQ(target("bob@lab"), (Target{"bob", "chat.example", 9000}));
  EXPECT_EQ(target("lab:8888"), (Target{"", "lab", 8888})) << "with a port it is a host";
  EXPECT_EQ(target("lab."), (Target{"", "lab.", 8888}));
  EXPECT_EQ(target("LAB"), (Target{"", "LAB", 8888}));
  EXPECT_EQ(find_destination(config, "lab", wire::Language::en)->server, &config.servers[0]);
  EXPECT_EQ(find_destination(config, "chat.example:9000", wire::Language::en)->server, nullptr);
  EXPECT_FALSE(find_destination(config, "@lab", wire::Language::en));
}

}  // namespace
}  // namespace chatd::client
