// SPDX-License-Identifier: GPL-3.0-or-later
// bash_test.cpp — a real bash runs the completion.
#include <algorithm>
#include <filesystem>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/wire/control/verbs.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

#include "packaging/completion/scripts.hpp"

namespace chatd::completion {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::Not;

class Bash : public ::testing::Test {
 protected:
  // Installs a chatctl that lists some members and stores its arguments in the file `calls`.
  Bash() { members("ada bob bert $(touch${IFS}ran) o'neil a:b --json 阿达"); }

  void members(const std::string& names) {
    std::string script = "#!/bin/sh\nprintf '%s\\n' \"$*\" >>calls\ncat <<'END'\n";
    std::istringstream words{names};
    for (std::string name; words >> name;) script += name + "  127.0.0.1:4000  text\n";
    test::write_file(folder_ / "chatctl", script + "END\n");
    std::filesystem::permissions(folder_ / "chatctl", std::filesystem::perms::owner_all);
  }

  // The same for a uchat that knows servers.
  void servers(const std::string& lines) {
    members("");
    test::write_file(folder_ / "chatctl",
                     "#!/bin/sh\nprintf '%s\\n' \"$*\" >>calls\ncat <<'END'\n" + lines + "END\n");
  }

  // The completions of `line` in bash; "compopt ..." where readline completes.
  std::vector<std::string> offers(const Program& program, const std::string& line,
                                  const std::string& locale = "C.UTF-8") {
    test::write_file(folder_ / "completion", bash_script(program));
    const std::string harness =
        "cd \"$1\" && . ./completion\n"
        "compopt() { echo \"compopt $*\"; }\n"
        "COMP_LINE=$2 COMP_POINT=${#2}\n"
        "_" +
        program.name +
        " ./chatctl \"\" \"\"\n"
        "[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\\n' \"${COMPREPLY[@]}\"\n";
    const auto ran = test::run_program(
        {"/bin/bash", "--norc", "-u", "-c", harness, "bash", folder_.path(), line},
        {.environment = {{"LC_ALL", locale}, {"HOME", "/home/ada"}}});
    EXPECT_EQ(ran.err, "") << line;
    std::vector<std::string> lines;
    std::istringstream out{ran.out};
    for (std::string offer; std::getline(out, offer);) lines.push_back(offer);
    return lines;
  }
  std::vector<std::string> chatctl(const std::string& line) {
    return offers(chatctl_program(), line);
  }

  test::TempDir folder_;
};

TEST_F(Bash, OffersEveryVerb) {
  std::vector<std::string> verbs;
  for (const wire::Verb& verb : wire::kVerbs) {
    // "name give" is the command `name`, also without a verb `name`.
    const std::string word{verb.name.substr(0, verb.name.find(' '))};
    if (std::ranges::find(verbs, word) == verbs.end()) verbs.push_back(word);
  }
  EXPECT_THAT(chatctl("chatctl "), ElementsAreArray(verbs));
  EXPECT_THAT(chatctl("chatctl st"), ElementsAre("status", "stop"));
  EXPECT_THAT(chatctl("chatctl help fi"), ElementsAre("fingerprint"));
  EXPECT_THAT(chatctl("chatctl status "), IsEmpty());
}

TEST_F(Bash, OffersTheOptionsOfTheVerb) {
  EXPECT_THAT(chatctl("chatctl --w"), ElementsAre("--with-members", "--with-key", "--watch"));
  EXPECT_THAT(chatctl("chatctl users --w"), ElementsAre("--watch"));
  EXPECT_THAT(chatctl("chatctl kick --w"), IsEmpty());
  EXPECT_THAT(chatctl("chatctl -- --w"), IsEmpty());
}

TEST_F(Bash, OffersValuesAfterASpaceAndAfterAnEqualsSign) {
  EXPECT_THAT(chatctl("chatctl --color "), ElementsAre("auto", "always", "never"));
  EXPECT_THAT(chatctl("chatctl --color al"), ElementsAre("always"));
  // readline keeps the text before its word break.
  EXPECT_THAT(chatctl("chatctl --color=n"), ElementsAre("never"));
  EXPECT_THAT(chatctl("chatctl --timeout "), IsEmpty());
  EXPECT_THAT(chatctl("chatctl --socket "), ElementsAre("compopt -o default"));
}

TEST_F(Bash, OffersQuotedMemberNamesAndNeverExecutesThem) {
  EXPECT_THAT(
      chatctl("chatctl kick "),
      ElementsAre("ada", "bob", "bert", R"(\$\(touch\$\{IFS\}ran\))", R"(o\'neil)", "a:b", "阿达"));
  EXPECT_THAT(chatctl("chatctl kick b"), ElementsAre("bob", "bert"));
  EXPECT_THAT(chatctl("chatctl kick '$"), IsEmpty());
  EXPECT_THAT(chatctl("chatctl kick \"be"), ElementsAre("bert"));
  EXPECT_THAT(chatctl(R"(chatctl kick o\'n)"), ElementsAre(R"(o\'neil)"));
  EXPECT_THAT(chatctl("chatctl kick a:"), ElementsAre("b"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "ran"));
}

TEST_F(Bash, OffersRoomsAndTheWordsBehindRoom) {
  members("#lab #my$(touch${IFS}ran)");
  const std::string hostile = R"(my\$\(touch\$\{IFS\}ran\))";
  EXPECT_THAT(chatctl("chatctl room "), ElementsAre("make", "keep", "drop", "rename", "set",
                                                    "owner", "moderator", "lab", hostile));
  EXPECT_THAT(chatctl("chatctl room k"), ElementsAre("keep"));
  EXPECT_THAT(chatctl("chatctl room drop "), ElementsAre("lab", hostile));
  EXPECT_THAT(chatctl("chatctl users --room l"), ElementsAre("lab"));
  EXPECT_THAT(chatctl("chatctl kick bob --room=l"), ElementsAre("lab"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "ran"));
}

TEST_F(Bash, ARoomNamedLikeAVerbIsOfferedWithTheHashSign) {
  members("#lab #make #rooms");
  EXPECT_THAT(chatctl("chatctl room "),
              ElementsAre("make", "keep", "drop", "rename", "set", "owner", "moderator", "lab",
                          R"(\#make)", "rooms"));
  EXPECT_THAT(chatctl(R"(chatctl room \#m)"), ElementsAre(R"(\#make)"));
  EXPECT_THAT(chatctl("chatctl room drop m"), ElementsAre("make"));
  EXPECT_THAT(chatctl("chatctl users --room m"), ElementsAre("make"));
}

TEST_F(Bash, OffersANameThatStartsWithADashOnlyAfterTwoDashes) {
  EXPECT_THAT(chatctl("chatctl kick -- --j"), ElementsAre("--json"));
  EXPECT_THAT(chatctl("chatctl kick -- "), Contains("--json"));
}

TEST_F(Bash, OffersNoNameForTheReason) {
  EXPECT_THAT(chatctl("chatctl kick bob "), IsEmpty());
  EXPECT_THAT(chatctl("chatctl announce "), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "calls"));
}

