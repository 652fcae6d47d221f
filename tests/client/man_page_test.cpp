// SPDX-License-Identifier: GPL-3.0-or-later
// Compares man/uchat.1 with the tables of the program.
#include "tests/support/man_page.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/input.hpp"
#include "client/json_lines.hpp"
#include "client/options.hpp"
#include "client/outcome.hpp"
#include "tests/client/reports.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAreArray;
using ::testing::UnorderedElementsAreArray;

class ManPage : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> after(std::string_view beginning) const {
    return page_.after(beginning);
  }
  const chatd::test::ManPage page_{UCHAT_MANUAL};
  const std::vector<std::string>& lines_{page_.lines};
};

TEST_F(ManPage, HasExactlyTheExitStatusesAndTheirCodes) {
  std::vector<std::string> documented;
  for (const std::string& line : after(".It ")) {
    if (line[0] >= '0' && line[0] <= '9') documented.push_back(line);
  }
  std::vector<std::string> expected;
  for (const OutcomeRow& row : outcome_table()) {
    expected.push_back(fmt::format("{} Pq Li {}", row.status, row.code));
  }
  EXPECT_THAT(documented, ElementsAreArray(expected));
}

TEST_F(ManPage, HasExactlyTheCommands) {
  std::vector<std::string> expected;
  for (const CommandRow& row : kCommands) {
    std::string line{row.usage};
    for (auto at = line.find(' '); at != std::string::npos; at = line.find(' ', at + 4)) {
      line.replace(at, 1, " Ar ");
    }
    expected.push_back(std::move(line));
  }
  EXPECT_THAT(after(".It Ic "), ElementsAreArray(expected));
}

TEST_F(ManPage, HasExactlyTheOptions) {
  std::string help;
  for (const char* command : {"", "send", "listen"}) {
    std::vector<const char*> words{"uchat", "--help"};
    if (*command != '\0') words.insert(words.begin() + 1, command);
    ::testing::internal::CaptureStdout();
    EXPECT_FALSE(parse_options(static_cast<int>(words.size()), words.data()));
    help += ::testing::internal::GetCapturedStdout();
  }
  std::set<std::string> expected;
  for (auto at = help.find("--"); at != std::string::npos; at = help.find("--", at + 2)) {
    expected.insert(help.substr(at + 2, help.find_first_of(" ,\n[", at) - at - 2));
  }
  std::vector<std::string> documented;
  for (const std::string& line : after(".It Fl \\-")) {
    documented.push_back(line.substr(0, line.find(' ')));
  }
  EXPECT_THAT(documented, UnorderedElementsAreArray(expected));
}

TEST_F(ManPage, HasEveryMemberOfTheJsonEvents) {
  std::string page;
  for (const std::string& line : lines_) page += line + '\n';
  Report contact{.kind = Report::Kind::first_contact};
  for (const Report& report :
       {said("a", "b"), joined("a"), contact, ended(Outcome::done),
        Report{.kind = Report::Kind::missed_here}, event_of(Event::Kind::missed)}) {
    const std::string line = json_line(report);
    for (auto at = line.find('"'); at != std::string::npos;) {
      const auto end = line.find('"', at + 1);
      const std::string word = line.substr(at + 1, end - at - 1);
      if (line[end + 1] == ':') {
        EXPECT_NE(page.find("\\(dq" + word + "\\(dq"), std::string::npos) << word;
      }
      at = line.find('"', end + 1);
    }
    const auto name = line.substr(line.find("event\":\"") + 8);
    const std::string event = name.substr(0, name.find('"'));
    EXPECT_NE(page.find("Li " + event), std::string::npos) << event;
  }
}

}  // namespace
}  // namespace chatd::client
