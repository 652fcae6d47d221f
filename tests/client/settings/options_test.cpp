// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/options.hpp"

#include <cstdlib>
#include <filesystem>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/settings/paths.hpp"
#include "tests/client/settings/parsed_options.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;

// Options of the command line with a file config.toml.
class OptionsWithFile : public ::testing::Test {
 protected:
  OptionsWithFile() {
    ::setenv("XDG_CONFIG_HOME", directory_.path().c_str(), 1);
    std::filesystem::create_directory(directory_ / "uchat");
  }
  ~OptionsWithFile() override { ::unsetenv("XDG_CONFIG_HOME"); }
  void write(std::string_view toml) const { test::write_file(file_, toml); }
  test::TempDir directory_;
  std::string file_{directory_ / "uchat/config.toml"};
};

TEST_F(OptionsWithFile, GoToTheDefaultServerWithoutATarget) {
  write("server = \"lab\"\n[servers.lab]\naddress = \"chat.example:9000\"\n");
  EXPECT_EQ(parse({})->target, (Target{login_name(), "chat.example", 9000}));
  EXPECT_EQ(parse({"listen"})->target.host, "chat.example");
  EXPECT_THAT(complaint({"send"}), HasSubstr("where to go"));
  EXPECT_EQ(parse({"other"})->target.host, "other");
  write("server = \"[::1]:9000\"\n");
  EXPECT_EQ(parse({"--name", "bob"})->target, (Target{"bob", "::1", 9000}));
}

TEST_F(OptionsWithFile, NameTheFileIfThereIsNoDefaultServer) {
  EXPECT_THAT(complaint({}), HasSubstr("or write server = \"HOST\" into " + file_));
  EXPECT_THAT(complaint({"listen"}), HasSubstr(file_));
  EXPECT_THAT(complaint({"--language", "zh"}), HasSubstr("或者在 " + file_ + " 中写上"));
}

TEST_F(OptionsWithFile, NameNoFileIfThereIsNoFolderForIt) {
  const char* const home = std::getenv("HOME");
  const std::string kept = home == nullptr ? "" : home;
  ::unsetenv("XDG_CONFIG_HOME");
  ::setenv("HOME", "not/absolute", 1);
  const std::string said = complaint({});
  ::setenv("HOME", kept.c_str(), 1);
  EXPECT_THAT(said, HasSubstr("say where to go: uchat [NAME@]HOST[:PORT] ("));
}

TEST_F(OptionsWithFile, AcceptAnAliasInEveryMode) {
  write("[servers.lab]\naddress = \"chat.example\"\n");
  EXPECT_EQ(parse({"lab"})->target.host, "chat.example");
  EXPECT_EQ(parse({"bob@lab"})->target, (Target{"bob", "chat.example", 8888}));
  EXPECT_EQ(parse({"listen", "lab"})->target.host, "chat.example");
  const auto send = parse({"send", "lab", "hello"});
  EXPECT_EQ(send->target.host, "chat.example");
  EXPECT_EQ(send->text, "hello");
}

TEST_F(OptionsWithFile, TheLogOfTheCommandLineGoesBeforeThatOfTheServer) {
  write("[servers.lab]\naddress = \"a\"\nlog = \"/l\"\n");
  EXPECT_EQ(parse({"lab"})->log, "/l");
  EXPECT_FALSE(parse({"lab"})->wants_log);
  EXPECT_EQ(parse({"--log", "mine", "lab"})->log, "mine");
  EXPECT_TRUE(parse({"--log", "mine", "lab"})->wants_log);
  EXPECT_EQ(parse({"--log", "mine", "other.example"})->log, "mine");
  EXPECT_EQ(parse({"other.example"})->log, "");
}

TEST_F(OptionsWithFile, JoinsAndLeavesAreHiddenIfTheFileOrTheCommandLineSaysSo) {
  write(
      "[servers.lab]\naddress = \"a\"\nquiet = true\n"
      "[servers.hall]\naddress = \"b\"\n");
  EXPECT_TRUE(parse({"lab"})->quiet);
  EXPECT_FALSE(parse({"hall"})->quiet);
  EXPECT_TRUE(parse({"--quiet", "hall"})->quiet);
  write(
      "quiet = true\n[servers.lab]\naddress = \"a\"\nquiet = false\n"
      "[servers.hall]\naddress = \"b\"\n");
  EXPECT_FALSE(parse({"lab"})->quiet);
  EXPECT_TRUE(parse({"hall"})->quiet);
}

