// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/file_choices.hpp"

#include <gmock/gmock.h>

#include "client/settings/paths.hpp"

namespace chatd::client {
namespace {

TEST(FileChoices, TheCommandLineComesFirstThenTheServerThenTheTop) {
  UserConfig config;
  config.choices.name = "top";
  config.choices.bell = Bell::always;
  UserConfig::Server server;
  server.password_file = "/p";
  server.choices.name = "own";
  Options options;
  take_choices(options, {}, config, &server);
  EXPECT_EQ(options.target.name, "own");
  EXPECT_EQ(options.bell, Bell::always);
  EXPECT_EQ(options.password_file, "/p");

  Options typed;
  typed.target.name = "typed";
  typed.password_file = "/q";
  Raw raw;
  raw.bell = Bell::never;
  take_choices(typed, raw, config, &server);
  EXPECT_EQ(typed.target.name, "typed");
  EXPECT_EQ(typed.bell, Bell::never);
  EXPECT_EQ(typed.password_file, "/q");
}

TEST(FileChoices, WithoutAnyTheNameIsTheLoginName) {
  Options options;
  take_choices(options, {}, {}, nullptr);
  EXPECT_EQ(options.target.name, login_name());
  EXPECT_EQ(options.bell, Bell::mention);
}

}  // namespace
}  // namespace chatd::client
