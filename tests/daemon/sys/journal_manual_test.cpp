// SPDX-License-Identifier: GPL-3.0-or-later
// The journal section of man/chatd.8 against the table of events.
#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/sys/log_events.hpp"
#include "tests/support/man_page.hpp"

namespace chatd::sys {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsSupersetOf;

class JournalManual : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> after(std::string_view beginning) const {
    return page_.after(beginning);
  }
  const chatd::test::ManPage page_{CHATD_SOURCE_DIR "/man/chatd.8", ".Ss Journal"};
  const std::vector<std::string>& lines_{page_.lines};
};

TEST_F(JournalManual, HasEveryEventAndNoOther) {
  std::vector<std::string> expected;
  for (const LogEvent& event : kLogEvents) expected.emplace_back(event.name);
  EXPECT_THAT(after(".It Li "), ElementsAreArray(expected));
}

TEST_F(JournalManual, SaysOfEachEventWhatItIsAndWhichFieldsItHas) {
  for (const LogEvent& event : kLogEvents) {
    SCOPED_TRACE(event.name);
    auto at = std::ranges::find(lines_, ".It Li " + std::string{event.name});
    ASSERT_LT(at + 2, lines_.end());
    EXPECT_EQ(*++at, event.description);
    std::string fields{event.fields};
    for (auto space = fields.find(' '); space != std::string::npos;
         space = fields.find(' ', space + 3)) {
      fields.replace(space, 1, " , ");
    }
    if (fields.empty()) continue;
    EXPECT_EQ(*++at, ".Ev " + fields);
  }
}

TEST_F(JournalManual, ExplainsEveryField) {
  std::set<std::string> fields{"CHATD_EVENT"};
  for (const LogEvent& event : kLogEvents) {
    std::istringstream words{std::string{event.fields}};
    for (std::string word; words >> word;) fields.insert(word);
  }
  EXPECT_THAT(after(".It Ev "), IsSupersetOf(fields));
}

// chatctl(1) lists the same fields as members of its JSON: those of the events that the gateway
// logs.
TEST(EventsManual, ListsTheFieldsOfEachEvent) {
  const chatd::test::ManPage page{CHATD_SOURCE_DIR "/man/chatctl.1"};
  int listed = 0;
  for (const LogEvent& event : kLogEvents) {
    const auto at = std::ranges::find(page.lines, ".It Li " + std::string{event.name});
    if (at == page.lines.end()) continue;
    ++listed;
    std::string members;
    std::istringstream words{std::string{event.fields}};
    for (std::string word; words >> word;) {
      if (!members.empty()) members += " , ";
      for (const char c : word.substr(6)) members += static_cast<char>(std::tolower(c));
    }
    EXPECT_EQ(*(at + 1), ".Li " + members) << event.name;
  }
  EXPECT_EQ(listed, 22);
}

}  // namespace
}  // namespace chatd::sys