TEST_F(OptionsWithFile, TheCommandLineGoesBeforeTheServerAndTheServerBeforeTheTop) {
  using ::testing::ElementsAre;
  using ::testing::IsEmpty;
  write(
      "name = \"top\"\nbell = \"never\"\nnotify = \"always\"\nrooms = [\"tea\"]\n"
      "[servers.lab]\naddress = \"a\"\nname = \"own\"\nbell = \"always\"\nrooms = [\"lab\"]\n"
      "password_file = \"/p\"\n[servers.hall]\naddress = \"b\"\n");
  const auto given = parse({"--name", "me", "--bell", "mention", "--password-file", "/q", "lab"});
  EXPECT_EQ(given->target.name, "me");
  EXPECT_EQ(given->bell, Bell::mention);
  EXPECT_EQ(given->notify, Bell::always);
  EXPECT_EQ(parse({"--notify", "never", "lab"})->notify, Bell::never);
  EXPECT_EQ(given->password_file, "/q");
  EXPECT_EQ(parse({"you@lab"})->target.name, "you");
  const auto own = parse({"lab"});
  EXPECT_EQ(own->target.name, "own");
  EXPECT_EQ(own->bell, Bell::always);
  EXPECT_THAT(own->rooms, ElementsAre("lab"));
  EXPECT_EQ(own->password_file, "/p");
  for (const char* target : {"hall", "other.example"}) {
    const auto top = parse({target});
    EXPECT_EQ(top->target.name, "top");
    EXPECT_EQ(top->bell, Bell::never);
    EXPECT_THAT(top->rooms, ElementsAre("tea"));
    EXPECT_EQ(top->password_file, "");
  }
  EXPECT_THAT(parse({"send", "lab", "x"})->rooms, IsEmpty()) << "the message is for the server";
  EXPECT_THAT(parse({"listen", "lab"})->rooms, IsEmpty());
}

TEST_F(OptionsWithFile, AreStrictByTheCommandLineOrTheFile) {
  EXPECT_FALSE(parse({"host"})->strict);
  EXPECT_TRUE(parse({"send", "--strict", "host", "x"})->strict);
  write("strict = true\n");
  for (const std::vector<const char*>& words :
       {std::vector<const char*>{"host"}, {"send", "host", "x"}, {"listen", "host"}}) {
    EXPECT_TRUE(parse(words)->strict);
  }
}

TEST(Options, WaitForAServerInEveryMode) {
  EXPECT_FALSE(parse({"host"})->waits);
  for (const std::vector<const char*>& words : {std::vector<const char*>{"--wait", "host"},
                                                {"send", "--wait", "host", "x"},
                                                {"listen", "host", "--wait"}}) {
    EXPECT_TRUE(parse(words)->waits);
  }
}

TEST_F(OptionsWithFile, HaveColoursUnlessTheFileForbidsThem) {
  EXPECT_EQ(parse({"host"})->colors, UseOfColors::automatic);
  write(
      "colors = \"off\"\n"
      "[servers.lab]\naddress = \"host\"\ncolors = \"on\"\n"
      "[servers.hall]\naddress = \"host\"\n");
  EXPECT_EQ(parse({"host"})->colors, UseOfColors::off);
  EXPECT_EQ(parse({"lab"})->colors, UseOfColors::on);
  EXPECT_EQ(parse({"hall"})->colors, UseOfColors::off);
}

TEST_F(OptionsWithFile, ReportEachMistakeOfTheFileAndEnd) {
  write("sever = \"lab\"\nbell = 1\n");
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(parse({"host"}).error(), 2);
  const std::string said = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(said,
              HasSubstr("uchat: " + file_ + ":1: sever: unknown key; did you mean server?\n"));
  EXPECT_THAT(said, HasSubstr("uchat: " + file_ + ":2: bell: "));
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(parse({"--help"}).error(), 0) << "the help needs no file";
  (void)::testing::internal::GetCapturedStdout();
}

TEST_F(OptionsWithFile, ReportAFileThatCannotBeReadAsALocalError) {
  std::filesystem::create_directory(file_);
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(parse({"host"}).error(), 1);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr(file_ + ": cannot be "));
}

