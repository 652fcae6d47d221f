// SPDX-License-Identifier: GPL-3.0-or-later
// zsh_fish_test.cpp — a real zsh and a real fish run the completions.
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/pty.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

#include "packaging/completion/scripts.hpp"

namespace chatd::completion {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// A folder with the completions, and with a chatctl and an uchat that list members, rooms and
// servers, and store their arguments in the file `calls`.
class Shells : public ::testing::Test {
 protected:
  Shells() {
    for (const Program& program : {chatctl_program(), chat_program()}) {
      const std::string file = folder_ / program.name;
      test::write_file(file,
                       "#!/bin/sh\nprintf '%s\\n' \"$*\" >>" + calls_file() +
                           "\ncase \"$*\" in\n"
                           "*rooms*) printf '%s\\n' 'lab  1' 'tea  2' ;;\n"
                           "*servers*) printf '%s\\n' host.example:9000 work ;;\n"
                           "*users*) printf '%s\\n' 'ada  1' 'bob  2' '$(touch${IFS}ran)  3' ;;\n"
                           "esac\n");
      std::filesystem::permissions(file, std::filesystem::perms::owner_all);
      test::write_file(folder_ / ("_" + program.name), zsh_script(program));
      test::write_file(folder_ / (program.name + ".fish"), fish_script(program));
    }
  }
  [[nodiscard]] std::string calls_file() const { return folder_ / "calls"; }
  [[nodiscard]] std::string path() const { return folder_.path() + ":/usr/bin:/bin"; }

  test::TempDir folder_;
};

class Fish : public Shells {
 protected:
  // The completions of `line` in fish, without their descriptions.
  [[nodiscard]] std::vector<std::string> offers(const std::string& line) const {
    const std::string program = line.substr(0, line.find(' '));
    const auto ran = test::run_program(
        {"/usr/bin/env", "fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]",
         folder_ / (program + ".fish"), line},
        {.environment = {{"HOME", folder_.path()}, {"PATH", path()}}});
    EXPECT_EQ(ran.status, 0) << ran.err;
    std::vector<std::string> offered;
    std::istringstream rows{ran.out};
    for (std::string row; std::getline(rows, row);)
      offered.push_back(row.substr(0, row.find('\t')));
    return offered;
  }
};

TEST_F(Fish, OffersCommandsOptionsAndTheirValues) {
  EXPECT_THAT(offers("chatctl ki"), ElementsAre("kick"));
  EXPECT_THAT(offers("chatctl status --wa"), ElementsAre("--watch"));
  EXPECT_THAT(offers("uchat li"), ElementsAre("listen"));
  EXPECT_THAT(offers("uchat --bell "), ElementsAre("always", "mention", "never"));
  EXPECT_THAT(offers("uchat send --sa"), ElementsAre("--saved"));
  EXPECT_THAT(offers("uchat --sa"), ElementsAre());
}

TEST_F(Fish, OffersMembersRoomsAndKnownServers) {
  EXPECT_THAT(offers("chatctl kick "), AllOf(Contains("ada"), Contains("bob")));
  EXPECT_THAT(offers("chatctl room l"), ElementsAre("lab"));
  EXPECT_THAT(offers("uchat ada@"), ElementsAre("ada@host.example:9000", "ada@work"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "ran")) << "a name was run";
}

class Zsh : public Shells {
 protected:
  // True if zsh runs these arguments when the keys are typed.
  [[nodiscard]] bool runs(const std::string& keys, const std::string& arguments) {
    zsh_.type(keys + '\r');
    return test::eventually([&] {
      (void)zsh_.output();  // a terminal with a full buffer would block zsh
      return ('\n' + test::file_text(calls_file())).contains('\n' + arguments + '\n');
    });
  }
  void start() {
    zsh_.type("fpath=(" + folder_.path() +
              " $fpath); autoload -Uz compinit; compinit -D -u; echo re'a'dy\r");
    ASSERT_TRUE(zsh_.shows("\nready")) << zsh_.output();
  }

  test::OnTerminal zsh_{[this] {
    ::setenv("PATH", path().c_str(), 1);
    ::setenv("HOME", folder_.path().c_str(), 1);
    ::setenv("LC_ALL", "C.UTF-8", 1);
    ::execlp("zsh", "zsh", "-f", "-i", nullptr);
    return 127;
  }};
};

TEST_F(Zsh, CompletesCommandsOptionsAndTheirValues) {
  start();
  EXPECT_TRUE(runs("chatctl ki\tx", "kick x")) << zsh_.output();
  EXPECT_TRUE(runs("chatctl --js\tstatus", "--json status")) << zsh_.output();
  EXPECT_TRUE(runs("uchat li\tx", "listen x")) << zsh_.output();
  EXPECT_TRUE(runs("uchat --bell me\tx", "--bell mention x")) << zsh_.output();
  EXPECT_TRUE(runs("uchat send --sa\tx", "send --saved x")) << zsh_.output();
}

TEST_F(Zsh, CompletesMembersRoomsAndKnownServers) {
  start();
  EXPECT_TRUE(runs("chatctl kick b\tx", "kick bob x")) << zsh_.output();
  EXPECT_TRUE(runs("chatctl room l\tx", "room lab x")) << zsh_.output();
  EXPECT_TRUE(runs("uchat ada@w\tx", "ada@work x")) << zsh_.output();
  EXPECT_TRUE(runs("uchat ho\tx", "host.example:9000 x")) << zsh_.output();
  EXPECT_FALSE(std::filesystem::exists(folder_ / "ran")) << "a name was run";
}

}  // namespace
}  // namespace chatd::completion