TEST_F(Bash, AsksTheDaemonWhoseSocketWasTyped) {
  EXPECT_THAT(chatctl("chatctl --json --socket ~/c.sock kick bo"), ElementsAre("bob"));
  EXPECT_THAT(chatctl("chatctl --socket=/d.sock --timeout 3 kick bo"), ElementsAre("bob"));
  EXPECT_THAT(chatctl("chatctl kick bo"), ElementsAre("bob"));
  EXPECT_EQ(test::file_text(folder_ / "calls"),
            "--timeout 1 --socket /home/ada/c.sock users --no-legend\n"
            "--timeout 1 --socket /d.sock users --no-legend\n"
            "--timeout 1 users --no-legend\n");
}

TEST_F(Bash, PrintsNothingWithoutADaemon) {
  test::write_file(folder_ / "chatctl", "#!/bin/sh\necho 'chatctl: not running' >&2\nexit 7\n");
  EXPECT_THAT(chatctl("chatctl kick "), IsEmpty());
  std::filesystem::remove(folder_ / "chatctl");
  EXPECT_THAT(chatctl("chatctl kick "), IsEmpty());
}

TEST_F(Bash, WorksInALocaleThatCannotReadTheNames) {
  EXPECT_THAT(offers(chatctl_program(), "chatctl kick b", "C"), ElementsAre("bob", "bert"));
}

TEST_F(Bash, CompletesTheDaemon) {
  const Program program = chatd_program();
  EXPECT_THAT(offers(program, "chatd --check"), ElementsAre("--check-config"));
  EXPECT_THAT(offers(program, "chatd --config "), ElementsAre("compopt -o default"));
  EXPECT_THAT(offers(program, "chatd --state-dir="), ElementsAre("compopt -o dirnames"));
  EXPECT_THAT(offers(program, "chatd "), IsEmpty());
}

TEST_F(Bash, CompletesTheClient) {
  const Program program = chat_program();
  EXPECT_THAT(offers(program, "uchat s"), Contains("send"));
  EXPECT_THAT(offers(program, "uchat send --tim"), ElementsAre("--timeout"));
  EXPECT_THAT(offers(program, "uchat --tim"), IsEmpty());
  EXPECT_THAT(offers(program, "uchat --bell a"), ElementsAre("always"));
  EXPECT_THAT(offers(program, "uchat send "), Not(Contains("listen")));
}

TEST_F(Bash, OffersTheServersThatTheUserKnows) {
  servers("lab\nchat.example\n192.0.2.7:9000\n$(touch${IFS}ran)\n");
  const Program program = chat_program();
  EXPECT_THAT(offers(program, "uchat send "),
              ElementsAre("lab", "chat.example", "192.0.2.7:9000", R"(\$\(touch\$\{IFS\}ran\))"));
  // readline keeps the text before its word breaks '@' and ':'.
  EXPECT_THAT(offers(program, "uchat listen ada@ch"), ElementsAre("chat.example"));
  EXPECT_THAT(offers(program, "uchat 192.0.2.7:"), ElementsAre("9000"));
  EXPECT_THAT(offers(program, "uchat l"), ElementsAre("listen", "lab"));
  EXPECT_THAT(offers(program, "uchat servers "), ElementsAre("forget"));
  EXPECT_THAT(offers(program, "uchat servers forget l"), ElementsAre("lab"));
  EXPECT_THAT(offers(program, "uchat help se"), ElementsAre("send", "servers"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "ran"));
  EXPECT_THAT(test::file_text(folder_ / "calls"), testing::StartsWith("servers --names\n"));
}

TEST_F(Bash, OffersNoOtherHosts) {
  servers("");
  EXPECT_THAT(offers(chat_program(), "uchat ada@localhos"), IsEmpty());
  EXPECT_THAT(offers(chat_program(), "uchat send "), IsEmpty());
}

}  // namespace
}  // namespace chatd::completion