TEST_F(OptionsWithFile, ForgetAServerByItsAddressOrAlias) {
  write("[servers.lab]\naddress = \"chat.example:9000\"\n");
  const auto list = parse({"servers"});
  ASSERT_TRUE(list);
  EXPECT_EQ(list->mode, Options::Mode::servers);
  EXPECT_FALSE(list->forgets);
  EXPECT_EQ(list->config.servers.size(), 1U);
  EXPECT_TRUE(parse({"servers", "--names"})->names_only);
  const auto forget = parse({"servers", "forget", "lab"});
  EXPECT_TRUE(forget->forgets);
  EXPECT_EQ(forget->target, (Target{"", "chat.example", 9000}));
  EXPECT_EQ(parse({"servers", "forget", "[::1]:9000"})->target, (Target{"", "::1", 9000}));
  EXPECT_THAT(complaint({"servers", "forget"}), HasSubstr("uchat servers forget HOST[:PORT]"));
  EXPECT_THAT(complaint({"servers", "remove", "lab"}), HasSubstr("not expected: remove"));
  EXPECT_THAT(complaint({"lab", "servers"}), HasSubstr("not expected: lab"));
}

TEST(Options, HelpIsACommandToo) {
  const auto printed = [](const std::vector<const char*>& words) {
    ::testing::internal::CaptureStdout();
    EXPECT_EQ(parse(words).error(), 0);
    return ::testing::internal::GetCapturedStdout();
  };
  EXPECT_EQ(printed({"help"}), printed({"--help"}));
  EXPECT_EQ(printed({"help", "send"}), printed({"send", "--help"}));
  EXPECT_EQ(printed({"-V"}), printed({"--version"}));
  EXPECT_THAT(complaint({"help", "sned"}),
              HasSubstr("there is no command sned; did you mean uchat send?"));
  EXPECT_THAT(complaint({"help", "user"}), HasSubstr("did you mean uchat users?"));
  EXPECT_EQ(parse({"list"})->meant, "listen");
}

TEST(Options, NameTheCommandOrTheDashesThatWereMeant) {
  EXPECT_THAT(complaint({"sned", "ada@host", "hi"}),
              HasSubstr("not expected: ada@host hi; did you mean uchat send?"));
  EXPECT_THAT(complaint({"send", "host", "rm", "-rf", "/"}),
              HasSubstr("not expected: -rf; write -- in front of a text"));
  EXPECT_EQ(parse({"send", "host", "--", "rm", "-rf", "/"})->text, "rm -rf /");
}

TEST(Options, HaveTheCommandThatIsLikeAHost) {
  EXPECT_EQ(parse({"hepl"})->meant, "help");
  EXPECT_EQ(parse({"listn"})->meant, "listen");
  EXPECT_EQ(parse({"chat.example"})->meant, "");
  EXPECT_EQ(parse({"listen", "sned"})->meant, "");
}

