// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/options.hpp"

#include <filesystem>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace chatd {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// The options that a command line leads to, and the messages about it.
struct Parsed {
  std::expected<Options, int> options;
  std::string out;
  std::string err;
};

Parsed parse(std::vector<const char*> words) {
  words.insert(words.begin(), "chatd");
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  auto options = parse_options(static_cast<int>(words.size()), words.data());
  return {.options = std::move(options),
          .out = ::testing::internal::GetCapturedStdout(),
          .err = ::testing::internal::GetCapturedStderr()};
}

Options parsed(std::vector<const char*> words) {
  auto outcome = parse(std::move(words));
  EXPECT_TRUE(outcome.options.has_value()) << outcome.err;
  return outcome.options.value_or(Options{});
}

TEST(Options, WithoutAnyItRunsInTheForegroundWithTheDefaults) {
  const Options options = parsed({});
  EXPECT_EQ(options.action, Options::Action::run);
  EXPECT_FALSE(options.daemon);
  EXPECT_EQ(options.config_file, "");
  EXPECT_EQ(options.pid_file, "");
  EXPECT_TRUE(options.listen.empty());
  const auto config = read_config(options);
  ASSERT_TRUE(config.has_value());
  EXPECT_EQ(config::print(*config), config::print(config::Config{}));
}

TEST(Options, ThePageHasOtherAddressesOrNone) {
  const auto web_of = [](std::vector<const char*> words) {
    return read_config(parsed(std::move(words))).value().web;
  };
  const auto open = web_of({"--web", "127.0.0.1:80", "--web", "[::1]:80"});
  EXPECT_TRUE(open.enabled);
  EXPECT_THAT(open.listen, SizeIs(2));
  EXPECT_EQ(open.listen.front().port, 80);
  EXPECT_FALSE(web_of({"--web", "off"}).enabled);
  EXPECT_THAT(web_of({}).listen, testing::Eq(config::default_web_listen()));
  EXPECT_EQ(parse({"--web", "chat.example:80"}).options.error(), kExitUsage);
  const Options options = parsed({"--web", "127.0.0.1:80"});
  EXPECT_THAT(to_arguments(options), testing::IsSupersetOf({"--web", "127.0.0.1:80"}));
}

TEST(Options, PathsBecomeAbsoluteBecauseADaemonChangesItsDirectory) {
  const Options options = parsed({"--config", "a.toml", "--pid-file", "b/../c.pid", "--control",
                                  "d.sock", "--state-dir", "/e"});
  const std::string here = std::filesystem::current_path().string();
  EXPECT_EQ(options.config_file, here + "/a.toml");
  EXPECT_EQ(options.pid_file, here + "/c.pid");
  EXPECT_EQ(options.control, here + "/d.sock");
  EXPECT_EQ(options.state_directory, "/e");
}

TEST(Options, ListenMayBeGivenSeveralTimes) {
  const Options options = parsed({"--listen", "127.0.0.1:1", "--listen=[::1]:2"});
  ASSERT_THAT(options.listen, SizeIs(2));
  EXPECT_EQ(to_text(options.listen[0]), "127.0.0.1:1");
  EXPECT_EQ(to_text(options.listen[1]), "[::1]:2");
}

TEST(Options, ACertificateIsMadeOfARequestAndAnIdentity) {
  const Options options = parsed({"--identity", "identity.key", "--certify", "AQID"});
  EXPECT_EQ(options.action, Options::Action::certify);
  EXPECT_EQ(options.request, "AQID");
  EXPECT_EQ(options.identity_file, "identity.key");
}

TEST(Options, TheCommandLineOverridesTheFile) {
  const test::TempDir directory;
  const std::string file = directory / "chatd.toml";
  test::write_file(file,
                   "workers.count = 1\nlimits.burst = 9\n"
                   "network.listen = [\"127.0.0.1:1\"]\n"
                   "control.path = \"/a.sock\"\nstate.directory = \"/b\"\n");
  const Options options = parsed({"--config", file.c_str(), "--workers", "3", "--listen",
                                  "127.0.0.1:2", "--control", "/c.sock", "--state-dir", "/d"});
  const auto config = read_config(options);
  ASSERT_TRUE(config.has_value());
  EXPECT_EQ(config->workers.count, 3U);
  EXPECT_EQ(config->limits.burst, 9U);
  ASSERT_THAT(config->network.listen, SizeIs(1));
  EXPECT_EQ(to_text(config->network.listen[0]), "127.0.0.1:2");
  EXPECT_EQ(config->control.path, "/c.sock");
  EXPECT_EQ(config->state.directory, "/d");
}

