// SPDX-License-Identifier: GPL-3.0-or-later
// The command line without a target: a server that is found takes its place.
#include <cstdlib>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>

#include "client/settings/options.hpp"
#include "tests/client/settings/parsed_options.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;

class OptionsFind : public ::testing::Test {
 protected:
  using Chosen = std::expected<std::optional<ServerChoice>, int>;
  OptionsFind() {
    ::setenv("XDG_CONFIG_HOME", directory_.path().c_str(), 1);
    std::filesystem::create_directory(directory_ / "uchat");
    write("[servers.lab]\naddress = \"chat.example\"\npassword_file = \"/secret\"\n");
  }
  ~OptionsFind() override { ::unsetenv("XDG_CONFIG_HOME"); }
  void write(std::string_view toml) const {
    test::write_file(directory_ / "uchat/config.toml", toml);
  }
  [[nodiscard]] auto parsed(std::vector<const char*> words, const Chosen& chosen) {
    return parse(std::move(words), [this, chosen](const Options&, const UserConfig&, auto) {
      ++asked_;
      return chosen;
    });
  }

  test::TempDir directory_;
  int asked_{0};
};

TEST_F(OptionsFind, AFoundServerIsTheTargetWithItsAddressesAndTheChoicesOfItsTable) {
  const Endpoint at = parse_endpoint("192.168.1.5:8888").value();
  const auto options = parsed({"--name", "bob"}, ServerChoice{.target = "lab", .addresses = {at}});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->target,
            (Target{.name = "bob", .host = "chat.example", .port = 8888, .addresses = {at}}));
  EXPECT_EQ(options->password_file, "/secret");
  EXPECT_EQ(resolve(options->target).value(), std::vector{at});
}

TEST_F(OptionsFind, AnAddressIsATarget) {
  const auto options = parsed({}, ServerChoice{.target = "[fe80::1%2]:8888"});
  EXPECT_EQ(options->target.host, "fe80::1%2");
  EXPECT_TRUE(options->target.addresses.empty());
}

TEST_F(OptionsFind, WithoutAChoiceTheTargetIsMissing) {
  ::testing::internal::CaptureStderr();
  const auto options = parsed({}, std::nullopt);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("say where to go: "));
  EXPECT_EQ(options.error(), 2);
}

TEST_F(OptionsFind, AFailedSearchEndsTheProgram) {
  EXPECT_EQ(parsed({}, std::unexpected{9}).error(), 9);
}

TEST_F(OptionsFind, NothingIsSearchedWithATargetADefaultServerOrACommand) {
  const ServerChoice lab{.target = "lab"};
  EXPECT_EQ(parsed({"other"}, lab)->target.host, "other");
  ::testing::internal::CaptureStderr();
  for (const char* command : {"send", "listen", "users", "history", "own"}) {
    EXPECT_EQ(parsed({command}, lab).error(), 2) << command;
  }
  (void)::testing::internal::GetCapturedStderr();
  write("server = \"default.example\"\n");
  EXPECT_EQ(parsed({}, lab)->target.host, "default.example");
  EXPECT_EQ(asked_, 0);
}

TEST_F(OptionsFind, FindTakesNoTarget) {
  const auto options = parse({"find", "--json"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->mode, Options::Mode::find);
  EXPECT_TRUE(options->json);
  EXPECT_EQ(options->config.servers.size(), 1U);
  EXPECT_THAT(complaint({"find", "lab"}), HasSubstr("lab"));
  EXPECT_THAT(complaint({"lab", "find"}), HasSubstr("lab"));
}

}  // namespace
}  // namespace chatd::client