TEST(Options, AcceptAHostAlone) {
  const auto options = parse({"chat.example"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->mode, Options::Mode::talk);
  EXPECT_EQ(options->target, (Target{login_name(), "chat.example", 8888}));
  EXPECT_TRUE(options->replay);
  EXPECT_EQ(options->bell, Bell::mention);
  EXPECT_EQ(options->notify, Bell::mention);
  EXPECT_FALSE(options->language);
}

TEST(Options, AcceptEveryOptionOfAnInteractiveSession) {
  const auto options = parse({"--bell", "never", "ada@host:9000", "--no-replay", "--language", "zh",
                              "--identity", "/i", "--password-file", "/p"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->target, (Target{"ada", "host", 9000}));
  EXPECT_EQ(options->bell, Bell::never);
  EXPECT_FALSE(options->replay);
  EXPECT_EQ(options->language, wire::Language::zh);
  EXPECT_EQ(options->identity, "/i");
  EXPECT_EQ(options->password_file, "/p");
  EXPECT_FALSE(options->fingerprint);
  EXPECT_EQ(parse({"host", "--name", "bob"})->target.name, "bob");
  EXPECT_EQ(parse({"bob@host", "--name", "bob"})->target.name, "bob");
}

TEST(Options, AcceptAFingerprintAsChatctlShowsIt) {
  const std::string right = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  const auto options = parse({"send", "--fingerprint", right.c_str(), "host", "text"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->fingerprint, right);
  for (const std::string& wrong :
       {std::string{}, right + "A", right + "=", right.substr(7), "sha256:" + right.substr(7),
        right.substr(0, right.size() - 1) + "B"}) {
    EXPECT_EQ(parse({"host", "--fingerprint", wrong.c_str()}).error(), 2) << wrong;
  }
}

TEST(Options, UsersHasARoomAndATimeLimit) {
  const auto options = parse({"users", "--json", "--room", "#lab", "ada@host", "--timeout", "2"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->mode, Options::Mode::users);
  EXPECT_TRUE(options->json);
  EXPECT_EQ(options->rooms, std::vector<std::string>{"lab"});
  EXPECT_EQ(options->target, (Target{"ada", "host", 8888}));
  EXPECT_EQ(options->timeout, std::chrono::milliseconds{2000});
  EXPECT_THAT(complaint({"users"}), HasSubstr("uchat users [NAME@]HOST[:PORT]"));
}

TEST(Options, ListenAcceptsLimitsAndJson) {
  const auto none = parse({"listen", "host"});
  ASSERT_TRUE(none);
  EXPECT_EQ(none->mode, Options::Mode::listen);
  EXPECT_FALSE(none->timeout || none->count || none->since || none->json);
  const auto all = parse({"listen", "host", "--timeout", "2", "--count", "3", "--json", "--since",
                          "2026-11-29T10:00Z"});
  ASSERT_TRUE(all);
  EXPECT_TRUE(all->json);
  EXPECT_EQ(all->timeout, std::chrono::milliseconds{2000});
  EXPECT_EQ(all->count, 3U);
  EXPECT_EQ(to_rfc3339(all->since.value()), "2026-11-29T10:00:00.000Z");
  EXPECT_EQ(parse({"send", "host", "x"})->timeout, std::chrono::milliseconds{30'000});
}

TEST(Options, AreRefusedWithAMessageOfOneLine) {
  EXPECT_THAT(complaint({}), HasSubstr("where to go"));
  EXPECT_THAT(complaint({"a\x1b[2Jb"}), HasSubstr("a\\x1b[2Jb"));
  EXPECT_THAT(complaint({"host:0"}), HasSubstr("\"0\" is not a port"));
  EXPECT_THAT(complaint({"ada@host", "--name", "bob"}), HasSubstr("two names"));
  EXPECT_THAT(complaint({"host", "--bell", "sometimes"}), HasSubstr("--bell"));
  EXPECT_THAT(complaint({"host", "--nope"}), HasSubstr("--nope"));
  EXPECT_THAT(complaint({"host", "other"}), HasSubstr("other"));
  EXPECT_THAT(complaint({"host", "--language", "fr"}), HasSubstr("--language"));
  EXPECT_THAT(complaint({"host", "--name", ""}), HasSubstr("--name"));
  EXPECT_THAT(complaint({"send", "host"}), HasSubstr("uchat send [NAME@]HOST[:PORT] TEXT"));
  EXPECT_THAT(complaint({"send", "host", " "}), HasSubstr("say what to send"));
  EXPECT_THAT(complaint({"send", "host", "", "\t\n", ""}), HasSubstr("say what to send"));
  EXPECT_THAT(complaint({"send"}), HasSubstr("where to go"));
  for (const char* wrong : {"0", "86401", "nan", "soon", "1s", ""}) {
    EXPECT_THAT(complaint({"send", "host", "--timeout", wrong, "x"}), HasSubstr("0.1 to 86400"));
  }
  EXPECT_THAT(complaint({"host", "--timeout", "3"}), HasSubstr("--timeout"));
  for (const char* wrong : {"0", "-1", "2.5", "ten", "", "1000000001", "18446744073709551617"}) {
    EXPECT_THAT(complaint({"listen", "host", "--count", wrong}), HasSubstr("1 to 1000000000"));
  }
  EXPECT_THAT(complaint({"listen", "host", "--since", "noon"}),
              HasSubstr("2026-11-29T10:00, or how long ago, as 10m"));
  EXPECT_FALSE(complaint({"listen", "host", "--since", "1h", "--no-replay"}).empty());
}

TEST(Options, AreRefusedInTheUsersLanguage) {
  const auto in_chinese = [](std::vector<const char*> words) {
    words.insert(words.begin(), {"--language", "zh"});
    return complaint(words);
  };
  EXPECT_EQ(
      in_chinese({"send"}),
      "uchat: 请说明去哪里：uchat send [NAME@]HOST[:PORT] TEXT...（参见 'uchat help send'）\n");
  EXPECT_THAT(in_chinese({"send", "host"}), HasSubstr("请在目标之后写上要发送的内容：uchat send"));
  EXPECT_THAT(in_chinese({"send", "host", " "}), HasSubstr("请在目标之后写上要发送的内容"));
  EXPECT_THAT(in_chinese({"one", "send", "two", "x"}), HasSubstr("目标要写在命令之后：uchat send"));
  EXPECT_THAT(in_chinese({"host:0"}), HasSubstr("“0”不是端口"));
  EXPECT_THAT(in_chinese({"a b"}), HasSubstr("“a b”不是主机：含有空格"));
  EXPECT_THAT(in_chinese({"ada@host", "--name", "bob"}), HasSubstr("两个名字"));
  EXPECT_THAT(in_chinese({"host", "--nope"}), HasSubstr("多余的参数：--nope"));
  EXPECT_THAT(in_chinese({"host", "--name"}), HasSubstr("--name 需要一个值"));
  EXPECT_THAT(in_chinese({"host", "--name", ""}), HasSubstr("--name: 不能为空"));
  EXPECT_THAT(in_chinese({"host", "--bell", "x"}), HasSubstr("只能是 always, mention, never 之一"));
  EXPECT_THAT(in_chinese({"send", "--timeout", "0", "host", "x"}), HasSubstr("应为 0.1 到 86400"));
}

TEST(Options, RefuseATargetBeforeACommand) {
  const auto send = HasSubstr("behind the command: uchat send [NAME@]HOST[:PORT] TEXT");
  EXPECT_THAT(complaint({"carl@one", "send", "two", "secret"}), send);
  EXPECT_THAT(complaint({"carl@one", "send"}), send);
  const auto listen = HasSubstr("behind the command: uchat listen [NAME@]HOST[:PORT]");
  EXPECT_THAT(complaint({"one", "listen", "two"}), listen);
  EXPECT_THAT(complaint({"one", "--name", "bob", "listen"}), listen);
  EXPECT_EQ(parse({"--name", "bob", "send", "two", "hi"})->target, (Target{"bob", "two", 8888}));
  EXPECT_THAT(complaint({"--notify", "never", "listen", "two"}),
              HasSubstr("not expected: --notify"));
  EXPECT_THAT(complaint({"--name", "bob", "servers"}), HasSubstr("--name is an option of send"));
  EXPECT_TRUE(parse({"--no-replay", "listen", "two"}));
}

TEST(Options, AcceptRoomsWithOrWithoutAHash) {
  using ::testing::ElementsAre;
  const auto send = parse({"send", "--room", "#lab", "host", "hello", "there"});
  ASSERT_TRUE(send);
  EXPECT_THAT(send->rooms, ElementsAre("lab"));
  EXPECT_EQ(send->text, "hello there");
  const auto listen = parse({"listen", "--room", "lab", "--room", "#pub", "host"});
  ASSERT_TRUE(listen);
  EXPECT_THAT(listen->rooms, ElementsAre("lab", "pub"));
  EXPECT_EQ(listen->target.host, "host");
  EXPECT_TRUE(parse({"listen", "--all", "host"})->all_rooms);
  EXPECT_FALSE(complaint({"listen", "--all", "--room", "lab", "host"}).empty());
  EXPECT_FALSE(complaint({"--room", "lab", "host"}).empty());
  for (const char* const name : {"bad name", "#bad name", "", "\xff"}) {
    EXPECT_FALSE(complaint({"send", "--room", name, "host", "hello"}).empty()) << name;
    EXPECT_FALSE(complaint({"listen", "--room", name, "host"}).empty()) << name;
  }
  EXPECT_THAT(complaint({"send", "--room", "bad name", "host", "hello"}),
              HasSubstr("that is not a possible room name"));
}

}  // namespace
}  // namespace chatd::client