TEST(Options, ABadFileGivesEveryProblem) {
  const test::TempDir directory;
  const std::string file = directory / "chatd.toml";
  test::write_file(file, "workers.count = -1\nlimits.burts = 9\n");
  const auto config = read_config(parsed({"--config", file.c_str()}));
  ASSERT_FALSE(config.has_value());
  EXPECT_THAT(config.error(), SizeIs(2));
}

TEST(Options, AValueThatIsOutOfRangeIsTheCommandLinesProblem) {
  const auto config = read_config(parsed({"--workers", "17"}));
  ASSERT_FALSE(config.has_value());
  ASSERT_THAT(config.error(), SizeIs(1));
  EXPECT_THAT(config::to_text(config.error()[0]),
              AllOf(HasSubstr("command line"), HasSubstr("workers.count")));
}

TEST(Options, CheckAndPrintAreSeparateActions) {
  EXPECT_EQ(parsed({"--check-config"}).action, Options::Action::check_config);
  EXPECT_EQ(parsed({"--print-config"}).action, Options::Action::print_config);
  EXPECT_TRUE(parsed({"--daemon"}).daemon);
}

TEST(Options, HelpAndVersionEndWithSuccess) {
  for (const char* option : {"--help", "--version", "-V"}) {
    const Parsed outcome = parse({option});
    ASSERT_FALSE(outcome.options.has_value());
    EXPECT_EQ(outcome.options.error(), 0);
    EXPECT_THAT(outcome.out, HasSubstr("chatd"));
    EXPECT_EQ(outcome.err, "");
  }
}

TEST(Options, AWorkerCountThatIsNoNumberIsRefusedWithTheRange) {
  for (const char* text : {"-1", "1.5", "99999999999999999999", "many", ""}) {
    EXPECT_THAT(parse({"--workers", text}).err, HasSubstr("write 1 to 16")) << text;
  }
}

TEST(Options, AWrongCommandLineIsReportedAndEndsWithTheUsageStatus) {
  for (const std::vector<const char*>& words : {
           std::vector<const char*>{"--no-such-option"},
           {"stray"},
           {"--config"},
           {"--config", ""},
           {"--listen", "localhost:8888"},
           {"--listen", "127.0.0.1"},
           {"--workers", "many"},
           {"--daemon", "--foreground"},
           {"--check-config", "--print-config"},
           {"--certify", "request"},
           {"--identity", "identity.key"},
           {"--certify", "request", "--identity", "identity.key", "--check-config"},
       }) {
    const Parsed outcome = parse(words);
    ASSERT_FALSE(outcome.options.has_value()) << words.front();
    EXPECT_EQ(outcome.options.error(), kExitUsage);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("chatd: "), HasSubstr("Try 'chatd --help'.")));
    EXPECT_EQ(outcome.out, "");
  }
}

TEST(OptionsTest, TheArgumentsOfASuccessorMeanTheSame) {
  const std::vector<const char*> words{
      "--daemon",    "--config",  "/etc/chatd.toml", "--pid-file",  "/run/chatd.pid",
      "--user",      "_chatd",    "--listen",        "127.0.0.1:1", "--listen",
      "[::1]:2",     "--control", "/run/c",          "--workers",   "3",
      "--state-dir", "/var/lib/c"};
  const Options first = parsed(words);
  const auto arguments = to_arguments(first);
  std::vector<const char*> again;
  for (const auto& word : arguments) again.push_back(word.c_str());
  const Options second = parsed(again);
  EXPECT_EQ(to_arguments(second), arguments);
  EXPECT_EQ(arguments.size(), words.size());
  EXPECT_TRUE(second.daemon);
  EXPECT_EQ(second.user, "_chatd");
  EXPECT_EQ(second.listen, first.listen);
  EXPECT_EQ(second.workers, 3U);
}

}  // namespace
}  // namespace chatd
