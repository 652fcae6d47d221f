// SPDX-License-Identifier: GPL-3.0-or-later
#include "packaging/completion/scripts.hpp"

#include <functional>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::completion {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Shell {
  std::string name;
  std::string (*script)(const Program&);
  std::string option_prefix;         // in front of an option's name without dashes
  std::vector<std::string> checker;  // checks the syntax of the file
};

const Shell kBash{"bash", bash_script, "--", {"bash", "-n"}};
const Shell kZsh{"zsh", zsh_script, "--", {"zsh", "-n"}};
const Shell kFish{"fish", fish_script, "-l ", {"fish", "--no-execute"}};

class Script : public ::testing::TestWithParam<std::tuple<Shell, Program (*)()>> {
 protected:
  [[nodiscard]] static const Shell& shell() { return std::get<0>(GetParam()); }
  const Program program_{std::get<1>(GetParam())()};
  const std::string script_{shell().script(program_)};
};

TEST_P(Script, HasEachCommandWithItsOptions) {
  const auto check = [this](const Command& command) {
    EXPECT_THAT(script_, HasSubstr(command.name));
    for (const Option& option : command.options) {
      EXPECT_THAT(script_, HasSubstr(shell().option_prefix + option.name.substr(2)));
      for (const auto& word : option.values.words) EXPECT_THAT(script_, HasSubstr(word));
    }
  };
  check(program_.bare);
  for (const Command& command : program_.commands) check(command);
}

TEST_P(Script, HasNoPlaceholderLeft) {
  EXPECT_THAT(script_, Not(HasSubstr("@NAME@")));
  EXPECT_THAT(script_, Not(::testing::ContainsRegex("@[A-Z]+@")));
  EXPECT_THAT(script_, Not(HasSubstr("#members")));
  EXPECT_THAT(script_, Not(HasSubstr("#hosts")));
}

TEST_P(Script, HasNoSyntaxError) {
  const test::TempDir folder;
  const std::string file = folder / "completion";
  test::write_file(file, script_);
  std::vector<std::string> argv{"/usr/bin/env"};
  argv.insert(argv.end(), shell().checker.begin(), shell().checker.end());
  argv.push_back(file);
  const auto checked = test::run_program(argv);
  EXPECT_EQ(checked.status, 0) << "127: packaging/setup test installs " << shell().name;
  EXPECT_EQ(checked.err, "");
}

INSTANTIATE_TEST_SUITE_P(All, Script,
                         ::testing::Combine(::testing::Values(kBash, kZsh, kFish),
                                            ::testing::Values(chatd_program, chatctl_program,
                                                              chat_program)),
                         [](const auto& tested) {
                           return std::get<0>(tested.param).name + "_" +
                                  std::get<1>(tested.param)().name;
                         });

TEST(Scripts, ZshAndFishShowDescriptions) {
  const Program program = chatctl_program();
  EXPECT_THAT(zsh_script(program), HasSubstr("'kick:End the sessions of NAME and tell why.'"));
  EXPECT_THAT(zsh_script(program),
              HasSubstr(R"('--socket=[The daemon'\''s control socket.]:PATH)"));
  EXPECT_THAT(fish_script(program),
              HasSubstr(R"(-l socket -r -F -d 'The daemon\'s control socket.')"));
}

// After `room`, a room named "make", "keep" or "drop" needs its '#', see chatctl(1).
TEST(Scripts, PassTheVerbsAfterRoomToTheListOfRooms) {
  const Program program = chatctl_program();
  EXPECT_THAT(zsh_script(program),
              HasSubstr("'1:ROOM:_chatctl_rooms make keep drop rename set owner moderator'"));
  EXPECT_THAT(zsh_script(program), HasSubstr("'2:ROOM:_chatctl_rooms'"));
  EXPECT_THAT(fish_script(program), HasSubstr("-a '(__chatctl_rooms make keep drop rename set "
                                              "owner moderator) make keep drop rename set "
                                              "owner moderator'"));
  EXPECT_THAT(fish_script(program), HasSubstr("-a '(__chatctl_rooms)'"));
}

TEST(Scripts, ServersAreThoseThatTheClientKnows) {
  for (const Shell& shell : {kBash, kZsh, kFish}) {
    EXPECT_THAT(shell.script(chat_program()), HasSubstr(" servers --names 2>/dev/null"));
    EXPECT_THAT(shell.script(chatctl_program()), Not(HasSubstr("_hosts")));
  }
}

TEST(Scripts, BashPassesShellcheck) {
  const test::TempDir folder;
  for (const auto make : {chatd_program, chatctl_program, chat_program}) {
    const Program program = make();
    test::write_file(folder / program.name, bash_script(program));
    const auto checked =
        test::run_program({"/usr/bin/env", "shellcheck", "--shell=bash", folder / program.name});
    EXPECT_EQ(checked.status, 0) << checked.out << checked.err;
  }
}

TEST(Filled, KeepsMemberLinesOnlyIfTheProgramListsMembers) {
  const Program without{.name = "a", .bare = {}, .commands = {}, .list_members = ""};
  const Program with{.name = "b", .bare = {}, .commands = {}, .list_members = "users"};
  const Program hosts{.name = "c", .bare = {}, .list_hosts = "servers"};
  EXPECT_EQ(filled("@NAME@\nx @LIST@ #members\n", without), "a\n");
  EXPECT_EQ(filled("@NAME@\nx @LIST@ #members\n", with), "b\nx users\n");
  EXPECT_EQ(filled("@NAME@\nx @HOSTS@ #hosts\n", with), "b\n");
  EXPECT_EQ(filled("@NAME@\nx @HOSTS@ #hosts\n", hosts), "c\nx servers\n");
}

}  // namespace
}  // namespace chatd::completion
