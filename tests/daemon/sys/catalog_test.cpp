// SPDX-License-Identifier: GPL-3.0-or-later
// systemd/chatd.catalog against the table of events.
#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/sys/log_events.hpp"

namespace chatd::sys {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAreArray;

struct Entry {
  std::string id;
  std::string language;  // "" or "zh_CN"
  std::map<std::string, std::string> headers;
  std::string text;
};

class Catalog : public ::testing::Test {
 protected:
  Catalog() {
    std::ifstream file{CHATD_SOURCE_DIR "/systemd/chatd.catalog"};
    bool in_text = false;
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with('#')) continue;
      if (line.starts_with("-- ")) {
        std::istringstream words{line.substr(3)};
        words >> entries_.emplace_back().id >> entries_.back().language;
        in_text = false;
      } else if (entries_.empty()) {
        EXPECT_EQ(line, "");
      } else if (in_text) {
        entries_.back().text += line + '\n';
      } else if (line.empty()) {
        in_text = true;
      } else {
        const auto colon = line.find(": ");
        EXPECT_NE(colon, std::string::npos) << line;
        if (colon != std::string::npos)
          entries_.back().headers[line.substr(0, colon)] = line.substr(colon + 2);
      }
    }
  }

  [[nodiscard]] std::vector<std::string> ids(std::string_view language) const {
    std::vector<std::string> found;
    for (const Entry& entry : entries_) {
      if (entry.language == language) found.push_back(entry.id);
    }
    return found;
  }
  static const LogEvent& event_of(const Entry& entry) {
    const auto* const found = std::ranges::find(kLogEvents, entry.id, &LogEvent::message_id);
    EXPECT_NE(found, kLogEvents.end()) << entry.id;
    return found == kLogEvents.end() ? kLogEvents.front() : *found;
  }
  // The names between two @.
  static std::set<std::string> references(const std::string& text) {
    std::set<std::string> found;
    for (auto at = text.find('@'); at != std::string::npos;) {
      const auto end = text.find('@', at + 1);
      EXPECT_NE(end, std::string::npos) << text;
      if (end == std::string::npos) break;
      found.insert(text.substr(at + 1, end - at - 1));
      at = text.find('@', end + 1);
    }
    return found;
  }

  std::vector<Entry> entries_;
};

TEST_F(Catalog, HasEachEventOnceInEachLanguageAndNoOther) {
  std::vector<std::string> expected;
  for (const LogEvent& event : kLogEvents) expected.emplace_back(event.message_id);
  EXPECT_THAT(ids(""), UnorderedElementsAreArray(expected));
  EXPECT_THAT(ids("zh_CN"), UnorderedElementsAreArray(expected));
  EXPECT_EQ(entries_.size(), 2 * kLogEvents.size());
}

TEST_F(Catalog, EachEntryHasItsHeadersAndAText) {
  for (const Entry& entry : entries_) {
    SCOPED_TRACE(event_of(entry).name);
    EXPECT_NE(entry.headers.find("Subject"), entry.headers.end());
    EXPECT_EQ(entry.headers.at("Defined-By"), "chatd");
    EXPECT_EQ(entry.headers.count("Documentation"), 1U);
    // A description, an empty line, and a remedy.
    EXPECT_THAT(entry.text, AllOf(HasSubstr("\n\n"), HasSubstr("`")));
  }
}

TEST_F(Catalog, RefersOnlyToFieldsThatTheEventAlwaysHas) {
  for (const Entry& entry : entries_) {
    std::set<std::string> known{"CHATD_EVENT"};
    std::istringstream words{std::string{event_of(entry).fields}};
    for (std::string word; words >> word;) known.insert(word);
    for (const auto& text : {entry.headers.at("Subject"), entry.text}) {
      for (const auto& field : references(text)) {
        EXPECT_TRUE(known.contains(field)) << event_of(entry).name << " has no " << field;
      }
    }
  }
}

TEST_F(Catalog, TheLanguagesNameTheSameFields) {
  std::map<std::string, std::set<std::string>> english;
  for (const Entry& entry : entries_) {
    if (entry.language.empty()) english[entry.id] = references(entry.text);
  }
  for (const Entry& entry : entries_) {
    EXPECT_EQ(references(entry.text), english[entry.id]) << event_of(entry).name;
  }
}

TEST_F(Catalog, FitsATerminal) {
  for (const Entry& entry : entries_) {
    if (!entry.language.empty()) continue;
    std::istringstream lines{entry.text};
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
  }
}

}  // namespace
}  // namespace chatd::sys
