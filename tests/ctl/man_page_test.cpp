// SPDX-License-Identifier: GPL-3.0-or-later
// man/chatctl.1 against the tables that the program is made of.
#include "tests/support/man_page.hpp"

#include <algorithm>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/wire/control/control_message.hpp"
#include "common/wire/control/verbs.hpp"
#include "ctl/exit_status.hpp"
#include "ctl/help.hpp"

namespace chatd::ctl {
namespace {

using ::testing::Contains;
using ::testing::ElementsAreArray;
using ::testing::UnorderedElementsAreArray;

class ManPage : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> after(std::string_view beginning) const {
    return page_.after(beginning);
  }
  // The verbs that are listed between the line `heading` and the next item or section. A line of
  // them is ".Ic ban , mute :".
  [[nodiscard]] std::vector<std::string> verbs_below(std::string_view heading) const {
    std::vector<std::string> verbs;
    auto line = std::ranges::find(lines_, heading);
    if (line == lines_.end()) return verbs;
    for (++line; line != lines_.end() && !line->starts_with(".It") && !line->starts_with(".Sh");
         ++line) {
      if (!line->starts_with(".Ic ")) continue;
      std::istringstream words{line->substr(4)};
      std::string verb;
      for (std::string word; words >> word;) {
        const bool is_mark = word == "," || word == ":";
        if (!is_mark) verb += (verb.empty() ? "" : " ") + word;
        if (is_mark && !verb.empty()) verbs.push_back(std::exchange(verb, {}));
      }
      if (!verb.empty()) verbs.push_back(verb);
    }
    return verbs;
  }
  const chatd::test::ManPage page_{CHATCTL_MANUAL};
  const std::vector<std::string>& lines_{page_.lines};
};

// "kick NAME [REASON]" is ".It Ic kick Ar NAME Op Ar REASON" in mdoc.
std::string as_mdoc(const wire::Verb& verb) {
  std::string line{verb.name};
  std::string word;
  for (const char c : std::string{verb.usage} + " ") {
    if (c == '[' || c == ']') {
      if (c == '[') line += " Op";
    } else if (c != ' ') {
      word += c;
    } else if (!word.empty()) {
      line += " Ar " + word;
      word.clear();
    }
  }
  return line;
}

TEST_F(ManPage, HasEveryVerbWithItsArgumentsAndNoOther) {
  std::vector<std::string> expected;
  for (const wire::Verb& verb : wire::kVerbs) expected.push_back(as_mdoc(verb));
  EXPECT_THAT(after(".It Ic "), ElementsAreArray(expected));
}

// The verbs of the table for which `is_listed` is true.
std::vector<std::string> verbs_with(bool wire::Verb::*is_listed) {
  std::vector<std::string> names;
  for (const wire::Verb& verb : wire::kVerbs) {
    if (verb.*is_listed) names.emplace_back(verb.name);
  }
  return names;
}

TEST_F(ManPage, ListsTheVerbsWhoseUseIsLogged) {
  EXPECT_THAT(verbs_below("The daemon logs the user and the process that used"),
              UnorderedElementsAreArray(verbs_with(&wire::Verb::mutating)));
}

TEST_F(ManPage, ListsTheVerbsThatOnlyRootAndTheDaemonsUserMayUse) {
  EXPECT_THAT(verbs_below("the daemon, and the users in its group."),
              UnorderedElementsAreArray(verbs_with(&wire::Verb::privileged)));
}

TEST_F(ManPage, ListsTheVerbsWhoseChangeIsSavedOnDisk) {
  EXPECT_THAT(verbs_below(".Sh CHANGES THAT LAST"),
              UnorderedElementsAreArray(verbs_with(&wire::Verb::lasts)));
}

TEST_F(ManPage, ListsTheVerbsThatTakeARoom) {
  EXPECT_THAT(verbs_below(".It Fl \\-room Ar ROOM"),
              UnorderedElementsAreArray(verbs_with(&wire::Verb::takes_room)));
}

TEST_F(ManPage, HasEveryOptionAndNoOther) {
  std::vector<std::string> documented;
  for (const std::string& line : after(".It Fl \\-")) {
    documented.push_back("--" + line.substr(0, line.find_first_of(" =")));
  }
  std::vector<std::string> expected;
  for (const OptionHelp& option : kOptionHelp) {
    expected.emplace_back(option.name());
  }
  EXPECT_THAT(documented, ElementsAreArray(expected));
}

TEST_F(ManPage, HasEveryExitStatusAndNoOther) {
  std::vector<std::string> documented;
  for (const std::string& line : after(".It ")) {
    if (line.find_first_not_of("0123456789") == std::string::npos) documented.push_back(line);
  }
  std::vector<std::string> expected;
  for (const ExitStatus status : kExitStatuses) {
    expected.push_back(std::to_string(static_cast<int>(status)));
  }
  EXPECT_THAT(documented, ElementsAreArray(expected));
}

TEST_F(ManPage, HasEveryErrorCode) {
  for (const std::string_view code : wire::code::kAll) {
    EXPECT_THAT(after(".It Li "), Contains(std::string{code}));
  }
}

}  // namespace
}  // namespace chatd::ctl
